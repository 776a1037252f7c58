"""Vectors for texts, when they can be had."""

from collections.abc import Sequence

from application.ports.embedder import Embedder
from domain.errors import Unavailable
from domain.memory.memories import Embedding


async def embeddings_of(embedder: Embedder, texts: Sequence[str]) -> list[Embedding | None]:
    """The texts' vectors; None for each when the embedder is away: a job makes up for it later."""
    try:
        vectors = await embedder.embed(texts)
    except Unavailable:
        return [None for _ in texts]
    return [Embedding(embedder.model, tuple(vector)) for vector in vectors]


async def embedding_of(embedder: Embedder, text: str) -> Embedding | None:
    """The same for one text."""
    [found] = await embeddings_of(embedder, [text])
    return found
