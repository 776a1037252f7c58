"""Tell a companion something to remember."""

from attrs import frozen

from application.memory.embed_text import embedding_of
from application.ports.character_store import CharacterStore
from application.ports.clock import Clock, IdGenerator
from application.ports.embedder import Embedder
from application.ports.memory_index import MemoryIndex
from domain.memory.memories import Memory, checked_memory_text


@frozen
class AddMemoryCommand:
    """Something that one character shall remember of the user."""

    user_id: str
    character_id: str
    text: str


class AddMemory:
    """Stores a memory that was typed in."""

    def __init__(
        self,
        memories: MemoryIndex,
        characters: CharacterStore,
        embedder: Embedder,
        clock: Clock,
        ids: IdGenerator,
    ) -> None:
        self._memories = memories
        self._characters = characters
        self._embedder = embedder
        self._clock = clock
        self._ids = ids

    async def __call__(self, command: AddMemoryCommand) -> Memory:
        """The memory; raises ``NotFound`` for the character, ``InvalidRequest`` for the text."""
        text = checked_memory_text(command.text)
        character = await self._characters.get(command.character_id)
        memory = Memory(
            id=self._ids.new("mem"),
            character_id=character.id,
            text=text,
            source_message_ids=(),
            created_at=self._clock.now(),
            kind="note",
        )
        await self._memories.add(command.user_id, memory, await embedding_of(self._embedder, text))
        return memory
