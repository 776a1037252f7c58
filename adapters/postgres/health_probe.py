"""Whether PostgreSQL answers."""

import asyncio

from adapters.postgres.connection import PostgresPool
from domain.errors import Unavailable

_DEADLINE_SECONDS = 2.0


class PostgresHealthProbe:
    """Asks the database the least that there is to ask."""

    def __init__(self, pool: PostgresPool) -> None:
        self._pool = pool

    @property
    def name(self) -> str:
        return "postgres"

    async def check(self) -> None:
        try:
            async with asyncio.timeout(_DEADLINE_SECONDS):
                await self._pool.read("SELECT 1", {})
        except TimeoutError as error:
            raise Unavailable("The database does not answer.") from error
