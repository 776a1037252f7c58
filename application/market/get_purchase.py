"""One purchase."""

from application.ports.purchase_store import PurchaseStore
from domain.market.purchases import Purchase


class GetPurchase:
    """Reads one purchase of a person."""

    def __init__(self, purchases: PurchaseStore) -> None:
        self._purchases = purchases

    async def __call__(self, user_id: str, purchase_id: str) -> Purchase:
        """Raises ``NotFound``, also for somebody else's."""
        return await self._purchases.get(user_id, purchase_id)
