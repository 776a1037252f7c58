"""Make a companion forget."""

from application.memory.memory_tasks import MemoryTasks
from application.ports.memory_index import MemoryIndex

_PATIENCE_SECONDS = 1.0


class ForgetMemories:
    """Deletes one memory, those of one character, or all of a user's."""

    def __init__(self, memories: MemoryIndex, tasks: MemoryTasks) -> None:
        self._memories = memories
        self._tasks = tasks

    async def __call__(self, user_id: str, *, character_id: str | None = None) -> int:
        """Forget all, or all of one character, also what was just said; returns how many."""
        await self._tasks.settled(user_id, _PATIENCE_SECONDS)
        return await self._memories.delete_all(user_id, character_id=character_id)

    async def one(self, user_id: str, memory_id: str) -> None:
        """Forget one; raises ``NotFound``."""
        await self._memories.delete(user_id, memory_id)
