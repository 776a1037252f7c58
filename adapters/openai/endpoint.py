"""One endpoint of OpenAI's API, asked with a deadline, and left in peace when it fails."""

import asyncio
import logging
import math
import ssl
import time
from collections.abc import Callable, Mapping
from typing import TypeVar, cast

import httpx2
import msgspec
from openai import AsyncOpenAI, AsyncStream, OpenAIError

_CONNECT_SECONDS = 1.0
_FAILURES_TO_REST = 3
_REST_SECONDS = 10.0
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})

_T = TypeVar("_T")
_log = logging.getLogger(__name__)


class OpenAIEndpoint:
    """Asks, and reads the answer.

    One that fails thrice in a row rests for ten seconds: nobody's message waits for it again
    and again. ``seconds`` is a clock that never goes back.
    """

    def __init__(
        self,
        path: str,
        *,
        base_url: str,
        api_key: str,
        timeout_seconds: float,
        most_answer_bytes: int,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self._path = path
        self._timeout_seconds = timeout_seconds
        self._most_answer_bytes = most_answer_bytes
        self._seconds = seconds
        self._failures = 0
        self._rests_until = -math.inf
        url = httpx2.URL(base_url)
        http_client = httpx2.AsyncClient(
            timeout=httpx2.Timeout(timeout_seconds, connect=_CONNECT_SECONDS),
            follow_redirects=False,
            # A proxy of the environment is for what lies outside, never for this machine.
            trust_env=url.host not in _LOOPBACK,
            # Loading the authorities takes 0.2 s and some memory; without TLS they serve nothing.
            verify=True if url.scheme == "https" else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT),
        )
        self._client = AsyncOpenAI(
            api_key=api_key, base_url=base_url, max_retries=0, http_client=http_client
        )

    async def aclose(self) -> None:
        """Close all connections; nothing can be asked any more."""
        await self._client.close()

    async def ask(self, body: Mapping[str, object], read: Callable[[bytes], _T]) -> _T | None:
        """What ``read`` makes of the answer; None when there is none in time, or it rests.

        ``read`` raises ``ValueError`` or ``KeyError`` for what is no answer to the question.
        """
        if self._seconds() < self._rests_until:
            return None
        answer: _T | None = None
        try:
            async with asyncio.timeout(self._timeout_seconds):
                raw = await self._post(body)
            answer = read(raw)
        except (TimeoutError, OpenAIError, httpx2.HTTPError, OSError) as error:
            # The error's own words quote the provider, and may quote the text or the key.
            _log.warning("%s does not answer: %s", self._path, type(error).__name__)
        except (ValueError, KeyError) as error:
            _log.warning("an answer of %s was not usable: %s", self._path, type(error).__name__)
        self._note(succeeded=answer is not None)
        return answer

    async def _post(self, body: Mapping[str, object]) -> bytes:
        # The low-level call: the SDK's own would run every number through pydantic. Its types do
        # not say that it hands a raw response out of a stream as well.
        response = cast(
            "httpx2.Response",
            await self._client.post(
                self._path,
                cast_to=httpx2.Response,
                content=msgspec.json.encode(body),
                stream=True,
                stream_cls=AsyncStream[object],
            ),
        )
        try:
            found = bytearray()
            async for block in response.aiter_bytes():
                found += block
                if len(found) > self._most_answer_bytes:
                    break
            return bytes(found)
        finally:
            await response.aclose()

    def _note(self, *, succeeded: bool) -> None:
        self._failures = 0 if succeeded else self._failures + 1
        if self._failures >= _FAILURES_TO_REST:
            self._rests_until = self._seconds() + _REST_SECONDS
