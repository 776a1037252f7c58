"""Which job ran when, in memory: for one process."""

from collections.abc import Sequence
from datetime import timedelta

from adapters.in_memory.database import InMemoryDatabase
from application.ports.job_runs import JobRun


class InMemoryJobRuns:
    """One run per job and tick, and one at a time per job."""

    def __init__(self, database: InMemoryDatabase) -> None:
        self._database = database

    async def claim(self, run: JobRun, *, lease_seconds: int) -> bool:
        await self._database.round_trip()
        lease_began = run.started_at - timedelta(seconds=lease_seconds)
        for other in self._database.job_runs.values():
            is_running = other.finished_at is None and other.started_at > lease_began
            if other.job == run.job and (other.slot == run.slot or is_running):
                return False
        self._database.job_runs[run.id] = run
        return True

    async def finish(self, run: JobRun) -> None:
        await self._database.round_trip()
        if run.id in self._database.job_runs:
            self._database.job_runs[run.id] = run

    async def list(self, *, job: str | None, limit: int) -> Sequence[JobRun]:
        await self._database.round_trip()
        found = [run for run in self._database.job_runs.values() if job in {None, run.job}]
        return sorted(found, key=lambda run: (run.started_at, run.id), reverse=True)[:limit]
