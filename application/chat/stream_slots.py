"""How many replies of one user may stream at once, over all processes."""

from application.ports.rate_limiter import RateLimiter
from application.rate_keys import stream_slot
from domain.chat import Turn
from domain.errors import TooManyStreams

_LIFE_SECONDS = 30
"""A slot must be renewed in this time: those of a process that died are soon free again."""
_RETRY_SECONDS = 5


class StreamSlots:
    """A slot is taken before a streaming turn opens, and given back when the turn has ended."""

    def __init__(self, limiter: RateLimiter, slots: int) -> None:
        self._limiter = limiter
        self._slots = slots

    async def take(self, user_id: str, turn_id: str) -> None:
        """Raises ``TooManyStreams`` when all of the user's slots are taken."""
        if not await self._acquire(user_id, turn_id):
            message = f"At most {self._slots} replies can stream at once."
            raise TooManyStreams(message, retry_after=_RETRY_SECONDS)

    async def renew(self, turn: Turn) -> None:
        """Say that the turn still streams; due every 10 s."""
        await self._acquire(turn.user_id, turn.id)

    async def release(self, user_id: str, turn_id: str) -> None:
        """Give the slot back."""
        await self._limiter.release_slot(stream_slot(user_id), turn_id)

    async def _acquire(self, user_id: str, turn_id: str) -> bool:
        return await self._limiter.acquire_slot(
            stream_slot(user_id), turn_id, slots=self._slots, seconds=_LIFE_SECONDS
        )
