"""Somebody who builds an app lets something happen to a purchase at the sandbox."""

from attrs import frozen

from application.market.purchase_changes import PurchaseChanges
from application.market.purchase_owners import Claim
from application.market.stores import Stores
from application.ports.clock import Clock
from application.ports.product_book import ProductBook
from application.ports.purchase_store import PurchaseStore
from domain.errors import Conflict, NotFound
from domain.market.products import Provider
from domain.market.purchases import Purchase
from domain.market.reports import Parked, Report
from domain.market.sandbox import reference_of
from domain.market.simulation import Action, simulate


@frozen
class SimulateStoreCommand:
    """``percent`` (1 to 100) is what part of a payment goes back; None is all that is left."""

    user_id: str
    purchase_id: str
    action: Action
    percent: int | None = None


class SimulateStore:
    """Applies what a real store would tell, the same way as if one had told it."""

    def __init__(
        self,
        stores: Stores,
        purchases: PurchaseStore,
        products: ProductBook,
        changes: PurchaseChanges,
        clock: Clock,
    ) -> None:
        self._stores = stores
        self._purchases = purchases
        self._products = products
        self._changes = changes
        self._clock = clock

    async def __call__(self, command: SimulateStoreCommand) -> Purchase:
        """The purchase afterwards.

        Raises ``NotFound`` where there is no sandbox or no such purchase of the person's,
        ``Conflict`` for what cannot happen to it now.
        """
        if Provider.SANDBOX not in self._stores.gateways:
            message = "There is no sandbox here."
            raise NotFound(message)
        purchase = await self._purchases.get(command.user_id, command.purchase_id)
        if purchase.provider is not Provider.SANDBOX:
            message = "This was bought at a real store: only that one can change it."
            raise Conflict(message)
        catalogue = await self._products.current()
        now = self._clock.now()
        report = Report(
            Provider.SANDBOX,
            reference_of(purchase.id),
            facts=simulate(purchase, command.action, catalogue, now, command.percent),
            purchase_id=purchase.id,
            user_id=purchase.user_id,
        )
        try:
            return await self._changes.apply(report, claim=Claim(purchase.user_id, is_proven=False))
        except Parked as parked:
            raise Conflict(parked.reason) from parked
