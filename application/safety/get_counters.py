"""How often things happened, for the yearly report."""

from datetime import date, timedelta

from application.ports.clock import Clock
from application.ports.safety_log import SafetyLog
from domain.errors import InvalidRequest
from domain.safety.counters import Counters

MOST_DAYS = 1_100
"""Three years."""


class GetCounters:
    """Reads the counts of some days; they hold neither texts nor people."""

    def __init__(self, log: SafetyLog, clock: Clock) -> None:
        self._log = log
        self._clock = clock

    async def __call__(
        self, *, year: int | None = None, first: date | None = None, last: date | None = None
    ) -> Counters:
        """The counts of a year, or from one day to another, both included.

        Without anything the year is the one that it is now (UTC), without one of the two days
        the other end is that of its year. Raises ``InvalidRequest``.
        """
        if year is not None and (first or last):
            message = "give either year, or from and to"
            raise InvalidRequest(message, param="year")
        named = first or last
        if year is None:
            year = named.year if named else self._clock.now().year
        first, last = first or date(year, 1, 1), last or date(year, 12, 31)
        if not timedelta() <= last - first < timedelta(days=MOST_DAYS):
            message = f"to must not be before from, nor {MOST_DAYS} days or more behind it"
            raise InvalidRequest(message, param="to")
        return Counters(first, last, tuple(await self._log.counts(first, last)))
