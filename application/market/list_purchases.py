"""What somebody has bought."""

from application.pages import Page, id_cursor, page_of
from application.ports.purchase_store import PurchaseStore
from domain.market.purchases import Purchase


class ListPurchases:
    """Reads a person's purchases, newest first."""

    def __init__(self, purchases: PurchaseStore) -> None:
        self._purchases = purchases

    async def __call__(self, user_id: str, *, limit: int, cursor: str | None) -> Page[Purchase]:
        """One page, from behind ``cursor`` on; raises ``InvalidRequest`` for a foreign one."""
        found = await self._purchases.list(
            user_id, limit=limit + 1, before=id_cursor("pur", cursor)
        )
        return page_of(found, limit, lambda purchase: purchase.id)
