"""What was counted, day by day."""

from datetime import date, timedelta

from application.ports.analytics_store import AnalyticsStore
from application.ports.clock import Clock
from application.ports.safety_log import SafetyLog
from domain.analytics_costs import ModelCosts
from domain.analytics_counts import day_of
from domain.analytics_report import Analytics, report
from domain.errors import InvalidRequest

MOST_DAYS = 366
_USUAL = timedelta(days=29)


class GetAnalytics:
    """Reads the sums of some days; models are priced by the costs that are known now."""

    def __init__(
        self, counts: AnalyticsStore, safety: SafetyLog, costs: ModelCosts, clock: Clock
    ) -> None:
        self._counts = counts
        self._safety = safety
        self._costs = costs
        self._clock = clock

    async def __call__(self, *, first: date | None = None, last: date | None = None) -> Analytics:
        """The days from ``first`` to ``last``, both included, at most a year.

        Without ``last`` until today (UTC), without ``first`` thirty days. Raises
        ``InvalidRequest``.
        """
        last = last or max(day_of(self._clock.now()), first or date.min)
        first = first or max(last, date.min + _USUAL) - _USUAL
        if last < first:
            message = "to must not be before from"
            raise InvalidRequest(message, param="to")
        if last - first >= timedelta(days=MOST_DAYS):
            message = f"at most {MOST_DAYS} days can be asked for at once"
            raise InvalidRequest(message, param="from")
        return report(
            first,
            last,
            await self._counts.list(first, last),
            await self._safety.counts(first, last),
            self._costs,
            is_recounting=await self._counts.is_counting_again(),
        )
