"""What a job is, and what it may know of its earlier runs."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from attrs import frozen

from application.ports.job_runs import JobRun, JobRuns
from domain.errors import Conflict


class JobNotes:
    """What a run finds of the runs before it, and leaves to the next.

    A long job keeps how far it came, so that the run after a killed one goes on from there, and
    removes it at its end.
    """

    def __init__(self, runs: JobRuns, run: JobRun) -> None:
        self._runs = runs
        self._run = run

    async def find(self) -> str | None:
        """What the job kept last, None when there is nothing."""
        return await self._runs.find_note(self._run.job)

    async def keep(self, note: str | None) -> None:
        """Replace it; None removes it. Raises ``Conflict`` once the run was taken over."""
        if not await self._runs.keep_note(self._run, note):
            message = "Another process has taken this job over."
            raise Conflict(message)


@frozen
class Job:
    """Work that is due every ``every``; ``work`` says in words what it did."""

    name: str
    description: str
    every: timedelta
    work: Callable[[JobNotes], Awaitable[str]]
