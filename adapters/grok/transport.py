"""The HTTP client: aiohttp, with its own deadlines, redirects and cookies turned off."""

from collections.abc import Mapping
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import httpx2
from aiohttp import ClientResponse, ClientSession, ClientTimeout, DummyCookieJar, TCPConnector

CONNECT_SECONDS = 2.0
MOST_STREAMS = 2000
IDLE_CONNECTION_SECONDS = 30.0
ADDRESS_SECONDS = 30
"""How long a host's addresses are remembered."""
MOST_ERROR_BYTES = 65_536

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class Transport:
    """Sends requests; neither retries nor times out by itself, once connected.

    Made anywhere; it opens in the event loop of its first request.
    """

    def __init__(self, *, base_url: str, api_key: str) -> None:
        self._url = base_url.rstrip("/") + "/chat/completions"
        self._proxy = proxy_for(self._url)
        # httpx2 finds the authorities wherever a system keeps them, aiohttp in one place only.
        # Loading them takes 0.2 s and some memory; without TLS they serve nothing.
        secure = urlsplit(base_url).scheme == "https"
        self._tls = httpx2.create_ssl_context() if secure else True
        self._headers = {
            "Authorization": f"Bearer {api_key}",
            "Content-Type": "application/json",
            "Accept": "application/json",
            # Compressed, a stream would come in lumps; a reply is small anyway.
            "Accept-Encoding": "identity",
            "User-Agent": "companion",
        }
        self._session: ClientSession | None = None
        self._closed = False

    async def post(self, body: bytes, headers: Mapping[str, str] | None = None) -> ClientResponse:
        """The answer's head; whoever called reads its body and closes it.

        Raises aiohttp's ``ClientError``, or ``OSError``. A redirect is an answer like any other:
        followed, it would carry the prompt elsewhere.
        """
        session = self._session or self._open()
        return await session.post(
            self._url, data=body, headers=headers, allow_redirects=False, proxy=self._proxy
        )

    async def aclose(self) -> None:
        """Close all connections; nothing can be sent any more."""
        self._closed = True
        if self._session is not None:
            await self._session.close()

    def _open(self) -> ClientSession:
        if self._closed:
            message = "closed"
            raise RuntimeError(message)
        self._session = ClientSession(
            connector=TCPConnector(
                limit=MOST_STREAMS,
                ssl=self._tls,
                keepalive_timeout=IDLE_CONNECTION_SECONDS,
                ttl_dns_cache=ADDRESS_SECONDS,
            ),
            headers=self._headers,
            # ``connect`` includes the wait for one of the connections.
            timeout=ClientTimeout(total=None, connect=CONNECT_SECONDS),
            cookie_jar=DummyCookieJar(),
            # It would look for a proxy, and for a password in .netrc, in a thread for each request.
            trust_env=False,
        )
        return self._session


def proxy_for(url: str) -> str | None:
    """The environment's proxy for what lies outside; never one for this machine."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if host in LOOPBACK or proxy_bypass(host):
        return None
    proxies = getproxies()
    proxy = proxies.get(parts.scheme) or proxies.get("all")
    return f"http://{proxy}" if proxy and "://" not in proxy else proxy


async def read_error(response: ClientResponse) -> str:
    """The body of an answer that is no success, up to a bound: some never end."""
    body = bytearray()
    while len(body) < MOST_ERROR_BYTES and (block := await response.content.readany()):
        body += block
    return body[:MOST_ERROR_BYTES].decode(errors="replace")
