"""A TCP proxy that breaks in the ways networks and servers break.

In a test::

    async with FaultProxy("127.0.0.1:5432") as proxy:
        ...                              # talk to 127.0.0.1:{proxy.port}
        await proxy.switch("black_hole")

As a program, switched by lines on its standard input (``delay 0.2``), or by the same lines sent
to ``--control PORT``::

    python -m tests.loopback.fault_proxy --listen 6380 --target 127.0.0.1:6379

Modes, for new connections and for those that are open:

    pass          everything goes through
    delay S       every piece comes S seconds late, in both directions
    black_hole    connections are accepted and bytes taken, but none go through; they go
                  through late, like after a healed partition, once the mode is another one
    reset         open connections are reset, new ones too as soon as they are accepted
    refuse        open connections are reset, and nothing listens
    cut N         a connection is reset after N more bytes of answers
"""

import argparse
import asyncio
import contextlib
import socket
import struct
import sys
from types import TracebackType
from typing import Literal, Self, get_args

Mode = Literal["pass", "delay", "black_hole", "reset", "refuse", "cut"]

_HOST = "127.0.0.1"
_PIECE = 65536


class FaultProxy:
    """Passes connections on to ``target``: ``host:port``, or the path of a Unix socket."""

    def __init__(self, target: str, *, port: int = 0) -> None:
        self.port = port
        self.accepted = 0
        """Connections that clients have opened so far."""
        self._target = target
        self._mode: Mode = "pass"
        self._amount = 0.0
        self._switched = asyncio.Event()
        self._server: asyncio.Server | None = None
        self._links: set[_Link] = set()

    async def __aenter__(self) -> Self:
        await self._listen()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._stop_listening()
        await self._reset_all()

    async def switch(self, mode: Mode, amount: float = 0) -> None:
        """Break (or heal) from now on; ``amount`` is seconds of delay, or bytes before a cut."""
        self._mode, self._amount = mode, amount
        self._switched.set()
        self._switched = asyncio.Event()
        for link in self._links:
            link.answered = 0
        if mode == "refuse":
            await self._stop_listening()
        elif self._server is None:
            await self._listen()
        if mode in {"reset", "refuse"}:
            await self._reset_all()

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._accept, _HOST, self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _stop_listening(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None

    async def _reset_all(self) -> None:
        links = list(self._links)
        for link in links:
            link.reset()
        await asyncio.gather(*(link.task for link in links), return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.accepted += 1
        task = asyncio.current_task()
        if task is None:
            return
        link = _Link(task, [writer])
        self._links.add(link)
        try:
            if self._mode == "reset":
                return
            await self._gate()
            far_reader, far_writer = await self._open_target()
            link.writers.append(far_writer)
            async with asyncio.TaskGroup() as pumps:
                pumps.create_task(self._pump(reader, far_writer, None))
                pumps.create_task(self._pump(far_reader, writer, link))
        except* (OSError, _Cut):
            link.reset_on_close()
        except* asyncio.CancelledError:
            link.reset_on_close()
        finally:
            if self._mode == "reset":
                link.reset_on_close()
            self._links.discard(link)
            for one in link.writers:
                one.close()

    async def _open_target(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if "/" in self._target:
            return await asyncio.open_unix_connection(self._target)
        host, _, port = self._target.rpartition(":")
        return await asyncio.open_connection(host, int(port))

    async def _gate(self) -> None:
        """Return when bytes may go through."""
        while self._mode == "black_hole":
            await self._switched.wait()
        if self._mode == "delay":
            await asyncio.sleep(self._amount)

    async def _pump(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        answers: "_Link | None",
    ) -> None:
        while piece := await reader.read(_PIECE):
            await self._gate()
            if answers is not None and self._mode == "cut":
                left = max(0, int(self._amount) - answers.answered)
                answers.answered += len(piece)
                if len(piece) >= left:
                    writer.write(piece[:left])
                    await writer.drain()
                    raise _Cut
            writer.write(piece)
            await writer.drain()
        if writer.can_write_eof():
            writer.write_eof()


class _Cut(Exception):
    """The connection has had its bytes."""


class _Link:
    """One client's connection, and ours to the target."""

    def __init__(self, task: "asyncio.Task[None]", writers: list[asyncio.StreamWriter]) -> None:
        self.task = task
        self.writers = writers
        self.answered = 0

    def reset(self) -> None:
        self.reset_on_close()
        self.task.cancel()

    def reset_on_close(self) -> None:
        """Make the coming close a reset: without lingering, the kernel sends RST, not FIN."""
        for writer in self.writers:
            connection = writer.get_extra_info("socket")
            with contextlib.suppress(OSError):
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            writer.transport.abort()


async def _obey(proxy: FaultProxy, line: str) -> str:
    mode, _, amount = line.strip().partition(" ")
    for known in get_args(Mode):
        if mode == known:
            await proxy.switch(known, float(amount or 0))
            return f"{mode} {amount}".strip()
    return f"? one of {', '.join(get_args(Mode))}"


async def _serve(target: str, listen: int, control: int | None) -> None:
    async def on_control(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while line := await reader.readline():
            writer.write((await _obey(proxy, line.decode()) + "\n").encode())
        writer.close()

    async with FaultProxy(target, port=listen) as proxy:
        print(f"listening on {_HOST}:{proxy.port}", flush=True)  # noqa: T201 - for whoever runs it
        server = None
        if control is not None:
            server = await asyncio.start_server(on_control, _HOST, control)
        while line := await asyncio.to_thread(sys.stdin.readline):
            print(await _obey(proxy, line), flush=True)  # noqa: T201 - the same
        if server is not None:
            # Standard input was closed from the start, perhaps: the control port remains.
            await server.serve_forever()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--listen", type=int, default=0, help="port; 0 chooses one")
    parser.add_argument("--target", required=True, help="HOST:PORT, or the path of a Unix socket")
    parser.add_argument("--control", type=int, help="port that takes lines such as: delay 0.2")
    options = parser.parse_args()
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve(options.target, options.listen, options.control))


if __name__ == "__main__":
    main()
