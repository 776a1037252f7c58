"""Connections whose every use is a span; imported only by a process that has traces."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from adapters.postgres.connection import PostgresPool, Row
from adapters.postgres.statement import Values
from adapters.redis.connection import Argument, RedisConnection, Reply, Script

if TYPE_CHECKING:
    from entrypoints.observability.otel import Tracing


class TracedPool(PostgresPool):
    """Statements, waiting for a connection included."""

    def __init__(self, tracing: "Tracing", url: str, *, size: int) -> None:
        super().__init__(url, size=size)
        self._tracing = tracing

    async def read(self, sql: str, values: Values) -> list[Row]:
        """As ever, with a span around it."""
        with self._tracing.statement(sql):
            return await super().read(sql, values)

    async def write(self, sql: str, values: Values) -> list[Row]:
        """As ever, with a span around it."""
        with self._tracing.statement(sql):
            return await super().write(sql, values)

    async def together(
        self, steps: Sequence[tuple[str, Values]], *, seconds: float | None = None
    ) -> list[Row]:
        """As ever, with one span around all of it, named by its last statement."""
        with self._tracing.statement(steps[-1][0]):
            if seconds is None:
                return await super().together(steps)
            return await super().together(steps, seconds=seconds)


class TracedRedis(RedisConnection):
    """Commands and scripts; several may travel together, and each has its own span."""

    def __init__(self, tracing: "Tracing", url: str) -> None:
        super().__init__(url)
        self._tracing = tracing

    async def execute(self, *command: Argument) -> Reply:
        """As ever, with a span around it."""
        with self._tracing.command(str(command[0])):
            return await super().execute(*command)

    async def run(self, script: Script, keys: Sequence[str], *arguments: Argument) -> Reply:
        """As ever, with a span around it."""
        with self._tracing.command("EVALSHA"):
            return await super().run(script, keys, *arguments)
