"""The published catalogues of products in memory."""

from adapters.in_memory.database import InMemoryDatabase
from domain.errors import Conflict, NotPublished
from domain.market.products import Catalogue, Product


class InMemoryProductBook:
    """Catalogues by version; what was published stays as it was."""

    def __init__(self, database: InMemoryDatabase) -> None:
        self._database = database

    async def current(self) -> Catalogue:
        await self._database.round_trip()
        if not self._database.catalogues:
            raise NotPublished("No products are published.")
        return self._database.catalogues[max(self._database.catalogues)]

    async def publish(self, catalogue: Catalogue) -> bool:
        await self._database.round_trip()
        catalogues = self._database.catalogues
        known = catalogues.get(catalogue.version)
        if known == catalogue:
            return False
        if known is not None:
            raise Conflict("This version of the products is published with other contents.")
        if catalogues and catalogue.version < max(catalogues):
            raise Conflict("A greater version of the products is in force.")
        catalogues[catalogue.version] = catalogue
        return True


def find_product(database: InMemoryDatabase, product_id: str) -> Product | None:
    """The product, as the newest catalogue says that has it."""
    for version in sorted(database.catalogues, reverse=True):
        for product in database.catalogues[version].products:
            if product.id == product_id:
                return product
    return None
