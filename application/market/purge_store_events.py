"""Messages from the stores that nobody needs any more."""

from datetime import timedelta

from application.ports.clock import Clock
from application.ports.inbox import Inbox

KEPT = timedelta(days=90)


class PurgeStoreEvents:
    """Deletes applied messages after 90 days; parked ones stay."""

    def __init__(self, inbox: Inbox, clock: Clock) -> None:
        self._inbox = inbox
        self._clock = clock

    async def __call__(self) -> str:
        """What was done, in words."""
        return f"deleted {await self._inbox.purge(self._clock.now() - KEPT)} messages"
