"""One at a time for each key, and nothing kept when nobody waits."""

import asyncio

import pytest

from application.keyed_locks import KeyedLocks


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
    assert vars(locks) == {"_locks": {}}
