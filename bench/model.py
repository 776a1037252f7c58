"""A model for measurements: it costs next to nothing, and says when it sent each word.

Run as a process: ``python -m bench.model``; prints its base URL. It answers Chat Completions at
once. A message with ``[NAME every 10 ms]`` gets its streamed reply word by word instead, and
``GET /sent`` then tells, by that name, when each came and went: nanoseconds of the system's
monotonic clock, which all processes share.
"""

import asyncio
import re
import time

import msgspec
from attrs import frozen

REPLY = (
    "The floor of the sea has mountains that are taller than the Alps, and nobody has ever stood"
    " on one of them. When a whale sinks down there, it feeds a whole village of small creatures"
    " for more than fifty years. Which of the two would you like to see?"
)
FIRST_WORD_SECONDS = 0.05
WORDS = re.findall(r"\s*\S+", REPLY)
_PACED = re.compile(rb"\[(\w+) every (\d+) ms\]")
_STREAM = re.compile(rb'"stream":\s*true')
_USAGE = re.compile(rb'"include_usage":\s*true')
_LENGTH = re.compile(rb"content-length:\s*(\d+)", re.IGNORECASE)
_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: %s\r\n%s\r\n\r\n"


@frozen
class Sent:
    """When a request had come, and when the first and each further word of its reply went."""

    received: int
    words: list[int]


def paced(name: str, text: str, milliseconds: int) -> str:
    """A message whose reply comes word by word, so many milliseconds apart."""
    return f"{text} [{name} every {milliseconds} ms]"


def _usage() -> dict[str, object]:
    return {
        "prompt_tokens": 60,
        "completion_tokens": len(WORDS),
        "total_tokens": 60 + len(WORDS),
        "prompt_tokens_details": {"cached_tokens": 0},
    }


def _whole() -> bytes:
    message = {"role": "assistant", "content": REPLY}
    body = msgspec.json.encode(
        {
            "id": "chatcmpl-1",
            "object": "chat.completion",
            "created": 1,
            "model": "grok-4.5",
            "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
            "usage": _usage(),
        }
    )
    return _HEAD % (b"application/json", b"Content-Length: %d" % len(body)) + body


def _event(delta: dict[str, str], finish: str | None = None, *, usage: bool = False) -> bytes:
    body = msgspec.json.encode(
        {
            "id": "chatcmpl-1",
            "object": "chat.completion.chunk",
            "created": 1,
            "model": "grok-4.5",
            "choices": [{"index": 0, "delta": delta, "finish_reason": finish}],
            **({"usage": _usage()} if usage else {}),
        }
    )
    data = b"data: " + body + b"\n\n"
    return b"%x\r\n%s\r\n" % (len(data), data)


WHOLE = _whole()
BEGIN = _HEAD % (b"text/event-stream", b"Transfer-Encoding: chunked") + _event(
    {"role": "assistant", "content": ""}
)
PIECES = [_event({"content": word}) for word in WORDS]
END = {
    usage: _event({}, "stop", usage=usage) + b"e\r\ndata: [DONE]\n\n\r\n0\r\n\r\n"
    for usage in (False, True)
}


class Connection(asyncio.Protocol):
    """One connection: a request at a time, its body looked at but not parsed."""

    def __init__(self, sent: dict[str, Sent]) -> None:
        self._sent = sent
        self._buffer = b""
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep where to write."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer as soon as the request is there."""
        self._buffer += data
        at = self._buffer.find(b"\r\n\r\n") + 4
        if at < 4:  # noqa: PLR2004 - the head's end has not come
            return
        length = _LENGTH.search(self._buffer, 0, at)
        end = at + (int(length[1]) if length else 0)
        if len(self._buffer) < end:
            return
        request, self._buffer = self._buffer[:end], self._buffer[end:]
        if request.startswith(b"GET /sent"):
            self._tell()
        elif _STREAM.search(request, at) is None:
            self._transport.write(WHOLE)
        else:
            self._stream(request, END[_USAGE.search(request, at) is not None])

    def _tell(self) -> None:
        told = {name: [one.received, *one.words] for name, one in self._sent.items()}
        self._sent.clear()
        body = msgspec.json.encode(told)
        head = _HEAD % (b"application/json", b"Content-Length: %d" % len(body))
        self._transport.write(head + body)

    def _stream(self, request: bytes, end: bytes) -> None:
        told = _PACED.findall(request)
        if told:
            name, milliseconds = told[-1]
            log = self._sent[name.decode()] = Sent(time.monotonic_ns(), [])
            self._transport.write(BEGIN)
            loop = asyncio.get_running_loop()
            due = loop.time() + FIRST_WORD_SECONDS
            loop.call_at(due, self._next, log, due, int(milliseconds) / 1000, end)
            return
        # One write a word, as words come from a model; together they would be one read.
        self._transport.write(BEGIN)
        for piece in PIECES:
            self._transport.write(piece)
        self._transport.write(end)

    def _next(self, log: Sent, due: float, pace: float, end: bytes) -> None:
        if self._transport.is_closing():
            return
        number = len(log.words)
        log.words.append(time.monotonic_ns())
        self._transport.write(PIECES[number])
        if number + 1 == len(PIECES):
            self._transport.write(end)
            return
        # By the schedule, not by the last word: a late word makes none of the others late.
        asyncio.get_running_loop().call_at(due + pace, self._next, log, due + pace, pace, end)


async def _main() -> None:
    sent: dict[str, Sent] = {}
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(sent), "127.0.0.1", 0, backlog=2048)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_main())
