"""A scheduled job, once per tick over all processes."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta

from attrs import evolve, frozen

from application.ports.clock import Clock, IdGenerator
from application.ports.job_runs import JobRun, JobRuns
from domain.errors import NotFound

_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_LONGEST_ERROR = 500


@frozen
class Job:
    """Work that is due every ``every``; ``work`` says in words what it did."""

    name: str
    description: str
    every: timedelta
    work: Callable[[], Awaitable[str]]


class RunJob:
    """Claims the current tick of a job and runs it; whoever comes later finds it taken."""

    def __init__(
        self, jobs: Mapping[str, Job], runs: JobRuns, clock: Clock, ids: IdGenerator
    ) -> None:
        self._jobs = jobs
        self._runs = runs
        self._clock = clock
        self._ids = ids

    @property
    def jobs(self) -> Mapping[str, Job]:
        """All jobs by name."""
        return self._jobs

    async def __call__(self, name: str, *, by_hand: bool = False) -> JobRun | None:
        """The finished run; None when this tick is taken or the job is running elsewhere.

        ``by_hand`` makes the present moment a tick of its own. A failing job's error is stored
        and raised. Raises ``NotFound`` for an unknown job.
        """
        job = self._jobs.get(name)
        if job is None:
            message = f"There is no job {name!r}; jobs are {', '.join(sorted(self._jobs))}."
            raise NotFound(message)
        now = self._clock.now()
        slot = now if by_hand else _EPOCH + (now - _EPOCH) // job.every * job.every
        run = JobRun(id=self._ids.new("run"), job=name, slot=slot, started_at=now)
        lease = max(60, int(job.every.total_seconds()))
        if not await self._runs.claim(run, lease_seconds=lease):
            return None
        try:
            outcome = await job.work()
        except Exception as error:
            failed = f"{type(error).__name__}: {error}"[:_LONGEST_ERROR]
            await self._runs.finish(evolve(run, finished_at=self._clock.now(), error=failed))
            raise
        finished = evolve(run, finished_at=self._clock.now(), outcome=outcome)
        await self._runs.finish(finished)
        return finished
