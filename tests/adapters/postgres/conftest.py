"""Stores over a database of the test's own, and a way behind their backs."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import psycopg
import pytest

from adapters.in_memory.clock import InMemoryClock
from adapters.postgres.connection import PostgresPool
from tests.contracts.builders import NOW
from tests.contracts.postgres_stores import stores_over
from tests.contracts.stores import Stores
from tests.loopback.fault_proxy import FaultProxy

Superuser = psycopg.Connection[tuple[Any, ...]]


@pytest.fixture
async def pool(postgres_url: str) -> AsyncIterator[PostgresPool]:
    pool = PostgresPool(postgres_url, size=4)
    await pool.open()
    yield pool
    await pool.close()


@pytest.fixture
def stores(pool: PostgresPool) -> Stores:
    return stores_over(pool, InMemoryClock(NOW))


@pytest.fixture
def superuser(postgres_url: str) -> Iterator[Superuser]:
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        yield connection


@pytest.fixture
async def proxy(postgres_url: str) -> AsyncIterator[FaultProxy]:
    """A way to the database that breaks when it is told to."""
    place = parse_qs(urlsplit(postgres_url).query)
    socket = Path(place["host"][0], f".s.PGSQL.{place['port'][0]}")
    async with FaultProxy(str(socket)) as proxy:
        yield proxy


@pytest.fixture
async def shaky(postgres_url: str, proxy: FaultProxy) -> AsyncIterator[PostgresPool]:
    """A pool by way of the proxy."""
    database = urlsplit(postgres_url).path
    pool = PostgresPool(f"postgresql://postgres@127.0.0.1:{proxy.port}{database}", size=2)
    await pool.open()
    yield pool
    await pool.close()


async def until(condition: Callable[[], bool]) -> None:
    """Wait until it is so, or until the test's time is up."""
    while not condition():  # noqa: ASYNC110 - servers and pools announce nothing to wait for
        await asyncio.sleep(0.01)
