"""What the local limiter adds to the contract: it decides in production when Redis is away."""

import pytest

from adapters.in_memory.rate_limiter import InMemoryRateLimiter
from application.ports.rate_limiter import RateCheck, RateLimit
from domain.errors import Unavailable


def one(key: str, amount: int = 10, seconds: int = 60) -> list[RateCheck]:
    return [RateCheck(key, RateLimit(amount, seconds))]


async def test_an_endless_row_of_keys_does_not_fill_the_memory() -> None:
    limiter = InMemoryRateLimiter(max_keys=100)
    for n in range(1_000):
        await limiter.check(one(f"address:{n}"))
        await limiter.acquire_slot(f"user:{n}", "turn", slots=1, seconds=60)
    assert len(limiter) == 200


async def test_a_key_in_use_outlives_those_that_are_not() -> None:
    limiter = InMemoryRateLimiter(max_keys=10)
    for n in range(100):
        await limiter.check(one("user:a", 200))
        await limiter.check(one(f"address:{n}"))
    assert (await limiter.check(one("user:a", 200))).remaining == 99


async def test_the_number_of_requests_in_memory_is_bounded() -> None:
    limiter = InMemoryRateLimiter(max_hits=100)
    for n in range(10):
        for _ in range(30):
            await limiter.check(one(f"user:{n}", 1_000))
    assert len(limiter) == 3
    # What is forgotten or over leaves room for others.
    await limiter.forget("user:9")
    await limiter.check(one("user:10"))
    assert len(limiter) == 3


async def test_requests_that_are_over_take_no_room() -> None:
    now = 0.0
    limiter = InMemoryRateLimiter(lambda: now, max_hits=100)
    for n in range(50):
        now = n * 60.0
        for key in ("user:a", "user:b"):
            for _ in range(40):
                await limiter.check(one(key, 1_000))
    assert len(limiter) == 2


async def test_a_shared_store_that_is_away_can_be_played() -> None:
    limiter = InMemoryRateLimiter()
    limiter.is_shared = False
    assert (await limiter.check(one("user:a"))).allowed
    assert await limiter.acquire_slot("user:a", "turn", slots=1, seconds=60)
    with pytest.raises(Unavailable):
        await limiter.check(one("user:a"), strict=True)
    with pytest.raises(Unavailable):
        await limiter.acquire_slot("user:a", "turn", slots=1, seconds=60, strict=True)
