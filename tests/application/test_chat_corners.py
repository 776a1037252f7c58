"""Corners of chat: what is full, what came too late, and what nobody can be told."""

import asyncio
import logging

import pytest
from attrs import evolve

from adapters.in_memory.account_store import InMemoryAccountStore
from adapters.in_memory.chat_model import Script
from application.chat.live_turn import LiveTurn
from application.chat.report_message import MAX_REASON_CHARACTERS
from application.chat.turn_follower import TurnFeed
from application.chat.turn_plan import TurnOptions
from domain.accounts import AgeBand
from domain.characters import Rating
from domain.chat import TurnStatus
from domain.errors import (
    AccountSuspended,
    AlreadyRecorded,
    Forbidden,
    InvalidRequest,
    NotFound,
    RateLimited,
    Unavailable,
)
from domain.safety.verdicts import Verdict
from tests.application.conftest import STREAM, Product, events_of
from tests.contracts.builders import NOW, make_character

TEXT = "Tell me of the sea and the wind."
STALLED = Script(text="One two three four.", stall_after=2)


async def begun(product: Product) -> TurnFeed:
    """A reply that will stall in the middle, from behind its first words."""
    product.model.script(STALLED)
    feed = await product.say(TEXT)
    await anext(feed.events)
    return feed


# -------------------------------------------------------------------------------- opening


async def test_a_full_process_begins_no_more_turns(
    product: Product, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(product.use_cases.runner(), "_capacity", 0)
    with pytest.raises(Unavailable, match="Too many replies"):
        await product.say(TEXT)
    assert await product.violations() == []


async def test_the_suspended_begin_nothing(product: Product) -> None:
    await product.adapters.accounts.save(evolve(product.user, suspended_at=NOW))
    with pytest.raises(AccountSuspended):
        await product.say(TEXT)


async def test_only_so_many_replies_stream_at_once(product: Product) -> None:
    feeds = [await begun(product) for _ in range(2)]
    with pytest.raises(RateLimited, match="stream at once"):
        await product.say(TEXT)
    product.use_cases.runner().stop_all(product.user.id)
    async with asyncio.timeout(30):
        await asyncio.gather(*map(events_of, feeds))


async def test_a_race_that_is_always_lost_is_given_up(
    product: Product, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, lost = await product.balance(), list[object]()

    async def late(opening: object) -> bool:
        lost.append(opening)
        if len(lost) % 2:
            message = "The key was used."
            raise AlreadyRecorded(message)
        return False

    product.turns.__dict__["open"] = late
    for options in (STREAM, TurnOptions()):
        with pytest.raises(Unavailable, match="too busy"):
            await product.say(TEXT, options)
    del product.turns.__dict__["open"]
    assert len(lost) == 24
    assert await product.balance() == before
    assert (await events_of(await product.say(TEXT)))[-1].kind == "done"


# ------------------------------------------------------------------------------- following


def live() -> LiveTurn:
    return LiveTurn(None)  # type: ignore[arg-type]  # nothing of the turn is asked for


async def test_several_followers_wait_and_one_that_leaves_keeps_nobody() -> None:
    turn = live()

    async def read() -> str:
        return "".join([one.text async for batch in turn.follow() for one in batch])

    first, second, leaver = (asyncio.create_task(read()) for _ in range(3))
    await asyncio.sleep(0)
    leaver.cancel()
    turn.say("")
    turn.say("Hello")
    await asyncio.sleep(0)
    turn.emit("done")
    assert await first == await second == "Hello"
    assert [batch async for batch in turn.follow(2)] == []


async def test_a_stop_before_the_beginning_lets_nothing_begin() -> None:
    turn = live()
    turn.stop()
    turn.stop()
    with pytest.raises(asyncio.CancelledError):
        turn.begin_generation()


async def test_a_turn_that_somebody_else_runs_is_not_found(product: Product) -> None:
    feed = await product.say(TEXT)
    runner = product.use_cases.runner()
    assert runner.find(product.user.id, feed.turn.id) is not None
    assert runner.find("usr_other", feed.turn.id) is None
    await events_of(feed)


async def test_all_turns_of_a_user_are_stopped(product: Product) -> None:
    feed = await begun(product)
    runner = product.use_cases.runner()
    assert runner.stop_all("usr_other") == []
    async with asyncio.timeout(30):
        await asyncio.gather(*runner.stop_all(product.user.id))
        await events_of(feed)
    assert runner.in_flight == 0
    assert await product.violations() == []


async def test_a_stop_that_takes_too_long_says_that_the_turn_still_runs(
    product: Product, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its process is another one, and has not heard of it yet."""
    monkeypatch.setattr("application.chat.stop_turn._WAIT_SECONDS", 0.01)
    product.turns.fail("open", times=1, after=True)
    with pytest.raises(Unavailable):
        await product.say(TEXT)
    [hold] = (await product.adapters.wallets.get(product.user.id)).holds
    state = await product.use_cases.stop_turn()(product.user.id, hold.turn_id)
    assert (state.turn.status, state.reply) == (TurnStatus.RUNNING, None)


async def test_a_defect_in_the_work_of_a_turn_is_logged_and_told(
    product: Product, caplog: pytest.LogCaptureFixture
) -> None:
    feed = await product.say(TEXT)
    await events_of(feed)

    async def broken(_: LiveTurn) -> None:
        message = "a defect"
        raise RuntimeError(message)

    with caplog.at_level(logging.ERROR):
        started = product.use_cases.runner().start(evolve(feed.turn, id="turn_x"), broken)
        [event] = [one async for batch in started.follow() for one in batch]
        for _ in range(20):
            await asyncio.sleep(0)
    assert event.kind == "error"
    assert "turn ended by a defect" in caplog.text


# ---------------------------------------------------------------------------------- safety


async def test_what_is_for_adults_needs_a_known_age(product: Product) -> None:
    character = make_character("vera", rating=Rating.ADULT)
    make_character().admit(product.user, param="model")
    character.admit(evolve(product.user, age_band=AgeBand.ADULT), param="model")
    for band in (AgeBand.UNKNOWN, AgeBand.FROM_16_TO_17):
        with pytest.raises(Forbidden, match="known to be adults"):
            character.admit(evolve(product.user, age_band=band), param="model")


async def test_what_was_not_found_is_replaced_by_nothing(product: Product) -> None:
    safety = product.use_cases.send_message()._opener._safety  # noqa: SLF001 - the part in question
    assert safety.replacement(Verdict(), product.user) == ""


async def test_a_notice_that_cannot_be_noted_comes_again(
    product: Product, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: object, **__: object) -> None:
        message = "the database is away"
        raise Unavailable(message)

    with monkeypatch.context() as broken:
        broken.setattr(InMemoryAccountStore, "note", away)
        first = await product.say(TEXT)
        assert (await events_of(first))[-1].kind == "done"
    second = await product.say(TEXT)
    await events_of(second)
    assert [one.kind for one in second.turn.notices] == [one.kind for one in first.turn.notices]


async def test_a_reason_for_a_report_is_short(product: Product) -> None:
    feed = await product.say(TEXT)
    await events_of(feed)
    report = product.use_cases.report_message()
    with pytest.raises(InvalidRequest, match="reason has at most") as error:
        await report(product.user.id, feed.turn.message_id, "x" * (MAX_REASON_CHARACTERS + 1))
    assert error.value.param == "reason"
    first = await report(product.user.id, feed.turn.message_id, "rude")
    assert await report(product.user.id, feed.turn.message_id, "rude") == first
    with pytest.raises(NotFound):
        await report("usr_other", feed.turn.message_id, "rude")
