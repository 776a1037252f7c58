"""What is remembered, and its search."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from attrs import frozen

from domain.memory.memories import Embedding, Memory
from domain.memory.revisions import Near, Revision


@frozen
class MemoryQuery:
    """What a turn wants to be reminded of.

    ``text`` is the person's message; ``embeddings`` are its vectors, one for each model that can
    still be read (at most two: the current one first). Left out is what was told in
    ``except_session`` at or after ``except_since``: that stands in the prompt itself.
    """

    user_id: str
    character_id: str
    text: str
    embeddings: tuple[Embedding, ...]
    now: datetime
    limit: int
    except_session: str | None = None
    except_since: datetime | None = None


class MemoryIndex(Protocol):
    """What companions remember of a user. All that is somebody else's is ``NotFound``.

    Memories with ``ended_at`` are history: neither searched nor near anything, and listed only
    on request.
    """

    async def search(self, query: MemoryQuery) -> Sequence[Memory]:
        """The best current memories, best first, in one round trip.

        Exact: each of the user's memories with this character is weighed (recall 1.0) by
        similarity, keywords, importance and recency; what has nothing to do with the text is
        left out, unless the text speaks of the person: then all compete for the room. A memory
        whose vector is missing, or of a model that ``embeddings`` has not, is weighed by the rest.
        Where room is left, the few most important memories come last,
        whatever the text is about. ``domain.memory.ranking`` says how all this is counted.
        """
        ...

    async def find_near(
        self,
        user_id: str,
        character_id: str,
        facts: Sequence[tuple[str | None, Embedding | None]],
        *,
        limit: int,
    ) -> Sequence[Sequence[Near]]:
        """For each ``(topic, vector)``: the current memories of this topic, then the closest.

        At most ``limit`` of the closest, one round trip for all.
        """
        ...

    async def revise(
        self, user_id: str, revision: Revision, *, turn_id: str, is_final: bool = True
    ) -> bool:
        """Write a revision and, if it is the final one, strike the turn's work off, in one step.

        Returns False, and writes nothing, when that work is not there any more: somebody else
        did it, or the conversation was deleted. Sources that are gone are left out, and an
        addition all of whose sources are gone is not written. A confirmation or an ending of a
        memory that is gone does nothing. When something is forgotten, all earlier work with this
        character is struck off as well: it may be about just that.
        """
        ...

    async def add(self, user_id: str, memory: Memory, embedding: Embedding | None) -> Memory:
        """Store a memory; raises ``NotFound`` when there is no living account.

        Returns it, or the one that has its id already: then nothing is written.
        """
        ...

    async def get(self, user_id: str, memory_id: str) -> Memory:
        """One memory; raises ``NotFound``."""
        ...

    async def list(
        self,
        user_id: str,
        *,
        character_id: str | None,
        limit: int,
        before: str | None,
        with_history: bool = False,
    ) -> Sequence[Memory]:
        """Memories, newest first by id, from below the id ``before`` on."""
        ...

    async def correct(
        self, user_id: str, memory_id: str, text: str, embedding: Embedding | None
    ) -> Memory:
        """Give it another text and vector; raises ``NotFound``. It keeps its sources.

        A search finds it from then on also in the session where the other text was told.
        Work on what was said there is struck off: nothing is learnt again that was put right.
        """
        ...

    async def delete(self, user_id: str, memory_id: str) -> None:
        """Forget one memory, and the history that it took the place of; raises ``NotFound``.

        Work on what was said there is struck off: nothing is learnt again that was deleted.
        """
        ...

    async def delete_all(self, user_id: str, *, character_id: str | None) -> int:
        """Forget all of a user's memories, or those of one character; returns how many.

        Work that has not been done yet is struck off too: nothing said before is learnt later.
        """
        ...

    async def find_unembedded(self, model: str, *, limit: int) -> Sequence[tuple[str, Memory]]:
        """Memories without a vector of this model, with their users, oldest first."""
        ...

    async def save_embedding(
        self, user_id: str, memory_id: str, text: str, embedding: Embedding
    ) -> None:
        """Store the vector of ``text``; does nothing when the memory is gone or says otherwise."""
        ...
