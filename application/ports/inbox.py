"""Messages from the stores, kept as they came until what they say is applied."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from attrs import frozen

from domain.market.products import Provider
from domain.market.reports import StoreEvent


class InboxState(StrEnum):
    """What is to be done with a message."""

    WAITING = "waiting"
    DONE = "done"
    PARKED = "parked"
    """A person must look at it."""


@frozen
class InboxMessage:
    """A message and what became of it. ``due_at`` is when it is tried, again or at all.

    ``user_id`` is whose it is: found when it was applied, or assigned by an administrator.
    """

    event: StoreEvent
    received_at: datetime
    due_at: datetime
    state: InboxState = InboxState.WAITING
    attempts: int = 0
    reason: str | None = None
    user_id: str | None = None
    is_assigned: bool = False
    finished_at: datetime | None = None

    @property
    def id(self) -> str:
        """Our id of it: the provider's, and the provider's name before it."""
        return f"{self.event.provider}:{self.event.id}"


@frozen
class Purged:
    """How many messages were deleted, by what had become of them."""

    done: int
    parked: int


class Inbox(Protocol):
    """Messages, unique by provider and id."""

    async def add(self, event: StoreEvent, now: datetime) -> bool:
        """Keep a message, due at once; False when it is here already."""
        ...

    async def claim(self, *, now: datetime, until: datetime, limit: int) -> Sequence[InboxMessage]:
        """Messages that are due, the earliest by the provider's time first.

        They become due again at ``until``, if nothing is heard of them: whoever claimed them may
        die. Of several that claim at once, each gets others.
        """
        ...

    async def take(
        self, provider: Provider, event_id: str, *, until: datetime
    ) -> InboxMessage | None:
        """Claim this one message now, for the process that has just received it.

        None unless it waits, and nobody has claimed it or put it off since it came.
        """
        ...

    async def finish(self, message: InboxMessage) -> None:
        """Write its state, attempts, due time, reason, user, assignment and end.

        What is done meanwhile stays done, unless ``attempts`` is 0: it shall begin anew. What is
        done and turned out to be nobody's loses its body: no erasure would find what it says.
        """
        ...

    async def get(self, provider: Provider, event_id: str) -> InboxMessage:
        """Raises ``NotFound``."""
        ...

    async def list(
        self, *, state: InboxState | None, limit: int, before: str | None
    ) -> Sequence[InboxMessage]:
        """Newest first by arrival, from behind the message with our id ``before`` on."""
        ...

    async def purge(self, before: datetime) -> Purged:
        """Delete what was done, or parked, before this time.

        Whatever has ended about people whose account is gone goes at once, parked or done.
        """
        ...

    async def lag(self, now: datetime) -> timedelta:
        """For how long the oldest due message has been due; 0 when none is."""
        ...
