"""``Embedder`` over OpenAI's embeddings."""

import asyncio
import logging
import math
import ssl
import time
from collections.abc import Callable, Sequence
from typing import cast

import httpx2
import msgspec
from openai import AsyncOpenAI, AsyncStream, OpenAIError

from domain.errors import Unavailable

_CONNECT_SECONDS = 1.0
_MOST_TEXTS = 32
_MOST_TEXT_BYTES = 8_000
"""A token is at least a byte, so this stays below the 8,191 tokens of a text, and 32 of them
below the 300,000 of a request."""
_MOST_ANSWER_BYTES = 8_000_000
_PLACEHOLDER = "-"
"""For a text without content, which the API refuses."""
_FAILURES_TO_REST = 3
_REST_SECONDS = 10.0
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})

_log = logging.getLogger(__name__)


class _Vector(msgspec.Struct):
    index: int
    embedding: list[float]


class _Answer(msgspec.Struct):
    data: list[_Vector]


_decode_answer = msgspec.json.Decoder(_Answer).decode


class OpenAIEmbedder:
    """Vectors shortened to ``dimensions``, which this family of models is trained for.

    One that fails thrice in a row rests for ten seconds: nobody's message waits for it again
    and again. ``seconds`` is a clock that never goes back.
    """

    def __init__(
        self,
        *,
        base_url: str,
        api_key: str,
        model: str = "text-embedding-3-small",
        dimensions: int = 256,
        timeout_seconds: float = 2.0,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self._model = model
        self._dimensions = dimensions
        self._timeout_seconds = timeout_seconds
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

    @property
    def model(self) -> str:
        return f"{self._model}-{self._dimensions}"

    @property
    def dimensions(self) -> int:
        return self._dimensions

    async def aclose(self) -> None:
        """Close all connections; nothing can be embedded any more."""
        await self._client.close()

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        vectors: list[list[float]] = []
        for start in range(0, len(texts), _MOST_TEXTS):
            vectors += await self._embed_some(texts[start : start + _MOST_TEXTS])
        return vectors

    async def _embed_some(self, texts: Sequence[str]) -> list[list[float]]:
        vectors = None
        if self._seconds() >= self._rests_until:
            try:
                async with asyncio.timeout(self._timeout_seconds):
                    vectors = self._vectors_in(await self._ask(texts), len(texts))
            except (TimeoutError, OpenAIError, httpx2.HTTPError, OSError) as error:
                # The error's own words quote the provider, and may quote the text or the key.
                _log.warning("texts could not be embedded: %s", type(error).__name__)
            self._note(succeeded=vectors is not None)
        if vectors is None:
            # Out here, so that the provider's error is not this one's context.
            raise Unavailable("Texts cannot be compared at the moment.")
        return vectors

    async def _ask(self, texts: Sequence[str]) -> bytes:
        # The low-level call: ``create()`` would run every number through pydantic. The SDK's
        # types do not say that it hands a raw response out of a stream as well.
        response = cast(
            "httpx2.Response",
            await self._client.post(
                "/embeddings",
                cast_to=httpx2.Response,
                content=msgspec.json.encode(
                    {
                        "model": self._model,
                        "input": [_acceptable(text) for text in texts],
                        "dimensions": self._dimensions,
                    }
                ),
                stream=True,
                stream_cls=AsyncStream[object],
            ),
        )
        try:
            body = bytearray()
            async for block in response.aiter_bytes():
                body += block
                if len(body) > _MOST_ANSWER_BYTES:
                    break
            return bytes(body)
        finally:
            await response.aclose()

    def _vectors_in(self, body: bytes, count: int) -> list[list[float]] | None:
        """The vectors in the order of their texts; None when the answer is not what was asked."""
        try:
            found = {one.index: one.embedding for one in _decode_answer(body).data}
            return [self._shortened(found[index]) for index in range(count)]
        except (msgspec.MsgspecError, ValueError, KeyError) as error:
            _log.warning("an answer with vectors was not usable: %s", type(error).__name__)
            return None

    def _shortened(self, vector: list[float]) -> list[float]:
        """To the dimensions wanted, also from a server that does not know of shortening."""
        vector = vector[: self._dimensions]
        length = math.hypot(*vector)
        if len(vector) < self._dimensions or length == 0:
            message = "too short to be compared"
            raise ValueError(message)
        return [value / length for value in vector]

    def _note(self, *, succeeded: bool) -> None:
        self._failures = 0 if succeeded else self._failures + 1
        if self._failures >= _FAILURES_TO_REST:
            self._rests_until = self._seconds() + _REST_SECONDS


def _acceptable(text: str) -> str:
    raw = text.encode(errors="replace")
    if len(raw) > _MOST_TEXT_BYTES:
        text = raw[:_MOST_TEXT_BYTES].decode(errors="ignore")
    return text if text.strip() else _PLACEHOLDER
