"""Sessions and their messages, outside of turns."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from psycopg.errors import ForeignKeyViolation

from adapters.postgres import codec
from adapters.postgres.connection import PostgresPool
from adapters.postgres.statement import storable
from application.ports.session_store import MessageCount, Unsummarized
from domain.chat import Message, Session
from domain.errors import NotFound

_DELETE_SECONDS = 30.0

_ADD = f"""
WITH s AS (
    INSERT INTO sessions (user_id, id, character_id, character_version, title, created_at,
        updated_at)
    SELECT %(user_id)s, s.id, s.character_id, s.character_version, s.title, s.created_at,
        s.updated_at
    FROM json_to_recordset(%(sessions)s) AS s {codec.SESSION_COLUMNS}
    ON CONFLICT (user_id, id) DO NOTHING
    RETURNING user_id, id
), m AS (
    INSERT INTO messages (user_id, session_id, position, id, role, content, status, created_at,
        turn_id, receipt)
    SELECT s.user_id, s.id, m.position, m.id, m.role, m.content, m.status, m.created_at,
        m.turn_id, m.receipt
    FROM s, json_to_recordset(%(messages)s) AS m {codec.MESSAGE_COLUMNS}
)
SELECT FROM s"""

_GET = f"""
SELECT {codec.SESSION} FROM sessions s WHERE s.user_id = %(user_id)s AND s.id = %(session_id)s"""

_LIST = f"""
SELECT {codec.SESSION} FROM sessions s
WHERE s.user_id = %(user_id)s AND s.id < %(before)s
ORDER BY s.id DESC LIMIT %(limit)s"""

_RENAME = f"""
UPDATE sessions s SET title = %(title)s, updated_at = %(now)s
WHERE s.user_id = %(user_id)s AND s.id = %(session_id)s
RETURNING {codec.SESSION}"""

# In two steps: while the first waits, a turn may still open or close, and the second must see
# what it wrote.
_LOCK = """
SELECT id FROM sessions WHERE user_id = %(user_id)s AND id = %(session_id)s FOR UPDATE"""
_DELETE = """
WITH t AS (
    SELECT id FROM turns WHERE user_id = %(user_id)s AND session_id = %(session_id)s
), k AS (
    DELETE FROM idempotency_keys
    WHERE user_id = %(user_id)s AND turn_id IN (SELECT id FROM t)
), s AS (
    DELETE FROM sessions WHERE user_id = %(user_id)s AND id = %(session_id)s
    RETURNING id
)
SELECT (SELECT json_agg(id ORDER BY id) FROM t) FROM s"""

# Goes through the primary key once, a batch at a time. An index on updated_at would be touched
# by every turn.
_FIND_IDLE = """
SELECT s.user_id, s.id FROM sessions s
WHERE (s.user_id, s.id) > (%(user_id)s, %(session_id)s) AND s.updated_at < %(before)s
    AND NOT EXISTS (
        SELECT FROM turns t
        WHERE t.user_id = s.user_id AND t.session_id = s.id AND t.status = 'running')
