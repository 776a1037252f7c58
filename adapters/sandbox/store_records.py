"""What the sandbox has on record: what the purchase knows, and what the clock has brought since."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime

from application.ports.purchase_store import PurchaseStore
from domain.errors import NotFound
from domain.market.facts import Fact, FactKind
from domain.market.products import Catalogue, Provider
from domain.market.purchases import Purchase
from domain.market.reports import Report
from domain.market.sandbox import caught_up, moment_after, reference_of


class SandboxRecords:
    """Renews subscriptions by the clock, whenever they are looked at.

    ``purchases`` tells whose account is gone: what these have does not renew.
    """

    def __init__(
        self, catalogue: Callable[[], Awaitable[Catalogue]], purchases: PurchaseStore
    ) -> None:
        self._catalogue = catalogue
        self._purchases = purchases

    async def look_up(self, purchase: Purchase, now: datetime) -> Report | None:
        if purchase.provider is not Provider.SANDBOX:
            return None
        if purchase.reference != reference_of(purchase.id):
            return None
        current = purchase
        if purchase.standing.renews and not await self._is_owned(purchase):
            # Not of this moment: it comes before the end of the period, however late we look.
            at = moment_after(purchase.facts, purchase.created_at)
            current = purchase.learn((Fact(FactKind.CANCELLED, at),), now)
        current = caught_up(current, await self._catalogue(), now)
        return Report(
            Provider.SANDBOX,
            purchase.reference,
            facts=current.facts,
            product_id=purchase.product_id,
            purchase_id=purchase.id,
            user_id=purchase.user_id,
        )

    async def list_changed(self, since: datetime, until: datetime) -> AsyncIterator[Report]:
        """Nothing: there is no list apart from our own."""
        del since, until
        nothing: tuple[Report, ...] = ()
        for report in nothing:
            yield report

    async def _is_owned(self, purchase: Purchase) -> bool:
        try:
            await self._purchases.get_holder(purchase.user_id)
        except NotFound:
            return False
        return True
