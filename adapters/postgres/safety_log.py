"""Flags, reports and what was decided on them, and counts by day."""

from collections.abc import Sequence
from datetime import UTC, date, datetime

import msgspec

from adapters.postgres import codec
from adapters.postgres.connection import PostgresPool
from domain.errors import NotFound
from domain.safety.counters import DayCount
from domain.safety.reviews import FlagRecord, ReportRecord, Review, ReviewStatus

_REVIEW = """CASE WHEN {0}.reviewed_at IS NOT NULL THEN json_build_object(
        'decision', {0}.decision, 'note', {0}.note, 'reviewer', {0}.reviewer,
        'reviewed_at', {0}.reviewed_at) END"""

# moderation_flags f
_FLAG = f"""json_build_object(
    'id', f.id, 'user_id', f.user_id, 'stage', f.stage,
    'flag', json_build_object(
        'category', f.category, 'action', f.action, 'rule', f.rule, 'version', f.rules_version,
        'excerpt', f.excerpt, 'language', f.language),
    'created_at', f.created_at, 'character_id', f.character_id, 'session_id', f.session_id,
    'message_id', f.message_id, 'turn_id', f.turn_id,
    'review', {_REVIEW.format("f")})"""

# reports r, messages m, sessions s
_REPORT = f"""json_build_object(
    'id', r.id, 'user_id', r.user_id, 'message_id', r.message_id, 'session_id', m.session_id,
    'character_id', s.character_id, 'role', m.role, 'text', m.content, 'reason', r.reason,
    'created_at', r.created_at, 'review', {_REVIEW.format("r")})"""
_ITS_MESSAGE = """
JOIN messages m ON m.user_id = r.user_id AND m.id = r.message_id
JOIN sessions s ON s.user_id = m.user_id AND s.id = m.session_id"""

# In the order of kinds, so that two of these never wait for each other.
_COUNT = """
INSERT INTO safety_counts AS c (day, kind, count)
SELECT %(day)s::date, k.kind, count(*)
FROM json_array_elements_text(%(counted)s) AS k (kind)
GROUP BY k.kind ORDER BY k.kind
ON CONFLICT (day, kind) DO UPDATE SET count = c.count + excluded.count"""

# The account is locked first, and the counts, which all people share, only once that is held:
# an erasure under way delays nobody else. Whoever is gone by then is counted all the same.
_RECORD = """
WITH i AS MATERIALIZED (
    SELECT user_id FROM identities WHERE user_id = %(user_id)s FOR KEY SHARE
), f AS (
    INSERT INTO moderation_flags (user_id, id, stage, category, action, rule, rules_version,
        language, excerpt, character_id, session_id, message_id, turn_id, created_at)
    SELECT i.user_id, n.id, n.stage, n.flag ->> 'category', (n.flag ->> 'action')::smallint,
        n.flag ->> 'rule', n.flag ->> 'version', n.flag ->> 'language', n.flag ->> 'excerpt',
        n.character_id, n.session_id, n.message_id, n.turn_id, n.created_at
    FROM i, json_to_recordset(%(flags)s) AS n (
        id text, stage text, flag json, character_id text, session_id text, message_id text,
        turn_id text, created_at timestamptz)
    ON CONFLICT (user_id, id) DO NOTHING
)
INSERT INTO safety_counts AS c (day, kind, count)
SELECT %(day)s::date, k.kind, count(*)
FROM (SELECT count(*) FROM i) AS held, json_array_elements_text(%(counted)s) AS k (kind)
GROUP BY k.kind ORDER BY k.kind
ON CONFLICT (day, kind) DO UPDATE SET count = c.count + excluded.count"""

