"""What every health probe promises."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from attrs import frozen

from adapters.in_memory.health_probe import InMemoryHealthProbe
from adapters.postgres.connection import PostgresPool
from adapters.postgres.health_probe import PostgresHealthProbe
from adapters.redis.connection import RedisConnection
from adapters.redis.health_probe import RedisHealthProbe
from application.ports.health_probe import HealthProbe
from domain.errors import Unavailable

AT_MOST_SECONDS = 10
"""Far above the 2 s that are promised, and far below the minutes that a client waits by itself."""


@frozen
class Probes:
    """The same probe before a part that answers, one that is away, and one that says nothing."""

    name: str
    answering: HealthProbe
    away: HealthProbe
    mute: HealthProbe


@pytest.fixture
async def mute_port() -> AsyncIterator[int]:
    """A server that accepts connections and never says a word."""
    connections: list[asyncio.StreamWriter] = []

    async def accept(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connections.append(writer)

    server = await asyncio.start_server(accept, "127.0.0.1", 0)
    yield server.sockets[0].getsockname()[1]
    server.close()
    for writer in connections:
        writer.close()
    await server.wait_closed()


@pytest.fixture(params=["memory", "postgres", "redis"])
async def probes(
    request: pytest.FixtureRequest, mute_port: int, unused_tcp_port: int
) -> AsyncIterator[Probes]:
    if request.param == "memory":
        silent = InMemoryHealthProbe(is_answering=False)
        yield Probes("memory", InMemoryHealthProbe(), silent, silent)
    elif request.param == "postgres":
        pools = [
            PostgresPool(url)
            for url in (
                request.getfixturevalue("postgres_url"),
                f"postgresql://127.0.0.1:{unused_tcp_port}/none",
                f"postgresql://127.0.0.1:{mute_port}/none",
            )
        ]
        for pool in pools:
            await pool.open()
        yield Probes("postgres", *(PostgresHealthProbe(pool) for pool in pools))
        for pool in pools:
            await pool.close()
    else:
        connections = [
            RedisConnection(url)
            for url in (
                request.getfixturevalue("redis_url"),
                f"redis://127.0.0.1:{unused_tcp_port}",
                f"redis://127.0.0.1:{mute_port}",
            )
        ]
        yield Probes("redis", *(RedisHealthProbe(connection) for connection in connections))
        for connection in connections:
            await connection.close()


async def test_a_probe_says_what_it_asks(probes: Probes) -> None:
    assert probes.answering.name == probes.away.name == probes.name


async def test_a_part_that_answers_is_healthy_each_time(probes: Probes) -> None:
    await probes.answering.check()
    await probes.answering.check()


async def test_a_part_that_is_away_is_unavailable(probes: Probes) -> None:
    with pytest.raises(Unavailable):
        await probes.away.check()


async def test_a_part_that_says_nothing_is_unavailable_before_long(probes: Probes) -> None:
    async with asyncio.timeout(AT_MOST_SECONDS):
        with pytest.raises(Unavailable):
            await probes.mute.check()


async def test_many_who_ask_a_mute_part_at_once_wait_no_longer_than_one(probes: Probes) -> None:
    async with asyncio.timeout(AT_MOST_SECONDS):
        answers = await asyncio.gather(
            *(probes.mute.check() for _ in range(20)), return_exceptions=True
        )
    assert [type(answer) for answer in answers] == [Unavailable] * 20
