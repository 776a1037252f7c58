"""The proxy breaks as it is told to: the tests of faults rest on it."""

import asyncio
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.loopback.fault_proxy import FaultProxy


@pytest.fixture
async def proxy() -> AsyncIterator[FaultProxy]:
    """In front of a server that repeats what it hears."""

    async def repeat(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while piece := await reader.read(100):
            writer.write(piece)
        writer.close()

    server = await asyncio.start_server(repeat, "127.0.0.1", 0)
    async with FaultProxy(f"127.0.0.1:{server.sockets[0].getsockname()[1]}") as proxy:
        yield proxy
    server.close()


class Client:
    """Says something and listens for the echo."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    @classmethod
    async def to(cls, proxy: FaultProxy) -> "Client":
        return cls(*await asyncio.open_connection("127.0.0.1", proxy.port))

    async def hear(self, text: bytes) -> bytes:
        self.writer.write(text)
        return await self.reader.readexactly(len(text))

    async def is_reset(self) -> bool:
        try:
            while await self.reader.read(100):
                pass
        except ConnectionResetError:
            return True
        return False


async def test_it_passes_everything_on(proxy: FaultProxy) -> None:
    client = await Client.to(proxy)
    assert await client.hear(b"hello") == b"hello"
    client.writer.write_eof()
    assert await client.reader.read() == b""
    client.writer.close()


async def test_a_black_hole_swallows_and_gives_back_when_it_heals(proxy: FaultProxy) -> None:
    old = await Client.to(proxy)
    await old.hear(b"hello")
    await proxy.switch("black_hole")
    new = await Client.to(proxy)
    echoes = [asyncio.create_task(client.hear(b"again")) for client in (old, new)]
    done, _ = await asyncio.wait(echoes, timeout=0.1)
    assert not done
    await proxy.switch("pass")
    assert await asyncio.gather(*echoes) == [b"again", b"again"]
    for client in (old, new):
        client.writer.close()


async def test_a_reset_ends_old_connections_and_new_ones(proxy: FaultProxy) -> None:
    old = await Client.to(proxy)
    await old.hear(b"hello")
    await proxy.switch("reset")
    assert await old.is_reset()
    new = await Client.to(proxy)
    assert await new.is_reset()
    for client in (old, new):
        client.writer.close()


async def test_a_refusal_ends_old_connections_and_takes_no_new_ones(proxy: FaultProxy) -> None:
    old = await Client.to(proxy)
    await old.hear(b"hello")
    await proxy.switch("refuse")
    assert await old.is_reset()
    with pytest.raises(ConnectionRefusedError):
        await Client.to(proxy)
    await proxy.switch("pass")
    new = await Client.to(proxy)
    assert await new.hear(b"hello") == b"hello"
    for client in (old, new):
        client.writer.close()


async def test_a_cut_lets_so_many_bytes_through(proxy: FaultProxy) -> None:
    client = await Client.to(proxy)
    await client.hear(b"hello")
    await proxy.switch("cut", 7)
    assert await client.hear(b"hello") == b"hello"
    client.writer.write(b"hello")
    assert await client.reader.readexactly(2) == b"he"
    assert await client.is_reset()
    client.writer.close()


async def test_a_delay_is_kept(proxy: FaultProxy) -> None:
    client = await Client.to(proxy)
    await proxy.switch("delay", 0.05)
    loop = asyncio.get_running_loop()
    start = loop.time()
    assert await client.hear(b"hello") == b"hello"
    assert loop.time() - start >= 0.1
    client.writer.close()


async def test_as_a_program_it_is_switched_by_lines(proxy: FaultProxy) -> None:
    program = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "tests.loopback.fault_proxy", "--target", f"127.0.0.1:{proxy.port}"),
        cwd=Path(__file__).parents[2],
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert program.stdin is not None
    assert program.stdout is not None
    port = int((await program.stdout.readline()).rpartition(b":")[2])
    program.stdin.write(b"refuse\n")
    assert await program.stdout.readline() == b"refuse\n"
    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection("127.0.0.1", port)
    program.stdin.write(b"nonsense\n")
    assert (await program.stdout.readline()).startswith(b"?")
    program.stdin.close()
    assert await program.wait() == 0
