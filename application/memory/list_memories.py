"""What companions remember of somebody."""

from application.pages import Page, page_of
from application.ports.memory_index import MemoryIndex
from domain.memory.memories import Memory


class ListMemories:
    """Reads memories, newest first."""

    def __init__(self, memories: MemoryIndex) -> None:
        self._memories = memories

    async def __call__(
        self, user_id: str, *, character_id: str | None, limit: int, cursor: str | None
    ) -> Page[Memory]:
        """One page, of one character or of all."""
        found = await self._memories.list(
            user_id, character_id=character_id, limit=limit + 1, before=cursor
        )
        return page_of(found, limit, lambda memory: memory.id)
