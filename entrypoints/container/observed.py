"""Adapters that also tell the metrics, the log lines and the traces what passes through them.

They stand around the real ones, so no use case knows that anybody counts.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from attrs import evolve

from application.ports.inbox import Inbox, InboxMessage, InboxState
from application.ports.safety_log import SafetyLog
from application.ports.turn_store import TurnClosing, TurnOpening, TurnStore
from domain.errors import AlreadyRecorded
from domain.market.reports import StoreEvent
from domain.safety.reviews import FlagRecord
from entrypoints.container.adapters import Adapters
from entrypoints.metrics import Metrics
from entrypoints.observability.trail import current_trail

if TYPE_CHECKING:
    from entrypoints.observability.otel import Tracing


def observed(adapters: Adapters, metrics: Metrics, tracing: "Tracing | None") -> Adapters:
    """The same adapters, watched."""
    gauges = adapters.gauges
    if gauges.database is not None:
        metrics.watch_database(gauges.database, gauges.database_limit)
    if gauges.redis_answers is not None:
        metrics.watch_redis(gauges.redis_answers)
    for name, state in gauges.circuits.items():
        metrics.watch_circuit(name, state)
    return evolve(
        adapters,
        turns=ObservedTurnStore(adapters.turns, metrics, tracing),
        safety_log=ObservedSafetyLog(adapters.safety_log, metrics),
        inbox=ObservedInbox(adapters.inbox, metrics),
    )


class ObservedTurnStore:
    """Knows when a turn has begun and ended, and what it cost."""

    def __init__(self, store: TurnStore, metrics: Metrics, tracing: "Tracing | None") -> None:
        self._store = store
        self._metrics = metrics
        self._tracing = tracing
        self.load = store.load
        self.get = store.get
        self.find_reply = store.find_reply

    async def open(self, opening: TurnOpening) -> bool:
        """From here on all that the request and its turn do says which turn it is."""
        is_open = await self._store.open(opening)
        if is_open:
            self._began(opening)
        return is_open

    async def close(self, closing: TurnClosing) -> bool:
        """Counted once, however often it was tried."""
        try:
            is_closed = await self._store.close(closing)
        except AlreadyRecorded:
            # Written by an earlier attempt whose answer was lost: it counts as this one.
            is_closed = True
            raise
        finally:
            # Also when the database is away for longer than the turn can wait.
            trail = current_trail()
            if trail is not None and trail.turn_span is not None and self._tracing is not None:
                self._tracing.end_turn(trail.turn_span, closing.turn)
        if is_closed:
            turn = closing.turn
            receipt = turn.receipt
            self._metrics.turn_ended(turn.status.value, receipt.buckets if receipt else {})
        return is_closed

    def _began(self, opening: TurnOpening) -> None:
        turn = opening.turn
        self._metrics.turn_began(turn.session_id)
        if opening.reply is not None:
            self._metrics.turn_ended("answered", {})
        trail = current_trail()
        if trail is not None:
            trail.turn_id, trail.is_streamed = turn.id, turn.stream
            if self._tracing is not None and opening.reply is None:
                trail.turn_span = self._tracing.begin_turn(turn)


class ObservedSafetyLog:
    """Counts what is counted by day too."""

    def __init__(self, log: SafetyLog, metrics: Metrics) -> None:
        self._log = log
        self._metrics = metrics
        self.list_flags = log.list_flags
        self.review_flag = log.review_flag
        self.list_reports = log.list_reports
        self.review_report = log.review_report
        self.counts = log.counts

    async def record(
        self, user_id: str, flags: Sequence[FlagRecord], counted: Sequence[str], now: datetime
    ) -> None:
        """Counted even if the database is away: an alarm must not wait for it."""
        self._metrics.safety_counted(counted)
        await self._log.record(user_id, flags, counted, now)

    async def count(self, kinds: Sequence[str], now: datetime) -> None:
        """As with ``record``."""
        self._metrics.safety_counted(kinds)
        await self._log.count(kinds, now)


class ObservedInbox:
    """Knows what comes from the stores, and what becomes of it."""

    def __init__(self, inbox: Inbox, metrics: Metrics) -> None:
        self._inbox = inbox
        self._metrics = metrics
        self.claim = inbox.claim
        self.take = inbox.take
        self.get = inbox.get
        self.list = inbox.list
        self.purge = inbox.purge
        self.lag = inbox.lag

    async def add(self, event: StoreEvent, now: datetime) -> bool:
        """Stores say most things twice: what was known already counts apart."""
        is_new = await self._inbox.add(event, now)
        self._metrics.store_message(event.provider.value, "received" if is_new else "repeated")
        return is_new

    async def finish(self, message: InboxMessage) -> None:
        """A message that waits on is one that will be tried again."""
        await self._inbox.finish(message)
        state = message.state
        outcome = "retried" if state is InboxState.WAITING else state.value
        self._metrics.store_message(message.event.provider.value, outcome)
