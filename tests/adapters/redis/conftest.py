"""Connections to Redis, and ways to it that break."""

from collections.abc import AsyncIterator

import pytest

from adapters.redis.connection import RedisConnection
from tests.loopback.fault_proxy import FaultProxy


@pytest.fixture
async def proxy(redis_url: str) -> AsyncIterator[FaultProxy]:
    address = redis_url.removeprefix("redis://").partition("/")[0]
    async with FaultProxy(address) as proxy:
        yield proxy


@pytest.fixture
async def connection(redis_url: str) -> AsyncIterator[RedisConnection]:
    connection = RedisConnection(redis_url)
    yield connection
    await connection.close()


@pytest.fixture
def by_proxy(redis_url: str, proxy: FaultProxy) -> str:
    """The URL of the same database by way of the proxy."""
    return f"redis://127.0.0.1:{proxy.port}/{redis_url.rpartition('/')[2]}"


@pytest.fixture
async def shaky(by_proxy: str) -> AsyncIterator[RedisConnection]:
    """A connection by way of the proxy; after a failure it tries again at once."""
    connection = RedisConnection(by_proxy, pause=0)
    yield connection
    await connection.close()
