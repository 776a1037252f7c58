"""Messages from the stores, kept as they came."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from adapters.postgres import codec, market_codec
from adapters.postgres.connection import PostgresPool
from application.ports.inbox import InboxMessage, InboxState, Purged
from domain.errors import NotFound
from domain.market.products import Provider
from domain.market.reports import StoreEvent

_ADD = """
INSERT INTO store_messages (provider, id, name, at, body, received_at, due_at)
VALUES (%(provider)s, %(id)s, %(name)s, %(at)s, %(body)s, %(now)s, %(now)s)
ON CONFLICT (provider, id) DO NOTHING
RETURNING id"""

_CLAIM = f"""
WITH due AS (
    SELECT provider, id FROM store_messages
    WHERE state = 'waiting' AND due_at <= %(now)s
    ORDER BY at, provider, id LIMIT %(limit)s
    FOR UPDATE SKIP LOCKED
), m AS (
    UPDATE store_messages SET due_at = %(until)s
    FROM due
    WHERE store_messages.provider = due.provider AND store_messages.id = due.id
    RETURNING store_messages.*
)
SELECT {market_codec.MESSAGE} FROM m ORDER BY m.at, m.provider, m.id"""

# Whoever claims a message, or puts it off, moves due_at.
_TAKE = f"""
WITH fresh AS (
    SELECT provider, id FROM store_messages
    WHERE provider = %(provider)s AND id = %(id)s
        AND state = 'waiting' AND due_at = received_at
    FOR UPDATE SKIP LOCKED
), m AS (
    UPDATE store_messages SET due_at = %(until)s
    FROM fresh
    WHERE store_messages.provider = fresh.provider AND store_messages.id = fresh.id
    RETURNING store_messages.*
)
SELECT {market_codec.MESSAGE} FROM m"""

# Somebody whose claim was over must not undo what another has done since.
_FINISH = """
UPDATE store_messages SET
    state = %(state)s, attempts = %(attempts)s, due_at = %(due_at)s, reason = %(reason)s,
    user_id = %(user_id)s, is_assigned = %(is_assigned)s, finished_at = %(finished_at)s,
    body = CASE WHEN %(state)s = 'done' AND %(user_id)s::text IS NULL THEN '' ELSE body END
WHERE provider = %(provider)s AND id = %(id)s
    AND (state <> 'done' OR %(state)s = 'done' OR %(attempts)s = 0)"""

_GET = f"""
SELECT {market_codec.MESSAGE}
FROM store_messages m WHERE m.provider = %(provider)s AND m.id = %(id)s"""

_LIST = f"""
SELECT {market_codec.MESSAGE}
FROM store_messages m
WHERE {{which}}
ORDER BY m.received_at DESC, m.provider DESC, m.id DESC LIMIT %(limit)s"""
_BEHIND = """(m.received_at, m.provider, m.id) < (
    SELECT b.received_at, b.provider, b.id FROM store_messages b
    WHERE b.provider = %(provider)s AND b.id = %(id)s)"""

_PURGE = """
WITH old AS (
    DELETE FROM store_messages m
    WHERE m.state = 'done' AND m.finished_at < %(before)s
        OR m.state = 'parked' AND m.finished_at < %(before)s
        OR m.state <> 'waiting' AND m.user_id IS NOT NULL AND NOT EXISTS (
            SELECT FROM identities i WHERE i.user_id = m.user_id)
    RETURNING m.state
)
SELECT count(*) FILTER (WHERE state = 'done'), count(*) FILTER (WHERE state = 'parked') FROM old"""

_LAG = """
SELECT extract(epoch FROM %(now)s::timestamptz - min(due_at))
FROM store_messages WHERE state = 'waiting' AND due_at <= %(now)s"""

_SLOWLY = 60.0
"""Seconds for deleting what may be many."""


class PostgresInbox:
    """A row for each message; of several that claim, each gets others."""

    def __init__(self, pool: PostgresPool) -> None:
        self._pool = pool

    async def add(self, event: StoreEvent, now: datetime) -> bool:
        values = {
            "provider": event.provider,
            "id": event.id,
            "name": event.name,
            "at": event.at,
            "body": memoryview(event.body),
            "now": now,
        }
        return bool(await self._pool.write(_ADD, values))

    async def claim(self, *, now: datetime, until: datetime, limit: int) -> Sequence[InboxMessage]:
        rows = await self._pool.write(_CLAIM, {"now": now, "until": until, "limit": limit})
        return [market_codec.message(codec.present(row[0])) for row in rows]

    async def take(
        self, provider: Provider, event_id: str, *, until: datetime
    ) -> InboxMessage | None:
        values = {"provider": provider, "id": event_id, "until": until}
        row = await self._pool.write_one(_TAKE, values)
        return market_codec.message(codec.present(row[0])) if row else None

    async def finish(self, message: InboxMessage) -> None:
        values = {
            "provider": message.event.provider,
            "id": message.event.id,
            "state": message.state,
            "attempts": message.attempts,
            "due_at": message.due_at,
            "reason": message.reason,
            "user_id": message.user_id,
            "is_assigned": message.is_assigned,
            "finished_at": message.finished_at,
        }
        await self._pool.write(_FINISH, values)

    async def get(self, provider: Provider, event_id: str) -> InboxMessage:
        row = await self._pool.read_one(_GET, {"provider": provider, "id": event_id})
        if row is None:
            raise NotFound("There is no such message.")
        return market_codec.message(codec.present(row[0]))

    async def list(
        self, *, state: InboxState | None, limit: int, before: str | None
    ) -> Sequence[InboxMessage]:
        # The state stands in the text, so that its own index is used.
        conditions = ["true"] if state is None else [f"m.state = '{state.value}'"]
        values: dict[str, object] = {"limit": limit}
        if before is not None:
            conditions.append(_BEHIND)
            values["provider"], _, values["id"] = before.partition(":")
        sql = _LIST.format(which=" AND ".join(conditions))
        rows = await self._pool.read(sql, values)
        return [market_codec.message(codec.present(row[0])) for row in rows]

    async def purge(self, before: datetime) -> Purged:
        rows = await self._pool.together([(_PURGE, {"before": before})], seconds=_SLOWLY)
        done, parked = map(codec.present, rows[0])
        return Purged(int(done), int(parked))

    async def lag(self, now: datetime) -> timedelta:
        [(seconds,)] = await self._pool.read(_LAG, {"now": now})
        return timedelta(seconds=float(seconds or 0))
