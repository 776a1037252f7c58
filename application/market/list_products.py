"""What is on sale."""

from collections.abc import Sequence

from application.ports.product_book import ProductBook
from domain.market.products import Product


class ListProducts:
    """Shows the catalogue in force."""

    def __init__(self, products: ProductBook) -> None:
        self._products = products

    async def __call__(self) -> Sequence[Product]:
        """The products in the order in which they are shown."""
        return (await self._products.current()).products
