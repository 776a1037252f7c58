"""What companions remember of somebody."""

from application.memory.memory_tasks import MemoryTasks
from application.pages import Page, id_cursor, page_of
from application.ports.memory_index import MemoryIndex
from domain.memory.memories import Memory

_PATIENCE_SECONDS = 1.0


class ListMemories:
    """Reads memories, newest first, those of what was just said included."""

    def __init__(self, memories: MemoryIndex, tasks: MemoryTasks) -> None:
        self._memories = memories
        self._tasks = tasks

    async def __call__(
        self,
        user_id: str,
        *,
        character_id: str | None,
        limit: int,
        cursor: str | None,
        with_history: bool = False,
    ) -> Page[Memory]:
        """One page, of one character or of all; with history, also what is true no more."""
        await self._tasks.settled(user_id, _PATIENCE_SECONDS)
        found = await self._memories.list(
            user_id,
            character_id=character_id,
            limit=limit + 1,
            before=id_cursor("mem", cursor),
            with_history=with_history,
        )
        return page_of(found, limit, lambda memory: memory.id)
