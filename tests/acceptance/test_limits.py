"""Limits that hold on several processes, and without Redis: R1 to R4."""

import asyncio
import time
from collections import Counter
from collections.abc import Iterator

import httpx
import pytest
from attrs import frozen

from tests.acceptance.product import Model, Product, Proxy, Stack
from tests.acceptance.world import World, events_of, eventually, text_of

PER_USER = 20
PER_ADDRESS = 30
SLOW = 10.0
"""Seconds: far more than any request may take without Redis, far less than one that waits for it
in vain."""


@frozen
class Servers:
    """``open`` has no limits; the others have, and ``far`` sees Redis through ``network``."""

    open: Product
    near: Product
    far: Product
    network: Proxy


@pytest.fixture(scope="module", autouse=True)
def servers(stack: Stack) -> Servers:
    network = stack.proxy(stack.redis_url)
    limits = {
        "RATE_LIMIT_PER_USER": f"{PER_USER}/minute",
        "RATE_LIMIT_PER_ADDRESS": f"{PER_ADDRESS}/hour",
    }
    far = {**limits, "REDIS_URL": network.url}
    unlimited, near, far_one = stack.serve_all({}, limits, far)
    return Servers(unlimited, near, far_one, network)


@pytest.fixture(autouse=True)
def nothing_counted(servers: Servers, stack: Stack) -> Iterator[None]:
    servers.network.switch("pass")
    stack.flush_redis()
    yield
    servers.network.switch("pass")


async def test_r1_a_users_limit_is_exact_on_two_processes(
    servers: Servers, world: World, stack: Stack
) -> None:
    person = await world.person()
    stack.flush_redis()
    answers = await asyncio.gather(
        *(
            person.call("GET", "/v1/chat/sessions", at=(servers.near, servers.far)[n % 2])
            for n in range(3 * PER_USER)
        )
    )
    assert Counter(answer.status_code for answer in answers) == {200: PER_USER, 429: 2 * PER_USER}
    for answer in answers:
        assert "RateLimit" in answer.headers
        if answer.status_code == httpx.codes.OK:
            assert f"q={PER_USER};w=60" in answer.headers["RateLimit-Policy"]
        else:
            assert answer.json()["error"]["code"] == "rate_limited"
            assert 1 <= int(answer.headers["Retry-After"]) <= 60


async def test_r1_a_refused_turn_costs_nothing(
    servers: Servers, world: World, stack: Stack, model: Model
) -> None:
    person = await world.person(available=1_000)
    stack.flush_redis()
    model.reset()
    answers = await asyncio.gather(
        *(person.say(at=(servers.near, servers.far)[n % 2]) for n in range(PER_USER + 10))
    )
    assert Counter(answer.status_code for answer in answers) == {200: PER_USER, 429: 10}
    assert model.seen()["count"] == PER_USER


async def test_r4_a_made_up_forwarded_address_is_no_way_round(
    servers: Servers, world: World
) -> None:
    answers = await asyncio.gather(
        *(
            world.http.get(
                (servers.near, servers.far)[n % 2].url + "/v1/config/characters",
                headers={
                    "X-Forwarded-For": f"203.0.113.{n}",
                    "Forwarded": f"for=203.0.113.{n}",
                    "X-Real-IP": f"203.0.113.{n}",
                },
            )
            for n in range(3 * PER_ADDRESS)
        )
    )
    assert Counter(answer.status_code for answer in answers) == {
        200: PER_ADDRESS,
        429: 2 * PER_ADDRESS,
    }


async def test_r4_tokens_that_are_none_are_counted_too(servers: Servers, world: World) -> None:
    answers = await asyncio.gather(
        *(
            world.http.get(
                f"{servers.near.url}/v1/auth/me", headers={"Authorization": f"Bearer guess-{n}"}
            )
            for n in range(PER_ADDRESS + 10)
        )
    )
    assert Counter(answer.status_code for answer in answers) == {401: PER_ADDRESS, 429: 10}


async def test_r4_a_third_stream_at_once_is_refused(
    servers: Servers, world: World, model: Model
) -> None:
    person = await world.person()
    async with (
        person.streaming("@@stall after=2", at=servers.near) as first,
        person.streaming("@@stall after=2", at=servers.far) as second,
    ):
        assert (first.status_code, second.status_code) == (200, 200)
        for server in (servers.near, servers.far):
            third = await person.say("A third.", stream=True, at=server)
            assert third.status_code == 429
            assert third.json()["error"]["code"] == "rate_limited"
            assert int(third.headers["Retry-After"]) >= 1
        model.release()
        for response in (first, second):
            assert [event async for event in events_of(response)][-1].is_done

    async def is_free() -> bool:
        answer = await person.say("And now?", stream=True)
        return answer.status_code == httpx.codes.OK

    await eventually(is_free)


@pytest.mark.parametrize("fault", ["refuse", "black_hole"])
async def test_r2_without_redis_people_chat_and_nobody_signs_up(
    servers: Servers, world: World, stack: Stack, fault: str
) -> None:
    person = await world.person(available=1_000)
    admin = await world.admin()
    newcomer = await world.token(f"newcomer-{fault}")
    stack.flush_redis()
    assert (await person.say(at=servers.far)).status_code == 200
    servers.network.switch(fault)
    took: list[float] = []

    async def timed(path: str, token: str) -> int:
        start = time.monotonic()
        answer = await world.http.get(
            servers.far.url + path, headers={"Authorization": f"Bearer {token}"}
        )
        took.append(time.monotonic() - start)
        return answer.status_code

    start = time.monotonic()
    assert (await person.say(at=servers.far)).status_code == 200
    events = await person.stream("@@tokens count=5", at=servers.far)
    took.append(time.monotonic() - start)
    assert text_of(events) == "w0 w1 w2 w3 w4"
    assert events[-1].is_done
    assert await timed("/v1/auth/me", newcomer) == 503
    assert await timed("/v1/admin/jobs", admin.token) == 503
    assert await timed("/v1/chat/sessions", person.token) == 200
    assert await timed("/v1/wallet/balance", person.token) == 200
    assert await timed("/healthz", "none") == 200
    assert not any(answer.is_success for answer in await world.inside("/readyz", servers.far))
    assert max(took) < SLOW
    # A process counts alone now, but it does count.
    answers = await asyncio.gather(
        *(person.call("GET", "/v1/chat/sessions", at=servers.far) for _ in range(2 * PER_USER))
    )
    counted = Counter(answer.status_code for answer in answers)
    assert 0 < counted[200] <= PER_USER * len(servers.far.inner_urls)
    assert counted[200] + counted[429] == 2 * PER_USER

    servers.network.switch("pass")
    stack.flush_redis()

    async def is_well() -> bool:
        return await timed("/v1/auth/me", newcomer) == 200

    await eventually(is_well, pause=0.3)
    assert await world.is_ready(servers.far)
