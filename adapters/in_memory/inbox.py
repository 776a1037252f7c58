"""Messages from the stores, in memory."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from attrs import evolve

from adapters.in_memory.database import InMemoryDatabase
from application.ports.inbox import InboxMessage, InboxState, Purged
from domain.errors import NotFound
from domain.market.products import Provider
from domain.market.reports import StoreEvent


class InMemoryInbox:
    """A row for each message."""

    def __init__(self, database: InMemoryDatabase) -> None:
        self._database = database

    async def add(self, event: StoreEvent, now: datetime) -> bool:
        await self._database.round_trip()
        key = (event.provider, event.id)
        if key in self._database.store_messages:
            return False
        self._database.store_messages[key] = InboxMessage(event, received_at=now, due_at=now)
        return True

    async def claim(self, *, now: datetime, until: datetime, limit: int) -> Sequence[InboxMessage]:
        await self._database.round_trip()
        due = sorted(
            (row for row in self._waiting() if row.due_at <= now),
            key=lambda row: (row.event.at, row.event.provider, row.event.id),
        )
        return [self._claimed(row, until) for row in due[:limit]]

    async def take(
        self, provider: Provider, event_id: str, *, until: datetime
    ) -> InboxMessage | None:
        await self._database.round_trip()
        row = self._database.store_messages.get((provider, event_id))
        # Whoever claims a message, or puts it off, moves its due time.
        if row is None or row.state is not InboxState.WAITING or row.due_at != row.received_at:
            return None
        return self._claimed(row, until)

    async def finish(self, message: InboxMessage) -> None:
        await self._database.round_trip()
        key = (message.event.provider, message.event.id)
        known = self._database.store_messages.get(key)
        if known is None:
            return
        # Somebody whose claim was over must not undo what another has done since.
        is_late = known.state is InboxState.DONE and message.state is not InboxState.DONE
        if not is_late or not message.attempts:
            is_nobodys = message.state is InboxState.DONE and message.user_id is None
            event = evolve(known.event, body=b"") if is_nobodys else known.event
            written = evolve(message, event=event, received_at=known.received_at)
            self._database.store_messages[key] = written

    async def get(self, provider: Provider, event_id: str) -> InboxMessage:
        await self._database.round_trip()
        try:
            return self._database.store_messages[provider, event_id]
        except KeyError:
            raise NotFound("There is no such message.") from None

    async def list(
        self, *, state: InboxState | None, limit: int, before: str | None
    ) -> Sequence[InboxMessage]:
        await self._database.round_trip()
        rows = sorted(self._database.store_messages.values(), key=_arrival, reverse=True)
        if before is not None:
            ids = [row.id for row in rows]
            rows = rows[ids.index(before) + 1 :] if before in ids else []
        return [row for row in rows if state is None or row.state is state][:limit]

    async def purge(self, before: datetime) -> Purged:
        await self._database.round_trip()
        messages = self._database.store_messages
        old = [key for key, row in messages.items() if self._is_old(row, before)]
        gone = [messages.pop(key).state for key in old]
        return Purged(gone.count(InboxState.DONE), gone.count(InboxState.PARKED))

    async def lag(self, now: datetime) -> timedelta:
        await self._database.round_trip()
        due = [now - row.due_at for row in self._waiting() if row.due_at <= now]
        return max(due, default=timedelta(0))

    def _waiting(self) -> Sequence[InboxMessage]:
        rows = self._database.store_messages.values()
        return [row for row in rows if row.state is InboxState.WAITING]

    def _is_old(self, row: InboxMessage, before: datetime) -> bool:
        if row.state is InboxState.WAITING:
            return False
        if row.finished_at is not None and row.finished_at < before:
            return True
        return row.user_id is not None and not self._database.is_living(row.user_id)

    def _claimed(self, row: InboxMessage, until: datetime) -> InboxMessage:
        claimed = evolve(row, due_at=until)
        self._database.store_messages[row.event.provider, row.event.id] = claimed
        return claimed


def _arrival(row: InboxMessage) -> tuple[datetime, Provider, str]:
    return row.received_at, row.event.provider, row.event.id
