"""Answers kept by idempotency key; the keys of turns lie in the same table."""

from datetime import datetime, timedelta

from adapters.postgres import codec
from adapters.postgres.connection import PostgresPool
from application.ports.idempotency_store import Claim, StoredAnswer
from domain.errors import IdempotencyKeyReused, Unavailable

_KEY_LIFETIME = timedelta(hours=24)
_CLAIM_LIFETIME = timedelta(seconds=8)
_MOST_ATTEMPTS = 5
_PURGE_BATCH = 5000

# A row is taken over when its time is over, or when whoever claimed it for the same request has
# neither answered nor given it back. Otherwise it is shown as it is.
_CLAIM = """
WITH ours AS (
    INSERT INTO idempotency_keys (user_id, key, fingerprint, used_at, claimed_at)
    VALUES (%(user_id)s, %(key)s, %(fingerprint)s, %(now)s, %(now)s)
    ON CONFLICT (user_id, key) DO UPDATE SET
        fingerprint = excluded.fingerprint, claimed_at = excluded.claimed_at,
        turn_id = NULL, status = NULL, body = NULL,
        used_at = CASE WHEN idempotency_keys.used_at <= %(forgotten_at)s
            THEN excluded.used_at ELSE idempotency_keys.used_at END
    WHERE idempotency_keys.used_at <= %(forgotten_at)s
        OR (idempotency_keys.fingerprint = excluded.fingerprint
            AND idempotency_keys.status IS NULL AND idempotency_keys.turn_id IS NULL
            AND idempotency_keys.claimed_at <= %(abandoned_at)s)
    RETURNING fingerprint, used_at
)
SELECT true, fingerprint, used_at, NULL, NULL FROM ours
UNION ALL
SELECT false, fingerprint, used_at, status, encode(body, 'hex') FROM idempotency_keys
WHERE user_id = %(user_id)s AND key = %(key)s AND NOT EXISTS (SELECT FROM ours)"""

_RENEW = """
UPDATE idempotency_keys SET claimed_at = %(now)s
WHERE user_id = %(user_id)s AND key = %(key)s AND status IS NULL AND turn_id IS NULL"""

_COMPLETE = """
UPDATE idempotency_keys SET status = %(status)s, body = %(body)s, claimed_at = %(now)s
WHERE user_id = %(user_id)s AND key = %(key)s AND status IS NULL AND turn_id IS NULL"""

_ABANDON = """
DELETE FROM idempotency_keys
WHERE user_id = %(user_id)s AND key = %(key)s AND status IS NULL AND turn_id IS NULL"""

_RELEASE = """
UPDATE idempotency_keys SET claimed_at = '-infinity'
WHERE user_id = %(user_id)s AND key = %(key)s AND status IS NULL AND turn_id IS NULL"""

_PURGE = """
DELETE FROM idempotency_keys
WHERE (user_id, key) IN (
    SELECT user_id, key FROM idempotency_keys WHERE used_at < %(before)s LIMIT %(batch)s)
RETURNING key"""


class PostgresIdempotencyStore:
    """Answers by user and key."""

    def __init__(self, pool: PostgresPool) -> None:
        self._pool = pool

    async def claim(self, user_id: str, key: str, fingerprint: str, now: datetime) -> Claim:
        values = {
            "user_id": user_id,
            "key": key,
            "fingerprint": fingerprint,
            "now": now,
            "forgotten_at": now - _KEY_LIFETIME,
            "abandoned_at": now - _CLAIM_LIFETIME,
        }
        for _ in range(_MOST_ATTEMPTS):
            row = await self._pool.write_one(_CLAIM, values)
            # No row: somebody claimed it after this statement began to look, so look again.
            if row is not None:
                is_ours, claimed_for, first, status, body = row
                if codec.present(claimed_for).decode() != fingerprint:
                    raise IdempotencyKeyReused("This Idempotency-Key was used for another request.")
                used_at = datetime.fromisoformat(codec.present(first).decode())
                if status is None or body is None:
                    return Claim(is_ours == b"t", used_at)
                answer = StoredAnswer(int(status), bytes.fromhex(body.decode()))
                return Claim(is_ours=False, used_at=used_at, answer=answer)
        raise Unavailable("Others are using this Idempotency-Key. Try again.")

    async def renew(self, user_id: str, key: str, now: datetime) -> None:
        await self._pool.write(_RENEW, {"user_id": user_id, "key": key, "now": now})

    async def complete(self, user_id: str, key: str, answer: StoredAnswer, now: datetime) -> None:
        values = {
            "user_id": user_id,
            "key": key,
            "status": answer.status,
            "body": memoryview(answer.body),
            "now": now,
        }
        await self._pool.write(_COMPLETE, values)

    async def abandon(self, user_id: str, key: str) -> None:
        await self._pool.write(_ABANDON, {"user_id": user_id, "key": key})

    async def release(self, user_id: str, key: str) -> None:
        await self._pool.write(_RELEASE, {"user_id": user_id, "key": key})

    async def purge(self, before: datetime) -> int:
        purged = 0
        while True:
            rows = await self._pool.write(_PURGE, {"before": before, "batch": _PURGE_BATCH})
            purged += len(rows)
            if len(rows) < _PURGE_BATCH:
                return purged
