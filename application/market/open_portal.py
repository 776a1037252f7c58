"""The store's own page, on which people manage how they pay."""

from application.market.stores import Stores
from application.ports.purchase_store import PurchaseStore
from domain.errors import NotFound
from domain.market.products import Provider


class OpenPortal:
    """Opens the portal of the store that the person pays through."""

    def __init__(self, stores: Stores, purchases: PurchaseStore) -> None:
        self._stores = stores
        self._purchases = purchases

    async def __call__(self, user_id: str, *, return_url: str) -> str:
        """The page's address, good for a short time.

        Raises ``NotFound`` when the person has not paid through a store that has such a page,
        ``Unavailable`` when the store does not answer.
        """
        holder = await self._purchases.get_holder(user_id)
        for provider in Provider:
            customer = holder.customers.get(provider)
            gateway = self._stores.gateways.get(provider)
            if customer is not None and gateway is not None:
                return await gateway.open_portal(customer, return_url=return_url)
        message = "There is nothing to manage: nothing was paid here yet."
        raise NotFound(message)
