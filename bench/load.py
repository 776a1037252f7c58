"""A load of chat completions over keep-alive connections, cheap enough not to be the bottleneck.

HTTP/1.1 by hand: a request is one write, an answer is read by its length or its chunks.
"""

import asyncio
import time
from collections.abc import Sequence

import msgspec
from attrs import frozen


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


def chat_body(model: str, text: str, *, stream: bool) -> bytes:
    """An OpenAI request body."""
    return msgspec.json.encode(
        {"model": model, "stream": stream, "messages": [{"role": "user", "content": text}]}
    )


async def run(clients: Sequence[Client], seconds: float) -> int:
    """How many requests were answered with 200 in about ``seconds``, one a time per client.

    Raises ``RuntimeError`` at the first other answer.
    """
    deadline = time.monotonic() + seconds
    return sum(await asyncio.gather(*(_one(client, deadline) for client in clients)))


async def _one(client: Client, deadline: float) -> int:
    reader, writer = await asyncio.open_connection(client.host, client.port, limit=1 << 20)
    request = client.request()
    done = 0
    try:
        while time.monotonic() < deadline:
            writer.write(request)
            await _read_answer(reader)
            done += 1
    finally:
        writer.close()
    return done


async def _read_answer(reader: asyncio.StreamReader) -> None:
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    if b"transfer-encoding: chunked" in head:
        body = b""
        while True:
            size = int(await reader.readline(), 16)
            body = await reader.readexactly(size + 2)
            if size == 0:
                break
    else:
        start = head.index(b"content-length:") + 15
        body = await reader.readexactly(int(head[start : head.index(b"\r\n", start)]))
    status = head.split(b" ", 2)[1]
    if status != b"200":
        message = f"answered {status.decode()}: {body[:300]!r}"
        raise RuntimeError(message)