ORDER BY s.user_id, s.id LIMIT %(limit)s"""

_LOCK_BY_MESSAGE = """
SELECT s.id
FROM messages m JOIN sessions s ON s.user_id = m.user_id AND s.id = m.session_id
WHERE m.user_id = %(user_id)s AND m.id = %(message_id)s
FOR UPDATE OF s"""
_DELETE_MESSAGE = """
WITH gone AS (
    SELECT session_id, position, role FROM messages
    WHERE user_id = %(user_id)s AND id = %(message_id)s
), t AS (
    DELETE FROM turns USING gone
    WHERE turns.user_id = %(user_id)s AND turns.session_id = gone.session_id
        AND %(message_id)s IN (turns.user_message_id, turns.message_id)
    RETURNING turns.id
), k AS (
    DELETE FROM idempotency_keys
    WHERE user_id = %(user_id)s AND turn_id IN (SELECT id FROM t)
), m AS (
    DELETE FROM messages USING gone
    WHERE messages.user_id = %(user_id)s AND messages.session_id = gone.session_id
        AND (messages.id = %(message_id)s
             OR gone.role = 'user' AND messages.position = gone.position + 1)
), s AS (
    UPDATE sessions SET summary = '', summarized_until = 0
    FROM gone
    WHERE sessions.user_id = %(user_id)s AND sessions.id = gone.session_id
        AND sessions.summarized_until >= gone.position
)
SELECT (SELECT json_agg(id ORDER BY id) FROM t) FROM gone"""

# One row without a message when the session is empty, none when there is no such session.
_LIST_MESSAGES = f"""
SELECT CASE WHEN m.id IS NOT NULL THEN {codec.MESSAGE} END
FROM sessions s
LEFT JOIN LATERAL (
    SELECT * FROM messages
    WHERE user_id = s.user_id AND session_id = s.id AND is_active AND position < %(before)s
    ORDER BY position DESC, id DESC LIMIT %(limit)s
) AS m ON true
WHERE s.user_id = %(user_id)s AND s.id = %(session_id)s
ORDER BY m.position DESC, m.id DESC"""

_GET_MESSAGE = f"""
SELECT {codec.MESSAGE} FROM messages m WHERE m.user_id = %(user_id)s AND m.id = %(message_id)s"""

_COUNT_MESSAGES = """
SELECT count(*), count(*) FILTER (WHERE role = 'assistant') FROM messages
WHERE user_id = %(user_id)s AND session_id = %(session_id)s AND is_active
    AND position < %(before)s"""

# The update changes nothing: it is there so that the first report's id comes back.
_REPORT = """
INSERT INTO reports (user_id, message_id, id, reason, created_at)
VALUES (%(user_id)s, %(message_id)s, %(report_id)s, %(reason)s, %(now)s)
ON CONFLICT (user_id, message_id) DO UPDATE SET id = reports.id
RETURNING id"""


_FIND_UNSUMMARIZED = f"""
SELECT json_build_object(
    'summary', s.summary, 'until', s.summarized_until, 'messages', coalesce((
        SELECT json_agg({codec.MESSAGE} ORDER BY m.position)
        FROM (
            SELECT * FROM messages
            WHERE user_id = s.user_id AND session_id = s.id AND is_active
                AND position > s.summarized_until
            ORDER BY position LIMIT %(limit)s
        ) AS m), '[]'))
FROM sessions s
WHERE s.user_id = %(user_id)s AND s.id = %(session_id)s"""

# The session's row is locked first: a message that is being deleted is gone when they are counted.
_SAVE_SUMMARY = """
UPDATE sessions SET summary = %(summary)s, summarized_until = %(until)s
WHERE user_id = %(user_id)s AND id = %(session_id)s AND summarized_until = %(expected_until)s
    AND (SELECT count(*) FROM messages
         WHERE user_id = %(user_id)s AND session_id = %(session_id)s AND is_active
             AND id IN (SELECT json_array_elements_text(%(message_ids)s))
        ) = json_array_length(%(message_ids)s)
