"""How the product as a whole is doing: one statement, each part of it over a small index."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from adapters.postgres.codec import present
from adapters.postgres.connection import PostgresPool
from application.ports.vital_signs import Vitals

_MOST = 10_000
_OVERDUE = timedelta(minutes=1)

# Partial indexes answer the counts, and each is cut off: a sample must stay cheap on the worst day.
_READ = f"""
SELECT
    (SELECT coalesce(sum(json_array_length(holds)), 0) FROM (
        SELECT holds FROM wallets WHERE sweep_at IS NOT NULL LIMIT {_MOST}) AS first_rows),
    (SELECT count(*) FROM (
        SELECT FROM wallets WHERE sweep_at <= %(overdue)s LIMIT {_MOST}) AS first_rows),
    (SELECT json_object_agg(wanted.job, extract(epoch FROM last.finished_at))
        FROM json_array_elements_text(%(jobs)s) AS wanted (job)
        CROSS JOIN LATERAL (
            SELECT finished_at FROM job_runs r
            WHERE r.job = wanted.job AND r.finished_at IS NOT NULL AND r.error IS NULL
            ORDER BY r.started_at DESC, r.id DESC LIMIT 1) AS last),
    (SELECT note FROM job_notes WHERE job = 'check-invariants'),
    (SELECT min(due_at) FROM store_messages WHERE state = 'waiting'),
    (SELECT count(*) FROM (
        SELECT FROM store_messages WHERE state = 'waiting' LIMIT {_MOST}) AS first_rows),
    (SELECT count(*) FROM (
        SELECT FROM store_messages WHERE state = 'parked' LIMIT {_MOST}) AS first_rows),
    (SELECT count(*) FROM (
        SELECT FROM errands WHERE NOT is_parked LIMIT {_MOST}) AS first_rows),
    (SELECT count(*) FROM (SELECT FROM errands WHERE is_parked LIMIT {_MOST}) AS first_rows)"""


class PostgresVitalSigns:
    """Reads them in one round trip."""

    def __init__(self, pool: PostgresPool) -> None:
        self._pool = pool

    async def read(self, jobs: Sequence[str], now: datetime) -> Vitals:
        values = {"overdue": now - _OVERDUE, "jobs": json.dumps(list(jobs)).encode()}
        [row] = await self._pool.read(_READ, values)
        holds, overdue, successes, checked, due_at, waiting, parked, owed, stuck = row
        found = json.loads(successes) if successes else {}
        lag = now - datetime.fromisoformat(due_at.decode()) if due_at else timedelta(0)
        return Vitals(
            open_holds=int(present(holds)),
            overdue_wallets=int(present(overdue)),
            job_successes={job: datetime.fromtimestamp(at, UTC) for job, at in found.items()},
            invariant_breaks=json.loads(checked)[1] if checked else None,
            inbox_lag=max(timedelta(0), lag),
            inbox_waiting=int(present(waiting)),
            inbox_parked=int(present(parked)),
            errands_waiting=int(present(owed)),
            errands_parked=int(present(stuck)),
        )
