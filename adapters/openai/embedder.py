"""``Embedder`` over OpenAI's embeddings."""

import math
import time
from collections.abc import Callable, Sequence

import msgspec

from adapters.openai.endpoint import OpenAIEndpoint
from domain.errors import Unavailable

_MOST_TEXTS = 32
_MOST_TEXT_BYTES = 8_000
"""A token is at least a byte, so this stays below the 8,191 tokens of a text, and 32 of them
below the 300,000 of a request."""
_MOST_ANSWER_BYTES = 8_000_000
_PLACEHOLDER = "-"
"""For a text without content, which the API refuses."""


class _Vector(msgspec.Struct):
    index: int
    embedding: list[float]


class _Answer(msgspec.Struct):
    data: list[_Vector]


_decode_answer = msgspec.json.Decoder(_Answer).decode


class OpenAIEmbedder:
    """Vectors shortened to ``dimensions``, which this family of models is trained for."""

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
        self._endpoint = OpenAIEndpoint(
            "/embeddings",
            base_url=base_url,
            api_key=api_key,
            timeout_seconds=timeout_seconds,
            most_answer_bytes=_MOST_ANSWER_BYTES,
            seconds=seconds,
        )

    @property
    def model(self) -> str:
        return f"{self._model}-{self._dimensions}"

    @property
    def dimensions(self) -> int:
        return self._dimensions

    async def aclose(self) -> None:
        """Close all connections; nothing can be embedded any more."""
        await self._endpoint.aclose()

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        vectors: list[list[float]] = []
        for start in range(0, len(texts), _MOST_TEXTS):
            vectors += await self._embed_some(texts[start : start + _MOST_TEXTS])
        return vectors

    async def _embed_some(self, texts: Sequence[str]) -> list[list[float]]:
        body = {
            "model": self._model,
            "input": [_acceptable(text) for text in texts],
            "dimensions": self._dimensions,
        }
        vectors = await self._endpoint.ask(body, lambda raw: self._vectors_in(raw, len(texts)))
        if vectors is None:
            raise Unavailable("Texts cannot be compared at the moment.")
        return vectors

    def _vectors_in(self, body: bytes, count: int) -> list[list[float]]:
        """The vectors in the order of their texts."""
        found = {one.index: one.embedding for one in _decode_answer(body).data}
        return [self._shortened(found[index]) for index in range(count)]

    def _shortened(self, vector: list[float]) -> list[float]:
        """To the dimensions wanted, also from a server that does not know of shortening."""
        vector = vector[: self._dimensions]
        length = math.hypot(*vector)
        if len(vector) < self._dimensions or length == 0:
            message = "too short to be compared"
            raise ValueError(message)
        return [value / length for value in vector]


def _acceptable(text: str) -> str:
    raw = text.encode(errors="replace")
    if len(raw) > _MOST_TEXT_BYTES:
        text = raw[:_MOST_TEXT_BYTES].decode(errors="ignore")
    return text if text.strip() else _PLACEHOLDER
