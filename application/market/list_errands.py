"""What we owe the stores and could not do."""

from collections.abc import Sequence

from application.ports.errand_queue import ErrandQueue, QueuedErrand

_MOST = 200


class ListErrands:
    """Reads the errands that wait for a person."""

    def __init__(self, queue: ErrandQueue) -> None:
        self._queue = queue

    async def __call__(self) -> Sequence[QueuedErrand]:
        """Oldest first, at most 200."""
        return await self._queue.list_parked(limit=_MOST)
