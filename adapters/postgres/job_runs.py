"""Which job ran when: the agreement between processes that each tick runs once."""

from collections.abc import Sequence
from datetime import timedelta

from adapters.postgres import codec
from adapters.postgres.connection import PostgresPool
from application.ports.job_runs import JobRun

# The unique index lets one run of a job have the lease. One whose lease is over loses it first.
_CLAIM = """
WITH over AS (
    UPDATE job_runs SET has_lease = false
    WHERE job = %(job)s AND has_lease AND started_at <= %(lease_began)s
    RETURNING id
)
INSERT INTO job_runs (id, job, slot, started_at)
SELECT %(id)s, %(job)s, %(slot)s::timestamptz, %(started_at)s::timestamptz
FROM (SELECT count(*) FROM over) AS after_that
ON CONFLICT DO NOTHING
RETURNING id"""

_FINISH = """
UPDATE job_runs SET
    finished_at = %(finished_at)s, outcome = %(outcome)s, error = %(error)s, has_lease = false
WHERE id = %(id)s"""

_LIST = f"""
SELECT {codec.RUN} FROM job_runs r
WHERE %(job)s::text IS NULL OR r.job = %(job)s
ORDER BY r.started_at DESC, r.id DESC LIMIT %(limit)s"""


class PostgresJobRuns:
    """One run per job and tick, and one at a time per job."""

    def __init__(self, pool: PostgresPool) -> None:
        self._pool = pool

    async def claim(self, run: JobRun, *, lease_seconds: int) -> bool:
        values = {
            "id": run.id,
            "job": run.job,
            "slot": run.slot,
            "started_at": run.started_at,
            "lease_began": run.started_at - timedelta(seconds=lease_seconds),
        }
        return bool(await self._pool.write(_CLAIM, values))

    async def finish(self, run: JobRun) -> None:
        values = {
            "id": run.id,
            "finished_at": run.finished_at,
            "outcome": run.outcome,
            "error": run.error,
        }
        await self._pool.write(_FINISH, values)

    async def list(self, *, job: str | None, limit: int) -> Sequence[JobRun]:
        rows = await self._pool.read(_LIST, {"job": job, "limit": limit})
        return [codec.run(codec.present(row[0])) for row in rows]
