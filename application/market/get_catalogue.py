"""What is on sale."""

from application.ports.product_book import ProductBook
from domain.market.products import Catalogue


class GetCatalogue:
    """Shows the catalogue in force."""

    def __init__(self, products: ProductBook) -> None:
        self._products = products

    async def __call__(self) -> Catalogue:
        """The products in the order in which they are shown; ``Unavailable`` without any."""
        return await self._products.current()
