"""The accounts, and all that hangs on them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from adapters.postgres import codec, purchase_sql
from adapters.postgres.connection import PostgresPool
from adapters.postgres.export import EXPORT
from domain.accounts import Tier, User
from domain.errors import NotFound, Unavailable

_SLOWLY = 60.0
"""Seconds for what goes through everything that a person ever said."""

_FIND = f"""
SELECT {codec.USER}
FROM identities i JOIN users u ON u.id = i.user_id
WHERE i.subject = %(subject)s"""

_GET = f"""
SELECT {codec.USER}
FROM identities i JOIN users u ON u.id = i.user_id
WHERE i.user_id = %(user_id)s"""

_LIST = f"""
SELECT {codec.USER}
FROM users u JOIN identities i ON i.user_id = u.id
WHERE u.id < %(after)s
ORDER BY u.id DESC LIMIT %(limit)s"""

_SEARCH = f"""
SELECT {codec.USER}
FROM users u JOIN identities i ON i.user_id = u.id
WHERE (u.id = %(search)s OR i.subject = %(search)s) AND u.id < %(after)s
ORDER BY u.id DESC LIMIT %(limit)s"""

# Only whoever puts the subject in goes on; the others wait for that, and then find it there.
_ADD = """
WITH i AS (
    INSERT INTO identities (subject, user_id) VALUES (%(subject)s, %(id)s)
    ON CONFLICT (subject) DO NOTHING
    RETURNING user_id
), u AS (
    INSERT INTO users (id, tier, created_at, display_name, country, age_band, age_band_source,
        age_band_at, suspended_at, suspended_reason)
    SELECT i.user_id, %(tier)s, %(created_at)s::timestamptz, %(display_name)s, %(country)s,
        %(age_band)s, %(age_band_source)s, %(age_band_at)s::timestamptz,
        %(suspended_at)s::timestamptz, %(suspended_reason)s
    FROM i
), w AS (
    INSERT INTO wallets (user_id) SELECT i.user_id FROM i
)
SELECT user_id FROM i"""

_SAVE = """
UPDATE users SET
    tier = coalesce(%(chosen_tier)s, tier),
    market_tier = CASE WHEN %(chosen_tier)s::text IS NULL THEN market_tier END,
    created_at = %(created_at)s, display_name = %(display_name)s,
    country = %(country)s, age_band = %(age_band)s, age_band_source = %(age_band_source)s,
    age_band_at = %(age_band_at)s, suspended_at = %(suspended_at)s,
    suspended_reason = %(suspended_reason)s
