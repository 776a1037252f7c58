"""Three replicas behind nginx over one PostgreSQL and one Valkey: they are one product."""

import asyncio
from collections import Counter
from collections.abc import Iterator

import pytest
from attrs import frozen

from tests.acceptance.product import Model, Product, Stack
from tests.acceptance.world import World, events_of, eventually, text_of
from tests.deploy.nginx import Nginx

PER_USER = 300
BEHIND = {
    "TRUSTED_PROXY_HOPS": "1",
    "TURN_TOTAL_SECONDS": "15",
    "HOLD_SECONDS": "16",
    "RATE_LIMIT_PER_USER": f"{PER_USER}/minute",
}


@frozen
class Site:
    """``front`` is asked through nginx, ``replicas`` stand behind it."""

    front: Product
    replicas: list[Product]


@pytest.fixture(scope="module", autouse=True)
def site(stack: Stack, nginx: Nginx) -> Site:
    replicas = stack.serve_all(*[BEHIND] * 3)
    nginx.serve(replicas)
    return Site(Product({}, stack.folder, nginx.port), replicas)


@pytest.fixture(autouse=True)
def all_replicas_run(site: Site, stack: Stack) -> Iterator[None]:
    stack.flush_redis()
    yield
    for replica in site.replicas:
        if not replica.runs:
            replica.start()


async def test_turns_are_spread_and_the_books_add_up(
    site: Site, world: World, model: Model
) -> None:
    people = [await world.person() for _ in range(9)]
    answers = await asyncio.gather(
        *(person.say(at=site.front, max_tokens=20) for person in people for _ in range(3))
    )
    assert Counter(answer.status_code for answer in answers) == {200: 27}
    served: dict[int, float] = {}
    for replica in site.replicas:
        text = (await world.http.get(f"{replica.url}/metrics")).text
        served[replica.port] = sum(
            float(line.rsplit(" ", 1)[1])
            for line in text.splitlines()
            if line.startswith("http_requests_total") and "/v1/chat/completions" in line
        )
    assert all(served.values()), "each replica has answered some of them"
    for person in people:
        assert len(await person.charges()) == 3


async def test_one_wallet_is_never_overdrawn_by_all_of_them(site: Site, world: World) -> None:
    """Parallel turns of one person over all replicas spend what is there, and no more."""
    person = await world.person(available=30)
    before = len(await person.charges())
    answers = await asyncio.gather(*(person.say(at=site.front) for _ in range(12)))
    counted = Counter(answer.status_code for answer in answers)
    assert counted.keys() <= {200, 402}
    assert counted[200] >= 2
    assert counted[402] >= 1
    balance = await person.settled()
    assert 0 <= balance["balance"] < 30
    assert len(await person.charges()) == before + counted[200]


async def test_one_key_is_one_turn_wherever_it_arrives(
    site: Site, world: World, model: Model
) -> None:
    person = await world.person()
    model.reset()
    answers = await asyncio.gather(
        *(person.say("@@tokens count=5 delay=0.02", at=site.front, key="same") for _ in range(6))
    )
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.json()["companion"]["turn_id"] for answer in answers}) == 1
    assert model.seen()["count"] == 1
    assert len(await person.charges()) == 1


async def test_a_stream_is_resumed_on_every_other_replica(
    site: Site, world: World, model: Model
) -> None:
    person = await world.person()
    seen = []
    async with person.streaming("@@stall after=3", at=site.front) as response:
        async for event in events_of(response):
            seen.append(event)
            if event.text and len(seen) > 3:
                break
    turn_id = next(event.companion["turn_id"] for event in seen if event.companion)
    resuming = [
        asyncio.create_task(person.resume(turn_id, seen[-1].id, at=replica))
        for replica in (*site.replicas, site.front)
    ]
    model.release()
    rests = await asyncio.gather(*resuming)
    assert len({text_of(rest) for rest in rests}) == 1
    assert all(rest[-1].is_done for rest in rests)
    (reply,) = await person.replies()
    assert text_of(seen) + text_of(rests[0]) == reply["content"]
    assert len(await person.charges()) == 1


async def test_a_limit_is_exact_over_all_of_them(site: Site, world: World, stack: Stack) -> None:
    person = await world.person()
    # As many at once as the databases of a small machine bear.
    lanes = asyncio.Semaphore(24)

    async def ask(number: int) -> int:
        async with lanes:
            replica = site.replicas[number % 3]
            return (await person.call("GET", "/v1/chat/sessions", at=replica)).status_code

    stack.flush_redis()
    answers = await asyncio.gather(*(ask(number) for number in range(PER_USER + 30)))
    stack.flush_redis()
    assert Counter(answers) == {200: PER_USER, 429: 30}


async def test_streams_at_once_are_counted_over_all_of_them(
    site: Site, world: World, model: Model
) -> None:
    person = await world.person(available=1_000)
    async with (
        person.streaming("@@stall after=1", at=site.replicas[0]) as first,
        person.streaming("@@stall after=1", at=site.replicas[1]) as second,
    ):
        assert (first.status_code, second.status_code) == (200, 200)
        async with person.streaming(at=site.replicas[2]) as third:
            assert third.status_code == 429
        model.release()
        for response in (first, second):
            assert [event async for event in events_of(response)][-1].is_done


async def test_a_tick_of_a_job_runs_once_over_all_of_them(
    site: Site, world: World, stack: Stack
) -> None:
    """However many replicas ask at the same moment, a tick has one run."""
    admin = await world.admin()
    answers = await asyncio.gather(
        *(
            admin.call("POST", "/v1/admin/jobs/purge-keys/run", at=replica)
            for replica in site.replicas * 3
        )
    )
    assert {answer.status_code for answer in answers} <= {200, 409}
    listed = await admin.get("/v1/admin/jobs", at=site.front)
    names = [job["name"] for job in listed["data"]]
    assert "purge-keys" in names
    assert len(names) == len(set(names))


async def test_a_replica_that_is_killed_loses_its_turns_and_nothing_else(
    site: Site, world: World, model: Model
) -> None:
    """Nobody pays for them, holds come back, and the others go on at once."""
    person, others = await world.person(), [await world.person() for _ in range(4)]
    lost = site.replicas[0]
    async with person.streaming("@@stall after=2", at=lost) as response:
        async for event in events_of(response):
            if event.text:
                break
        lost.kill()
        answers = await asyncio.gather(*(one.say(at=site.front) for one in others * 2))
    model.release()
    assert Counter(answer.status_code for answer in answers) == {200: 8}

    async def released() -> object:
        await world.run_job("sweep-holds")
        balance = await person.balance(at=site.front)
        return balance["held"] == 0

    await eventually(released, seconds=90, pause=0.5)
    assert await person.charges() == []
    again = await person.say(at=site.front)
    assert again.status_code == 200
    assert len(await person.charges()) == 1
