"""HTTP/1.1 spoken by hand: one connection of the loopback model server."""

import asyncio
from typing import Protocol

import msgspec

from tests.loopback.model_behaviours import perform
from tests.loopback.model_script import Behaviour


class Host(Protocol):
    """What a connection needs of its server."""

    connections: set["Connection"]
    active: int
    peak: int
    abandoned: int
    last_headers: dict[str, str]

    def handle(self, connection: "Connection", method: str, path: str, raw: bytes) -> None: ...

    async def released(self) -> None: ...


def head(status: int, kind: str, extra: str, length: int | None) -> bytes:
    size = "Transfer-Encoding: chunked" if length is None else f"Content-Length: {length}"
    return f"HTTP/1.1 {status} X\r\nContent-Type: {kind}\r\n{extra}{size}\r\n\r\n".encode()


class Connection(asyncio.Protocol):
    """One client connection; it is also the ``Exchange`` that behaviours write to."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self._buffer = b""
        self._chunked = False
        self._answering = False
        self._transport: asyncio.Transport
        self.task: asyncio.Task[None] | None = None
        self.model = self.prompt = self.authorization = ""
        self.most: int | None = None
        self._held: list[bytes] | None = None
        self.streaming = self.wants_usage = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._host.connections.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self._host.connections.discard(self)
        if self._answering:
            self._host.abandoned += 1
            self._finish()
        if self.task is not None:
            self.task.cancel()

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while not self._answering:
            at = self._buffer.find(b"\r\n\r\n")
            if at < 0:
                return
            lines = self._buffer[:at].decode("latin-1").split("\r\n")
            headers = {
                name.lower(): value.strip()
                for name, _, value in (line.partition(":") for line in lines[1:])
            }
            end = at + 4 + int(headers.get("content-length", "0"))
            if len(self._buffer) < end:
                return
            raw, self._buffer = self._buffer[at + 4 : end], self._buffer[end:]
            self.authorization = headers.get("authorization", "")
            self._host.last_headers = headers
            method, path, _ = lines[0].split(" ")
            self._host.handle(self, method, path, raw)

    def begin(
        self, model: str, prompt: str, most: int | None, *, streaming: bool, wants_usage: bool
    ) -> None:
        self.model, self.prompt, self.most = model, prompt, most
        self.streaming, self.wants_usage = streaming, wants_usage
        self._answering = True
        self._host.active += 1
        self._host.peak = max(self._host.peak, self._host.active)

    def run(self, behaviour: Behaviour) -> None:
        self.task = asyncio.get_running_loop().create_task(self._run(behaviour))

    async def _run(self, behaviour: Behaviour) -> None:
        try:
            await perform(self, behaviour)
        finally:
            self.task = None

    def _finish(self) -> None:
        if self._answering:
            self._answering = False
            self._host.active -= 1

    def send(self, data: bytes) -> None:
        """A whole answer, headers and all."""
        self._transport.write(data)

    def answer(self, body: object, status: int = 200) -> None:
        text = msgspec.json.encode(body)
        self.send(head(status, "application/json", "", len(text)) + text)
        self._finish()

    def head(self, status: int, kind: str, extra: str = "", length: int | None = None) -> None:
        self._chunked = length is None
        self._transport.write(head(status, kind, extra, length))

    def hold_back(self) -> None:
        """Send nothing more until the end, and then all of it at once."""
        self._held = []

    def write(self, data: bytes) -> None:
        if self._held is not None:
            self._held.append(data)
            return
        self._transport.write(b"%x\r\n%s\r\n" % (len(data), data) if self._chunked else data)

    def _let_go(self) -> None:
        if self._held is not None:
            held, self._held = b"".join(self._held), None
            self.write(held)

    def end(self) -> None:
        self._let_go()
        if self._chunked:
            self._transport.write(b"0\r\n\r\n")
        self._finish()

    def hang_up(self) -> None:
        self._let_go()
        self._finish()
        self._transport.close()

    async def released(self) -> None:
        await self._host.released()
