"""The work of remembering: a row for each turn from which nothing has been learnt yet."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from adapters.postgres import codec
from adapters.postgres.connection import PostgresPool
from domain.memory.facts import Exchange

_EARLIER = 6
_MOST_ATTEMPTS = 5

# Of a message that was answered again, the reply that counts now; of one whose reply was deleted
# or never came, none.
_CLAIM = f"""
WITH due AS (
    SELECT user_id, turn_id FROM memory_work
    WHERE claimed_until <= %(now)s
    ORDER BY created_at, user_id, turn_id LIMIT %(limit)s
    FOR UPDATE SKIP LOCKED
), w AS (
    UPDATE memory_work SET claimed_until = %(until)s
    FROM due
    WHERE memory_work.user_id = due.user_id AND memory_work.turn_id = due.turn_id
    RETURNING memory_work.*
)
SELECT json_build_object(
    'user_id', t.user_id, 'turn_id', t.id, 'session_id', t.session_id,
    'character_id', t.character_id, 'character_name', c.name,
    'user_name', coalesce(nullif(u.display_name, ''), 'the user'),
    'user_message_id', said.id, 'user_text', said.content,
    'reply_message_id', coalesce(reply.id, ''), 'reply_text', coalesce(reply.content, ''),
    'said_at', said.created_at, 'attempts', w.attempts,
    'earlier', (
        SELECT coalesce(json_agg(json_build_array(m.role, m.content)
            ORDER BY m.position, m.id), '[]')
        FROM (SELECT * FROM messages
              WHERE user_id = t.user_id AND session_id = t.session_id AND is_active
                  AND position < said.position
              ORDER BY position DESC, id DESC LIMIT {_EARLIER}) AS m))
FROM w
JOIN users u ON u.id = w.user_id
JOIN turns t ON t.user_id = w.user_id AND t.id = w.turn_id
JOIN sessions s ON s.user_id = t.user_id AND s.id = t.session_id
JOIN character_versions c
    ON c.character_id = s.character_id AND c.version = s.character_version
JOIN messages said ON said.user_id = t.user_id AND said.id = t.user_message_id
LEFT JOIN messages reply
    ON reply.user_id = t.user_id AND reply.session_id = t.session_id
    AND reply.position = said.position + 1 AND reply.is_active
ORDER BY w.created_at, w.user_id, w.turn_id"""

# Both see the row as it was: one of them takes it.
_POSTPONE = f"""
WITH w AS (
    UPDATE memory_work SET attempts = attempts + 1, claimed_until = %(until)s
    WHERE user_id = %(user_id)s AND turn_id = %(turn_id)s AND attempts + 1 < {_MOST_ATTEMPTS}
)
DELETE FROM memory_work
WHERE user_id = %(user_id)s AND turn_id = %(turn_id)s AND attempts + 1 >= {_MOST_ATTEMPTS}"""

_FINISH = """
DELETE FROM memory_work WHERE user_id = %(user_id)s AND turn_id = %(turn_id)s"""

_exchange = msgspec.json.Decoder(Exchange).decode


class PostgresMemoryWork:
    """Rows that go with their turn; of several that claim, each gets others."""

    def __init__(self, pool: PostgresPool) -> None:
        self._pool = pool

    async def claim(self, *, now: datetime, until: datetime, limit: int) -> Sequence[Exchange]:
        rows = await self._pool.write(_CLAIM, {"now": now, "until": until, "limit": limit})
        return [_exchange(codec.present(document)) for (document,) in rows]

    async def postpone(self, user_id: str, turn_id: str, *, until: datetime) -> None:
        values = {"user_id": user_id, "turn_id": turn_id, "until": until}
        await self._pool.write(_POSTPONE, values)

    async def finish(self, user_id: str, turn_id: str) -> None:
        await self._pool.write(_FINISH, {"user_id": user_id, "turn_id": turn_id})
