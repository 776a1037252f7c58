"""The subscription that somebody has."""

from application.market.running_subscription import running_subscription
from application.ports.purchase_store import PurchaseStore
from domain.market.purchases import Purchase


class GetSubscription:
    """Reads the person's subscription that is not over."""

    def __init__(self, purchases: PurchaseStore) -> None:
        self._purchases = purchases

    async def __call__(self, user_id: str) -> Purchase | None:
        """None when there is none."""
        return running_subscription(await self._purchases.list_subscriptions(user_id))
