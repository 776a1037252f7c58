"""The published catalogues of products."""

from adapters.postgres import market_codec
from adapters.postgres.connection import PostgresPool
from adapters.postgres.published import PublishedVersions
from domain.market.products import Catalogue


class PostgresProductBook:
    """Catalogues by version; what was published stays as it was."""

    def __init__(self, pool: PostgresPool) -> None:
        self._catalogues: PublishedVersions[Catalogue] = PublishedVersions(
            pool, "product_catalogues", "products", market_codec.catalogue
        )

    async def current(self) -> Catalogue:
        return await self._catalogues.current()

    async def publish(self, catalogue: Catalogue) -> bool:
        return await self._catalogues.publish(catalogue)
