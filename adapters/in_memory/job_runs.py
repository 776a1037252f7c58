"""Which job ran when, in memory: for one process."""

from collections.abc import Sequence
from datetime import datetime

from attrs import evolve

from adapters.in_memory.database import InMemoryDatabase, JobRunRow
from application.ports.job_runs import JobRun, Patience


class InMemoryJobRuns:
    """One run per job and tick, and one at a time per job."""

    def __init__(self, database: InMemoryDatabase) -> None:
        self._database = database

    async def claim(self, run: JobRun, patience: Patience) -> bool:
        await self._database.round_trip()
        rows, now = self._database.job_runs, run.started_at
        ours = {id_: row for id_, row in rows.items() if row.run.job == run.job and not row.is_void}
        is_set_back = any(row.run.started_at > now + patience.ahead for row in ours.values())
        for id_, row in ours.items():
            if row.has_lease and not _is_heard(row, now, patience):
                died = evolve(
                    row.run, finished_at=run.started_at, error="The process that ran it died."
                )
                rows[id_] = evolve(row, run=died, has_lease=False, is_void=True)
            elif (
                not row.has_lease
                and row.run.slot >= run.slot
                and (
                    is_set_back
                    or (row.run.slot == run.slot and _failed_long_ago(row, now, patience))
                )
            ):
                rows[id_] = evolve(row, is_void=True)
        for row in rows.values():
            is_taken = row.run.slot == run.slot and not row.is_void
            if row.run.job == run.job and (row.has_lease or is_taken):
                return False
        rows[run.id] = JobRunRow(run, run.started_at)
        return True

    async def beat(self, run: JobRun, now: datetime) -> bool:
        await self._database.round_trip()
        row = self._database.job_runs.get(run.id)
        if row is None or not row.has_lease:
            return False
        self._database.job_runs[run.id] = evolve(row, heartbeat_at=now)
        return True

    async def finish(self, run: JobRun, *, is_void: bool = False) -> None:
        await self._database.round_trip()
        row = self._database.job_runs.get(run.id)
        if row is not None and row.has_lease:
            self._database.job_runs[run.id] = evolve(row, run=run, has_lease=False, is_void=is_void)

    async def list(self, *, job: str | None, limit: int) -> Sequence[JobRun]:
        await self._database.round_trip()
        runs = (row.run for row in self._database.job_runs.values())
        found = [run for run in runs if job in {None, run.job}]
        return sorted(found, key=lambda run: (run.started_at, run.id), reverse=True)[:limit]

    async def find_note(self, job: str) -> str | None:
        await self._database.round_trip()
        return self._database.job_notes.get(job)

    async def keep_note(self, run: JobRun, note: str | None) -> bool:
        await self._database.round_trip()
        row = self._database.job_runs.get(run.id)
        if row is None or not row.has_lease:
            return False
        if note is None:
            self._database.job_notes.pop(run.job, None)
        else:
            self._database.job_notes[run.job] = note
        return True

    async def purge(self, before: datetime) -> int:
        await self._database.round_trip()
        rows = self._database.job_runs
        latest: dict[str, tuple[datetime, str]] = {}
        for row in rows.values():
            key = (row.run.started_at, row.run.id)
            latest[row.run.job] = max(latest.get(row.run.job, key), key)
        old = [
            id_
            for id_, row in rows.items()
            if row.run.finished_at is not None
            and row.run.finished_at < before
            and latest[row.run.job] != (row.run.started_at, row.run.id)
        ]
        for id_ in old:
            del rows[id_]
        return len(old)


def _is_heard(row: JobRunRow, now: datetime, patience: Patience) -> bool:
    return now - patience.silence < row.heartbeat_at <= now + patience.ahead


def _failed_long_ago(row: JobRunRow, now: datetime, patience: Patience) -> bool:
    finished = row.run.finished_at
    return row.run.error is not None and finished is not None and finished <= now - patience.retry
