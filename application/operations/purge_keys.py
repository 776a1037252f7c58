"""Idempotency keys that are over."""

from datetime import timedelta

from application.ports.clock import Clock
from application.ports.idempotency_store import IdempotencyStore

KEPT = timedelta(hours=24)


class PurgeKeys:
    """Deletes idempotency keys after 24 h."""

    def __init__(self, keys: IdempotencyStore, clock: Clock) -> None:
        self._keys = keys
        self._clock = clock

    async def __call__(self) -> str:
        """What was done, in words."""
        return f"deleted {await self._keys.purge(self._clock.now() - KEPT)} idempotency keys"
