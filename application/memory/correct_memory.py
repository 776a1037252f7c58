"""Put a memory right."""

from application.memory.embed_text import embedding_of
from application.ports.embedder import Embedder
from application.ports.memory_index import MemoryIndex
from domain.memory.memories import Memory, checked_memory_text


class CorrectMemory:
    """Gives a memory another text, and the vector that belongs to it."""

    def __init__(self, memories: MemoryIndex, embedder: Embedder) -> None:
        self._memories = memories
        self._embedder = embedder

    async def __call__(self, user_id: str, memory_id: str, text: str) -> Memory:
        """The memory afterwards; raises ``NotFound`` or ``InvalidRequest``."""
        line = checked_memory_text(text)
        embedding = await embedding_of(self._embedder, line)
        return await self._memories.correct(user_id, memory_id, line, embedding)
