"""What things cost."""

from application.ports.price_book import PriceBook
from domain.pricing import PriceTable


class GetPricing:
    """Shows the price table in force."""

    def __init__(self, prices: PriceBook) -> None:
        self._prices = prices

    async def __call__(self) -> PriceTable:
        """The table; raises ``Unavailable`` when none was published."""
        return await self._prices.current()
