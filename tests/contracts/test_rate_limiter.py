"""What every rate limiter promises."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

import pytest
from attrs import frozen

from adapters.in_memory.rate_limiter import InMemoryRateLimiter
from adapters.redis.connection import RedisConnection
from adapters.redis.rate_limiter import RedisRateLimiter
from application.ports.rate_limiter import RateCheck, RateDecision, RateLimit, RateLimiter


@frozen
class Bench:
    """A limiter, and how to let its time pass."""

    limiter: RateLimiter
    wait: Callable[[float], Awaitable[None]]

    async def ask(self, key: str, amount: int, seconds: int = 60) -> RateDecision:
        return await self.limiter.check([RateCheck(key, RateLimit(amount, seconds))])

    async def take(self, holder: str, *, slots: int = 1, seconds: int = 60) -> bool:
        return await self.limiter.acquire_slot("user:a", holder, slots=slots, seconds=seconds)


class PlayedTime:
    """Seconds that pass when told."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now

    async def wait(self, seconds: float) -> None:
        self.now += seconds


class NeverAsked(InMemoryRateLimiter):
    """A fallback that makes sure that the shared store decides."""

    async def check(self, checks: Sequence[RateCheck], *, strict: bool = False) -> RateDecision:
        raise AssertionError

    async def acquire_slot(
        self, key: str, holder: str, *, slots: int, seconds: int, strict: bool = False
    ) -> bool:
        raise AssertionError


@pytest.fixture(params=["memory", "redis"])
async def bench(request: pytest.FixtureRequest) -> AsyncIterator[Bench]:
    if request.param == "memory":
        time = PlayedTime()
        yield Bench(InMemoryRateLimiter(time), time.wait)
        return
    connection = RedisConnection(request.getfixturevalue("redis_url"))
    # What comes back is Redis's own word: this fallback allows nothing.
    yield Bench(RedisRateLimiter(connection, NeverAsked()), asyncio.sleep)
    await connection.close()


async def test_as_many_as_the_limit_says_are_allowed(bench: Bench) -> None:
    decisions = [await bench.ask("user:a", 3) for _ in range(5)]
    assert [one.allowed for one in decisions] == [True, True, True, False, False]
    assert [one.remaining for one in decisions] == [2, 1, 0, 0, 0]


async def test_of_many_at_once_exactly_the_limit_is_allowed(bench: Bench) -> None:
    decisions = await asyncio.gather(*(bench.ask("user:a", 40) for _ in range(120)))
    assert sum(one.allowed for one in decisions) == 40


async def test_a_decision_says_when_to_come_again(bench: Bench) -> None:
    allowed = await bench.ask("user:a", 1)
    refused = await bench.ask("user:a", 1)
    assert (allowed.limit, allowed.retry_after, allowed.reset_after) == (RateLimit(1, 60), 0, 60)
    assert 58 <= refused.retry_after <= 60
    assert refused.reset_after == refused.retry_after


async def test_whoever_waits_as_long_as_told_is_allowed(bench: Bench) -> None:
    for _ in range(2):
        await bench.ask("user:a", 2, seconds=1)
    refused = await bench.ask("user:a", 2, seconds=1)
    assert not refused.allowed
    assert refused.retry_after == 1
    await bench.wait(refused.retry_after)
    again = [await bench.ask("user:a", 2, seconds=1) for _ in range(2)]
    assert [one.allowed for one in again] == [True, True]
    assert [one.remaining for one in again] == [1, 0]


async def test_keys_do_not_count_for_each_other(bench: Bench) -> None:
    assert (await bench.ask("user:a", 1)).allowed
    assert (await bench.ask("user:b", 1)).allowed


async def test_windows_of_one_key_do_not_count_for_each_other(bench: Bench) -> None:
    assert (await bench.ask("user:a", 1, seconds=60)).allowed
    assert (await bench.ask("user:a", 1, seconds=3600)).allowed


async def test_a_request_is_refused_if_one_of_its_checks_is(bench: Bench) -> None:
    await bench.ask("address:x", 1)
    both = [RateCheck("user:a", RateLimit(5, 60)), RateCheck("address:x", RateLimit(1, 60))]
    decision = await bench.limiter.check(both)
    assert not decision.allowed
    assert decision.limit == RateLimit(1, 60)


