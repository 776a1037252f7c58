"""One request on several processes at once: one turn, also when each needs a slot to open it."""

import asyncio

import pytest

from application.chat import turn_opener
from application.chat.send_message import SendMessageCommand
from application.ports.turn_store import IdempotencyKey, TurnOpening
from application.rate_keys import stream_slot
from domain.errors import TooManyStreams
from entrypoints.config import Settings
from entrypoints.container import build_use_cases
from tests.application.conftest import STREAM, Product, events_of


def command(product: Product) -> SendMessageCommand:
    key = IdempotencyKey("the-key", "its-print")
    return SendMessageCommand(
        product.user.id, "mira", "Tell me of the sea.", options=STREAM, idempotency=key
    )


async def test_the_last_slot_is_with_whoever_opens_the_same_turn(
    product: Product, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = build_use_cases(Settings(stack="memory", hold_seconds=600), product.adapters)
    limiter, slot = product.adapters.limiter, stream_slot(product.user.id)
    assert await limiter.acquire_slot(slot, "another reply", slots=2, seconds=30)
    opens, refused, may_open = asyncio.Event(), asyncio.Event(), asyncio.Event()
    opened, acquire = product.adapters.turns.open, limiter.acquire_slot

    async def slowly(opening: TurnOpening) -> bool:
        opens.set()
        await may_open.wait()
        return await opened(opening)

    async def acquired(key: str, holder: str, *, slots: int, seconds: int) -> bool:
        is_free = await acquire(key, holder, slots=slots, seconds=seconds)
        if not is_free:
            refused.set()
        return is_free

    monkeypatch.setattr(product.turns, "open", slowly, raising=False)
    monkeypatch.setattr(limiter, "acquire_slot", acquired)
    try:
        async with asyncio.timeout(30):
            first = asyncio.create_task(product.use_cases.send_message()(command(product)))
            await opens.wait()
            second = asyncio.create_task(elsewhere.send_message()(command(product)))
            await refused.wait()
            may_open.set()
            feeds = await asyncio.gather(first, second)
            told = [await events_of(feed) for feed in feeds]
        assert len({feed.turn.id for feed in feeds}) == 1
        assert len({"".join(event.text for event in events) for events in told}) == 1
        assert await product.violations() == []
    finally:
        await elsewhere.runner().drain(0)


async def test_whoever_has_too_many_replies_is_told_so_with_a_key_too(
    product: Product, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turn_opener, "_LOOK_AGAIN_SECONDS", (0.0, 0.01))
    slot = stream_slot(product.user.id)
    for holder in ("one", "other"):
        assert await product.adapters.limiter.acquire_slot(slot, holder, slots=2, seconds=30)
    with pytest.raises(TooManyStreams):
        await product.use_cases.send_message()(command(product))
    await product.adapters.limiter.release_slot(slot, "one")
    assert (await events_of(await product.use_cases.send_message()(command(product))))[-1].is_last
