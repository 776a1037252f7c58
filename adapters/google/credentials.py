"""Access tokens for our service account.

google-auth signs the assertion and reads the answer. Its own transport needs another HTTP library,
so it is given this one; it blocks, hence the thread.
"""

import asyncio
from collections.abc import Mapping
from pathlib import Path

import httpx
from attrs import frozen
from google.auth.exceptions import GoogleAuthError, TransportError
from google.oauth2 import service_account

from adapters.google.connections import options
from domain.errors import Unavailable

SCOPE = "https://www.googleapis.com/auth/androidpublisher"


@frozen
class _Answer:
    """What google-auth wants of an answer."""

    status: int
    headers: Mapping[str, str]
    data: bytes


class _Transport:
    """One request at a time, each with its own connection: it is made once an hour."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds

    def __call__(
        self,
        url: str,
        method: str = "GET",
        body: bytes | str | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: float | None = None,
        **_: object,
    ) -> _Answer:
        seconds = min(timeout or self._seconds, self._seconds)
        try:
            with httpx.Client(**options(httpx.URL(url), seconds)) as client:
                answer = client.request(method, url, content=body, headers=headers)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            reason = f"{method}: {type(error).__name__}"
            # google-auth says that it is typed, but its exceptions are not.
            raise TransportError(reason) from error  # type: ignore[no-untyped-call]
        return _Answer(answer.status_code, answer.headers, answer.content)


class AccessTokens:
    """The token in force; got anew in good time, by one caller for all.

    The file is a service account's key; where tokens are fetched, its ``token_uri`` says. Raises
    ``OSError`` or ``ValueError`` for a file that cannot work.
    """

    def __init__(self, path: str | Path, *, seconds: float) -> None:
        self._credentials = service_account.Credentials.from_service_account_file(  # type: ignore[no-untyped-call]  # has no annotations
            str(path), scopes=[SCOPE]
        )
        self._seconds = seconds
        self._transport = _Transport(seconds)
        self._lock = asyncio.Lock()

    async def get(self) -> str:
        """Raises ``Unavailable`` when Google gives none."""
        async with self._lock:
            if not self._credentials.valid:
                await self._refresh()
            return str(self._credentials.token)

    def forget(self, token: str) -> None:
        """This one was refused."""
        if self._credentials.token == token:
            self._credentials.token = None

    async def _refresh(self) -> None:
        try:
            async with asyncio.timeout(self._seconds):
                await asyncio.to_thread(self._credentials.refresh, self._transport)
        except (GoogleAuthError, TimeoutError) as error:
            message = "Google Play cannot be asked right now."
            raise Unavailable(message) from error
