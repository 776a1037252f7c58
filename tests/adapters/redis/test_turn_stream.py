"""The streams when Redis comes and goes, and what they leave behind."""

import asyncio

from adapters.redis.connection import RedisConnection
from adapters.redis.turn_stream import RedisTurnStream
from application.ports.turn_stream import StreamEvent
from tests.loopback.fault_proxy import FaultProxy

USER, TURN = "usr_canary", "turn_1"


def deltas(first: int, last: int) -> list[StreamEvent]:
    return [StreamEvent(seq, seq * 6, "delta", "canary") for seq in range(first, last + 1)]


async def ttl(connection: RedisConnection, ending: str) -> int:
    keys = await connection.execute("KEYS", f"turn:{{*}}:{ending}")
    assert isinstance(keys, list)
    assert len(keys) == 1
    assert isinstance(keys[0], bytes)
    left = await connection.execute("PTTL", keys[0])
    assert isinstance(left, int)
    return left


async def test_another_process_reads_and_stops_it(redis_url: str) -> None:
    mine, others = RedisConnection(redis_url), RedisConnection(redis_url)
    owner, reader = RedisTurnStream(mine), RedisTurnStream(others)
    await owner.append(USER, TURN, deltas(1, 3))
    assert await reader.read(USER, TURN, 1) == (deltas(2, 3), True)
    await reader.request_stop(USER, TURN)
    assert await owner.append(USER, TURN, []) is True
    await mine.close()
    await others.close()


async def test_everything_expires(connection: RedisConnection) -> None:
    stream = RedisTurnStream(connection)
    await stream.append(USER, TURN, deltas(1, 3))
    await stream.request_stop(USER, TURN)
    assert 800_000 < await ttl(connection, "events") <= 900_000
    assert 800_000 < await ttl(connection, "stop") <= 900_000
    assert 0 < await ttl(connection, "owner") <= 10_000


async def test_a_batch_renews_what_it_belongs_to(connection: RedisConnection) -> None:
    stream = RedisTurnStream(connection)
    await stream.append(USER, TURN, deltas(1, 3))
    keys = await connection.execute("KEYS", "*")
    assert isinstance(keys, list)
    for key in keys:
        assert isinstance(key, bytes)
        await connection.execute("EXPIRE", key, 5)
    await stream.append(USER, TURN, [])
    assert await ttl(connection, "owner") > 5_000
    assert await ttl(connection, "events") <= 5_000
    await stream.append(USER, TURN, deltas(4, 4))
    assert await ttl(connection, "events") > 800_000


async def test_nothing_of_a_person_is_left_when_they_are_forgotten(
    connection: RedisConnection,
) -> None:
    stream = RedisTurnStream(connection)
    await stream.append(USER, TURN, deltas(1, 3))
    await stream.request_stop(USER, TURN)
    await stream.forget(USER, [TURN])
    await stream.append(USER, TURN, deltas(4, 5))
    keys = await connection.execute("KEYS", "*")
    assert isinstance(keys, list)
    # All that remains is that some owner lives and is to stop.
    assert len(keys) == 2
    for key in keys:
        assert isinstance(key, bytes)
        assert b"canary" not in key
        assert TURN.encode() not in key
        assert await connection.execute("GET", key) == b""


async def test_nothing_is_raised_while_redis_is_away(
    proxy: FaultProxy, shaky: RedisConnection
) -> None:
    stream = RedisTurnStream(shaky)
    await proxy.switch("refuse")
    assert await stream.append(USER, TURN, deltas(1, 2)) is False
    assert await stream.read(USER, TURN, 0) == ([], True), "nobody knows that the owner is dead"
    await stream.request_stop(USER, TURN)
    await stream.forget(USER, [TURN])


async def test_an_outage_leaves_no_gap(proxy: FaultProxy, shaky: RedisConnection) -> None:
    stream = RedisTurnStream(shaky)
    await stream.append(USER, TURN, deltas(1, 2))
    await proxy.switch("refuse")
    await stream.append(USER, TURN, deltas(3, 4))
    # The batch arrives, but not the word that it did.
    await proxy.switch("cut", 0)
    await stream.append(USER, TURN, deltas(5, 6))
    await proxy.switch("pass")
    await stream.append(USER, TURN, deltas(7, 8))
    assert await stream.read(USER, TURN, 0) == (deltas(1, 8), True)
    assert await stream.read(USER, TURN, 5) == (deltas(6, 8), True)


async def test_the_first_batch_may_come_late(proxy: FaultProxy, shaky: RedisConnection) -> None:
    stream = RedisTurnStream(shaky)
    await proxy.switch("refuse")
    await stream.append(USER, TURN, deltas(1, 2))
    await proxy.switch("pass")
    await stream.append(USER, TURN, [])
    assert await stream.read(USER, TURN, 0) == (deltas(1, 2), True)


async def test_an_owner_that_is_cancelled_while_it_writes_leaves_no_gap(
    connection: RedisConnection,
) -> None:
    stream = RedisTurnStream(connection)
    await stream.append(USER, TURN, deltas(1, 2))
    writing = asyncio.create_task(stream.append(USER, TURN, deltas(3, 4)))
    await asyncio.sleep(0)
    writing.cancel()
    await asyncio.wait([writing])
    await stream.append(USER, TURN, deltas(5, 6))
    assert await stream.read(USER, TURN, 0) == (deltas(1, 6), True)


async def test_after_a_flush_the_rest_is_not_shared_but_the_owner_is_alive(
    connection: RedisConnection,
) -> None:
    stream = RedisTurnStream(connection)
    await stream.append(USER, TURN, deltas(1, 2))
    await connection.execute("FLUSHDB")
    await connection.execute("SCRIPT", "FLUSH")
    await stream.append(USER, TURN, deltas(3, 4))
    for after in (0, 2, 3):
        assert await stream.read(USER, TURN, after) == ([], True)
    await stream.append(USER, "turn_2", deltas(1, 2))
    assert await stream.read(USER, "turn_2", 0) == (deltas(1, 2), True)
