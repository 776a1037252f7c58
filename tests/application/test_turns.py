"""What a turn keeps to when the parts around it fail."""

import asyncio

import pytest

from adapters.in_memory.chat_model import Script
from application.chat.turn_plan import TurnOptions
from application.rate_keys import stream_slot
from domain.chat import TurnStatus
from domain.errors import Conflict, Unavailable
from tests.application.conftest import Product, events_of


async def test_a_settlement_that_fails_is_tried_again_and_charged_once(product: Product) -> None:
    before = await product.balance()
    feed = await product.say("Tell me of the sea and the wind.")
    product.turns.fail("close", times=3)
    events = await events_of(feed)
    assert [event.kind for event in events[-2:]] == ["finish", "done"]
    assert await product.balance() == before - 1
    assert await product.violations() == []


async def test_a_settlement_whose_answer_got_lost_is_not_repeated(product: Product) -> None:
    before = await product.balance()
    feed = await product.say("Tell me of the sea and the wind.")
    product.turns.fail("close", times=1, after=True)
    events = await events_of(feed)
    assert events[-1].kind == "done"
    assert b'"charged":1' in events[-2].data
    assert await product.balance() == before - 1
    assert await product.violations() == []


async def test_a_turn_that_cannot_open_leaves_nothing(product: Product) -> None:
    before = await product.balance()
    product.turns.fail("open", times=1)
    with pytest.raises(Unavailable):
        await product.say("Tell me of the sea and the wind.")
    assert product.use_cases.runner().in_flight == 0
    assert await product.balance() == before
    # Nor is the stream's slot lost: both can be taken.
    slot = stream_slot(product.user.id)
    for holder in ("one", "other"):
        assert await product.adapters.limiter.acquire_slot(slot, holder, slots=2, seconds=30)


async def test_whoever_follows_late_or_twice_reads_the_same(product: Product) -> None:
    feed = await product.say("Tell me of the sea and the wind.")
    first = await events_of(feed)
    again = await product.use_cases.follower().feed(product.user.id, feed.turn.id)
    text = "".join(event.text for event in first)
    assert "".join(event.text for event in await events_of(again)) == text


async def test_draining_gives_up_what_does_not_end_and_charges_nothing(product: Product) -> None:
    before = await product.balance()
    product.model.script(Script(text="One two three four.", stall_after=2))
    feed = await product.say("Tell me of the sea and the wind.")
    reading = asyncio.create_task(events_of(feed))
    await asyncio.sleep(0.05)
    runner = product.use_cases.runner()
    await runner.drain(0.05)
    events = await reading
    assert events[-1].kind == "error"
    assert await product.balance() == before
    turn = await product.adapters.turns.get(product.user.id, feed.turn.id)
    assert (turn.status, turn.error_code) == (TurnStatus.FAILED, "unavailable")
    with pytest.raises(Unavailable):
        await product.say("And now?")
    assert await product.violations() == []


async def test_a_defect_in_the_model_adapter_costs_the_person_nothing(product: Product) -> None:
    before = await product.balance()
    product.model.generate = broken  # type: ignore[method-assign, assignment] # the defect
    feed = await product.say("Tell me of the sea and the wind.", TurnOptions())
    assert [event.kind for event in await events_of(feed)] == ["start", "error"]
    assert await product.balance() == before
    assert await product.violations() == []


async def test_stopping_twice_or_late_changes_nothing(product: Product) -> None:
    product.model.script(Script(text="One two three four.", stall_after=2))
    feed = await product.say("Tell me of the sea and the wind.")
    reading = asyncio.create_task(events_of(feed))
    await asyncio.sleep(0.05)
    stop = product.use_cases.stop_turn()
    first = await stop(product.user.id, feed.turn.id)
    assert first.turn.status is TurnStatus.STOPPED
    assert first == await stop(product.user.id, feed.turn.id)
    assert (await reading)[-1].kind == "done"
    assert await product.violations() == []


async def test_a_wallet_under_pressure_is_never_overdrawn(product: Product) -> None:
    held = 0
    answered = 0
    for feed in await asyncio.gather(
        *(product.say(f"Turn {n} of the many turns.", TurnOptions()) for n in range(40)),
        return_exceptions=True,
    ):
        if isinstance(feed, BaseException):
            assert isinstance(feed, Conflict) or type(feed).__name__ == "InsufficientCredits"
            continue
        held = max(held, feed.turn.held)
        answered += (await events_of(feed))[-1].kind == "done"
    assert answered >= 100 // held
    assert await product.violations() == []


def broken(_: object) -> object:
    message = "a defect"
    raise RuntimeError(message)
