"""Idempotency keys and their answers in memory."""

from datetime import UTC, datetime, timedelta

from attrs import evolve

from adapters.in_memory.database import InMemoryDatabase, KeyRow
from application.ports.idempotency_store import Claim, StoredAnswer
from domain.errors import IdempotencyKeyReused

_CLAIM_LIFETIME = timedelta(seconds=8)
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


class InMemoryIdempotencyStore:
    """Answers by user and key."""

    def __init__(self, database: InMemoryDatabase) -> None:
        self._database = database

    async def claim(self, user_id: str, key: str, fingerprint: str, now: datetime) -> Claim:
        await self._database.round_trip()
        row = self._database.find_key(user_id, key, now)
        if row is None:
            self._database.keys[user_id, key] = KeyRow(fingerprint, now, now)
            return Claim(is_ours=True, used_at=now)
        if row.fingerprint != fingerprint:
            raise IdempotencyKeyReused("This Idempotency-Key was used for another request.")
        if row.answer is None and row.touched_at <= now - _CLAIM_LIFETIME:
            self._database.keys[user_id, key] = evolve(row, touched_at=now)
            return Claim(is_ours=True, used_at=row.used_at)
        return Claim(is_ours=False, used_at=row.used_at, answer=row.answer)

    async def renew(self, user_id: str, key: str, now: datetime) -> None:
        await self._database.round_trip()
        row = self._open(user_id, key)
        if row is not None:
            self._database.keys[user_id, key] = evolve(row, touched_at=now)

    async def complete(self, user_id: str, key: str, answer: StoredAnswer, now: datetime) -> None:
        await self._database.round_trip()
        row = self._open(user_id, key)
        if row is not None:
            self._database.keys[user_id, key] = evolve(row, touched_at=now, answer=answer)

    async def abandon(self, user_id: str, key: str) -> None:
        await self._database.round_trip()
        if self._open(user_id, key) is not None:
            del self._database.keys[user_id, key]

    async def release(self, user_id: str, key: str) -> None:
        await self.renew(user_id, key, _LONG_AGO)

    async def purge(self, before: datetime) -> int:
        await self._database.round_trip()
        old = [key for key, row in self._database.keys.items() if row.used_at < before]
        for key in old:
            del self._database.keys[key]
        return len(old)

    def _open(self, user_id: str, key: str) -> KeyRow | None:
        """The row, as long as it has neither an answer nor a turn."""
        row = self._database.keys.get((user_id, key))
        return None if row is None or row.answer or row.turn_id else row
