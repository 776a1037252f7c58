"""Corners of a turn's work: what is stopped, lost, said by nobody, or read much later."""

import asyncio
from collections.abc import AsyncGenerator

import pytest
from attrs import evolve

from adapters.in_memory.chat_model import Script
from adapters.in_memory.turn_stream import InMemoryTurnStream
from application.chat.live_turn import LiveTurn
from application.chat.send_message import (
    MAX_EARLIER_MESSAGES,
    MAX_EARLIER_REPLY_CHARACTERS,
    EarlierMessage,
    SendMessageCommand,
)
from application.chat.stream_slots import StreamSlots
from application.chat.turn_follower import TurnFollower
from application.chat.turn_lessons import Lesson, TurnLessons
from application.chat.turn_order import TurnLimits
from application.chat.turn_plan import TurnOptions, TurnPlan
from application.chat.turn_runner import TurnRunner
from application.rate_keys import stream_slot
from domain.accounts import Tier
from domain.chat import MAX_MESSAGE_CHARACTERS, Role, TurnStatus
from domain.errors import InvalidRequest, NotFound
from tests.application.conftest import STREAM, Product, events_of
from tests.contracts.builders import (
    make_character,
    make_exchange,
    make_memory,
    make_message,
    make_session,
    make_user,
)

TEXT = "Tell me of the sea and the wind."
STALLED = Script(text="One two three four.", stall_after=2)


async def test_of_much_that_was_said_elsewhere_the_latest_counts(product: Product) -> None:
    """Whoever speaks OpenAI's protocol sends it all again, however long they have talked."""
    said = [f"Message {n}" for n in range(MAX_EARLIER_MESSAGES + 3)]
    earlier = tuple(EarlierMessage(Role.USER, one) for one in said)
    feed = await product.use_cases.send_message()(
        SendMessageCommand("usr_1", "mira", TEXT, earlier=earlier)
    )
    await events_of(feed)
    page = await product.use_cases.list_messages()(
        "usr_1", feed.turn.session_id, limit=200, cursor=None
    )
    kept = [one.content for one in page.items if one.role is Role.USER]
    assert kept == [TEXT, *said[:2:-1]]


async def test_a_conversation_that_was_sent_whole_is_summed_up_once_it_is_gone_on_with(
    product: Product,
) -> None:
    """Clients that send it with each message begin a session each time."""

    async def summary_after(command: SendMessageCommand) -> tuple[str, str]:
        feed = await product.use_cases.send_message()(command)
        await events_of(feed)
        await product.use_cases.memory_tasks().settled("usr_1", 5.0)
        session = await product.adapters.sessions.get("usr_1", feed.turn.session_id)
        return session.id, session.summary

    said = tuple(
        EarlierMessage(Role.USER, f"Boat number {n} is called Alma.")
        for n in range(MAX_EARLIER_MESSAGES)
    )
    session_id, summary = await summary_after(
        SendMessageCommand("usr_1", "mira", TEXT, earlier=said)
    )
    assert summary == ""
    _, summary = await summary_after(
        SendMessageCommand("usr_1", "mira", TEXT, session_id=session_id)
    )
    assert "Boat number" in summary


async def test_a_long_reply_may_be_sent_back_and_a_longer_one_may_not(product: Product) -> None:
    send = product.use_cases.send_message()

    def command(role: Role, size: int) -> SendMessageCommand:
        return SendMessageCommand(
            "usr_1", "mira", TEXT, earlier=(EarlierMessage(role, "x" * size),)
        )

    feed = await send(command(Role.ASSISTANT, MAX_EARLIER_REPLY_CHARACTERS))
    assert (await events_of(feed))[-1].kind == "done"
    for refused in (
        command(Role.ASSISTANT, MAX_EARLIER_REPLY_CHARACTERS + 1),
        command(Role.USER, MAX_MESSAGE_CHARACTERS + 1),
    ):
        with pytest.raises(InvalidRequest, match="at most"):
            await send(refused)


