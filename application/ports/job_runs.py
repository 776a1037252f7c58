"""Which job ran when: the agreement between processes that each tick runs once."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol

from attrs import frozen


@frozen
class JobRun:
    """One run: ``slot`` is the tick it was for; ``outcome`` says in words what it did."""

    id: str
    job: str
    slot: datetime
    started_at: datetime
    finished_at: datetime | None = None
    outcome: str | None = None
    error: str | None = None


@frozen
class Patience:
    """When a run is given up, a failed one repeated, and a clock not believed."""

    silence: timedelta = timedelta(seconds=30)
    retry: timedelta = timedelta(minutes=1)
    ahead: timedelta = timedelta(minutes=5)


class JobRuns(Protocol):
    """One row per job and tick, and a note for each job from one run to the next."""

    async def claim(self, run: JobRun, patience: Patience) -> bool:
        """Whether this process may run the tick.

        False when the tick was taken, or while another run of the job is at work: runs of one job
        never overlap. A run that has not finished and of which nothing was heard for
        ``patience.silence`` is ended here, with an error that says so: its process died. A tick
        whose run died, or failed ``patience.retry`` ago, may be taken once more. So may this tick
        and all after it where a run began later than ``patience.ahead`` from now: the clock was
        set back since.
        """
        ...

    async def beat(self, run: JobRun, now: datetime) -> bool:
        """Say that the run is at work; False when somebody has ended it meanwhile."""
        ...

    async def finish(self, run: JobRun, *, is_void: bool = False) -> None:
        """Store how it ended, unless somebody has ended it; ``is_void`` frees its tick at once."""
        ...

    async def list(self, *, job: str | None, limit: int) -> Sequence[JobRun]:
        """The latest runs, newest first."""
        ...

    async def find_note(self, job: str) -> str | None:
        """What the job last kept for its next run."""
        ...

    async def keep_note(self, run: JobRun, note: str | None) -> bool:
        """Replace the job's note, or remove it; False, and nothing kept, once the run has ended."""
        ...

    async def purge(self, before: datetime) -> int:
        """Delete runs that ended before then, but the latest of each job; returns how many."""
        ...
