"""Which job ran when: the agreement between processes that each tick runs once."""

from collections.abc import Sequence
from datetime import datetime

from adapters.postgres import codec
from adapters.postgres.connection import PostgresPool
from application.ports.job_runs import JobRun, Patience

_PURGE_SECONDS = 60.0

# Unique indexes let one run of a job have the lease, and one that is not void have the tick. One
# that died loses both first, one that failed its tick; so do all that a clock has run which was
# set back since.
_CLAIM = """
WITH over AS (
    UPDATE job_runs SET
        has_lease = false, is_void = true, finished_at = %(started_at)s,
        error = 'The process that ran it died.'
    WHERE job = %(job)s AND has_lease AND (
        coalesce(heartbeat_at, started_at) <= %(silent_since)s
        OR coalesce(heartbeat_at, started_at) > %(ahead)s)
    RETURNING id
), freed AS (
    UPDATE job_runs SET is_void = true
    WHERE job = %(job)s AND slot >= %(slot)s AND NOT is_void AND NOT has_lease
        AND (slot = %(slot)s AND error IS NOT NULL AND finished_at <= %(retry_until)s
            OR EXISTS (
                SELECT FROM job_runs later
                WHERE later.job = %(job)s AND NOT later.is_void AND later.started_at > %(ahead)s))
    RETURNING id
)
INSERT INTO job_runs (id, job, slot, started_at, heartbeat_at)
SELECT %(id)s, %(job)s, %(slot)s::timestamptz, %(started_at)s::timestamptz,
    %(started_at)s::timestamptz
FROM (SELECT count(*) FROM over) AS after_that, (SELECT count(*) FROM freed) AS and_that
ON CONFLICT DO NOTHING
RETURNING id"""

_BEAT = """
UPDATE job_runs SET heartbeat_at = %(now)s WHERE id = %(id)s AND has_lease RETURNING id"""

_FINISH = """
UPDATE job_runs SET
    finished_at = %(finished_at)s, outcome = %(outcome)s, error = %(error)s, has_lease = false,
    is_void = %(is_void)s
WHERE id = %(id)s AND has_lease"""

_LIST = f"""
SELECT {codec.RUN} FROM job_runs r
ORDER BY r.started_at DESC, r.id DESC LIMIT %(limit)s"""

_LIST_OF_JOB = f"""
SELECT {codec.RUN} FROM job_runs r
WHERE r.job = %(job)s ORDER BY r.started_at DESC, r.id DESC LIMIT %(limit)s"""

_FIND_NOTE = """
SELECT note FROM job_notes WHERE job = %(job)s"""

# The run's row is locked, so that nobody ends the run while its note is written.
_KEEP_NOTE = """
WITH mine AS (
    SELECT job FROM job_runs WHERE id = %(id)s AND has_lease FOR UPDATE
), gone AS (
    DELETE FROM job_notes USING mine WHERE job_notes.job = mine.job AND %(note)s::text IS NULL
), kept AS (
    INSERT INTO job_notes (job, note)
    SELECT job, %(note)s FROM mine WHERE %(note)s::text IS NOT NULL
    ON CONFLICT (job) DO UPDATE SET note = excluded.note
)
SELECT job FROM mine"""

_PURGE = """
WITH gone AS (
    DELETE FROM job_runs old
    WHERE finished_at < %(before)s AND EXISTS (
        SELECT FROM job_runs later
        WHERE later.job = old.job AND (later.started_at, later.id) > (old.started_at, old.id))
    RETURNING id
)
SELECT count(*) FROM gone"""


class PostgresJobRuns:
    """One run per job and tick, and one at a time per job."""

    def __init__(self, pool: PostgresPool) -> None:
        self._pool = pool

    async def claim(self, run: JobRun, patience: Patience) -> bool:
        values = {
            "id": run.id,
            "job": run.job,
            "slot": run.slot,
            "started_at": run.started_at,
            "silent_since": run.started_at - patience.silence,
            "retry_until": run.started_at - patience.retry,
            "ahead": run.started_at + patience.ahead,
        }
        return bool(await self._pool.write(_CLAIM, values))

    async def beat(self, run: JobRun, now: datetime) -> bool:
        return bool(await self._pool.write(_BEAT, {"id": run.id, "now": now}))

    async def finish(self, run: JobRun, *, is_void: bool = False) -> None:
        values = {
            "id": run.id,
            "finished_at": run.finished_at,
            "outcome": run.outcome,
            "error": run.error,
            "is_void": is_void,
        }
        await self._pool.write(_FINISH, values)

    async def list(self, *, job: str | None, limit: int) -> Sequence[JobRun]:
        sql = _LIST if job is None else _LIST_OF_JOB
        rows = await self._pool.read(sql, {"job": job, "limit": limit})
        return [codec.run(codec.present(row[0])) for row in rows]

    async def find_note(self, job: str) -> str | None:
        row = await self._pool.read_one(_FIND_NOTE, {"job": job})
        return codec.present(row[0]).decode() if row else None

    async def keep_note(self, run: JobRun, note: str | None) -> bool:
        values = {"id": run.id, "note": note}
        return bool(await self._pool.write(_KEEP_NOTE, values))

    async def purge(self, before: datetime) -> int:
        steps = [(_PURGE, {"before": before})]
        [(count,)] = await self._pool.together(steps, seconds=_PURGE_SECONDS)
        return int(codec.present(count))
