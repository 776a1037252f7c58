"""Somebody does not want their subscription to renew."""

from application.market.purchase_changes import PurchaseChanges
from application.market.purchase_owners import Claim
from application.market.running_subscription import running_subscription
from application.market.stores import Stores
from application.ports.purchase_store import PurchaseStore
from domain.errors import Conflict, NotFound
from domain.market.purchases import Purchase


class CancelSubscription:
    """Lets the running subscription end with its period; nothing is given back."""

    def __init__(self, stores: Stores, purchases: PurchaseStore, changes: PurchaseChanges) -> None:
        self._stores = stores
        self._purchases = purchases
        self._changes = changes

    async def __call__(self, user_id: str) -> Purchase:
        """The subscription, which no longer renews; the same again when it did not before.

        Raises ``NotFound`` when there is none, ``Conflict`` when only its store can end it,
        ``Unavailable`` when the store does not answer.
        """
        found = running_subscription(await self._purchases.list_subscriptions(user_id))
        if found is None:
            message = "There is no subscription."
            raise NotFound(message)
        if not found.standing.renews:
            return found
        gateway = self._stores.gateways.get(found.provider)
        if gateway is None:
            message = f"This subscription can only be ended at {found.provider}, in its settings."
            raise Conflict(message)
        report = await gateway.cancel(found, key=f"{found.id}:cancel:{found.version}")
        return await self._changes.apply(report, claim=Claim(user_id, is_proven=False))