async def test_a_refused_request_is_counted_nowhere(bench: Bench) -> None:
    await bench.ask("address:x", 1)
    both = [RateCheck("user:a", RateLimit(5, 60)), RateCheck("address:x", RateLimit(1, 60))]
    for _ in range(3):
        await bench.limiter.check(both)
    assert (await bench.ask("user:a", 5)).remaining == 4


async def test_an_allowed_request_speaks_of_the_least_that_remains(bench: Bench) -> None:
    both = [RateCheck("user:a", RateLimit(9, 60)), RateCheck("address:x", RateLimit(4, 30))]
    decision = await bench.limiter.check(both)
    assert (decision.limit, decision.remaining) == (RateLimit(4, 30), 3)
    assert decision.reset_after == 30


async def test_of_two_refusals_the_longer_wait_is_told(bench: Bench) -> None:
    both = [RateCheck("address:x", RateLimit(1, 30)), RateCheck("user:a", RateLimit(1, 3600))]
    await bench.limiter.check(both)
    decision = await bench.limiter.check(both)
    assert decision.limit == RateLimit(1, 3600)
    assert decision.retry_after > 3500


async def test_a_key_that_stands_in_two_checks_is_one_request(bench: Bench) -> None:
    both = [RateCheck("user:a", RateLimit(9, 60)), RateCheck("user:a", RateLimit(4, 60))]
    await bench.limiter.check(both)
    assert (await bench.limiter.check(both)).remaining == 2


async def test_a_limit_of_nothing_allows_nothing(bench: Bench) -> None:
    decision = await bench.ask("user:a", 0)
    assert (decision.allowed, decision.retry_after) == (False, 60)


async def test_what_was_counted_stays_when_the_limit_changes(bench: Bench) -> None:
    for _ in range(5):
        await bench.ask("user:a", 10)
    assert not (await bench.ask("user:a", 3)).allowed
    assert (await bench.ask("user:a", 10)).remaining == 4


async def test_slots_are_taken_until_none_is_free(bench: Bench) -> None:
    taken = [await bench.take(f"turn_{n}", slots=2) for n in range(4)]
    assert taken == [True, True, False, False]


async def test_of_many_holders_at_once_as_many_as_slots_get_one(bench: Bench) -> None:
    taken = await asyncio.gather(*(bench.take(f"turn_{n}", slots=3) for n in range(30)))
    assert sum(taken) == 3


async def test_a_holder_renews_its_own_slot(bench: Bench) -> None:
    assert await bench.take("turn_1")
    assert await bench.take("turn_1")
    assert not await bench.take("turn_2")


async def test_a_slot_that_is_given_back_is_free(bench: Bench) -> None:
    await bench.take("turn_1")
    await bench.limiter.release_slot("user:a", "turn_1")
    assert await bench.take("turn_2")


async def test_giving_back_what_one_does_not_hold_changes_nothing(bench: Bench) -> None:
    await bench.take("turn_1")
    await bench.limiter.release_slot("user:a", "turn_2")
    await bench.limiter.release_slot("user:b", "turn_1")
    assert not await bench.take("turn_2")


async def test_a_slot_ends_by_itself_unless_it_is_renewed(bench: Bench) -> None:
    await bench.take("turn_1", slots=2, seconds=1)
    await bench.take("turn_2", slots=2, seconds=1)
    await bench.take("turn_2", slots=2, seconds=60)
    await bench.wait(1.01)
    assert await bench.take("turn_3", slots=2)
    assert not await bench.take("turn_4", slots=2)


async def test_what_is_forgotten_starts_anew(bench: Bench) -> None:
    for seconds in (60, 3600):
        await bench.ask("user:a", 1, seconds=seconds)
    await bench.ask("user:b", 1)
    await bench.take("turn_1")
    await bench.limiter.forget("user:a")
    for seconds in (60, 3600):
        assert (await bench.ask("user:a", 1, seconds=seconds)).allowed
    assert await bench.take("turn_2")
    assert not (await bench.ask("user:b", 1)).allowed


async def test_forgetting_somebody_unknown_is_harmless(bench: Bench) -> None:
    await bench.limiter.forget("user:nobody")
