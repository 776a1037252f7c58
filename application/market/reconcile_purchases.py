"""Our purchases beside each store's own records."""

import json
import logging
from collections.abc import AsyncIterator
from datetime import timedelta

from attrs import define

from application.market.purchase_changes import PurchaseChanges
from application.market.purchase_owners import Claim, names_in
from application.market.stores import Stores
from application.operations.job import JobNotes
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


@define
class _Progress:
    """Which stores are done, and how far the purchases at one of them were looked up."""

    notes: JobNotes | None
    done: tuple[str, ...] = ()
    provider: str | None = None
    after: Owner | None = None

    @classmethod
    async def find(cls, notes: JobNotes | None) -> "_Progress":
        kept = await notes.find() if notes else None
        if kept is None:
            return cls(notes)
        done, provider, after = json.loads(kept)
        return cls(notes, tuple(done), provider, Owner(*after) if after else None)

    async def keep(
        self, *, done: tuple[str, ...], provider: str | None = None, after: Owner | None = None
    ) -> None:
        self.done, self.provider, self.after = done, provider, after
        if self.notes is not None:
            place = [after.user_id, after.purchase_id] if after else None
            await self.notes.keep(json.dumps([done, provider, place]))

    async def forget(self) -> None:
        if self.notes is not None:
            await self.notes.keep(None)


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

    async def __call__(self, notes: JobNotes | None = None) -> str:
        """What was found, in words. Raises ``Unavailable`` when no store answered.

        ``notes`` keep how far it came: the run after a killed one goes on from there.
        """
        told: list[str] = []
        away: Unavailable | None = None
        progress = await _Progress.find(notes)
        for provider, records in self._stores.records.items():
            if provider in progress.done:
                told.append(f"{provider}: compared by an earlier run")
                continue
            counts = _Counts()
            try:
                async for report in self._reports(provider, records, counts, progress):
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
            await progress.keep(done=(*progress.done, provider))
        await progress.forget()
        if away is not None and all("did not answer" in line for line in told):
            raise away
        return "; ".join(told) or "no store to compare with"

    async def _reports(
        self,
        provider: Provider,
        records: StoreRecords,
        counts: _Counts,
        progress: _Progress,
    ) -> AsyncIterator[Report]:
        now = self._clock.now()
        after = progress.after if progress.provider == provider else None
        if after is None:
            async for report in records.list_changed(now - WINDOW, now):
                yield report
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
            await progress.keep(done=progress.done, provider=provider, after=after)

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
