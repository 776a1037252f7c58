"""What we owe the providers, in memory."""

from collections.abc import Sequence
from datetime import datetime

from attrs import evolve

from adapters.in_memory.database import InMemoryDatabase
from application.ports.errand_queue import QueuedErrand
from domain.market.products import Provider
from domain.market.reports import Errand, ErrandKind

_Key = tuple[str, Provider, ErrandKind, str, str]


class InMemoryErrandQueue:
    """Rows that go when they are done."""

    def __init__(self, database: InMemoryDatabase) -> None:
        self._database = database

    async def add(self, user_id: str, errands: Sequence[Errand], now: datetime) -> None:
        await self._database.round_trip()
        for errand in errands:
            self._database.owe(user_id, errand, now)

    async def claim(self, *, now: datetime, until: datetime, limit: int) -> Sequence[QueuedErrand]:
        await self._database.round_trip()
        rows = self._database.errands
        due = [row for row in self._oldest_first() if not row.is_parked and row.due_at <= now]
        claimed = [evolve(row, due_at=until) for row in due[:limit]]
        rows.update({_key(row): row for row in claimed})
        return claimed

    async def finish(self, queued: QueuedErrand) -> None:
        await self._database.round_trip()
        self._database.errands.pop(_key(queued), None)

    async def postpone(self, queued: QueuedErrand) -> None:
        await self._database.round_trip()
        key = _key(queued)
        known = self._database.errands.get(key)
        if known is not None:
            self._database.errands[key] = evolve(
                known,
                due_at=queued.due_at,
                attempts=queued.attempts,
                reason=queued.reason,
                is_parked=queued.is_parked,
            )

    async def list_parked(self, *, limit: int) -> Sequence[QueuedErrand]:
        await self._database.round_trip()
        return [row for row in self._oldest_first() if row.is_parked][:limit]

    def _oldest_first(self) -> list[QueuedErrand]:
        return sorted(self._database.errands.values(), key=lambda row: (row.created_at, *_key(row)))


def _key(queued: QueuedErrand) -> _Key:
    errand = queued.errand
    return queued.user_id, errand.provider, errand.kind, errand.reference, errand.payment
