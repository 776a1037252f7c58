"""Messages from the stores that wait to be applied."""

from application.market.event_work import CLAIM, EventWork
from application.ports.clock import Clock
from application.ports.inbox import Inbox, InboxState

_BATCH = 20
_MOST = 2_000


class ApplyStoreEvents:
    """Applies what the receiving process left behind, and what is to be tried again."""

    def __init__(self, inbox: Inbox, work: EventWork, clock: Clock) -> None:
        self._inbox = inbox
        self._work = work
        self._clock = clock

    async def __call__(self) -> str:
        """What was done, in words."""
        counts = dict.fromkeys(InboxState, 0)
        while sum(counts.values()) < _MOST:
            now = self._clock.now()
            messages = await self._inbox.claim(now=now, until=now + CLAIM, limit=_BATCH)
            for message in messages:
                counts[(await self._work.run(message)).state] += 1
            if len(messages) < _BATCH:
                break
        done, waiting, parked = (
            counts[state] for state in (InboxState.DONE, InboxState.WAITING, InboxState.PARKED)
        )
        return f"applied {done} messages, {waiting} to be tried again, {parked} parked"
