"""The Play Developer API: one app's purchases, asked as our service account.

Over httpx, which knows the proxies and authorities of a system by itself: these calls are few and
small, and nobody waits for them token by token.
"""

import asyncio
import logging
import re
from collections.abc import Mapping
from enum import Enum, auto
from http import HTTPStatus
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote

import httpx
import msgspec

from adapters.google.connections import options
from adapters.google.credentials import AccessTokens
from adapters.google.wire import ErrorAnswer, decode
from domain.errors import Unavailable

BASE_URL = "https://androidpublisher.googleapis.com"
MOST_ANSWER_BYTES = 8_000_000
"""A page of 1,000 voided purchases has about 500 kB."""

_UNKNOWN = frozenset({HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_FOUND, HTTPStatus.GONE})
_OUR_FAULT = frozenset({"applicationNotFound", "packageNameNotFound"})
"""Not about the purchase: the package is not ours, or the account may not see it."""
_QUOTA = re.compile("quota|limit", re.IGNORECASE)

_T = TypeVar("_T")
_log = logging.getLogger(__name__)


class Refusal(Enum):
    """Why Google does not do what it understood."""

    UNKNOWN = auto()
    """It knows no such thing, or no longer, or not as a thing of this kind."""
    NOT_ALLOWED = auto()
    """Our account may not see it."""
    CONFLICT = auto()
    """The state of the thing does not allow it."""


class Refused(Exception):
    """Google has answered, and the answer is no."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.name.lower())
        self.refusal = refusal


class PlayApi:
    """Asks about, and changes, the purchases of ``package_name``.

    ``credentials_path`` is a service account's key file; where its access tokens come from, the
    file says. Each call takes ``call_seconds`` at most, fetching a token included. Raises
    ``OSError`` or ``ValueError`` for a file that cannot work.
    """

    def __init__(
        self,
        *,
        package_name: str,
        credentials_path: str | Path,
        base_url: str | None = None,
        call_seconds: float = 3.5,
    ) -> None:
        if not package_name:
            message = "the app's package name is missing"
            raise ValueError(message)
        self.package_name = package_name
        self._tokens = AccessTokens(credentials_path, seconds=call_seconds)
        self._seconds = call_seconds
        app = quote(package_name, safe="")
        self._root = httpx.URL(
            f"{(base_url or BASE_URL).rstrip('/')}/androidpublisher/v3/applications/{app}"
        )
        self._client: httpx.AsyncClient | None = None

    async def get(
        self, path: str, shape: type[_T], params: Mapping[str, str | list[str]] | None = None
    ) -> _T:
        """The thing at a path below the app's, read as ``shape``.

        Raises ``Refused`` for an answer that says no, ``Unavailable`` for anything else.
        """
        return answer_as(await self._ask("GET", path, params=params), shape)

    async def post(self, path: str, body: object = None) -> None:
        """Change the thing at a path below the app's; raises as ``get`` does."""
        body = {} if body is None else body
        check(await self._ask("POST", path, body=msgspec.json.encode(body)))

    async def aclose(self) -> None:
        """Close all connections."""
        if self._client is not None:
            await self._client.aclose()
            self._client = None

    async def _ask(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str | list[str]] | None = None,
        body: bytes | None = None,
    ) -> httpx.Response:
        try:
            async with asyncio.timeout(self._seconds):
                token = await self._tokens.get()
                answer = await self._send(method, path, token, params, body)
                if answer.status_code == HTTPStatus.UNAUTHORIZED:
                    # Withdrawn before its time: once more with a new one.
                    self._tokens.forget(token)
                    token = await self._tokens.get()
                    answer = await self._send(method, path, token, params, body)
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as error:
            _log.warning("Google Play does not answer: %s", type(error).__name__)
            raise _unavailable() from error
        return answer

    async def _send(
        self,
        method: str,
        path: str,
        token: str,
        params: Mapping[str, str | list[str]] | None,
        body: bytes | None,
    ) -> httpx.Response:
        headers = {"Authorization": f"Bearer {token}"}
        if body is not None:
            headers["Content-Type"] = "application/json"
        url = f"{self._root}/{path}"
        async with self._opened().stream(
            method, url, params=params, content=body, headers=headers
        ) as answer:
            received = bytearray()
            async for block in answer.aiter_bytes():
                received += block
                if len(received) > MOST_ANSWER_BYTES:
                    message = "an answer without an end"
                    raise httpx.DecodingError(message)
            return httpx.Response(answer.status_code, content=bytes(received))

    def _opened(self) -> httpx.AsyncClient:
        # Loading the authorities takes 0.2 s, so it waits for the first call.
        if self._client is None:
            self._client = httpx.AsyncClient(**options(self._root, self._seconds))
        return self._client


def answer_as(answer: httpx.Response, shape: type[_T]) -> _T:
    """What an answer says; raises ``Refused`` or ``Unavailable`` for one that says nothing."""
    check(answer)
    try:
        return decode(answer.content, shape)
    except (msgspec.DecodeError, RecursionError) as error:
        _log.warning("Google Play's answer cannot be read: %s", shape.__name__)
        raise _unavailable() from error


def check(answer: httpx.Response) -> None:
    """Raises ``Refused`` or ``Unavailable`` unless it is a success."""
    if not answer.is_success:
        raise _failure(answer)


def part(text: str) -> str:
    """A text as one part of a path: tokens and products come from outside."""
    return quote(text, safe="")


def _failure(answer: httpx.Response) -> Exception:
    status = answer.status_code
    try:
        error = decode(answer.content, ErrorAnswer).error
    except msgspec.DecodeError:
        error = ErrorAnswer().error
    reasons = {one.reason for one in error.errors}
    if status == HTTPStatus.CONFLICT:
        return Refused(Refusal.CONFLICT)
    if status in _UNKNOWN and not reasons & _OUR_FAULT:
        return Refused(Refusal.UNKNOWN)
    if status == HTTPStatus.FORBIDDEN and not any(_QUOTA.search(one) for one in reasons):
        return Refused(Refusal.NOT_ALLOWED)
    # The reason is Google's word, such as quotaExceeded; its message may name the token.
    _log.warning("Google Play answers %s (%s)", status, ", ".join(sorted(reasons)) or error.status)
    return _unavailable()


def _unavailable() -> Unavailable:
    return Unavailable("Google Play cannot be asked right now.")
