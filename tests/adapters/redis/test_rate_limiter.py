"""The limits when there are several processes, and when Redis is away."""

import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.in_memory.rate_limiter import InMemoryRateLimiter
from adapters.redis.connection import Argument, RedisConnection, Reply, Script
from adapters.redis.rate_limiter import RedisRateLimiter
from application.ports.rate_limiter import RateCheck, RateDecision, RateLimit
from domain.errors import Unavailable
from tests.loopback.fault_proxy import FaultProxy

ROOT = Path(__file__).parents[3]

CLIENT = """
import asyncio, sys
from adapters.redis.connection import RedisConnection
from adapters.redis.rate_limiter import RedisRateLimiter
from application.ports.rate_limiter import RateCheck, RateLimit

async def main():
    connection = RedisConnection(sys.argv[1])
    limiter = RedisRateLimiter(connection, None)
    checks = [RateCheck("address:x", RateLimit(9999, 60)), RateCheck("user:a", RateLimit(200, 60))]
    await connection.ping()
    print("ready", flush=True)
    sys.stdin.readline()
    decisions = await asyncio.gather(*(limiter.check(checks) for _ in range(300)))
    print(sum(decision.allowed for decision in decisions))
    await connection.close()

asyncio.run(main())
"""


def one(key: str, amount: int, seconds: int = 60) -> list[RateCheck]:
    return [RateCheck(key, RateLimit(amount, seconds))]


async def everything(connection: RedisConnection) -> bytes:
    """All keys and values, with no regard to their types."""
    found = b""
    keys = await connection.execute("KEYS", "*")
    assert isinstance(keys, list)
    for key in keys:
        assert isinstance(key, bytes)
        dump = await connection.execute("DUMP", key)
        assert isinstance(dump, bytes)
        found += key + dump
    return found


