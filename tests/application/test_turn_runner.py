"""How often other processes are told of a turn: by its words, or a sign of life a second later."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence

import pytest
from attrs import define, field

from adapters.in_memory.rate_limiter import InMemoryRateLimiter
from adapters.in_memory.turn_stream import InMemoryTurnStream
from application.chat.live_turn import LiveTurn
from application.chat.stream_slots import StreamSlots
from application.chat.turn_runner import TurnRunner
from application.ports.turn_stream import StreamEvent
from domain.chat import Turn, TurnStatus
from tests.contracts.builders import NOW, new_id

BEAT, RENEWAL = 7, 20


@define
class Ticks:
    """A runner whose ticks are quick, and at which of them it told or asked for what."""

    runner: TurnRunner
    stream: InMemoryTurnStream
    slots: StreamSlots
    told: dict[str, list[tuple[int, int]]] = field(factory=lambda: defaultdict(list))
    """By turn, the tick and the number of events."""
    renewed: dict[str, list[int]] = field(factory=lambda: defaultdict(list))

    @property
    def now(self) -> int:
        return self.runner._ticks  # noqa: SLF001 - time, as the runner counts it

    async def append(self, _user: str, turn_id: str, events: Sequence[StreamEvent]) -> bool:
        self.told[turn_id].append((self.now, len(events)))
        return False

    async def renew(self, turn: Turn) -> None:
        self.renewed[turn.id].append(self.now)

    async def until(self, tick: int) -> None:
        async with asyncio.timeout(30):
            while self.now < tick:  # noqa: ASYNC110 - a tick sets no event
                await asyncio.sleep(0)


@pytest.fixture
async def ticks(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Ticks]:
    monkeypatch.setattr("application.chat.turn_runner._TICK_SECONDS", 0.001)
    monkeypatch.setattr("application.chat.turn_runner._RENEWAL_TICKS", RENEWAL)
    stream, slots = InMemoryTurnStream(), StreamSlots(InMemoryRateLimiter(), 2)
    ticks = Ticks(TurnRunner(stream, slots), stream, slots)
    monkeypatch.setattr(stream, "append", ticks.append)
    monkeypatch.setattr(slots, "renew", ticks.renew)
    yield ticks
    await ticks.runner.drain(0)


async def stay(_live: LiveTurn) -> None:
    await asyncio.Event().wait()


def a_turn(*, stream: bool = True) -> Turn:
    return Turn(
        id=new_id("turn"), user_id=new_id("usr"), session_id="ses_1", character_id="mira",
        user_message_id="msg_1", message_id="msg_2", status=TurnStatus.RUNNING, created_at=NOW,
        held=6, price_version=1, stream=stream, include_usage=False,
    )  # fmt: skip


async def test_silent_turns_give_signs_of_life_each_in_its_own_time(ticks: Ticks) -> None:
    early, late, whole = a_turn(), a_turn(), a_turn(stream=False)
    ticks.runner.start(early, stay)
    await ticks.until(3)
    began = ticks.now
    ticks.runner.start(late, stay)
    ticks.runner.start(whole, stay).emit("start")
    await ticks.until(began + 3 * BEAT)
    assert ticks.told[early.id][:2] == [(BEAT, 0), (2 * BEAT, 0)]
    for turn in (late, whole):
        assert ticks.told[turn.id][:2] == [(began + BEAT, 0), (began + 2 * BEAT, 0)]


async def test_words_are_told_at_the_next_tick_and_are_a_sign_of_life(ticks: Ticks) -> None:
    turn = a_turn()
    live = ticks.runner.start(turn, stay)
    await ticks.until(4)
    spoke = ticks.now
    live.say("Hello")
    live.say(" there")
    await ticks.until(spoke + 2 * BEAT)
    assert ticks.told[turn.id][:2] == [(spoke + 1, 2), (spoke + 1 + BEAT, 0)]


async def test_each_stream_renews_its_slot_in_its_own_time(ticks: Ticks) -> None:
    early, late, whole = a_turn(), a_turn(), a_turn(stream=False)
    ticks.runner.start(early, stay)
    await ticks.until(5)
    began = ticks.now
    ticks.runner.start(late, stay)
    ticks.runner.start(whole, stay)
    await ticks.until(began + 2 * RENEWAL + 1)
    assert ticks.renewed[early.id][:2] == [RENEWAL, 2 * RENEWAL]
    assert ticks.renewed[late.id] == [began + RENEWAL, began + 2 * RENEWAL]
    assert whole.id not in ticks.renewed


async def test_a_turn_that_ends_while_others_are_told_keeps_no_slot(
    ticks: Ticks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("application.chat.turn_runner._WRITERS", 1)
    first, second = a_turn(), a_turn()
    ticks.runner.start(first, stay)
    live = ticks.runner.start(second, stay)
    asked, go_on = asyncio.Event(), asyncio.Event()

    async def renew(turn: Turn) -> None:
        ticks.renewed[turn.id].append(ticks.now)
        asked.set()
        await go_on.wait()

    monkeypatch.setattr(ticks.slots, "renew", renew)
    async with asyncio.timeout(30):
        await asked.wait()
        [task] = ticks.runner.stop_all(second.user_id)
        task.cancel()
        await asyncio.wait([task])
    assert live.ended
    go_on.set()
    await ticks.until(RENEWAL + 2)
    assert first.id in ticks.renewed
    assert second.id not in ticks.renewed
