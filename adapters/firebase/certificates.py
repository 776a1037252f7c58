"""The certificates that Firebase's ID tokens are signed with, kept in memory."""

import asyncio
import json
import logging
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import httpx
from attrs import frozen
from cryptography import x509

from application.ports.clock import Clock
from domain.errors import Unavailable

GOOGLE_CERTIFICATES_URL = (
    "https://www.googleapis.com/robot/v1/metadata/x509/securetoken@system.gserviceaccount.com"
)
UNKNOWN_KEY_INTERVAL = timedelta(minutes=1)
RETRY_INTERVAL = timedelta(seconds=2)
PATIENCE_SECONDS = 0.25
"""How long a request whose key is at hand waits for a refresh, so that a withdrawn key is refused
at once in good times and a black hole costs next to nothing in bad ones."""

_DEFAULT_MAX_AGE = timedelta(minutes=5)
_SHORTEST_MAX_AGE = timedelta(seconds=1)
_MAX_AGE = re.compile(r"\bmax-age=(\d{1,9})\b", re.IGNORECASE)
_NEVER = datetime.min.replace(tzinfo=UTC)
_log = logging.getLogger(__name__)


@frozen
class _Held:
    answer: bytes
    """The certificate alone, in the JSON form that the server gave it in."""
    expires_at: datetime
    """What the certificate itself says: until then it may be used while the server is down."""


class CertificateCache:
    """Fetches as rarely as ``Cache-Control`` allows, never twice at once, never for long.

    All who wait share one fetch, and it goes on when they leave. Keys that nobody knows cause at
    most one fetch a minute, so inventing key ids is no way to make us flood the server.
    """

    def __init__(self, url: str, clock: Clock, *, fetch_seconds: float = 2.0) -> None:
        self._url = httpx.URL(url)
        self._clock = clock
        self._fetch_seconds = fetch_seconds
        self._client = httpx.AsyncClient(timeout=fetch_seconds)
        self._held: Mapping[str, _Held] = {}
        self._fresh_until = _NEVER
        self._begun_at = _NEVER
        self._spent_on_unknown_at = _NEVER
        self._wanted: set[str] = set()
        self._is_reachable = False
        self._fetch: asyncio.Task[None] | None = None

    async def at_hand(self, key_id: str) -> bytes | None:
        """The certificate as JSON ``{key_id: PEM}`` if held; takes ``PATIENCE_SECONDS`` at most."""
        if self._held and not self._is_fresh:
            # Only the first to meet an outage wait; while it lasts, the retries delay nobody.
            patience = PATIENCE_SECONDS if self._is_reachable else 0
            await self._refresh(key_id, self._begun_at, RETRY_INTERVAL, patience)
        return self._usable(key_id)

    async def asked_for(self, key_id: str) -> bytes | None:
        """As ``at_hand``, but the server is asked for a key we lack; None when it lacks it too.

        Raises ``Unavailable`` when it does not answer within ``fetch_seconds``.
        """
        if self._is_fresh:
            since, interval = self._spent_on_unknown_at, UNKNOWN_KEY_INTERVAL
        else:
            since, interval = self._begun_at, RETRY_INTERVAL
        await self._refresh(key_id, since, interval, self._fetch_seconds + PATIENCE_SECONDS)
        answer = self._usable(key_id)
        if answer is None and not self._is_reachable:
            raise Unavailable("The keys to check the ID token with cannot be had right now.")
        return answer

    async def aclose(self) -> None:
        """Stop fetching; what is held can still be used."""
        if self._fetch is not None:
            self._fetch.cancel()
            await asyncio.wait({self._fetch})
        await self._client.aclose()

    @property
    def _is_fresh(self) -> bool:
        # The lower bound is for a clock that was set back: it must not keep a key for longer.
        return self._begun_at <= self._clock.now() < self._fresh_until

    def _usable(self, key_id: str) -> bytes | None:
        held = self._held.get(key_id)
        if held is None or not (self._is_fresh or self._clock.now() < held.expires_at):
            return None
        return held.answer

    async def _refresh(
        self, key_id: str, since: datetime, interval: timedelta, patience: float
    ) -> None:
        """Join the fetch under way, or begin one unless ``interval`` forbids it."""
        if self._fetch is None:
            now = self._clock.now()
            if since <= now < since + interval:
                return
            self._begun_at = now
            self._fetch = asyncio.create_task(self._fetch_all(), name="firebase-certificates")
        self._wanted.add(key_id)
        await asyncio.wait({self._fetch}, timeout=patience)

    async def _fetch_all(self) -> None:
        try:
            async with asyncio.timeout(self._fetch_seconds):
                response = await self._client.get(self._url)
            held, max_age = _read(response)
        except (httpx.HTTPError, TimeoutError, ValueError) as error:
            self._is_reachable = False
            _log.warning("Firebase's certificates cannot be fetched: %s", type(error).__name__)
        else:
            self._is_reachable = True
            self._held = held
            self._fresh_until = self._begun_at + max_age
        finally:
            if self._is_fresh and not self._wanted <= self._held.keys():
                self._spent_on_unknown_at = self._begun_at
            self._wanted.clear()
            self._fetch = None


def _read(response: httpx.Response) -> tuple[dict[str, _Held], timedelta]:
    if response.status_code != httpx.codes.OK:
        raise ValueError(f"status {response.status_code}")
    certificates = response.json()
    if not isinstance(certificates, dict) or not certificates:
        raise ValueError("not an object of certificates")
    held = {key_id: _held(key_id, pem) for key_id, pem in certificates.items()}
    return held, _max_age(response.headers)


def _held(key_id: str, pem: object) -> _Held:
    certificate = x509.load_pem_x509_certificate(str(pem).encode())
    return _Held(json.dumps({key_id: pem}).encode(), certificate.not_valid_after_utc)


def _max_age(headers: httpx.Headers) -> timedelta:
    found = _MAX_AGE.search(headers.get("Cache-Control", ""))
    if found is None:
        return _DEFAULT_MAX_AGE
    age = headers.get("Age", "")
    elapsed = int(age) if age.isdecimal() else 0
    return max(timedelta(seconds=int(found[1]) - elapsed), _SHORTEST_MAX_AGE)
