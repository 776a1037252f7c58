"""Connections: opened when first needed, bounded, closed; and answers that are hardly HTTP."""

import asyncio
import datetime as dt
import gzip
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from adapters.grok import transport
from adapters.grok.chat_model import GrokChatModel
from adapters.grok.circuit_breaker import CircuitBreaker
from adapters.grok.transport import proxy_for
from domain.errors import ModelUnavailable
from tests.adapters.grok.talk import KEY, LONG, MakeModel, ask, listen, refusal, until
from tests.loopback.model_script import Behaviour
from tests.loopback.model_server import ModelServer

EVENTS = (
    b'data: {"choices":[{"delta":{"content":"Hi"}}]}\n\n'
    b'data: {"choices":[{"delta":{},"finish_reason":"stop"}]}\n\n'
    b"data: [DONE]\n\n"
)


@asynccontextmanager
async def answering(
    raw: bytes, tls: ssl.SSLContext | None = None
) -> AsyncIterator[tuple[str, list[bytes]]]:
    """A server that sends ``raw`` and hangs up: its address, and the heads it was sent."""
    heads: list[bytes] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        heads.append(head)
        length = head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]
        await reader.readexactly(int(length))
        writer.write(raw)
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0, ssl=tls) as listener:
        port = listener.sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}", heads


def answer(body: bytes, status: str = "200 OK", extra: str = "") -> bytes:
    return f"HTTP/1.1 {status}\r\nConnection: close\r\n{extra}\r\n".encode() + body


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"SSH-2.0-elsewhere\r\n\r\n",
        answer(EVENTS, extra=f"X-Long: {'x' * 100_000}\r\n"),
        answer(b"zz\r\n" + EVENTS, extra="Transfer-Encoding: chunked\r\n"),
        answer(b"", extra="Content-Length: 10\r\n"),
        answer(EVENTS, extra="Content-Encoding: gzip\r\n"),
        answer(b'{"er', "400 Bad Request", "Content-Length: 100\r\n"),
    ],
    ids=["nothing", "no_http", "long_head", "bad_chunk", "cut_off", "no_gzip", "cut_off_error"],
)
async def test_what_is_hardly_http_is_a_lost_connection(
    make: MakeModel, outcomes: list[str], raw: bytes
) -> None:
    async with answering(raw) as (base_url, heads):
        error = await refusal(make(base_url=base_url))

    assert isinstance(error, ModelUnavailable)
    assert error.__context__ is None
    assert outcomes == ["connection"] * 3
    assert len(heads) == 3


@pytest.mark.parametrize("path", ["/v1", "/v1/", "/a/b"])
async def test_the_call_goes_below_the_base_url(make: MakeModel, path: str) -> None:
    async with answering(answer(EVENTS)) as (base_url, heads):
        await listen(make(base_url=base_url + path))

    assert heads[0].startswith(f"POST {path.rstrip('/')}/chat/completions HTTP/1.1".encode())


async def test_a_compressed_reply_is_read_though_none_was_asked_for(make: MakeModel) -> None:
    raw = answer(gzip.compress(EVENTS), extra="Content-Encoding: gzip\r\n")
    async with answering(raw) as (base_url, _):
        assert (await listen(make(base_url=base_url))).finish_reason == "stop"


async def test_a_compressed_refusal_is_judged_by_its_words(
    make: MakeModel, outcomes: list[str]
) -> None:
    words = gzip.compress(b'{"error": "Incorrect API key provided"}')
    raw = answer(words, "400 Bad Request", "Content-Encoding: gzip\r\n")
    async with answering(raw) as (base_url, _):
        await refusal(make(base_url=base_url))

    assert outcomes == ["credentials"]


async def test_cookies_are_not_kept(make: MakeModel) -> None:
    async with answering(answer(EVENTS, extra="Set-Cookie: who=me\r\n")) as (base_url, heads):
        # By name: an address never gets its cookies back.
        model = make(base_url=base_url.replace("127.0.0.1", "localhost"))
        await listen(model)
        await listen(model)

    assert b"cookie" not in heads[1].lower()


