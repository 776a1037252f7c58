"""Subscriptions whose time is up by the clock alone."""

import logging

from application.market.purchase_changes import PurchaseChanges
from application.market.purchase_owners import Claim
from application.market.stores import Stores
from application.ports.clock import Clock
from application.ports.purchase_store import Owner, PurchaseStore
from domain.errors import DomainError
from domain.market.reports import Parked

_logger = logging.getLogger(__name__)
_BATCH = 200


class RenewSubscriptions:
    """Asks the store about each, and closes those of which nothing new is heard.

    While a store does not answer its subscriptions stay as they are, and are asked about again.
    """

    def __init__(
        self, stores: Stores, purchases: PurchaseStore, changes: PurchaseChanges, clock: Clock
    ) -> None:
        self._stores = stores
        self._purchases = purchases
        self._changes = changes
        self._clock = clock

    async def __call__(self) -> str:
        """What was done, in words."""
        seen: set[Owner] = set()
        renewed = ended = failed = 0
        while True:
            due = await self._purchases.list_due(self._clock.now(), limit=_BATCH + failed)
            fresh = [owner for owner in due if owner not in seen]
            for owner in fresh:
                seen.add(owner)
                try:
                    is_live = await self._look_up(owner)
                except (DomainError, Parked) as error:
                    _logger.warning("subscription not looked up: %s", type(error).__name__)
                    failed += 1
                except Exception:
                    _logger.exception("subscription not looked up")
                    failed += 1
                else:
                    renewed, ended = renewed + is_live, ended + (not is_live)
            if not fresh:
                return f"{renewed} go on, {ended} ended, {failed} could not be looked up"

    async def _look_up(self, owner: Owner) -> bool:
        """Whether it is open afterwards."""
        purchase = await self._purchases.get(owner.user_id, owner.purchase_id)
        records = self._stores.records.get(purchase.provider)
        report = None
        if records is not None and purchase.reference is not None:
            report = await records.look_up(purchase, self._clock.now())
        if report is None:
            after = await self._changes.look_again(owner)
        else:
            claim = Claim(owner.user_id, is_proven=False)
            after = await self._changes.apply(report, claim=claim)
        return after.status.is_open
