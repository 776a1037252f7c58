"""Whether Redis answers."""

from adapters.redis.connection import RedisConnection


class RedisHealthProbe:
    """Asks over the connection that everybody uses, so an answer is good news for all."""

    def __init__(self, connection: RedisConnection) -> None:
        self._connection = connection

    @property
    def name(self) -> str:
        return "redis"

    async def check(self) -> None:
        await self._connection.ping()
