"""Google's keys for the tokens of Pub/Sub's pushes, kept in memory."""

import asyncio
import logging
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any

import httpx
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from jwt import PyJWK, PyJWTError

from adapters.google.connections import options
from application.ports.clock import Clock
from domain.errors import Unavailable

CERTIFICATES_URL = "https://www.googleapis.com/oauth2/v1/certs"
UNKNOWN_KEY_INTERVAL = timedelta(minutes=1)
"""Between two questions for keys that nobody knows, so that invented ones make no flood."""
RETRY_INTERVAL = timedelta(seconds=1)
"""Between two questions for a key that we lack, while the server is away."""
STALE_INTERVAL = timedelta(seconds=30)
"""Between two questions for newer keys, while the one we have will do."""
LONGEST_USE = timedelta(hours=24)
"""How long keys are used while newer ones cannot be had."""

_DEFAULT_MAX_AGE = timedelta(minutes=5)
_MAX_AGE = re.compile(r"\bmax-age=(\d{1,9})\b", re.IGNORECASE)
_NEVER = datetime.min.replace(tzinfo=UTC)
_log = logging.getLogger(__name__)


class PushKeys:
    """Finds a key by its id; asks as rarely as ``Cache-Control`` allows, and never twice at once.

    ``url`` serves ``{key id: PEM certificate}`` or a JSON Web Key Set, as Google does both.
    """

    def __init__(self, url: str | None, clock: Clock, *, fetch_seconds: float) -> None:
        self._url = httpx.URL(url or CERTIFICATES_URL)
        self._clock = clock
        self._seconds = fetch_seconds
        self._keys: Mapping[str, RSAPublicKey] = {}
        self._asked_at = _NEVER
        self._is_reachable = False
        self._got_at = _NEVER
        self._fresh_until = _NEVER
        self._lock = asyncio.Lock()

    async def find(self, key_id: str) -> RSAPublicKey | None:
        """None for a key that Google does not have; raises ``Unavailable`` if it cannot be asked.

        Takes ``fetch_seconds`` at most.
        """
        try:
            async with asyncio.timeout(self._seconds), self._lock:
                if self._must_ask(key_id):
                    await self._fetch()
        except TimeoutError:
            self._failed("TimeoutError")
        now = self._clock.now()
        if key_id in self._keys and self._got_at <= now < self._got_at + LONGEST_USE:
            return self._keys[key_id]
        if not self._is_reachable:
            raise Unavailable("The keys to check the push with cannot be had right now.")
        return None

    def _must_ask(self, key_id: str) -> bool:
        now = self._clock.now()
        is_fresh = self._got_at <= now < self._fresh_until
        if key_id in self._keys:
            if is_fresh:
                return False
            pause = RETRY_INTERVAL if self._is_reachable else STALE_INTERVAL
        else:
            pause = UNKNOWN_KEY_INTERVAL if is_fresh else RETRY_INTERVAL
        return not self._asked_at <= now < self._asked_at + pause

    async def _fetch(self) -> None:
        self._asked_at = self._clock.now()
        try:
            async with httpx.AsyncClient(**options(self._url, self._seconds)) as client:
                answer = await client.get(self._url)
            if answer.status_code != HTTPStatus.OK:
                self._failed(f"status {answer.status_code}")
                return
            keys = _read(answer.json())
        except (httpx.HTTPError, ValueError, PyJWTError) as error:
            self._failed(type(error).__name__)
            return
        self._keys = keys
        self._got_at = self._asked_at
        self._fresh_until = self._asked_at + _max_age(answer.headers)
        self._is_reachable = True

    def _failed(self, why: str) -> None:
        self._is_reachable = False
        _log.warning("Google's keys for pushes cannot be had: %s", why)


def _read(document: Any) -> dict[str, RSAPublicKey]:  # noqa: ANN401 - JSON that is looked at here
    """Raises ``ValueError`` for what is neither of the two forms."""
    if not isinstance(document, dict) or not document:
        message = "not an object of keys"
        raise ValueError(message)
    if isinstance(document.get("keys"), list):
        keys = [one for one in document["keys"] if isinstance(one, dict)]
        found = {str(one.get("kid")): PyJWK(one).key for one in keys}
    else:
        found = {
            key_id: x509.load_pem_x509_certificate(str(pem).encode()).public_key()
            for key_id, pem in document.items()
        }
    usable = {key_id: key for key_id, key in found.items() if isinstance(key, RSAPublicKey)}
    if not usable:
        message = "no key of the kind that signs pushes"
        raise ValueError(message)
    return usable


def _max_age(headers: httpx.Headers) -> timedelta:
    found = _MAX_AGE.search(headers.get("Cache-Control", ""))
    if found is None:
        return _DEFAULT_MAX_AGE
    age = headers.get("Age", "")
    elapsed = int(age) if age.isascii() and age.isdecimal() else 0
    return timedelta(seconds=max(int(found[1]) - elapsed, 1))
