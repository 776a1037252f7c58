"""The work of remembering in memory."""

from collections.abc import Sequence
from datetime import datetime

from attrs import evolve

from adapters.in_memory.database import InMemoryDatabase, WorkRow
from domain.memory.facts import Exchange

_EARLIER = 6
_MOST_ATTEMPTS = 5


class InMemoryMemoryWork:
    """Rows that go with their turn."""

    def __init__(self, database: InMemoryDatabase) -> None:
        self._database = database

    async def claim(self, *, now: datetime, until: datetime, limit: int) -> Sequence[Exchange]:
        await self._database.round_trip()
        rows = sorted(
            (row for row in self._database.memory_work.values() if row.claimed_until <= now),
            key=lambda row: (row.created_at, row.user_id, row.turn_id),
        )[:limit]
        for row in rows:
            self._database.memory_work[row.turn_id] = evolve(row, claimed_until=until)
        return [self._exchange(row) for row in rows]

    async def postpone(self, user_id: str, turn_id: str, *, until: datetime) -> None:
        await self._database.round_trip()
        row = self._find(user_id, turn_id)
        if row is not None and row.attempts + 1 < _MOST_ATTEMPTS:
            later = evolve(row, attempts=row.attempts + 1, claimed_until=until)
            self._database.memory_work[turn_id] = later
        elif row is not None:
            del self._database.memory_work[turn_id]

    async def finish(self, user_id: str, turn_id: str) -> None:
        await self._database.round_trip()
        if self._find(user_id, turn_id) is not None:
            del self._database.memory_work[turn_id]

    def _find(self, user_id: str, turn_id: str) -> WorkRow | None:
        row = self._database.memory_work.get(turn_id)
        return row if row is not None and row.user_id == user_id else None

    def _exchange(self, row: WorkRow) -> Exchange:
        tables = self._database
        turn = tables.turns[row.turn_id].turn
        session = tables.sessions[turn.session_id]
        versions = tables.characters[session.character_id]
        said = tables.messages[turn.user_message_id].message
        active = [one.message for one in tables.messages_of(session.id) if one.is_active]
        earlier = [one for one in active if one.position < said.position][-_EARLIER:]
        reply = next((one for one in active if one.position == said.position + 1), None)
        return Exchange(
            user_id=row.user_id,
            turn_id=turn.id,
            session_id=session.id,
            character_id=turn.character_id,
            character_name=next(
                one.name for one in versions if one.version == session.character_version
            ),
            user_name=tables.users[row.user_id].display_name or "the user",
            user_message_id=said.id,
            user_text=said.content,
            reply_message_id="" if reply is None else reply.id,
            reply_text="" if reply is None else reply.content,
            said_at=said.created_at,
            earlier=tuple((one.role.value, one.content) for one in earlier),
            attempts=row.attempts,
        )
