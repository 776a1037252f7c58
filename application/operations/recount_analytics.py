"""All days, counted anew."""

from application.ports.analytics_store import AnalyticsStore


class RecountAnalytics:
    """Forgets every sum; the job that aggregates makes them again, from what there is to count.

    Until it is done the days grow, and whoever looks is told so.
    """

    def __init__(self, store: AnalyticsStore) -> None:
        self._store = store

    async def __call__(self) -> None:
        """Begin; safe to repeat."""
        await self._store.begin_again()
