"""What is known of one person's conversations and of their plain twin, and how they compare."""

import asyncio
import copy
from collections.abc import Awaitable, Callable
from datetime import datetime
from itertools import count

import pytest

from adapters.in_memory.clock import InMemoryClock
from application.chat.send_message import SendMessageCommand
from application.chat.turn_follower import StreamPosition, TurnFeed
from application.ports.turn_stream import StreamEvent
from domain.accounts import User
from domain.errors import InsufficientCredits, NotFound, RateLimited
from domain.ledger import EntryKind
from entrypoints.container import Adapters, UseCases
from tests.application.plain_turns import (
    HOLD_LIFE,
    STREAMS,
    WORST,
    PlainChat,
    PlainLine,
    PlainTurn,
    price,
)
from tests.application.staged_model import Fate, StagedModel

PATIENCE = 20.0
"""Seconds that only bound a failure."""


class TurnsTwins:
    """Drives one turn in both, and judges both by each other."""

    def __init__(
        self,
        use_cases: UseCases,
        adapters: Adapters,
        model: StagedModel,
        clock: InMemoryClock,
        user: User,
    ) -> None:
        self.use_cases, self.adapters, self.model = use_cases, adapters, model
        self.clock, self.user = clock, user
        self.plain = PlainChat()
        self.heard: dict[str, list[StreamEvent]] = {}
        """The events of turns that have ended, as they came."""
        self.fates: dict[str, Fate] = {}
        self.grants: list[str] = []
        self._followers: dict[str, asyncio.Task[list[StreamEvent]]] = {}
        self.commands: dict[str, SendMessageCommand] = {}
        self.numbers = count(1)
        self._calls = 0

    @property
    def now(self) -> datetime:
        return self.clock.now()

    async def check(self) -> None:
        """Compare all of it."""
        wallet, plain = await self.adapters.wallets.get(self.user.id), self.plain.wallet
        assert {lot.id: (lot.free, lot.held, lot.owed) for lot in wallet.lots} == {
            lot_id: (lot.free, plain.held_of(lot_id), lot.to_burn)
            for lot_id, lot in plain.lots.items()
        }
        assert {one.turn_id for one in wallet.holds} == set(plain.holds)
        assert wallet.debt == plain.debt
        assert await self.use_cases.check_invariants()() == []
        for session in self.plain.sessions:
            assert await self.rows(session) == self.plain.shown(session)
        for turn in self.plain.turns.values():
            await self._check_turn(turn)
        assert self.model.calls == self._calls
        assert self.use_cases.runner().in_flight == len(self.plain.running())

    async def _check_turn(self, turn: PlainTurn) -> None:
        if turn.is_deleted:
            with pytest.raises(NotFound):
                await self.adapters.turns.get(self.user.id, turn.id)
            return
        stored = await self.adapters.turns.get(self.user.id, turn.id)
        assert stored.status == turn.status
        if stored.receipt is not None:
            assert stored.receipt.held == stored.receipt.charged + stored.receipt.released
            shown = [one for one in turn.line.replies if one.id == turn.reply_id]
            assert [one.charged for one in shown] in ([stored.receipt.charged], [])

    async def rows(self, session: str) -> list[tuple[str, str, str, str]]:
        page = await self.use_cases.list_messages()(self.user.id, session, limit=100, cursor=None)
        return [(one.id, one.role.value, one.content, one.status.value) for one in page.items]

    async def begin(
        self, begun: Awaitable[TurnFeed], fate: Fate, *, streams: bool
    ) -> tuple[TurnFeed, str] | None:
        """The turn, or None when it is refused just as its twin refuses it."""
        self.model.fates.append(fate)
        before = copy.deepcopy(self.plain.wallet)
        self.plain.refresh(self.now)
        expires_at = self.now + HOLD_LIFE
        try:
            feed = await begun
        except (RateLimited, InsufficientCredits) as refusal:
            self.model.fates.pop()
            self._check_refusal(refusal, streams=streams)
            self.plain.wallet = before  # a refusal writes nothing, not even the day's credits
            return None
        self._calls += 1
        assert feed.turn.held == WORST
        assert self.plain.wallet.hold(feed.turn.id, WORST, self.now, expires_at)
        return feed, feed.turn.id

    def _check_refusal(self, refusal: Exception, *, streams: bool) -> None:
        is_full = sum(one.streams for one in self.plain.running()) >= STREAMS
        assert isinstance(refusal, RateLimited) is (streams and is_full), refusal
        if isinstance(refusal, InsufficientCredits):
            assert not self.plain.wallet.hold("none", WORST, self.now, self.now + HOLD_LIFE)

    async def hear(
        self,
        feed: TurnFeed,
        line: PlainLine,
        fate: Fate,
        *,
        is_again: bool,
        streams: bool,
        leaves: bool,
    ) -> None:
        """Follow a turn, or do not, until it has ended or is stalled."""
        turn = PlainTurn(feed.turn.id, feed.turn.session_id, line, feed.turn.message_id)
        turn.streams, turn.is_again = streams, is_again
        self.plain.turns[turn.id], self.fates[turn.id] = turn, fate
        if leaves:
            await feed.events.aclose()
        else:
            self._followers[turn.id] = asyncio.create_task(all_of(feed))
        if fate.stalls:
            stalled = len(self.plain.running())
            await _until(lambda: self.model.waiting == stalled)
        else:
            await self.finish(turn)

    async def finish(self, turn: PlainTurn, *, stopped: bool = False) -> None:
        """Wait for the end of a turn and judge it."""
        runner = self.use_cases.runner()
        await _until(lambda: runner.find(self.user.id, turn.id) is None)
        events = await self._events_of(turn)
        text, fate = text_of(events), self.fates[turn.id]
        has_failed = fate.fails and not stopped
        is_unheard = turn.is_deleted and not events
        if is_unheard:
            pass
        elif has_failed or stopped:
            assert fate.text.startswith(text)
        else:
            assert text == fate.text
        is_held = turn.id in self.plain.wallet.holds
        charged = await self._charge_of(turn)
        if has_failed or not is_held or not (text or is_unheard):
            assert charged == 0
        elif stopped or fate.usage is None:
            assert 1 <= charged <= WORST
        else:
            assert charged == price(*fate.usage)
        status = "failed" if has_failed else "stopped" if stopped else "completed"
        self.plain.end(turn, status, text, charged, self.now)
        if events:
            self.heard[turn.id] = events
            self.check_heard(turn, events)

    async def _events_of(self, turn: PlainTurn) -> list[StreamEvent]:
        """As its follower heard them, or as they are found afterwards."""
        follower = self._followers.pop(turn.id, None)
        if follower is not None:
            return await follower
        if turn.is_deleted:
            return []
        return await all_of(
            await self.use_cases.follow_turn()(self.user.id, turn.id, StreamPosition())
        )

    async def _charge_of(self, turn: PlainTurn) -> int:
        entries = await self.adapters.wallets.list_entries(self.user.id, limit=100, before=None)
        charges = [one for one in entries if one.kind is EntryKind.CHARGE]
        return -sum(one.amount for one in charges if one.reference == turn.id)

    def check_heard(self, turn: PlainTurn, events: list[StreamEvent]) -> None:
        """A beginning, the words, and an end that says how it went."""
        kinds = [one.kind for one in events]
        assert kinds[0] == "start"
        assert set(kinds[1:-1]) <= {"delta", "finish"}
        has_failed = self.fates[turn.id].fails and turn.status != "stopped"
        assert kinds[-1] == ("error" if has_failed else "done")
        assert kinds[-2] == "finish" or has_failed
        if turn.has_lost_its_words:
            assert turn.told.startswith(text_of(events))
        else:
            assert text_of(events) == turn.told

    def some_message(self, which: int) -> str:
        rows = [row for session in self.plain.sessions for row in self.plain.shown(session)]
        return rows[which % len(rows)][0]


async def all_of(feed: TurnFeed) -> list[StreamEvent]:
    return [event async for batch in feed.events for event in batch]


def text_of(events: list[StreamEvent]) -> str:
    return "".join(event.text for event in events)


async def _until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while True:
            if holds():
                return
            await asyncio.sleep(0)