RETURNING id"""

_unsummarized = msgspec.json.Decoder(Unsummarized).decode


class PostgresSessionStore:
    """A user's sessions; somebody else's are not found."""

    def __init__(self, pool: PostgresPool) -> None:
        self._pool = pool

    async def add(self, session: Session, greeting: Message | None) -> Session:
        values = {
            "user_id": session.user_id,
            "sessions": codec.document((session,)),
            "messages": codec.document((greeting,) if greeting else ()),
        }
        try:
            is_new = bool(await self._pool.write(_ADD, values))
        except ForeignKeyViolation as error:
            raise NotFound("There is no such account.") from error
        return session if is_new else await self.get(session.user_id, session.id)

    async def get(self, user_id: str, session_id: str) -> Session:
        row = await self._pool.read_one(_GET, {"user_id": user_id, "session_id": session_id})
        if row is None:
            raise NotFound("There is no such session.")
        return codec.session(codec.present(row[0]))

    async def list(self, user_id: str, *, limit: int, before: str | None) -> Sequence[Session]:
        page = {"user_id": user_id, "limit": limit, "before": before or codec.LAST_ID}
        rows = await self._pool.read(_LIST, page)
        return [codec.session(codec.present(row[0])) for row in rows]

    async def rename(self, user_id: str, session_id: str, title: str, now: datetime) -> Session:
        values = {"user_id": user_id, "session_id": session_id, "title": title, "now": now}
        row = await self._pool.write_one(_RENAME, values)
        if row is None:
            raise NotFound("There is no such session.")
        return codec.session(codec.present(row[0]))

    async def delete(self, user_id: str, session_id: str) -> Sequence[str]:
        values = {"user_id": user_id, "session_id": session_id}
        steps = [(_LOCK, values), (_DELETE, values)]
        rows = await self._pool.together(steps, seconds=_DELETE_SECONDS)
        if not rows:
            raise NotFound("There is no such session.")
        turns = rows[0][0]
        return codec.strings(turns) if turns else ()

    async def find_idle(
        self, before: datetime, *, limit: int, after: tuple[str, str] | None
    ) -> Sequence[tuple[str, str]]:
        user_id, session_id = after or ("", "")
        values = {"before": before, "limit": limit, "user_id": user_id, "session_id": session_id}
        rows = await self._pool.together([(_FIND_IDLE, values)], seconds=_DELETE_SECONDS)
        return [(codec.present(row[0]).decode(), codec.present(row[1]).decode()) for row in rows]

    async def delete_message(self, user_id: str, message_id: str) -> Sequence[str]:
        values = {"user_id": user_id, "message_id": message_id}
        steps = [(_LOCK_BY_MESSAGE, values), (_DELETE_MESSAGE, values)]
        rows = await self._pool.together(steps)
        if not rows:
            raise NotFound("There is no such message.")
        turns = rows[0][0]
        return codec.strings(turns) if turns else ()

    async def list_messages(
        self, user_id: str, session_id: str, *, limit: int, before: int | None
    ) -> Sequence[Message]:
        page = {
            "user_id": user_id,
            "session_id": session_id,
            "limit": limit,
            "before": codec.LAST_NUMBER if before is None else min(before, codec.LAST_NUMBER),
        }
        rows = await self._pool.read(_LIST_MESSAGES, page)
        if not rows:
            raise NotFound("There is no such session.")
        return [codec.message(document) for (document,) in rows if document]

    async def count_messages(self, user_id: str, session_id: str, *, before: int) -> MessageCount:
        values = {
            "user_id": user_id,
            "session_id": session_id,
            "before": min(before, codec.LAST_NUMBER),
        }
        [(messages, replies)] = await self._pool.read(_COUNT_MESSAGES, values)
        return MessageCount(int(codec.present(messages)), int(codec.present(replies)))

    async def get_message(self, user_id: str, message_id: str) -> Message:
        values = {"user_id": user_id, "message_id": message_id}
        row = await self._pool.read_one(_GET_MESSAGE, values)
        if row is None:
            raise NotFound("There is no such message.")
        return codec.message(codec.present(row[0]))

    async def report(
        self, user_id: str, message_id: str, *, report_id: str, reason: str, now: datetime
    ) -> str:
        values = {
            "user_id": user_id,
            "message_id": message_id,
            "report_id": report_id,
            "reason": reason,
            "now": now,
        }
        try:
            [(kept,)] = await self._pool.write(_REPORT, values)
        except ForeignKeyViolation as error:
            raise NotFound("There is no such message.") from error
        return codec.present(kept).decode()

    async def find_unsummarized(self, user_id: str, session_id: str, *, limit: int) -> Unsummarized:
        values = {"user_id": user_id, "session_id": session_id, "limit": limit}
        row = await self._pool.read_one(_FIND_UNSUMMARIZED, values)
        if row is None:
            raise NotFound("There is no such session.")
        return _unsummarized(codec.present(row[0]))

    async def save_summary(
        self,
        user_id: str,
        session_id: str,
        text: str,
        *,
        until: int,
        expected_until: int,
        message_ids: Sequence[str],
    ) -> bool:
        values = {
            "user_id": user_id,
            "session_id": session_id,
            "summary": storable(text),
            "until": until,
            "expected_until": expected_until,
            "message_ids": codec.document(tuple(message_ids)),
        }
        rows = await self._pool.together([(_LOCK, values), (_SAVE_SUMMARY, values)])
        return bool(rows)
