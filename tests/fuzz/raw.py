"""Bytes on a socket: what no HTTP library would send."""

import asyncio
import re
from collections.abc import Callable, Mapping

PATIENCE = 20.0
QUIET = 0.7
"""Seconds without a further byte after which an answer is taken for whole."""
_STATUS = re.compile(rb"HTTP/1\.[01] (\d{3}) ")


async def exchange(port: int, sent: bytes) -> bytes:
    """All that comes back, until the server hangs up or has nothing more to say."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    received = b""
    try:
        writer.write(sent)
        await writer.drain()
        while True:
            wait = QUIET if received else PATIENCE if sent.endswith(b"\r\n\r\n") else QUIET * 3
            more = await asyncio.wait_for(reader.read(65_536), wait)
            if not more:
                break
            received += more
    except (TimeoutError, ConnectionError):
        pass
    writer.close()
    return received


def statuses_of(answers: bytes) -> list[int]:
    return [int(one) for one in _STATUS.findall(answers)]


def _get(*lines: bytes, line: bytes = b"GET /healthz HTTP/1.1", host: bytes = b"Host: a") -> bytes:
    return b"\r\n".join([line, *([host] if host else []), *lines, b"", b""])


STRANGE: Mapping[str, bytes] = {
    "nothing but newlines": b"\r\n\r\n\r\n\r\n",
    "noise": bytes(range(256)) * 20,
    "a TLS hello": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 500,
    "HTTP/2's preface": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x00\x04\x00\x00\x00\x00\x00",
    "HTTP/2's preface, then noise": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + b"\xff" * 200,
    "HTTP/0.9": b"GET /healthz\r\n\r\n",
    "HTTP/1.0": b"GET /healthz HTTP/1.0\r\n\r\n",
    "HTTP/3.0": _get(line=b"GET /healthz HTTP/3.0"),
    "no host": _get(host=b""),
    "two hosts": _get(b"Host: b"),
    "an empty host": _get(host=b"Host:"),
    "a full address": _get(line=b"GET http://evil.example/healthz HTTP/1.1"),
    "an address that is none": _get(line=b"GET http://[::1 HTTP/1.1"),
    "an address with a password": _get(line=b"GET http://a:b@c/v1/auth/me HTTP/1.1"),
    "a star": _get(line=b"OPTIONS * HTTP/1.1"),
    "CONNECT": _get(line=b"CONNECT db:5432 HTTP/1.1"),
    "no path": _get(line=b"GET  HTTP/1.1"),
    "a path without a slash": _get(line=b"GET healthz HTTP/1.1"),
    "two slashes": _get(line=b"GET //evil.example/ HTTP/1.1"),
    "many slashes": _get(line=b"GET " + b"/" * 5_000 + b" HTTP/1.1"),
    "dots": _get(line=b"GET /../../etc/passwd HTTP/1.1"),
    "a raw NUL": _get(line=b"GET /v1/\x00 HTTP/1.1"),
    "raw bytes": _get(line=b"GET /v1/\xff\xfe HTTP/1.1"),
    "a method of noise": _get(line=b"G\x00T / HTTP/1.1"),
    "a method of 9,000 letters": _get(line=b"G" * 9_000 + b" / HTTP/1.1"),
    "an address of 60,000": _get(line=b"GET /" + b"x" * 60_000 + b" HTTP/1.1"),
    "a query of 60,000": _get(line=b"GET /v1/models?" + b"x" * 60_000 + b" HTTP/1.1"),
    "a header of 200,000": _get(b"X-Long: " + b"x" * 200_000),
    "5,000 headers": _get(*(b"X-%d: 1" % n for n in range(5_000))),
    "a header without a name": _get(b": 1"),
    "a header without a colon": _get(b"Nothing"),
    "a space before the colon": _get(b"X-A : 1"),
    "NUL in a header": _get(b"X-A: a\x00b"),
    "a folded header": _get(b"X-A: 1", b" 2"),
    "bare newlines": b"GET /healthz HTTP/1.1\nHost: a\n\n",
    "bare returns": b"GET /healthz HTTP/1.1\rHost: a\r\r",
    "a length below zero": _get(b"Content-Length: -1"),
    "a length with a plus": _get(b"Content-Length: +5") + b"abcde",
    "a length that is a word": _get(b"Content-Length: five"),
    "a length of 2^70": _get(b"Content-Length: 1180591620717411303424"),
    "two lengths": _get(b"Content-Length: 1", b"Content-Length: 2") + b"ab",
    "a list of lengths": _get(b"Content-Length: 1, 1") + b"a",
    "length and chunks": _get(b"Content-Length: 3", b"Transfer-Encoding: chunked") + b"0\r\n\r\n",
    "an encoding that nobody has": _get(b"Transfer-Encoding: gzip, chunked") + b"0\r\n\r\n",
    "chunked twice": _get(b"Transfer-Encoding: chunked, chunked") + b"0\r\n\r\n",
    "a chunk of a wrong size": _get(b"Transfer-Encoding: chunked") + b"zz\r\nabc\r\n0\r\n\r\n",
    "a chunk of 2^70": _get(b"Transfer-Encoding: chunked") + b"400000000000000000\r\n\r\n",
    "a chunk below zero": _get(b"Transfer-Encoding: chunked") + b"-1\r\n\r\n",
    "chunks with long extensions": _get(b"Transfer-Encoding: chunked")
    + b"1;" + b"x" * 50_000 + b"\r\na\r\n0\r\n\r\n",
    "trailers": _get(b"Transfer-Encoding: chunked") + b"0\r\nX-Injected: yes\r\n\r\n",
    "an upgrade to a web socket": _get(
        b"Connection: Upgrade", b"Upgrade: websocket", b"Sec-WebSocket-Version: 13",
        b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", line=b"GET /v1/chat/completions HTTP/1.1",
    ),
    "an upgrade to a web socket without a key": _get(
        b"Connection: Upgrade", b"Upgrade: websocket", line=b"GET /healthz HTTP/1.1"
    ),
    "an upgrade to HTTP/2": _get(
        b"Connection: Upgrade, HTTP2-Settings", b"Upgrade: h2c", b"HTTP2-Settings: AAMAAABkAARAAAAA"
    ),
    "an upgrade to HTTP/2 with bad settings": _get(
        b"Connection: Upgrade, HTTP2-Settings", b"Upgrade: h2c", b"HTTP2-Settings: !!!"
    ),
    "a promise of a body": _get(
        b"Expect: 100-continue", b"Content-Length: 10", b"Content-Type: application/json",
        line=b"POST /v1/auth/login HTTP/1.1",
    ),
}  # fmt: skip

_POST = b"POST /v1/auth/login HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
_CHUNKED = b"Transfer-Encoding: chunked"

SMUGGLED: Mapping[str, Callable[[bytes], bytes]] = {
    "behind an end of chunks, within a length": lambda hidden: _POST
    + b"Content-Length: %d\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" % (len(hidden) + 5)
    + hidden,
    "the other way round": lambda hidden: _POST
    + b"Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n%x\r\n" % len(hidden)
    + hidden
    + b"\r\n0\r\n\r\n",
    "a length of nothing, then one of all": lambda hidden: _POST
    + b"Content-Length: 0\r\nContent-Length: %d\r\n\r\n" % len(hidden)
    + hidden,
    "a length in two words": lambda hidden: _POST + b"Content-Length: 0 %d\r\n\r\n" % len(hidden)
    + hidden,
    "an encoding with a tab": lambda hidden: _POST
    + b"Content-Length: %d\r\nTransfer-Encoding:\tchunked\r\n\r\n0\r\n\r\n" % (len(hidden) + 5)
    + hidden,
    "an encoding with a space": lambda hidden: _POST
    + b"Content-Length: %d\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n" % (len(hidden) + 5)
    + hidden,
    "an encoding that is nearly one": lambda hidden: _POST
    + b"Content-Length: %d\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" % (len(hidden) + 5)
    + hidden,
    "a folded encoding": lambda hidden: _POST
    + b"Content-Length: %d\r\nTransfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n" % (len(hidden) + 5)
    + hidden,
    "within a body": lambda hidden: _POST + b"Content-Length: %d\r\n\r\n" % len(hidden) + hidden,
    "within a chunk": lambda hidden: _POST + _CHUNKED + b"\r\n\r\n%x\r\n" % len(hidden) + hidden
    + b"\r\n0\r\n\r\n",
    "within trailers": lambda hidden: _POST + _CHUNKED + b"\r\n\r\n0\r\nX-A: " + hidden,
    "in a header's value": lambda hidden: _POST + b"X-A: a\rb\nc: " + hidden.split(b"\r\n\r\n")[0]
    + b"\r\nContent-Length: 0\r\n\r\n",
}  # fmt: skip
