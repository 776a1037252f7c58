"""Put a catalogue in force."""

from application.ports.product_book import ProductBook
from domain.market.products import Catalogue


class PublishProducts:
    """Publishes a catalogue; what was bought before keeps the credits that it brought."""

    def __init__(self, products: ProductBook) -> None:
        self._products = products

    async def __call__(self, catalogue: Catalogue) -> bool:
        """Whether it is new; raises ``Conflict`` when its version exists otherwise."""
        return await self._products.publish(catalogue)
