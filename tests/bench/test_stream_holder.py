"""Streams that are held open: which count as whole, and which as faults."""

import asyncio

import pytest

from bench.stream_holder import Holder, Order

HEAD = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
PIECE = b'data: {"choices":[{"delta":{"content":"Sea"}}]}\n\n'
DONE = b"data: [DONE]\n\n"
FAULT = b'data: {"error": {"code": "unavailable"}}\n\n'


def _chunks(*pieces: bytes) -> bytes:
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in (*pieces,)) + b"0\r\n\r\n"


@pytest.mark.parametrize(
    ("answer", "complete", "fault"),
    [
        (HEAD + _chunks(PIECE, DONE), 3, ""),
        (HEAD + _chunks(PIECE, FAULT), 0, "unavailable"),
        (HEAD + _chunks(PIECE)[:-5], 0, "ConnectionError"),
        (b"HTTP/1.1 429 X\r\nContent-Length: 4\r\n\r\nmany", 0, "RuntimeError: answered 429"),
    ],
    ids=["whole", "error", "cut", "refused"],
)
async def test_a_stream_is_whole_if_it_ends_with_done(
    answer: bytes, complete: int, fault: str, capsys: pytest.CaptureFixture[str]
) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        held = await Holder(Order(port=port, tokens=["t"], body="{}", streams=3)).hold()
    assert capsys.readouterr().out == "open\n"
    assert held.complete == complete
    assert len(held.faults) == 3 - complete
    assert all(fault in one for one in held.faults)