async def test_no_connection_in_time_is_the_providers_failure_and_not_a_late_token(
    server: ModelServer,
    make: MakeModel,
    outcomes: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(transport, "MOST_STREAMS", 1)
    monkeypatch.setattr(transport, "CONNECT_SECONDS", 0.05)
    model = make()
    server.script(Behaviour("stall", after=0))
    first = asyncio.create_task(listen(model))
    await until(lambda: server.stalled == 1)

    assert isinstance(await refusal(model), ModelUnavailable)
    assert outcomes == ["connection"] * 3

    server.release()
    await first


def make_alone(base_url: str) -> GrokChatModel:
    return GrokChatModel(
        base_url=base_url,
        api_key=KEY,
        first_token_seconds=LONG,
        idle_seconds=LONG,
        total_seconds=LONG,
        breaker=CircuitBreaker(),
    )


def test_it_is_made_outside_of_the_event_loop() -> None:
    model = make_alone("http://127.0.0.1:9/v1")

    asyncio.run(model.aclose())


async def test_closing_ends_the_idle_connections_and_every_further_call(
    server: ModelServer,
) -> None:
    model = make_alone(server.base_url)
    await listen(model)
    assert len(server.connections) == 1

    await model.aclose()

    await until(lambda: not server.connections)
    with pytest.raises(RuntimeError):
        await listen(model)


async def test_one_that_was_closed_unused_opens_no_more(server: ModelServer) -> None:
    model = make_alone(server.base_url)
    await model.aclose()

    with pytest.raises(RuntimeError):
        await listen(model)
    assert server.count == 0


@pytest.fixture
def set_proxy(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], None]:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    return monkeypatch.setenv


async def test_the_environments_proxy_is_used_and_its_passwords_are_not(
    make: MakeModel,
    set_proxy: Callable[[str, str], None],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    passwords = tmp_path / "netrc"
    passwords.write_text("default login somebody password secret\n")
    monkeypatch.setenv("NETRC", str(passwords))
    async with answering(answer(EVENTS)) as (proxy, heads):
        set_proxy("http_proxy", proxy.replace("//", "//user:word@"))
        await listen(make(base_url="http://model.invalid/v1"), ask())

    assert heads[0].startswith(b"POST http://model.invalid/v1/chat/completions HTTP/1.1\r\n")
    assert f"\r\nAuthorization: Bearer {KEY}\r\n".encode() in heads[0]
    assert b"\r\nProxy-Authorization: Basic dXNlcjp3b3Jk\r\n" in heads[0]


@pytest.mark.parametrize(
    ("name", "value", "url", "proxy"),
    [
        ("https_proxy", "http://proxy:3128", "https://api.x.ai/v1", "http://proxy:3128"),
        ("https_proxy", "proxy:3128", "https://api.x.ai/v1", "http://proxy:3128"),
        ("all_proxy", "http://proxy:3128", "https://api.x.ai/v1", "http://proxy:3128"),
        ("http_proxy", "http://proxy:3128", "https://api.x.ai/v1", None),
        ("http_proxy", "http://proxy:3128", "http://127.0.0.1:8080/v1", None),
        ("http_proxy", "http://proxy:3128", "http://localhost:8080/v1", None),
        ("http_proxy", "http://proxy:3128", "http://[::1]:8080/v1", None),
        ("no_proxy", "x.ai", "https://api.x.ai/v1", None),
    ],
)
def test_which_proxy(
    set_proxy: Callable[[str, str], None], name: str, value: str, url: str, proxy: str | None
) -> None:
    if name == "no_proxy":
        set_proxy("https_proxy", "http://proxy:3128")
    set_proxy(name, value)

    assert proxy_for(url) == proxy


def write_certificate(path: Path) -> ssl.SSLContext:
    """One for localhost that nobody has signed, and the server's side of it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + dt.timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM) + secret)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(path)
    return server


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
async def test_only_a_trusted_certificate_for_this_very_host_is_spoken_to(
    make: MakeModel,
    outcomes: list[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    host: str,
) -> None:
    path = tmp_path / "certificate.pem"
    async with answering(answer(EVENTS), write_certificate(path)) as (address, heads):
        base_url = address.replace("http://127.0.0.1", f"https://{host}")
        await refusal(make(base_url=base_url))
        assert outcomes == ["connection"] * 3
        assert not heads

        monkeypatch.setenv("SSL_CERT_FILE", str(path))
        if host == "localhost":
            await listen(make(base_url=base_url))
        else:
            await refusal(make(base_url=base_url))
            assert not heads
