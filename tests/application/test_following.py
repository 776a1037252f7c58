"""Following a turn when the process that ran it, or its shared tail, is not there."""

import asyncio

import pytest

from adapters.in_memory.turn_stream import InMemoryTurnStream
from application.chat import turn_follower
from application.chat.turn_follower import StreamPosition, TurnFollower
from application.chat.turn_plan import TurnOptions
from domain.errors import Unavailable
from tests.application.conftest import STREAM, Product, events_of

TEXT = "Tell me of the sea and the wind."


async def test_behind_what_was_stored_the_tail_repeats_nothing(product: Product) -> None:
    """While Redis is away a follower is told what is stored; then the tail is there again."""
    feed = await product.say(TEXT)
    said = await events_of(feed)
    adapters, user_id, turn_id = product.adapters, product.user.id, feed.turn.id
    without_tail = TurnFollower(
        runner=product.use_cases.runner(),
        stream=InMemoryTurnStream(),
        turns=adapters.turns,
        memories=adapters.memories,
        wallets=adapters.wallets,
    )
    text = "".join(event.text for event in said)
    stored = await events_of(await without_tail.feed(user_id, turn_id, StreamPosition(2, 3)))
    assert text[3:] == "".join(event.text for event in stored)
    follower = product.use_cases.follower()
    for place, event in enumerate(stored, start=1):
        rest = await follower.feed(user_id, turn_id, StreamPosition(event.seq, event.offset))
        seen = [*stored[:place], *await events_of(rest)]
        assert "".join(one.text for one in seen) == text[3:]


async def test_a_position_that_a_running_turn_never_had_waits_for_its_end(
    product: Product,
) -> None:
    feed = await product.say(TEXT)
    follower = product.use_cases.follower()
    late = await follower.feed(product.user.id, feed.turn.id, StreamPosition(1, 9))
    reading = asyncio.create_task(events_of(late))
    text = "".join(event.text for event in await events_of(feed))
    assert "".join(event.text for event in await reading) == text[9:]


@pytest.mark.parametrize("options", [STREAM, TurnOptions()])
async def test_whoever_waits_for_a_process_that_died_is_told_so(
    product: Product, monkeypatch: pytest.MonkeyPatch, options: TurnOptions
) -> None:
    monkeypatch.setattr(turn_follower, "_LOOK_SECONDS", 0.01)
    monkeypatch.setattr(turn_follower, "_LOST_SECONDS", 0.05)
    product.turns.fail("open", times=1, after=True)
    with pytest.raises(Unavailable):
        await product.say(TEXT, options)
    [hold] = (await product.adapters.wallets.get(product.user.id)).holds
    feed = await product.use_cases.follower().feed(product.user.id, hold.turn_id)
    async with asyncio.timeout(10):
        [event] = await events_of(feed)
    assert event.kind == "error"
    assert b'"unavailable"' in event.data


async def test_a_settlement_whose_answer_got_lost_is_told_although_reading_fails_too(
    product: Product,
) -> None:
    before = await product.balance()
    feed = await product.say(TEXT)
    product.turns.fail("close", times=1, after=True)
    product.turns.fail("get", times=2, after=True)
    events = await events_of(feed)
    assert events[-1].kind == "done"
    assert await product.balance() == before - 1
    assert await product.violations() == []
