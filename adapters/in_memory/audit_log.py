"""What administrators did, in memory."""

import json
from collections.abc import Sequence

from attrs import evolve

from adapters.in_memory.database import InMemoryDatabase
from application.ports.audit_log import AuditEntry


class InMemoryAuditLog:
    """Entries by id."""

    def __init__(self, database: InMemoryDatabase) -> None:
        self._database = database

    async def begin(self, entry: AuditEntry) -> None:
        await self._database.round_trip()
        self._database.audit_log.setdefault(entry.id, _kept(entry))

    async def finish(self, entry: AuditEntry) -> None:
        await self._database.round_trip()
        begun = self._database.audit_log.get(entry.id)
        if begun is None or begun.finished_at is not None:
            return
        ended = evolve(begun, after=entry.after, error=entry.error, finished_at=entry.finished_at)
        self._database.audit_log[entry.id] = _kept(ended)

    async def list(
        self,
        *,
        actor_id: str | None = None,
        subject: str | None = None,
        limit: int,
        before: str | None,
    ) -> Sequence[AuditEntry]:
        await self._database.round_trip()
        found = [
            entry
            for entry in self._database.audit_log.values()
            if actor_id in {None, entry.actor_id}
            and subject in {None, entry.subject}
            and (before is None or entry.id < before)
        ]
        return sorted(found, key=lambda entry: entry.id, reverse=True)[:limit]


def _kept(entry: AuditEntry) -> AuditEntry:
    """The entry with facts as a column of JSON would give them back."""
    after = None if entry.after is None else json.loads(json.dumps(entry.after))
    return evolve(entry, before=json.loads(json.dumps(entry.before)), after=after)