WHERE id = %(id)s AND erased_at IS NULL
RETURNING id"""

_NOTE = """
UPDATE users SET noticed_at = noticed_at::jsonb || %(noticed_at)s::jsonb
WHERE id = %(user_id)s AND erased_at IS NULL"""

# Locked in the order in which a turn, or a change of a purchase, locks them. From then on neither
# can be written that was decided before (wallet and purchases have changed), and nothing can be
# said, told, remembered or bought (foreign keys need these rows).
_LOCK_PURCHASES = """
SELECT id FROM purchases WHERE user_id = %(id)s ORDER BY id FOR UPDATE"""
_LOCK_WALLET = """
UPDATE wallets SET version = version + 1 WHERE user_id = %(id)s"""
_LOCK_SESSIONS = """
SELECT id FROM sessions WHERE user_id = %(id)s ORDER BY id FOR UPDATE"""
_LOCK_IDENTITY = """
SELECT user_id FROM identities WHERE user_id = %(id)s FOR UPDATE"""

# Sessions, messages, turns, reports and memories hang on the identity and go with it; so do the
# stores' customers, whom the stores shall forget, too.
_ERASE = f"""
WITH k AS (
    DELETE FROM idempotency_keys WHERE user_id = %(id)s
), store_message AS (
    DELETE FROM store_messages WHERE user_id = %(id)s AND state <> 'waiting'
), errand AS (
    INSERT INTO errands (user_id, provider, kind, reference, payment, store_product, created_at,
        due_at)
    SELECT %(id)s, o.provider, o.kind, o.reference, '', o.store_product, o.at, o.at
    FROM (
        SELECT p.provider, 'cancel' AS kind, p.reference, coalesce((
                SELECT one -> 'store_ids' ->> p.provider
                FROM product_catalogues c, json_array_elements(c.contents -> 'products') AS one
                WHERE one ->> 'id' = p.product_id ORDER BY c.version DESC LIMIT 1), ''
            ) AS store_product, coalesce(%(erased_at)s, now()) AS at
        FROM purchases p
        WHERE p.user_id = %(id)s AND p.is_subscription AND {purchase_sql.LIVE}
            AND p.reference IS NOT NULL AND p.replaced_by IS NULL
        UNION ALL
        SELECT c.provider, 'forget_customer', c.customer, '', coalesce(%(erased_at)s, now())
        FROM store_customers c WHERE c.user_id = %(id)s
    ) AS o
    ON CONFLICT DO NOTHING
), purchase AS (
    UPDATE purchases SET version = version + 1 WHERE user_id = %(id)s
), audited AS (
    UPDATE admin_audit SET before = '{{}}',
        after = CASE WHEN after IS NOT NULL THEN '{{}}'::json END
    WHERE subject = %(id)s
), i AS (
    DELETE FROM identities WHERE user_id = %(id)s
), u AS (
    UPDATE users SET
        tier = %(tier)s, display_name = %(display_name)s, country = %(country)s,
        age_band = %(age_band)s, age_band_source = %(age_band_source)s,
        age_band_at = %(age_band_at)s, suspended_at = %(suspended_at)s,
        suspended_reason = %(suspended_reason)s, noticed_at = '{{}}',
        erased_at = coalesce(erased_at, %(erased_at)s, now())
    WHERE id = %(id)s
)
SELECT t.id FROM turns t WHERE t.user_id = %(id)s ORDER BY t.id"""


class PostgresAccountStore:
    """Accounts in ``users``; those that live have a row in ``identities`` too."""

    def __init__(self, pool: PostgresPool) -> None:
        self._pool = pool

    async def find_by_subject(self, subject: str) -> User | None:
        row = await self._pool.read_one(_FIND, {"subject": subject})
        return codec.user(codec.present(row[0])) if row else None

    async def add(self, user: User) -> User:
        if await self._pool.write(_ADD, _values(user)):
            return user
        known = await self.find_by_subject(user.subject or "")
        if known is None:
            # It was there a moment ago: erased in between. Whoever asks again gets a new one.
            raise Unavailable("The account was being erased. Try again.")
        return known

    async def get(self, user_id: str) -> User:
        row = await self._pool.read_one(_GET, {"user_id": user_id})
        if row is None:
            raise NotFound("There is no such account.")
        return codec.user(codec.present(row[0]))

    async def save(self, user: User, *, tier: Tier | None = None) -> None:
        if not await self._pool.write(_SAVE, {**_values(user), "chosen_tier": tier}):
            raise NotFound("There is no such account.")

    async def note(self, user_id: str, noticed_at: Mapping[str, datetime]) -> None:
        values = {"user_id": user_id, "noticed_at": codec.document(noticed_at)}
        await self._pool.write(_NOTE, values)

    async def list(self, *, search: str | None, limit: int, after: str | None) -> Sequence[User]:
        page = {"limit": limit, "after": after or codec.LAST_ID}
        if search is None:
            rows = await self._pool.read(_LIST, page)
        else:
            rows = await self._pool.read(_SEARCH, {**page, "search": search})
        return [codec.user(codec.present(row[0])) for row in rows]

    async def export(self, user_id: str) -> Mapping[str, Any]:
        step = (EXPORT, {"user_id": user_id})
        rows = await self._pool.together([step], seconds=_SLOWLY)
        if not rows:
            raise NotFound("There is no such account.")
        exported: Mapping[str, Any] = codec.decode(codec.present(rows[0][0]))
        return exported

    async def erase(self, user: User) -> Sequence[str]:
        values = _values(user)
        locks = (_LOCK_PURCHASES, _LOCK_WALLET, _LOCK_SESSIONS, _LOCK_IDENTITY)
        rows = await self._pool.together(
            [(step, values) for step in (*locks, _ERASE)], seconds=_SLOWLY
        )
        return [codec.present(row[0]).decode() for row in rows]


def _values(user: User) -> dict[str, Any]:
    return {
        "id": user.id,
        "subject": user.subject,
        "tier": user.tier,
        "created_at": user.created_at,
        "display_name": user.display_name,
        "country": user.country,
        "age_band": user.age_band,
        "age_band_source": user.age_band_source,
        "age_band_at": user.age_band_at,
        "suspended_at": user.suspended_at,
        "suspended_reason": user.suspended_reason,
        "erased_at": user.erased_at,
    }
