"""Messages from the stores that nobody needs any more."""

import logging
from datetime import timedelta

from application.ports.clock import Clock
from application.ports.inbox import Inbox

_logger = logging.getLogger(__name__)


class PurgeStoreEvents:
    """Deletes messages that ended longer than ``kept`` ago: applied, or parked.

    What is parked waits for a person, but not for ever: a body that names no account is found by
    no erasure, and a store sends what it still means again or tells it when it is asked.
    """

    def __init__(self, inbox: Inbox, clock: Clock, *, kept: timedelta) -> None:
        self._inbox = inbox
        self._clock = clock
        self._kept = kept

    async def __call__(self) -> str:
        """What was done, in words."""
        purged = await self._inbox.purge(self._clock.now() - self._kept)
        told = f"deleted {purged.done} messages"
        if not purged.parked:
            return told
        _logger.warning("deleted %d messages of stores that stayed parked", purged.parked)
        return f"{told}, and {purged.parked} that stayed parked"
