"""Make a companion forget."""

from application.ports.memory_index import MemoryIndex


class ForgetMemories:
    """Deletes one memory, those of one character, or all of a user's."""

    def __init__(self, memories: MemoryIndex) -> None:
        self._memories = memories

    async def __call__(self, user_id: str, *, character_id: str | None = None) -> int:
        """Forget all, or all of one character; returns how many."""
        return await self._memories.delete_all(user_id, character_id=character_id)

    async def one(self, user_id: str, memory_id: str) -> None:
        """Forget one; raises ``NotFound``."""
        await self._memories.delete(user_id, memory_id)
