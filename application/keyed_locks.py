"""One lock per key, for as long as somebody wants it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from attrs import Factory, define

from domain.errors import Unavailable


@define
class _Queue:
    """Those who want a key; ``failures`` counts who had it and found a store away."""

    lock: asyncio.Lock = Factory(asyncio.Lock)
    users: int = 0
    failures: int = 0


class KeyedLocks:
    """Serialises work on one thing within this process.

    Correctness never depends on it (the stores compare and set); it only keeps the requests of
    one user from losing race after race against each other.
    """

    def __init__(self) -> None:
        self._queues: dict[str, _Queue] = {}

    @asynccontextmanager
    async def hold(self, key: str, *, fails_together: bool = False) -> AsyncIterator[None]:
        """Wait for the key's turn, and forget the key when nobody wants it any more.

        ``fails_together`` raises ``Unavailable`` if somebody before us in the queue did: of
        twenty who wait for a store that does not answer, the last would wait twenty deadlines.
        """
        queue = self._queues.setdefault(key, _Queue())
        queue.users += 1
        failures_before = queue.failures
        try:
            async with queue.lock:
                if fails_together and queue.failures > failures_before:
                    message = "What this needs does not answer right now."
                    raise Unavailable(message)
                try:
                    yield
                except Unavailable:
                    queue.failures += 1
                    raise
        finally:
            queue.users -= 1
            if not queue.users:
                del self._queues[key]
