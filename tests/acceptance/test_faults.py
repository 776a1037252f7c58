"""PostgreSQL away, slow to answer, cut off, or held up: I2 and I3."""

import asyncio
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

import httpx
import psycopg
import pytest

from tests.acceptance.product import Product, Proxy, Stack
from tests.acceptance.world import Person, World, eventually

ANSWERED_WITHIN = 3.0
TRIES = 4
HOLD_SECONDS = "20"


@pytest.fixture(scope="module")
def network(stack: Stack) -> Proxy:
    """What lies between one of the servers and the database."""
    return stack.proxy(stack.database_url)


@pytest.fixture(scope="module", autouse=True)
def sound(stack: Stack, shaky: Product) -> Product:
    """A server whose way to the database nothing happens to; the first one of the stack."""
    sound = stack.servers[0]
    sound.wait_ready()
    shaky.wait_ready()
    return sound


@pytest.fixture(scope="module")
def shaky(stack: Stack, network: Proxy) -> Product:
    """A server behind the network."""
    stack.product(HOLD_SECONDS=HOLD_SECONDS, TURN_TOTAL_SECONDS="15").launch()
    return stack.product(
        DATABASE_URL=network.url, HOLD_SECONDS=HOLD_SECONDS, TURN_TOTAL_SECONDS="15"
    ).launch()


@pytest.fixture
def breakable(network: Proxy) -> Iterator[Proxy]:
    yield network
    network.switch("pass")


async def asked(person: Person, server: Product) -> list[tuple[str, float, httpx.Response]]:
    """Requests of many kinds, each tried a few times, side by side: path, seconds, answer."""

    async def ask(method: str, path: str, body: object) -> tuple[str, float, httpx.Response]:
        started = time.monotonic()
        answer = await person.call(method, path, at=server, json=body)
        return path, time.monotonic() - started, answer

    words = person.words("Hello?", {})
    return await asyncio.gather(
        *(
            ask(method, path, body)
            for _ in range(TRIES)
            for method, path, body in (
                ("GET", "/v1/wallet/balance", None),
                ("GET", "/v1/chat/sessions", None),
                ("GET", "/v1/market/subscription", None),
                ("GET", "/v1/market/account", None),
                ("POST", "/v1/chat/completions", words),
                ("POST", "/v1/auth/login", {"id_token": person.token}),
                ("PATCH", "/v1/auth/me", {"display_name": "Ada"}),
            )
        )
    )


@pytest.mark.parametrize("fault", ["refuse", "black_hole"])
async def test_i2_without_a_database_everything_says_so_soon_and_heals_by_itself(
    world: World, shaky: Product, sound: Product, breakable: Proxy, fault: str
) -> None:
    person = await world.person()
    assert (await person.say(at=shaky)).is_success
    breakable.switch(fault)

    async def away() -> bool:
        return not any(answer.is_success for answer in await world.inside("/readyz", shaky))

    await eventually(away)
    health = await world.http.get(f"{shaky.url}/healthz")
    assert health.status_code == 200
    for readiness in await world.inside("/readyz", shaky):
        assert readiness.status_code == 503
        assert readiness.json()["checks"]["postgres"] is False
        assert readiness.json()["checks"]["redis"] is True
    fastest: dict[str, float] = {}
    for path, seconds, answer in await asked(person, shaky):
        assert answer.status_code == 503, f"{path}: {answer.text}"
        assert answer.json()["error"]["code"] == "unavailable"
        assert int(answer.headers["retry-after"]) > 0
        fastest[path] = min(seconds, fastest.get(path, seconds))
    # One of several: a machine that is busy delays some, a deadline that is missing delays all.
    assert max(fastest.values()) < ANSWERED_WITHIN, fastest
    assert (await person.say(at=sound)).is_success, "others are not concerned"
    breakable.switch("pass")
    await eventually(lambda: world.is_ready(shaky))
    assert (await person.say(at=shaky)).is_success


