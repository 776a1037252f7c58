"""What the stores call a person."""

from application.ports.purchase_store import Holder, PurchaseStore


class GetHolder:
    """Reads the UUID by which an app binds what it buys to the account."""

    def __init__(self, purchases: PurchaseStore) -> None:
        self._purchases = purchases

    async def __call__(self, user_id: str) -> Holder:
        """Raises ``NotFound`` when the account is gone."""
        return await self._purchases.get_holder(user_id)
