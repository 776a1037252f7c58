"""Our purchases beside each store's own records."""

import logging
from collections.abc import AsyncIterator
from datetime import timedelta

from attrs import define

from application.market.purchase_changes import PurchaseChanges
from application.market.purchase_owners import Claim, names_in
from application.market.stores import Stores
from application.ports.clock import Clock
from application.ports.purchase_store import Owner, PurchaseStore
from application.ports.store_records import StoreRecords
from domain.errors import DomainError, Unavailable
from domain.market.products import Provider
from domain.market.purchases import Purchase
from domain.market.reports import Parked, Report
from domain.market.standing import Status

_logger = logging.getLogger(__name__)
WINDOW = timedelta(days=3)
"""As long as the stores themselves try to reach us."""
_ABANDONED = timedelta(days=30)
"""After which an order that nobody paid is not asked about any more."""
_BATCH = 100


@define
class _Counts:
    compared: int = 0
    repaired: int = 0
    unclear: int = 0


class ReconcilePurchases:
    """Compares what changed at each store in the last three days, and what is open here.

    What we had not heard of is applied as if it had been told; what belongs to nobody we know is
    counted, and waits in the inbox if the store told us of it at all.
    """

    def __init__(
        self, stores: Stores, purchases: PurchaseStore, changes: PurchaseChanges, clock: Clock
    ) -> None:
        self._stores = stores
        self._purchases = purchases
        self._changes = changes
        self._clock = clock

    async def __call__(self) -> str:
        """What was found, in words. Raises ``Unavailable`` when no store answered."""
        told: list[str] = []
        away: Unavailable | None = None
        for provider, records in self._stores.records.items():
            counts = _Counts()
            try:
                async for report in self._reports(provider, records, counts):
                    await self._compare(report, counts)
            except Unavailable as error:
                away = error
                told.append(f"{provider} did not answer after {counts.compared}")
                continue
            except (Parked, DomainError):
                # Said by the list itself; what single purchases say does not end the rest.
                _logger.exception("the records of %s could not be read", provider)
                counts.unclear += 1
            told.append(
                f"{provider}: {counts.compared} compared, {counts.repaired} repaired, "
                f"{counts.unclear} unclear"
            )
        if away is not None and all("did not answer" in line for line in told):
            raise away
        return "; ".join(told) or "no store to compare with"

    async def _reports(
        self, provider: Provider, records: StoreRecords, counts: _Counts
    ) -> AsyncIterator[Report]:
        now = self._clock.now()
        async for report in records.list_changed(now - WINDOW, now):
            yield report
        after: Owner | None = None
        while True:
            live = await self._purchases.list_live(provider, limit=_BATCH, after=after)
            for owner in live:
                purchase = await self._purchases.get(owner.user_id, owner.purchase_id)
                found = await self._look_up(records, purchase, counts)
                if found is not None:
                    yield found
            if len(live) < _BATCH:
                return
            after = live[-1]

    async def _look_up(
        self, records: StoreRecords, purchase: Purchase, counts: _Counts
    ) -> Report | None:
        now = self._clock.now()
        is_unpaid = purchase.status is Status.PENDING and now - purchase.created_at > _ABANDONED
        if purchase.reference is None or is_unpaid:
            return None
        try:
            return await records.look_up(purchase, now)
        except Unavailable:
            raise
        except (Parked, DomainError) as error:
            _warn_unclear(counts, purchase.provider, error)
            return None

    async def _compare(self, report: Report, counts: _Counts) -> None:
        counts.compared += 1
        owner = await self._purchases.find_owner(report.provider, names_in(report))
        before = await self._purchases.get(owner.user_id, owner.purchase_id) if owner else None
        is_news = before is None or not set(report.facts) <= set(before.facts)
        if not is_news and not report.errands and report.replaces is None:
            return
        claim = Claim(owner.user_id, is_proven=False) if owner else None
        try:
            after = await self._changes.apply(report, claim=claim)
        except Unavailable:
            raise
        except (Parked, DomainError) as error:
            _warn_unclear(counts, report.provider, error)
            return
        if before is None or (after.standing, after.lots) != (before.standing, before.lots):
            counts.repaired += 1
            _logger.warning("repaired a purchase", extra={"purchase_id": after.id})


def _warn_unclear(counts: _Counts, provider: Provider, error: Parked | DomainError) -> None:
    counts.unclear += 1
    _logger.warning("a purchase at %s is unclear: %s", provider, type(error).__name__)
