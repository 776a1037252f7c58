"""Vectors for texts, when they can be had."""

from application.ports.embedder import Embedder
from domain.errors import Unavailable
from domain.memory.memories import Embedding


async def embedding_of(embedder: Embedder, text: str) -> Embedding | None:
    """The text's vector; None when the embedder is away: a job makes up for it later."""
    try:
        vectors = await embedder.embed([text])
    except Unavailable:
        return None
    return Embedding(embedder.model, tuple(vectors[0]))
