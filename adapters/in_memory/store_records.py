"""The records of a store, as a test wrote them."""

from collections.abc import AsyncIterator
from datetime import datetime

from domain.errors import Unavailable
from domain.market.products import Provider
from domain.market.purchases import Purchase
from domain.market.reports import Report


class InMemoryStoreRecords:
    """Knows each purchase by its reference, and when something about it was written last."""

    def __init__(self, provider: Provider = Provider.STRIPE) -> None:
        self._provider = provider
        self._written: dict[str, tuple[Report, datetime]] = {}
        self.is_away = False

    def write(self, report: Report, at: datetime) -> None:
        """All that the store says about a purchase from now on; it changed at this time."""
        self._written[report.reference] = report, at

    async def look_up(self, purchase: Purchase, now: datetime) -> Report | None:
        self._check()
        del now  # what the store says does not depend on when it is asked
        if purchase.provider is not self._provider or purchase.reference is None:
            return None
        report, _ = self._written.get(purchase.reference, (None, None))
        return report

    async def list_changed(self, since: datetime, until: datetime) -> AsyncIterator[Report]:
        """What was written in that time, in the order in which it was first written."""
        self._check()
        for report, at in list(self._written.values()):
            if since <= at < until:
                yield report

    def _check(self) -> None:
        if self.is_away:
            raise Unavailable("The store does not answer.")
