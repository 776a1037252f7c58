"""What we owe the providers: a row for each errand until it is done."""

from collections.abc import Sequence
from datetime import datetime

from adapters.postgres import codec, market_codec
from adapters.postgres.connection import PostgresPool
from application.ports.errand_queue import QueuedErrand
from domain.market.reports import Errand

_ADD = f"""
WITH w AS (
    SELECT %(user_id)s AS user_id
)
{market_codec.INSERT_ERRANDS}"""

_CLAIM = f"""
WITH due AS (
    SELECT user_id, provider, kind, reference, payment FROM errands
    WHERE NOT is_parked AND due_at <= %(now)s
    ORDER BY created_at, user_id, provider, kind, reference, payment LIMIT %(limit)s
    FOR UPDATE SKIP LOCKED
), e AS (
    UPDATE errands SET due_at = %(until)s
    FROM due
    WHERE errands.user_id = due.user_id AND errands.provider = due.provider
        AND errands.kind = due.kind AND errands.reference = due.reference
        AND errands.payment = due.payment
    RETURNING errands.*
)
SELECT {market_codec.ERRAND}
FROM e ORDER BY e.created_at, e.user_id, e.provider, e.kind, e.reference, e.payment"""

_ONE = """
WHERE user_id = %(user_id)s AND provider = %(provider)s AND kind = %(kind)s
    AND reference = %(reference)s AND payment = %(payment)s"""

_FINISH = f"""
DELETE FROM errands {_ONE}"""

_POSTPONE = f"""
UPDATE errands SET
    due_at = %(due_at)s, attempts = %(attempts)s, reason = %(reason)s, is_parked = %(is_parked)s
{_ONE}"""

_LIST_PARKED = f"""
SELECT {market_codec.ERRAND}
FROM errands e WHERE e.is_parked
ORDER BY e.created_at, e.user_id, e.provider, e.kind, e.reference, e.payment LIMIT %(limit)s"""


class PostgresErrandQueue:
    """Rows that go when they are done; of several that claim, each gets others."""

    def __init__(self, pool: PostgresPool) -> None:
        self._pool = pool

    async def add(self, user_id: str, errands: Sequence[Errand], now: datetime) -> None:
        values = {"user_id": user_id, **market_codec.errand_values(errands, now)}
        await self._pool.write(_ADD, values)

    async def claim(self, *, now: datetime, until: datetime, limit: int) -> Sequence[QueuedErrand]:
        rows = await self._pool.write(_CLAIM, {"now": now, "until": until, "limit": limit})
        return [market_codec.queued(codec.present(row[0])) for row in rows]

    async def finish(self, queued: QueuedErrand) -> None:
        await self._pool.write(_FINISH, market_codec.errand_key(queued.user_id, queued.errand))

    async def postpone(self, queued: QueuedErrand) -> None:
        values = {
            **market_codec.errand_key(queued.user_id, queued.errand),
            "due_at": queued.due_at,
            "attempts": queued.attempts,
            "reason": queued.reason,
            "is_parked": queued.is_parked,
        }
        await self._pool.write(_POSTPONE, values)

    async def list_parked(self, *, limit: int) -> Sequence[QueuedErrand]:
        rows = await self._pool.read(_LIST_PARKED, {"limit": limit})
        return [market_codec.queued(codec.present(row[0])) for row in rows]
