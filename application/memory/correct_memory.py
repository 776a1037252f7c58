"""Put a memory right."""

from application.memory.embed_text import embedding_of
from application.ports.embedder import Embedder
from application.ports.memory_index import MemoryIndex
from application.safety.safety_records import Occasion
from application.safety.written_words import WrittenWords
from domain.accounts import User
from domain.memory.memories import Memory, checked_memory_text


class CorrectMemory:
    """Gives a memory another text, and the vector that belongs to it."""

    def __init__(self, words: WrittenWords, memories: MemoryIndex, embedder: Embedder) -> None:
        self._words = words
        self._memories = memories
        self._embedder = embedder

    async def __call__(self, user: User, memory_id: str, text: str) -> Memory:
        """The memory afterwards; raises ``NotFound``, ``InvalidRequest`` or ``ContentBlocked``."""
        line = checked_memory_text(text)
        known = await self._memories.get(user.id, memory_id)
        await self._words.check(user, line, Occasion(character_id=known.character_id))
        embedding = await embedding_of(self._embedder, line)
        return await self._memories.correct(user.id, memory_id, line, embedding)
