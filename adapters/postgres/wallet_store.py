"""The wallets and their ledger."""

from collections.abc import Sequence
from datetime import date, datetime

from psycopg.errors import UniqueViolation

from adapters.postgres import codec
from adapters.postgres.audit import AUDIT
from adapters.postgres.connection import PostgresPool
from application.ports.wallet_store import Violation
from domain.accounts import Tier
from domain.errors import AlreadyRecorded, NotFound
from domain.ledger import LedgerEntry
from domain.wallet import Wallet

_AUDIT_SECONDS = 120.0
_SWEEP_BATCH = 1000
_MOST_SWEEPS = 20

_GET = f"""
SELECT {codec.WALLET} FROM wallets w WHERE w.user_id = %(user_id)s"""

_SAVE = f"""
WITH w AS ({codec.UPDATE_WALLET}
    RETURNING user_id
), l AS ({codec.INSERT_ENTRIES}
), t AS (
    UPDATE turns SET status = 'failed', error_code = 'unavailable'
    FROM w
    WHERE turns.user_id = %(user_id)s AND turns.status = 'running'
        AND turns.id IN (SELECT json_array_elements_text(%(lapsed_turns)s))
    RETURNING turns.id, turns.created_at, turns.character_id
), f AS (
    INSERT INTO turn_facts (turn_id, outcome, turns, day, character_id, model, prompt, cached,
        completion)
    SELECT id, 'failed', 1, (created_at AT TIME ZONE 'UTC')::date, character_id, '', 0, 0, 0
    FROM t
)
SELECT FROM w"""

_LIST = f"""
SELECT {codec.ENTRY} FROM ledger e
WHERE e.user_id = %(user_id)s AND e.seq < %(before)s
ORDER BY e.seq DESC LIMIT %(limit)s"""

# sweep_at may be too early, never too late: of those that have come up, it is set to what the
# holds say now. Whoever is still due then has a hold whose time is over.
_SWEEP = """
WITH due AS (
    SELECT user_id FROM wallets WHERE sweep_at <= %(now)s ORDER BY sweep_at LIMIT %(batch)s
), exact AS (
    UPDATE wallets SET sweep_at = (
        SELECT min((hold ->> 'expires_at')::timestamptz)
        FROM json_array_elements(wallets.holds) AS hold)
    FROM due WHERE wallets.user_id = due.user_id
    RETURNING wallets.user_id, wallets.sweep_at
)
SELECT
    (SELECT count(*) FROM due),
    (SELECT json_agg(user_id ORDER BY sweep_at, user_id) FROM exact WHERE sweep_at <= %(now)s)"""

_UNREFRESHED = """
SELECT u.id, u.tier
FROM users u JOIN wallets w ON w.user_id = u.id
WHERE u.erased_at IS NULL AND (w.daily_on IS NULL OR w.daily_on < %(day)s)
    AND u.id > coalesce(%(after)s, '')
ORDER BY u.id LIMIT %(limit)s"""


class PostgresWalletStore:
    """A row for each wallet, changed by compare-and-set only, and the ledger that explains it."""

    def __init__(self, pool: PostgresPool) -> None:
        self._pool = pool

    async def get(self, user_id: str) -> Wallet:
        row = await self._pool.read_one(_GET, {"user_id": user_id})
        if row is None:
            raise NotFound("There is no such wallet.")
        return codec.wallet(codec.present(row[0]))

    async def save(self, wallet: Wallet, *, lapsed_turns: Sequence[str] = ()) -> bool:
        values = codec.wallet_values(wallet)
        values["lapsed_turns"] = codec.document(lapsed_turns)
        try:
            return bool(await self._pool.write(_SAVE, values))
        except UniqueViolation as error:
            raise AlreadyRecorded("This is in the ledger already.") from error

    async def list_entries(
        self, user_id: str, *, limit: int, before: int | None
    ) -> Sequence[LedgerEntry]:
        last = codec.LAST_NUMBER if before is None else min(before, codec.LAST_NUMBER)
        page = {"user_id": user_id, "limit": limit, "before": last}
        rows = await self._pool.read(_LIST, page)
        return [codec.entry(codec.present(row[0])) for row in rows]

    async def find_overdue(self, now: datetime, *, limit: int) -> Sequence[str]:
        overdue: list[str] = []
        for _ in range(_MOST_SWEEPS):
            [(due, found)] = await self._pool.write(_SWEEP, {"now": now, "batch": _SWEEP_BATCH})
            overdue = list(codec.strings(found)) if found else []
            if len(overdue) >= limit or int(codec.present(due)) < _SWEEP_BATCH:
                break
        return overdue[:limit]

    async def find_unrefreshed(
        self, day: date, *, limit: int, after: str | None
    ) -> Sequence[tuple[str, Tier]]:
        rows = await self._pool.read(_UNREFRESHED, {"day": day, "limit": limit, "after": after})
        return [
            (codec.present(user_id).decode(), Tier(codec.present(tier).decode()))
            for user_id, tier in rows
        ]

    async def audit(self) -> Sequence[Violation]:
        """The checks, each a statement of its own in ``audit.py``, all as of one moment.

        sequence: entries count from 1 without a gap, as many as the wallet says.
        running balance: each entry's ``balance_after`` is the sum of the amounts up to it.
        balance, bucket: the ledger's sums are what the lots have, in total and in each bucket.
        debt: the ledger's sum is the wallet's debt.
        projection: the row's own ``balance`` and ``held`` are those of its lots.
        holds: each lot's ``held`` is what the holds have of it; nothing is held or owed beyond
        what there is; a hold's turn is running (or was deleted); a running turn has its hold.
        receipt: what a turn's receipt and its reply's receipt say is what the ledger charged.
        charge above hold: never more than was held.
        reply: one reply at most for each turn, and one for each charge.
        """
        rows = await self._pool.together([(AUDIT, {})], seconds=_AUDIT_SECONDS)
        return [Violation(*(codec.present(column).decode() for column in row)) for row in rows]
