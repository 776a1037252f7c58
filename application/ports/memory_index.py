"""Memories and their search by similarity."""

from collections.abc import Sequence
from typing import Protocol

from domain.memory import Embedding, Memory


class MemoryIndex(Protocol):
    """What companions remember of a user. All that is somebody else's is ``NotFound``."""

    async def search(
        self,
        user_id: str,
        character_id: str,
        embedding: Embedding,
        *,
        limit: int,
        least_similarity: float,
        except_session: str | None = None,
    ) -> Sequence[Memory]:
        """The most similar memories by cosine, best first, exact (recall 1.0), one round trip.

        Only those with a vector of the same model, at least ``least_similarity`` (−1 to 1)
        similar, and not said in ``except_session``.
        """
        ...

    async def add(self, user_id: str, memory: Memory, embedding: Embedding | None) -> None:
        """Store a memory."""
        ...

    async def get(self, user_id: str, memory_id: str) -> Memory:
        """One memory; raises ``NotFound``."""
        ...

    async def list(
        self, user_id: str, *, character_id: str | None, limit: int, before: str | None
    ) -> Sequence[Memory]:
        """Memories, newest first by id, from below the id ``before`` on."""
        ...

    async def correct(
        self, user_id: str, memory_id: str, text: str, embedding: Embedding | None
    ) -> Memory:
        """Give it another text and vector; raises ``NotFound``."""
        ...

    async def delete(self, user_id: str, memory_id: str) -> None:
        """Forget one memory; raises ``NotFound``."""
        ...

    async def delete_all(self, user_id: str, *, character_id: str | None) -> int:
        """Forget all of a user's memories, or those of one character; returns how many."""
        ...

    async def find_unembedded(self, model: str, *, limit: int) -> Sequence[tuple[str, Memory]]:
        """Memories without a vector of this model, with their users, oldest first."""
        ...

    async def save_embedding(self, user_id: str, memory_id: str, embedding: Embedding) -> None:
        """Store a memory's vector; does nothing when the memory is gone."""
        ...
