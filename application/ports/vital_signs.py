"""How the product as a whole is doing, for those who operate it."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from attrs import frozen


@frozen
class Vitals:
    """What holds for all processes together, at one moment.

    ``open_holds`` and ``overdue_wallets`` are counted up to a bound, so that looking stays cheap
    however much is going on. A wallet is overdue when its expired holds should have been released
    a minute ago.
    """

    open_holds: int
    overdue_wallets: int
    job_successes: Mapping[str, datetime]
    """When each job last ended without an error; a job that never did is absent."""
    invariant_breaks: int | None
    """What the last check of the invariants found; None when there was none."""
    inbox_lag: timedelta
    """For how long the oldest due message of a store has been due; 0 when none is."""
    inbox_waiting: int
    inbox_parked: int
    errands_waiting: int
    errands_parked: int


class VitalSigns(Protocol):
    """Read every few seconds by every process, hence in one statement that stays cheap."""

    async def read(self, jobs: Sequence[str], now: datetime) -> Vitals:
        """How it is now; ``jobs`` are those to look for. Raises ``Unavailable``."""
        ...
