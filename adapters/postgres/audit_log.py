"""What administrators did."""

from collections.abc import Sequence

import msgspec

from adapters.postgres import codec
from adapters.postgres.connection import PostgresPool
from application.ports.audit_log import AuditEntry

# admin_audit a
_ENTRY = """json_build_object(
    'id', a.id, 'actor_id', a.actor_id, 'action', a.action, 'subject', a.subject,
    'channel', a.channel, 'request_id', a.request_id, 'at', a.at, 'before', a.before,
    'after', a.after, 'error', a.error, 'finished_at', a.finished_at)"""

_BEGIN = """
INSERT INTO admin_audit (id, actor_id, action, subject, channel, request_id, at, before)
VALUES (%(id)s, %(actor_id)s, %(action)s, %(subject)s, %(channel)s, %(request_id)s,
    %(at)s, %(before)s)
ON CONFLICT (id) DO NOTHING"""

_FINISH = """
UPDATE admin_audit SET after = %(after)s, error = %(error)s, finished_at = %(finished_at)s
WHERE id = %(id)s AND finished_at IS NULL"""

# Each has its index: what is not asked for must not stand in the way of the planner.
_WHICH = {
    (False, False): "true",
    (True, False): "a.actor_id = %(actor_id)s",
    (False, True): "a.subject = %(subject)s",
    (True, True): "a.actor_id = %(actor_id)s AND a.subject = %(subject)s",
}
_LIST = {
    asked: f"""
SELECT {_ENTRY} FROM admin_audit a
WHERE a.id < %(before)s AND {condition}
ORDER BY a.id DESC LIMIT %(limit)s"""
    for asked, condition in _WHICH.items()
}

_decode = msgspec.json.Decoder(AuditEntry).decode


class PostgresAuditLog:
    """One row an action; the application's role may neither delete nor rewrite one."""

    def __init__(self, pool: PostgresPool) -> None:
        self._pool = pool

    async def begin(self, entry: AuditEntry) -> None:
        values = {
            "id": entry.id,
            "actor_id": entry.actor_id,
            "action": entry.action,
            "subject": entry.subject,
            "channel": entry.channel,
            "request_id": entry.request_id,
            "at": entry.at,
            "before": msgspec.json.encode(entry.before),
        }
        await self._pool.write(_BEGIN, values)

    async def finish(self, entry: AuditEntry) -> None:
        values = {
            "id": entry.id,
            "after": None if entry.after is None else msgspec.json.encode(entry.after),
            "error": entry.error,
            "finished_at": entry.finished_at,
        }
        await self._pool.write(_FINISH, values)

    async def list(
        self,
        *,
        actor_id: str | None = None,
        subject: str | None = None,
        limit: int,
        before: str | None,
    ) -> Sequence[AuditEntry]:
        asked = {"actor_id": actor_id, "subject": subject}
        values = {name: value for name, value in asked.items() if value is not None}
        rows = await self._pool.read(
            _LIST[actor_id is not None, subject is not None],
            {**values, "before": before or codec.LAST_ID, "limit": limit},
        )
        return [_decode(codec.present(row[0])) for row in rows]