async def test_i2_the_last_of_many_requests_waits_no_longer_than_the_first(
    world: World, shaky: Product, breakable: Proxy
) -> None:
    """Twelve deadlines one after the other would be half a minute."""
    person = await world.person()
    assert (await person.say(at=shaky)).is_success
    breakable.switch("black_hole")
    started = time.monotonic()
    answers = await asyncio.gather(*(person.say(at=shaky) for _ in range(12)))
    seconds = time.monotonic() - started
    assert {answer.status_code for answer in answers} == {503}
    assert seconds < 3 * ANSWERED_WITHIN
    breakable.switch("pass")
    await eventually(lambda: world.is_ready(shaky))
    assert (await person.say(at=shaky)).is_success


@pytest.mark.crash
async def test_i2_an_outage_in_mid_turn_costs_no_reply(
    world: World, shaky: Product, breakable: Proxy
) -> None:
    """The model was paid: what it wrote is stored and charged once the database is back."""
    person = await world.person()
    async with person.streaming("@@tokens count=30 delay=0.1", at=shaky) as response:
        assert response.status_code == 200
        lines = response.aiter_lines()
        while not (await anext(lines)).startswith("data: "):
            pass
        breakable.switch("black_hole")
        async with asyncio.timeout(60):
            healing = asyncio.create_task(_heal_later(breakable))
            rest = [line async for line in lines]
            await healing
    assert "data: [DONE]" in rest, rest[-4:]
    await person.settled()
    [reply] = await person.replies()
    assert reply["status"] == "complete"
    assert len(await person.charges()) == 1


async def _heal_later(network: Proxy) -> None:
    await asyncio.sleep(6)
    network.switch("pass")


@contextmanager
def terminating(database_url: str, every: float) -> Iterator[Counter[str]]:
    """End every connection to the database again and again."""
    done, ended = Event(), Counter[str]()

    def terminate() -> None:
        with psycopg.connect(database_url, autocommit=True, application_name="reaper") as admin:
            while not done.wait(every):
                rows = admin.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND application_name <> 'reaper'"
                ).fetchall()
                ended["connections"] += len(rows)

    thread = Thread(target=terminate)
    thread.start()
    try:
        yield ended
    finally:
        done.set()
        thread.join()


@pytest.mark.crash
async def test_i2_connections_cut_under_load_break_no_invariant(
    world: World, stack: Stack, sound: Product, shaky: Product
) -> None:
    people = await asyncio.gather(*(world.person() for _ in range(6)))
    statuses: Counter[int] = Counter()

    async def talk(person: Person, number: int) -> None:
        for turn in range(8):
            at = (sound, shaky)[(number + turn) % 2]
            answer = await person.say(f"Turn {turn}", at=at, max_tokens=20)
            statuses[answer.status_code] += 1

    with terminating(stack.database_url, every=0.2) as ended:
        await asyncio.gather(*(talk(person, number) for number, person in enumerate(people)))
    assert ended["connections"] > 0
    assert statuses.keys() <= {200, 503}, statuses
    assert statuses[200] > 0

    async def released() -> bool:
        await world.run_job("sweep-holds")
        balances = [await person.balance() for person in people]
        return all(balance["held"] == 0 for balance in balances)

    await eventually(released, seconds=90, pause=0.5)


async def test_i3_a_wallet_that_somebody_has_locked_is_unavailable_and_no_other(
    world: World, stack: Stack, sound: Product
) -> None:
    person, other = await world.person(), await world.person()
    user_id = (await person.get("/v1/auth/me"))["id"]
    with psycopg.connect(stack.database_url) as holder:
        holder.execute("SELECT * FROM wallets WHERE user_id = %s FOR UPDATE", (user_id,))
        refused, *answered = await asyncio.gather(
            person.say(at=sound), *(other.say(f"Number {n}", at=sound) for n in range(4))
        )
        assert refused.status_code == 503, refused.text
        assert refused.json()["error"]["code"] == "unavailable"
        assert [one.status_code for one in answered] == [200] * 4
        assert (await person.balance(at=sound))["held"] == 0, "reading waits for nobody"
        holder.rollback()
    assert (await person.say(at=sound)).is_success
    assert len(await person.charges()) == 1
