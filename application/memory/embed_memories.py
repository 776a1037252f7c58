"""Vectors for memories that were stored without one."""

from application.ports.embedder import Embedder
from application.ports.memory_index import MemoryIndex
from domain.memory.memories import Embedding

_BATCH = 100
_MOST = 10_000


class EmbedMemories:
    """Makes up for what could not be embedded at once, also after a change of the model."""

    def __init__(self, memories: MemoryIndex, embedder: Embedder) -> None:
        self._memories = memories
        self._embedder = embedder

    async def __call__(self) -> str:
        """What was done, in words; raises ``Unavailable`` when the embedder is away."""
        model = self._embedder.model
        done = 0
        while done < _MOST:
            found = await self._memories.find_unembedded(model, limit=_BATCH)
            if not found:
                break
            vectors = await self._embedder.embed([memory.text for _, memory in found])
            for (user_id, memory), vector in zip(found, vectors, strict=True):
                embedding = Embedding(model, tuple(vector))
                await self._memories.save_embedding(user_id, memory.id, memory.text, embedding)
            done += len(found)
        return f"embedded {done} memories"
