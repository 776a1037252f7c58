"""When to try again what did not work."""

from datetime import datetime, timedelta

from attrs import frozen

_MOST_DOUBLINGS = 20


@frozen
class Backoff:
    """``first`` after the first failure, doubled with each, up to ``longest``; given up at last.

    After ``most`` attempts a person must look at it.
    """

    first: timedelta
    longest: timedelta
    most: int

    def is_over(self, attempts: int) -> bool:
        """Whether so many attempts are enough."""
        return attempts >= self.most

    def next_try(self, attempts: int, now: datetime) -> datetime:
        """When to try again after so many attempts, 1 or more."""
        doubled: timedelta = self.first * (1 << min(attempts - 1, _MOST_DOUBLINGS))
        return now + min(doubled, self.longest)