async def test_a_settlement_that_never_works_ends_with_an_error_and_leaves_the_hold(
    product: Product, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sweep releases it: nothing is charged for what nobody could write down."""
    monkeypatch.setattr("application.chat.turn_settlement._GRACE_SECONDS", -10_000.0)
    before = await product.balance()
    product.turns.fail("close", times=99)
    feed = await product.say(TEXT)
    assert [event.kind for event in await events_of(feed)][-1] == "error"
    assert await product.balance() == before
    [hold] = (await product.adapters.wallets.get("usr_1")).holds
    assert hold.turn_id == feed.turn.id


async def test_a_reply_that_is_stopped_before_it_begins_costs_nothing(product: Product) -> None:
    before = await product.balance()
    feed = await product.say(TEXT)
    product.use_cases.runner().stop_all("usr_1")
    kinds = [event.kind for event in await events_of(feed)]
    assert kinds == ["start", "finish", "done"]
    assert not product.model.requests
    assert await product.balance() == before


async def test_a_model_that_says_nothing_is_as_good_as_none(product: Product) -> None:
    before = await product.balance()
    product.model.script(Script(text=""))
    feed = await product.say(TEXT)
    [*_, last] = await events_of(feed)
    assert (last.kind, b"model_unavailable" in last.data) == ("error", True)
    assert await product.balance() == before


async def test_a_stop_from_another_process_is_heard_and_slots_are_kept_meanwhile(
    product: Product, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("application.chat.turn_runner._RENEWAL_TICKS", 1)
    product.model.script(STALLED)
    feed = await product.say(TEXT)
    await anext(feed.events)
    renewed = asyncio.Event()
    slots, turns = product.adapters.limiter, product.adapters.turns
    acquire = slots.acquire_slot

    async def acquired(key: str, holder: str, *, slots: int, seconds: int) -> bool:
        assert (key, holder) == (stream_slot("usr_1"), feed.turn.id)
        renewed.set()
        return await acquire(key, holder, slots=slots, seconds=seconds)

    monkeypatch.setattr(slots, "acquire_slot", acquired)
    async with asyncio.timeout(30):
        await renewed.wait()
        await product.adapters.stream.request_stop("usr_1", feed.turn.id)
        await events_of(feed)
        await product.use_cases.stop_turn()("usr_1", feed.turn.id)
    turn = await turns.get("usr_1", feed.turn.id)
    assert turn.status is TurnStatus.STOPPED


async def test_what_ended_meanwhile_is_not_copied_again(product: Product) -> None:
    feed = await product.say(TEXT)
    events = await events_of(feed)
    runner = product.use_cases.runner()
    async with asyncio.timeout(30):
        while runner.in_flight:
            await asyncio.wait(list(runner._tasks.values()))  # noqa: SLF001 - to wait for its end
    late = LiveTurn(feed.turn)
    late.emit("delta", text="once more")
    await runner._copy(late)  # noqa: SLF001 - as a tick does that began before the end
    kept, _ = await product.adapters.stream.read("usr_1", feed.turn.id, 0)
    assert [event.kind for event in kept] == [event.kind for event in events]


async def test_long_after_its_end_a_turn_is_told_with_its_memories_that_are_left(
    product: Product,
) -> None:
    feed = await product.say(TEXT, TurnOptions(include_usage=True))
    await events_of(feed)
    adapters = product.adapters
    memory = make_memory(character_id="mira")
    await adapters.memories.add("usr_1", memory, None)
    turn = await adapters.turns.get("usr_1", feed.turn.id)
    told = evolve(turn, memory_ids=("mem_gone", memory.id))

    async def get(*_: str) -> object:
        return told

    product.turns.__dict__["get"] = get
    follower = TurnFollower(
        runner=product.use_cases.runner(),
        stream=InMemoryTurnStream(),
        turns=product.turns,  # type: ignore[arg-type]  # it has all that a store has
        memories=adapters.memories,
        wallets=adapters.wallets,
    )
    events = await events_of(await follower.feed("usr_1", feed.turn.id))
    assert [event.kind for event in events] == ["start", "delta", "finish", "usage", "done"]
    assert memory.id.encode() in events[0].data
    assert b"mem_gone" not in events[0].data


async def test_what_only_a_model_can_learn_is_left_to_the_job(
    product: Product, monkeypatch: pytest.MonkeyPatch
) -> None:
    tasks, handed = product.use_cases.memory_tasks(), list[Lesson]()
    lessons = TurnLessons(
        product.adapters.extractor, None, tasks, TurnLimits(context_tokens=1, learning_seconds=0)
    )
    monkeypatch.setattr(tasks, "submit", lambda exchange, **_: handed.append(exchange))
    lessons.hand_over(Lesson(make_exchange("hi"), (), needs_summary=False, is_final=False))
    assert handed == []
    lessons.hand_over(Lesson(make_exchange("hi"), (), needs_summary=True, is_final=False))
    assert len(handed) == 1


async def test_only_so_many_lorebooks_are_kept_ready(
    product: Product, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("application.chat.turn_lore._MOST_BOOKS", 1)
    found = await product.adapters.characters.list(limit=99, after=None)
    characters = [one.id for one in found if one.min_tier is Tier.FREE]
    for character_id in characters[:2]:
        command = SendMessageCommand("usr_1", character_id, TEXT, options=STREAM)
        feed = await product.use_cases.send_message()(command)
        assert (await events_of(feed))[-1].kind == "done"


def test_a_summary_is_no_part_of_what_it_sums_up() -> None:
    session = evolve(make_session(make_user()), summary="They met.", summarized_until=4)
    for position, summary in ((4, ""), (6, "They met.")):
        message = make_message(session, position)
        plan = TurnPlan(session, False, make_character(), (), message, ())  # noqa: FBT003
        assert plan.summary == summary


async def test_only_the_message_that_named_a_conversation_takes_its_name_away(
    product: Product,
) -> None:
    first = await product.say("Sea")
    await events_of(first)
    command = SendMessageCommand("usr_1", "mira", "Wind", session_id=first.turn.session_id)
    second = await product.use_cases.send_message()(command)
    await events_of(second)
    delete, sessions = product.use_cases.delete_message(), product.adapters.sessions
    await delete("usr_1", second.turn.user_message_id)
    assert (await sessions.get("usr_1", first.turn.session_id)).title == "Sea"
    await delete("usr_1", first.turn.user_message_id)
    assert (await sessions.get("usr_1", first.turn.session_id)).title != "Sea"
    with pytest.raises(NotFound):
        await delete("usr_1", first.turn.user_message_id)


async def test_tokens_that_the_model_does_not_count_are_estimated(product: Product) -> None:
    product.model.script(Script(text="One two three four.", reports_usage=False))
    feed = await product.say(TEXT)
    await events_of(feed)
    turn = await product.adapters.turns.get("usr_1", feed.turn.id)
    assert turn.receipt is not None
    assert (turn.receipt.usage.reported, turn.receipt.charged > 0) == (False, True)


async def test_what_another_process_writes_is_read_piece_by_piece(product: Product) -> None:
    """From the shared tail alone, while the reply is written."""
    product.model.script(STALLED)
    feed = await product.say(TEXT)
    follower = TurnFollower(
        runner=TurnRunner(product.adapters.stream, StreamSlots(product.adapters.limiter, 2)),
        stream=product.adapters.stream,
        turns=product.adapters.turns,
        memories=product.adapters.memories,
        wallets=product.adapters.wallets,
    )
    there = await follower.feed("usr_1", feed.turn.id)
    async with asyncio.timeout(30):
        first = await anext(there.events)
        await product.use_cases.stop_turn()("usr_1", feed.turn.id)
        rest = await events_of(there)
    mine = await events_of(feed)
    assert [event.seq for event in (*first, *rest)] == [event.seq for event in mine]


async def test_a_model_that_ends_without_an_end_is_as_good_as_none(product: Product) -> None:
    async def silent(_: object) -> AsyncGenerator[object, None]:
        none: tuple[object, ...] = ()
        for piece in none:
            yield piece

    product.model.generate = silent  # type: ignore[method-assign, assignment]  # the defect
    before = await product.balance()
    [*_, last] = await events_of(await product.say(TEXT))
    assert (last.kind, b"model_unavailable" in last.data) == ("error", True)
    assert await product.balance() == before
