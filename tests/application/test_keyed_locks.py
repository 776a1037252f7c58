"""One at a time for each key, and nothing kept when nobody waits."""

import asyncio

import pytest

from application.keyed_locks import KeyedLocks
from domain.errors import Unavailable


async def test_one_key_is_held_by_one_at_a_time() -> None:
    locks = KeyedLocks()
    inside = 0

    async def enter() -> None:
        nonlocal inside
        async with locks.hold("a"):
            inside += 1
            assert inside == 1
            await asyncio.sleep(0)
            inside -= 1

    await asyncio.gather(*(enter() for _ in range(20)))


async def test_other_keys_do_not_wait() -> None:
    locks = KeyedLocks()
    async with locks.hold("a"), asyncio.timeout(1), locks.hold("b"):
        pass


async def test_a_key_is_forgotten_after_use_even_after_a_failure_or_a_cancellation() -> None:
    locks = KeyedLocks()

    async def fail() -> None:
        async with locks.hold("a"):
            message = "inside"
            raise ValueError(message)

    with pytest.raises(ValueError, match="inside"):
        await fail()

    async def wait() -> None:
        async with locks.hold("a"):
            pass

    async with locks.hold("a"):
        waiting = asyncio.create_task(wait())
        await asyncio.sleep(0)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
    assert vars(locks) == {"_queues": {}}


async def test_who_waits_for_a_store_that_is_away_waits_no_longer_than_the_first() -> None:
    locks = KeyedLocks()
    tried: list[str] = []
    answers = asyncio.Event()

    async def ask(name: str, *, fails_together: bool = True) -> None:
        async with locks.hold("a", fails_together=fails_together):
            tried.append(name)
            await answers.wait()
            message = f"{name} found nobody"
            raise Unavailable(message)

    first = asyncio.create_task(ask("first"))
    await asyncio.sleep(0)
    waiting = [asyncio.create_task(ask(f"waiting {number}")) for number in range(20)]
    stubborn = asyncio.create_task(ask("stubborn", fails_together=False))
    await asyncio.sleep(0)
    answers.set()
    found = await asyncio.gather(first, *waiting, stubborn, return_exceptions=True)
    assert all(isinstance(one, Unavailable) for one in found)
    assert tried == ["first", "stubborn"]
    assert vars(locks) == {"_queues": {}}


async def test_who_comes_later_tries_again() -> None:
    locks = KeyedLocks()
    has_come, goes_on = asyncio.Event(), asyncio.Event()

    async def fail(error: Exception) -> None:
        async with locks.hold("a", fails_together=True):
            await asyncio.sleep(0)
            raise error

    async def stay() -> None:
        async with locks.hold("a"):
            has_come.set()
            await goes_on.wait()

    async def ask() -> str:
        async with locks.hold("a", fails_together=True):
            return "answered"

    refused = asyncio.create_task(fail(ValueError("refused")))
    await asyncio.sleep(0)
    away = asyncio.create_task(fail(Unavailable("away")))
    staying = asyncio.create_task(stay())
    await has_come.wait()
    later = asyncio.create_task(ask())
    await asyncio.sleep(0)
    goes_on.set()
    # Another's refusal says nothing of the store, and what was away before may be back.
    assert await later == "answered"
    with pytest.raises(ValueError, match="refused"):
        await refused
    with pytest.raises(Unavailable, match="away"):
        await away
    await staying
