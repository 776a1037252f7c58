"""The published price tables in memory."""

from adapters.in_memory.database import InMemoryDatabase
from domain.errors import Conflict, NotFound, NotPublished
from domain.pricing import PriceTable


class InMemoryPriceBook:
    """Price tables by version; what was published stays as it was."""

    def __init__(self, database: InMemoryDatabase) -> None:
        self._database = database

    async def current(self) -> PriceTable:
        await self._database.round_trip()
        if not self._database.prices:
            raise NotPublished("No prices are published.")
        return self._database.prices[max(self._database.prices)]

    async def get(self, version: int) -> PriceTable:
        await self._database.round_trip()
        try:
            return self._database.prices[version]
        except KeyError:
            raise NotFound("There is no price table of this version.") from None

    async def publish(self, table: PriceTable) -> bool:
        await self._database.round_trip()
        known = self._database.prices.get(table.version)
        if known == table:
            return False
        if known is not None:
            raise Conflict("This version of the prices is published with other contents.")
        if self._database.prices and table.version < max(self._database.prices):
            raise Conflict("A greater version of the prices is in force.")
        self._database.prices[table.version] = table
        return True
