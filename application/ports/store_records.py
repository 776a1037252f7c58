"""What the stores have on record, for comparing with ours."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Protocol

from domain.market.purchases import Purchase
from domain.market.reports import Report


class StoreRecords(Protocol):
    """The store's own list. Everything raises ``Unavailable`` when it does not answer."""

    async def look_up(self, purchase: Purchase, now: datetime) -> Report | None:
        """All that the store says about this purchase; None when it does not know it."""
        ...

    def list_changed(self, since: datetime, until: datetime) -> AsyncIterator[Report]:
        """What changed from ``since`` until before ``until``, in any order, each maybe repeated.

        A store without such a list yields what it has: refunds and voided purchases, or nothing.
        """
        ...