async def test_two_processes_together_allow_exactly_the_limit(redis_url: str) -> None:
    processes = [
        await asyncio.create_subprocess_exec(
            sys.executable,
            "-c",
            CLIENT,
            redis_url,
            cwd=ROOT,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        for _ in range(2)
    ]
    for process in processes:
        assert process.stdout is not None
        assert await process.stdout.readline() == b"ready\n"
    ends = await asyncio.gather(*(process.communicate(b"\n") for process in processes))
    assert sum(int(output) for output, _ in ends) == 200


async def test_no_window_however_placed_holds_more_than_the_limit(
    connection: RedisConnection,
) -> None:
    limiter = RedisRateLimiter(connection, InMemoryRateLimiter())
    loop = asyncio.get_running_loop()
    allowed: list[tuple[float, float]] = []
    end = loop.time() + 2.2
    while (asked := loop.time()) < end:
        if (await limiter.check(one("user:a", 5, 1))).allowed:
            allowed.append((asked, loop.time()))
        await asyncio.sleep(0.005)
    assert len(allowed) > 5
    # From before the first was asked to after the last was answered: they were surely closer.
    for first, last in zip(allowed, allowed[5:], strict=False):
        assert last[1] - first[0] >= 1


class PlayedConnection(RedisConnection):
    """Runs the scripts at a time of the test's choice."""

    now = 1_000.0

    async def run(self, script: Script, keys: Sequence[str], *arguments: Argument) -> Reply:
        played = Script(script.text.replace("redis.call('TIME')", "{ARGV[#ARGV - 1], ARGV[#ARGV]}"))
        seconds, fraction = divmod(self.now, 1)
        return await super().run(played, keys, *arguments, int(seconds), int(fraction * 1_000_000))


CHECKS = st.lists(
    st.builds(
        RateCheck,
        key=st.sampled_from(["a", "b"]),
        limit=st.builds(
            RateLimit, amount=st.sampled_from([0, 1, 2, 5]), seconds=st.sampled_from([500, 900])
        ),
    ),
    min_size=1,
    max_size=3,
)
STEPS = st.lists(
    st.tuples(st.sampled_from([0, 0, 0.25, 1, 60.5, 250, 499.75, 500, 901]), CHECKS),
    min_size=1,
    max_size=40,
)


@given(steps=STEPS)
@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_redis_and_memory_decide_alike(
    redis_url: str, steps: list[tuple[float, list[RateCheck]]]
) -> None:
    async def play() -> None:
        connection = PlayedConnection(redis_url)
        memory = InMemoryRateLimiter(lambda: connection.now)
        redis = RedisRateLimiter(connection, InMemoryRateLimiter())
        name = uuid4().hex
        try:
            for seconds, checks in steps:
                connection.now += seconds
                mine = [RateCheck(f"{name}:{check.key}", check.limit) for check in checks]
                assert await redis.check(mine, strict=True) == await memory.check(mine)
        finally:
            await connection.close()

    asyncio.run(play())


async def test_a_request_leaves_the_window_exactly_at_its_end(redis_url: str) -> None:
    connection = PlayedConnection(redis_url)
    limiter = RedisRateLimiter(connection, InMemoryRateLimiter())
    await limiter.check(one("user:a", 1))
    connection.now += 59.75
    refused = await limiter.check(one("user:a", 1))
    assert (refused.allowed, refused.retry_after, refused.reset_after) == (False, 1, 1)
    connection.now += 0.25
    assert (await limiter.check(one("user:a", 1))).allowed
    await connection.close()


async def test_a_clock_that_is_set_back_a_little_keeps_the_limit(redis_url: str) -> None:
    connection = PlayedConnection(redis_url)
    limiter = RedisRateLimiter(connection, InMemoryRateLimiter())
    assert (await limiter.check(one("user:a", 1))).allowed
    connection.now -= 50
    refused = await limiter.check(one("user:a", 1))
    assert (refused.allowed, refused.retry_after) == (False, 60)
    connection.now += 111
    assert (await limiter.check(one("user:a", 1))).allowed
    await connection.close()


async def test_a_clock_that_is_set_back_far_locks_nobody_out(redis_url: str) -> None:
    connection = PlayedConnection(redis_url)
    limiter = RedisRateLimiter(connection, InMemoryRateLimiter())
    assert (await limiter.check(one("user:a", 1))).allowed
    connection.now -= 500
    assert (await limiter.check(one("user:a", 1))).allowed
    assert not (await limiter.check(one("user:a", 1))).allowed
    await connection.close()


async def test_a_key_takes_little_room_and_expires(connection: RedisConnection) -> None:
    limiter = RedisRateLimiter(connection, InMemoryRateLimiter())
    for _ in range(15):
        await asyncio.gather(*(limiter.check(one("user:a", 600)) for _ in range(60)))
    keys = await connection.execute("KEYS", "{rate}:hits:*")
    assert isinstance(keys, list)
    assert len(keys) == 1
    assert isinstance(keys[0], bytes)
    assert await connection.execute("LLEN", keys[0]) == 600
    room = await connection.execute("MEMORY", "USAGE", keys[0], "SAMPLES", 0)
    assert isinstance(room, int)
    assert room < 16_000
    left = await connection.execute("PTTL", keys[0])
    assert isinstance(left, int)
    assert 0 < left <= 60_000


async def test_a_slot_expires_with_its_last_holder(connection: RedisConnection) -> None:
    limiter = RedisRateLimiter(connection, InMemoryRateLimiter())
    for holder, seconds in (("turn_1", 100), ("turn_2", 10)):
        await limiter.acquire_slot("user:a", holder, slots=2, seconds=seconds)
    keys = await connection.execute("KEYS", "{rate}:slots:*")
    assert isinstance(keys, list)
    assert isinstance(keys[0], bytes)
    left = await connection.execute("PTTL", keys[0])
    assert isinstance(left, int)
    assert 50_000 < left <= 100_001


async def test_redis_holds_no_name_and_forgets_completely(connection: RedisConnection) -> None:
    limiter = RedisRateLimiter(connection, InMemoryRateLimiter())
    for seconds in (60, 3600):
        await limiter.check(one("user:canary", 5, seconds))
    await limiter.acquire_slot("user:canary", "turn_1", slots=2, seconds=60)
    assert b"canary" not in await everything(connection)
    await limiter.forget("user:canary")
    assert await connection.execute("KEYS", "*") == [b"{rate}:windows"]


async def test_while_redis_is_away_this_process_decides(
    proxy: FaultProxy, shaky: RedisConnection
) -> None:
    limiter = RedisRateLimiter(shaky, InMemoryRateLimiter())
    await limiter.check(one("user:a", 2))
    await proxy.switch("refuse")
    decisions = [await limiter.check(one("user:a", 2)) for _ in range(3)]
    assert [decision.allowed for decision in decisions] == [True, True, False]
    taken = [
        await limiter.acquire_slot("user:a", f"turn_{n}", slots=2, seconds=60) for n in range(3)
    ]
    assert taken == [True, True, False]
    await limiter.forget("user:a")
    assert (await limiter.check(one("user:a", 2))).allowed
    await proxy.switch("pass")
    assert (await limiter.check(one("user:a", 2))).remaining == 0


async def test_while_redis_is_away_what_is_strict_is_refused(
    proxy: FaultProxy, shaky: RedisConnection
) -> None:
    limiter = RedisRateLimiter(shaky, InMemoryRateLimiter())
    await proxy.switch("refuse")
    with pytest.raises(Unavailable):
        await limiter.check(one("user:a", 2), strict=True)
    with pytest.raises(Unavailable):
        await limiter.acquire_slot("user:a", "turn_1", slots=2, seconds=60, strict=True)
    await proxy.switch("pass")
    assert (await limiter.check(one("user:a", 2), strict=True)).remaining == 1


async def test_a_slot_that_was_given_back_during_an_outage_is_free_after_it(
    proxy: FaultProxy, shaky: RedisConnection
) -> None:
    limiter = RedisRateLimiter(shaky, InMemoryRateLimiter())

    async def take(holder: str) -> bool:
        return await limiter.acquire_slot("user:a", holder, slots=1, seconds=600)

    assert await take("turn_1")
    await proxy.switch("refuse")
    await limiter.release_slot("user:a", "turn_1")
    assert await take("turn_2")
    await limiter.release_slot("user:a", "turn_2")
    await proxy.switch("pass")
    assert await take("turn_3")
    assert not await take("turn_1")


async def test_a_flush_in_the_middle_starts_anew(connection: RedisConnection) -> None:
    limiter = RedisRateLimiter(connection, InMemoryRateLimiter())
    assert (await limiter.check(one("user:a", 1))).allowed
    await connection.execute("FLUSHDB")
    await connection.execute("SCRIPT", "FLUSH")
    decisions: list[RateDecision] = [await limiter.check(one("user:a", 1)) for _ in range(2)]
    assert [decision.allowed for decision in decisions] == [True, False]
    await limiter.forget("user:a")
    assert (await limiter.check(one("user:a", 1))).allowed
