"""Runs of jobs that nobody asks for any more."""

from datetime import timedelta

from application.ports.clock import Clock
from application.ports.job_runs import JobRuns

KEPT = timedelta(days=30)


class PurgeRuns:
    """Deletes runs after 30 days, but the latest of each job."""

    def __init__(self, runs: JobRuns, clock: Clock) -> None:
        self._runs = runs
        self._clock = clock

    async def __call__(self) -> str:
        """What was done, in words."""
        return f"deleted {await self._runs.purge(self._clock.now() - KEPT)} runs"
