"""The published price tables."""

from adapters.postgres import codec
from adapters.postgres.connection import PostgresPool
from adapters.postgres.published import PublishedVersions
from domain.errors import NotFound
from domain.pricing import PriceTable


class PostgresPriceBook:
    """Price tables by version; what was published stays as it was, so it is read only once."""

    def __init__(self, pool: PostgresPool) -> None:
        self._published: PublishedVersions[PriceTable] = PublishedVersions(
            pool, "price_tables", "prices", codec.prices
        )
        self._tables: dict[int, PriceTable] = {}

    async def current(self) -> PriceTable:
        return await self._published.current()

    async def get(self, version: int) -> PriceTable:
        if version not in self._tables:
            table = await self._published.find(version)
            if table is None:
                raise NotFound("There is no price table of this version.")
            self._tables[version] = table
        return self._tables[version]

    async def publish(self, table: PriceTable) -> bool:
        return await self._published.publish(table)
