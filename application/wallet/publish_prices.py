"""Put a price table in force."""

from application.ports.price_book import PriceBook
from domain.pricing import PriceTable


class PublishPrices:
    """Publishes a price table; turns that are running keep the one that they were held by."""

    def __init__(self, prices: PriceBook) -> None:
        self._prices = prices

    async def __call__(self, table: PriceTable) -> bool:
        """Whether it is new; raises ``Conflict`` when its version exists otherwise."""
        return await self._prices.publish(table)
