"""A scheduled job, once per tick over all processes."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, cast

from attrs import evolve

from application.operations.job import Job, JobNotes
from application.ports.clock import Clock, IdGenerator
from application.ports.job_runs import JobRun, JobRuns, Patience
from domain.errors import Conflict, NotFound, Unavailable

_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_LONGEST_ERROR = 500
_BEAT_SECONDS = 5.0
_STOP_SECONDS = 3.0
_GRACE_SECONDS = 5.0


class RunJob:
    """Claims the current tick of a job and runs it; whoever comes later finds it taken.

    A run says every few seconds that it is at work. When its process dies another one takes the
    same tick once nothing was heard for ``patience.silence``; a run that was taken over, while its
    process only slept, is cancelled as soon as it notices.
    """

    def __init__(
        self,
        jobs: Mapping[str, Job],
        runs: JobRuns,
        clock: Clock,
        ids: IdGenerator,
        *,
        patience: Patience | None = None,
        beat_seconds: float = _BEAT_SECONDS,
    ) -> None:
        self._jobs = jobs
        self._runs = runs
        self._clock = clock
        self._ids = ids
        self._patience = patience or Patience()
        self._beat_seconds = beat_seconds
        self._at_work: set[asyncio.Future[Any]] = set()

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
        if not await self._runs.claim(run, self._patience):
            return None
        # Whatever awaits this is a task.
        self._remember(cast("asyncio.Task[Any]", asyncio.current_task()))
        try:
            outcome = await self._attended(job, run)
        except asyncio.CancelledError:
            # The process is told to stop: the tick is left to another one at once.
            ending = asyncio.ensure_future(self._end(run, error="It was stopped.", is_void=True))
            self._remember(ending)
            await asyncio.shield(ending)
            raise
        except Exception as error:
            await self._end(run, error=f"{type(error).__name__}: {error}"[:_LONGEST_ERROR])
            raise
        return await self._end(run, outcome=outcome)

    async def stop(self, *, grace_seconds: float = _GRACE_SECONDS) -> None:
        """Let what is at work here end; cancel what takes longer, so that others may take it."""
        await self._ended(grace_seconds)
        for task in tuple(self._at_work):
            task.cancel()
        await self._ended(_STOP_SECONDS)

    async def _ended(self, seconds: float) -> None:
        loop = asyncio.get_running_loop()
        deadline = loop.time() + seconds
        while self._at_work and (left := deadline - loop.time()) > 0:
            await asyncio.wait(tuple(self._at_work), timeout=left)

    def _remember(self, task: asyncio.Future[Any]) -> None:
        self._at_work.add(task)
        task.add_done_callback(self._at_work.discard)

    async def _attended(self, job: Job, run: JobRun) -> str:
        """What the work says; it is cancelled when the run is not this process's any more."""
        work = asyncio.ensure_future(job.work(JobNotes(self._runs, run)))
        beating = asyncio.create_task(self._beat(run))
        try:
            await asyncio.wait({work, beating}, return_when=asyncio.FIRST_COMPLETED)
            if not work.done():
                message = "Another process has taken this job over."
                raise Conflict(message)
            return work.result()
        finally:
            for task in (work, beating):
                task.cancel()
            await asyncio.wait({work, beating}, timeout=_STOP_SECONDS)

    async def _beat(self, run: JobRun) -> None:
        """Ends when somebody else has ended the run."""
        while True:
            await asyncio.sleep(self._beat_seconds)
            try:
                if not await self._runs.beat(run, self._clock.now()):
                    return
            except Unavailable:
                continue  # whoever cannot reach the database cannot take the job over either

    async def _end(
        self,
        run: JobRun,
        *,
        outcome: str | None = None,
        error: str | None = None,
        is_void: bool = False,
    ) -> JobRun:
        ended = evolve(run, finished_at=self._clock.now(), outcome=outcome, error=error)
        await self._runs.finish(ended, is_void=is_void)
        return ended
