"""What somebody has bought at the sandbox, and what can happen to it now."""

from attrs import frozen

from application.market.stores import Stores
from application.pages import Page, id_cursor, page_of
from application.ports.clock import Clock
from application.ports.product_book import ProductBook
from application.ports.purchase_store import PurchaseStore
from domain.errors import NotFound
from domain.market.products import Provider
from domain.market.purchases import Purchase
from domain.market.simulation import Action, possible_actions


@frozen
class Simulation:
    """A purchase, and what can happen to it; nothing, if it was bought at a real store."""

    purchase: Purchase
    actions: tuple[Action, ...]


class ListSimulations:
    """Reads a person's purchases, newest first."""

    def __init__(
        self, stores: Stores, purchases: PurchaseStore, products: ProductBook, clock: Clock
    ) -> None:
        self._stores = stores
        self._purchases = purchases
        self._products = products
        self._clock = clock

    async def __call__(self, user_id: str, *, limit: int, cursor: str | None) -> Page[Simulation]:
        """One page, from behind ``cursor`` on; raises ``NotFound`` where there is no sandbox."""
        if Provider.SANDBOX not in self._stores.gateways:
            message = "There is no sandbox here."
            raise NotFound(message)
        catalogue = await self._products.current()
        now = self._clock.now()
        found = [
            Simulation(
                purchase,
                possible_actions(purchase, catalogue, now)
                if purchase.provider is Provider.SANDBOX
                else (),
            )
            for purchase in await self._purchases.list(
                user_id, limit=limit + 1, before=id_cursor("pur", cursor)
            )
        ]
        return page_of(found, limit, lambda one: one.purchase.id)
