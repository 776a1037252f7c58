"""The HTTP client below the SDK."""

import ssl
from collections.abc import AsyncIterator

import httpx2
from openai import AsyncOpenAI, DefaultAioHttpClient

CONNECT_SECONDS = 2.0
SEND_SECONDS = 10.0
MOST_STREAMS = 2000
IDLE_CONNECTIONS = 100
IDLE_CONNECTION_SECONDS = 30.0
MOST_ERROR_BYTES = 65_536


def open_client(*, base_url: str, api_key: str) -> AsyncOpenAI:
    """A client that neither retries nor times out by itself: deadlines are the caller's.

    Redirects are refused: they would carry the prompt elsewhere.
    """
    url = httpx2.URL(base_url)
    # Over aiohttp, which costs half the CPU of httpx2's own transport, and a third of a stream's.
    http_client = DefaultAioHttpClient(
        timeout=httpx2.Timeout(
            connect=CONNECT_SECONDS, write=SEND_SECONDS, pool=CONNECT_SECONDS, read=None
        ),
        limits=httpx2.Limits(
            max_connections=MOST_STREAMS,
            max_keepalive_connections=IDLE_CONNECTIONS,
            keepalive_expiry=IDLE_CONNECTION_SECONDS,
        ),
        follow_redirects=False,
        # A proxy of the environment is for what lies outside, never for this machine.
        trust_env=url.host not in {"127.0.0.1", "localhost", "::1"},
        # Loading the authorities takes 0.2 s and some memory; without TLS they serve nothing.
        verify=True if url.scheme == "https" else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT),
        event_hooks={"response": [cut_long_errors]},
    )
    client = AsyncOpenAI(
        api_key=api_key,
        base_url=base_url,
        max_retries=0,
        timeout=http_client.timeout,
        http_client=http_client,
        # Compressed, a stream would come in lumps; a reply is small anyway.
        default_headers={"Accept-Encoding": "identity"},
    )
    # The SDK takes these from OpenAI's own variables; they are no business of another provider.
    client.organization = client.project = None
    return client


async def cut_long_errors(response: httpx2.Response) -> None:
    """Bound the body of an error, which the SDK would read to its end, however long."""
    if not response.is_success and isinstance(response.stream, httpx2.AsyncByteStream):
        response.stream = CutStream(response.stream, MOST_ERROR_BYTES)


class CutStream(httpx2.AsyncByteStream):
    """The first bytes of a stream."""

    def __init__(self, stream: httpx2.AsyncByteStream, most: int) -> None:
        self._stream = stream
        self._left = most

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for block in self._stream:
            yield block[: self._left]
            self._left -= len(block)
            if self._left <= 0:
                return

    async def aclose(self) -> None:
        await self._stream.aclose()
