"""A clock that stands still until it is moved, and identifiers that are the same in each run."""

from datetime import UTC, datetime, timedelta
from itertools import count

_START = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)


class InMemoryClock:
    """A settable clock; it stands still in between."""

    def __init__(self, start: datetime = _START) -> None:
        self._now = start.astimezone(UTC)

    def now(self) -> datetime:
        return self._now

    def set(self, moment: datetime) -> None:
        """Set the clock, forward or back, to an aware ``moment``."""
        self._now = moment.astimezone(UTC)

    def advance(self, by: timedelta) -> None:
        """Let time pass."""
        self._now += by


class InMemoryIdGenerator:
    """Counts: the first id is ``…_00000000000000000000000000000001``."""

    def __init__(self) -> None:
        self._numbers = count(1)

    def new(self, prefix: str) -> str:
        return f"{prefix}_{next(self._numbers):032x}"
