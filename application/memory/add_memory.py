"""Tell a companion something to remember."""

from attrs import frozen

from application.memory.embed_text import embedding_of
from application.ports.character_store import CharacterStore
from application.ports.clock import Clock, IdGenerator
from application.ports.embedder import Embedder
from application.ports.fact_extractor import FactExtractor
from application.ports.memory_index import MemoryIndex
from application.safety.safety_records import Occasion
from application.safety.written_words import WrittenWords
from domain.accounts import User
from domain.first_time import FirstTime
from domain.memory.facts import Exchange, Fact
from domain.memory.memories import NOTE, Memory, checked_memory_text

_IMPORTANCE = 4
"""Somebody took the trouble to type it in."""


@frozen
class AddMemoryCommand:
    """Something that one character shall remember of ``user``.

    With ``first`` the same request makes one memory, however often it comes.
    """

    user: User
    character_id: str
    text: str
    first: FirstTime | None = None


class AddMemory:
    """Stores a memory that was typed in.

    It is kept as it is. ``extractor`` (one that answers at once) tells its topic where the note
    says exactly one thing, so that what is told later can take its place.
    """

    def __init__(
        self,
        words: WrittenWords,
        memories: MemoryIndex,
        characters: CharacterStore,
        embedder: Embedder,
        extractor: FactExtractor,
        clock: Clock,
        ids: IdGenerator,
    ) -> None:
        self._words = words
        self._memories = memories
        self._characters = characters
        self._embedder = embedder
        self._extractor = extractor
        self._clock = clock
        self._ids = ids

    async def __call__(self, command: AddMemoryCommand) -> Memory:
        """The memory.

        Raises ``NotFound`` for the character, ``InvalidRequest`` and ``ContentBlocked`` for the
        text.
        """
        text = checked_memory_text(command.text)
        character = await self._characters.get(command.character_id)
        await self._words.check(command.user, text, Occasion(character_id=character.id))
        fact = await self._only_fact(command, text)
        memory = Memory(
            id=self._ids.new("mem") if command.first is None else command.first.new_id("mem"),
            character_id=character.id,
            text=text,
            source_message_ids=(),
            created_at=self._clock.now(),
            kind=NOTE,
            importance=_IMPORTANCE,
            topic=None if fact is None else fact.topic,
            true_at=None if fact is None else fact.true_at,
        )
        embedding = await embedding_of(self._embedder, text)
        return await self._memories.add(command.user.id, memory, embedding)

    async def _only_fact(self, command: AddMemoryCommand, text: str) -> Fact | None:
        exchange = Exchange(
            user_id=command.user.id,
            turn_id="",
            session_id="",
            character_id=command.character_id,
            character_name="",
            user_name="",
            user_message_id="",
            user_text=text,
            reply_message_id="",
            reply_text="",
            said_at=self._clock.now(),
        )
        facts = await self._extractor.extract(exchange)
        if len(facts) != 1 or facts[0].is_over or facts[0].is_forgetting:
            return None
        return facts[0]
