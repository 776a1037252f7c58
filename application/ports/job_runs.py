"""Which job ran when: the agreement between processes that each tick runs once."""

from collections.abc import Sequence
from datetime import datetime
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


class JobRuns(Protocol):
    """One row per job and tick."""

    async def claim(self, run: JobRun, *, lease_seconds: int) -> bool:
        """Whether this process may run the tick.

        False when the tick was taken, or when another run of the job began less than
        ``lease_seconds`` ago and has not finished: runs of one job never overlap.
        """
        ...

    async def finish(self, run: JobRun) -> None:
        """Store how it ended."""
        ...

    async def list(self, *, job: str | None, limit: int) -> Sequence[JobRun]:
        """The latest runs, newest first."""
        ...
