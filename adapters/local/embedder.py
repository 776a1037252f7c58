"""Embeddings of our own, for a start without ``OPENAI_API_KEY``."""

import asyncio
import importlib.util
from collections.abc import Sequence
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from adapters.local.errors import EmbeddedPartError

if TYPE_CHECKING:
    from adapters.local.word_vectors import WordVectors

_DIMENSIONS = 256
_LARGE = 4_000  # characters, which take some 2 ms: more would hold up the event loop


class WordLlamaEmbedder:
    """The mean of the vectors of a text's tokens: fast, small, and without a network.

    Loads at the first use, or before by ``load``; 0.3 s and 35 MB of memory. A text
    without a token gets one fixed vector. Raises ``EmbeddedPartError`` when it is not installed.
    """

    def __init__(self) -> None:
        self._vectors: WordVectors | None = None
        # The first texts may come in many threads at once: one of them loads, the others wait.
        self._loading = Lock()

    @property
    def model(self) -> str:
        return f"wordllama-{_DIMENSIONS}"

    @property
    def dimensions(self) -> int:
        return _DIMENSIONS

    def load(self) -> None:
        """Read the weights now; blocks."""
        self._loaded()

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        if self._vectors is None or sum(map(len, texts)) > _LARGE:
            return await asyncio.to_thread(self._embed, texts)
        return self._embed(texts)

    def _embed(self, texts: Sequence[str]) -> list[list[float]]:
        vectors = self._loaded()
        return [vectors.of(text) for text in texts]

    def _loaded(self) -> "WordVectors":
        with self._loading:
            if self._vectors is None:
                # Numeric libraries are slow to import, and most starts and tests never embed.
                from adapters.local.word_vectors import WordVectors  # noqa: PLC0415 - said above

                self._vectors = WordVectors(_package(), _DIMENSIONS)
            return self._vectors


def _package() -> Path:
    """Where the package's files are.

    It is not imported: that would set up logging for the whole process, bring in an HTTP client,
    and look for the weights in the wrong folder and then on the network.
    """
    spec = importlib.util.find_spec("wordllama")
    for folder in (spec and spec.submodule_search_locations) or []:
        if (Path(folder) / "weights").is_dir():
            return Path(folder)
    raise EmbeddedPartError(
        "The local embeddings are not installed (package wordllama).",
        "Install the project's requirements again, or set OPENAI_API_KEY.",
    )
