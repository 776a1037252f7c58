"""Load over keep-alive connections, cheap enough not to be the bottleneck.

HTTP/1.1 by hand: a request is one write, an answer is read by its length or its last chunk.
"""

import asyncio
import math
import re
import time
from collections.abc import Callable, Sequence
from typing import cast

import msgspec
from attrs import frozen

_LENGTH = re.compile(rb"content-length:\s*(\d+)", re.IGNORECASE)
_CHUNKED = re.compile(rb"transfer-encoding:\s*chunked", re.IGNORECASE)
# A line break of its own never stands within the JSON of a chunk.
_LAST_CHUNK = b"\r\n0\r\n\r\n"
_WORD = re.compile(rb'"content":\s*"[^"]')
_SHOWN = 500
SILENT = "an answer without a word"


@frozen
class Client:
    """One connection's requests: where to, as whom, and with which body."""

    host: str
    port: int
    token: str
    body: bytes

    def request(self) -> bytes:
        """The whole request as bytes."""
        head = (
            f"POST /v1/chat/completions HTTP/1.1\r\nHost: {self.host}:{self.port}\r\n"
            f"Authorization: Bearer {self.token}\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(self.body)}\r\n\r\n"
        )
        return head.encode() + self.body


@frozen
class Done:
    """What came of a load that took so many seconds."""

    waits: Sequence[float]
    """Of each answer, the seconds until its first word."""
    seconds: float

    @property
    def count(self) -> int:
        """How many requests were answered."""
        return len(self.waits)


def chat_body(model: str, text: str, *, stream: bool) -> bytes:
    """An OpenAI request body."""
    return msgspec.json.encode(
        {"model": model, "stream": stream, "messages": [{"role": "user", "content": text}]}
    )


async def run(clients: Sequence[Client], seconds: float) -> Done:
    """Ask for about ``seconds``, one request a time for each client.

    Raises ``RuntimeError`` at the first answer that is not 200 or says nothing.
    """
    started = time.monotonic()
    waits = await asyncio.gather(*(_one(client, started + seconds) for client in clients))
    return Done([wait for its in waits for wait in its], time.monotonic() - started)


async def _one(client: Client, deadline: float) -> list[float]:
    connection = await connect(client.host, client.port)
    request = client.request()
    waits = []
    try:
        while (asked := time.monotonic()) < deadline:
            first = FirstWord()
            await connection.ask(request, first)
            if first.at == math.inf:
                raise RuntimeError(SILENT)
            waits.append(first.at - asked)
    finally:
        connection.close()
    return waits


class FirstWord:
    """Notes when the first word of a reply came; infinitely late as long as there is none."""

    __slots__ = ("at",)

    def __init__(self) -> None:
        self.at = math.inf

    def __call__(self, data: bytes) -> None:
        """The next bytes of the body."""
        if self.at == math.inf and _WORD.search(data) is not None:
            self.at = time.monotonic()


async def connect(host: str, port: int) -> "Connection":
    """An open connection."""
    _, connection = await asyncio.get_running_loop().create_connection(Connection, host, port)
    return connection


def ignore(_data: bytes) -> None:
    """Look at nothing."""


class Connection(asyncio.Protocol):
    """One connection; it asks, and waits for the whole answer."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport
        self._answer: asyncio.Future[None] | None = None
        self._on_data: Callable[[bytes], None] = ignore
        self._start()

    def _start(self) -> None:
        self._head = b""
        self._tail = b""
        self._left: int | None = None
        self._status = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep where to write."""
        # uvloop's is of no class of asyncio's.
        self._transport = cast("asyncio.Transport", transport)

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell whoever waits for an answer."""
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(exc or ConnectionError("closed before the answer's end"))

    async def ask(self, request: bytes, on_data: Callable[[bytes], None] = ignore) -> None:
        """Send a request and wait for all of the answer; ``on_data`` hears each piece of its body.

        Raises ``RuntimeError`` when the answer is not 200, ``ConnectionError`` when it breaks off.
        """
        self._start()
        self._on_data = on_data
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        await self._answer

    def close(self) -> None:
        """Hang up."""
        self._transport.close()

    def data_received(self, data: bytes) -> None:
        """Take the answer's next piece."""
        if not self._status:
            self._head += data
            at = self._head.find(b"\r\n\r\n") + 4
            if at < 4:  # noqa: PLR2004 - the head's end has not come
                return
            head, data = self._head[:at], self._head[at:]
            self._status = head.split(b" ", 2)[1]
            length = _LENGTH.search(head)
            if _CHUNKED.search(head) is None:
                self._left = int(length[1]) if length else 0
        if data:
            self._on_data(data)
        if self._left is None:
            self._tail = (self._tail + data)[-_SHOWN:]
            is_complete = self._tail.endswith(_LAST_CHUNK) or self._tail == _LAST_CHUNK[2:]
        else:
            self._tail = data
            self._left -= len(data)
            is_complete = self._left <= 0
        if is_complete:
            self._complete()

    def _complete(self) -> None:
        if self._answer is None or self._answer.done():
            return
        if self._status == b"200":
            self._answer.set_result(None)
        else:
            message = f"answered {self._status.decode()}: {self._tail[-_SHOWN:]!r}"
            self._answer.set_exception(RuntimeError(message))