_WHICH = {
    None: "true",
    ReviewStatus.OPEN: "{0}.reviewed_at IS NULL",
    ReviewStatus.REVIEWED: "{0}.reviewed_at IS NOT NULL",
}
_LIST_FLAGS = {
    status: f"""
SELECT {_FLAG} FROM moderation_flags f
WHERE f.id < %(before)s AND {condition.format("f")}
ORDER BY f.id DESC LIMIT %(limit)s"""
    for status, condition in _WHICH.items()
}
_LIST_REPORTS = {
    status: f"""
SELECT {_REPORT} FROM reports r {_ITS_MESSAGE}
WHERE r.id < %(before)s AND {condition.format("r")}
ORDER BY r.id DESC LIMIT %(limit)s"""
    for status, condition in _WHICH.items()
}

_DECIDE = """
    decision = %(decision)s, note = %(note)s, reviewer = %(reviewer)s,
    reviewed_at = %(reviewed_at)s"""
_REVIEW_FLAG = f"""
UPDATE moderation_flags f SET {_DECIDE}
WHERE f.user_id = %(user_id)s AND f.id = %(id)s
RETURNING {_FLAG}"""
_REVIEW_REPORT = f"""
WITH r AS (
    UPDATE reports SET {_DECIDE}
    WHERE user_id = %(user_id)s AND id = %(id)s
    RETURNING *
)
SELECT {_REPORT} FROM r {_ITS_MESSAGE}"""

_COUNTS = """
SELECT json_build_object('day', c.day, 'kind', c.kind, 'count', c.count)
FROM safety_counts c WHERE c.day BETWEEN %(first)s AND %(last)s
ORDER BY c.day, c.kind"""

_flag = msgspec.json.Decoder(FlagRecord).decode
_report = msgspec.json.Decoder(ReportRecord).decode
_day_count = msgspec.json.Decoder(DayCount).decode


class PostgresSafetyLog:
    """Flags in ``moderation_flags``, counts in ``safety_counts``."""

    def __init__(self, pool: PostgresPool) -> None:
        self._pool = pool

    async def record(
        self, user_id: str, flags: Sequence[FlagRecord], counted: Sequence[str], now: datetime
    ) -> None:
        values = {
            "user_id": user_id,
            "flags": codec.document(flags),
            "counted": codec.document(counted),
            "day": _day_of(now),
        }
        await self._pool.write(_RECORD, values)

    async def count(self, kinds: Sequence[str], now: datetime) -> None:
        await self._pool.write(_COUNT, {"counted": codec.document(kinds), "day": _day_of(now)})

    async def list_flags(
        self, *, status: ReviewStatus | None, limit: int, before: str | None
    ) -> Sequence[FlagRecord]:
        page = {"limit": limit, "before": before or codec.LAST_ID}
        rows = await self._pool.read(_LIST_FLAGS[status], page)
        return [_flag(codec.present(row[0])) for row in rows]

    async def review_flag(self, user_id: str, flag_id: str, review: Review) -> FlagRecord:
        row = await self._pool.write_one(_REVIEW_FLAG, _values(user_id, flag_id, review))
        if row is None:
            raise NotFound("There is no such flag.")
        return _flag(codec.present(row[0]))

    async def list_reports(
        self, *, status: ReviewStatus | None, limit: int, before: str | None
    ) -> Sequence[ReportRecord]:
        page = {"limit": limit, "before": before or codec.LAST_ID}
        rows = await self._pool.read(_LIST_REPORTS[status], page)
        return [_report(codec.present(row[0])) for row in rows]

    async def review_report(self, user_id: str, report_id: str, review: Review) -> ReportRecord:
        row = await self._pool.write_one(_REVIEW_REPORT, _values(user_id, report_id, review))
        if row is None:
            raise NotFound("There is no such report.")
        return _report(codec.present(row[0]))

    async def counts(self, first: date, last: date) -> Sequence[DayCount]:
        rows = await self._pool.read(_COUNTS, {"first": first, "last": last})
        return [_day_count(codec.present(row[0])) for row in rows]


def _day_of(moment: datetime) -> date:
    return moment.astimezone(UTC).date()


def _values(user_id: str, id_: str, review: Review) -> dict[str, object]:
    return {
        "user_id": user_id,
        "id": id_,
        "decision": review.decision,
        "note": review.note,
        "reviewer": review.reviewer,
        "reviewed_at": review.reviewed_at,
    }
