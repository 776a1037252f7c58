"""Messages from the stores and what is owed to them, as administrators see them."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

from application.ports import inbox
from application.ports.errand_queue import QueuedErrand
from application.ports.inbox import InboxState
from domain.market.products import Provider
from domain.market.reports import ErrandKind
from entrypoints.http.query_input import PageQuery


class StoreEventQuery(PageQuery, frozen=True):
    """Which messages to show."""

    state: InboxState | None = None


class StoreEvent(Struct, frozen=True):
    """A message from a store; `parked` ones wait for a person."""

    id: str
    provider: Provider
    name: Annotated[str, Meta(description="What the provider calls it.")]
    state: InboxState
    reason: Annotated[str | None, Meta(description="Why it is not applied.")]
    attempts: int
    sent_at: Annotated[datetime, Meta(description="By the provider's clock.")]
    received_at: datetime
    due_at: datetime
    finished_at: datetime | None
    user_id: Annotated[str | None, Meta(description="Whose it is, as far as known.")]

    @classmethod
    def of(cls, message: inbox.InboxMessage) -> "StoreEvent":
        """The message as JSON shows it."""
        return cls(
            id=message.id,
            provider=message.event.provider,
            name=message.event.name,
            state=message.state,
            reason=message.reason,
            attempts=message.attempts,
            sent_at=message.event.at,
            received_at=message.received_at,
            due_at=message.due_at,
            finished_at=message.finished_at,
            user_id=message.user_id,
        )


class StoreEventPage(Struct, frozen=True):
    """Some messages, newest first."""

    data: list[StoreEvent]
    next_cursor: str | None


class StoreEventWithBody(Struct, frozen=True):
    """A message and its body as it came."""

    event: StoreEvent
    body: str

    @classmethod
    def of(cls, message: inbox.InboxMessage) -> "StoreEventWithBody":
        """The message as JSON shows it."""
        return cls(StoreEvent.of(message), message.event.body.decode(errors="replace"))


class Errand(Struct, frozen=True):
    """Something that we owe a store, and that did not work."""

    kind: ErrandKind
    provider: Provider
    user_id: str
    reason: str | None
    attempts: int
    created_at: datetime

    @classmethod
    def of(cls, queued: QueuedErrand) -> "Errand":
        """The errand as JSON shows it."""
        return cls(
            kind=queued.errand.kind,
            provider=queued.errand.provider,
            user_id=queued.user_id,
            reason=queued.reason,
            attempts=queued.attempts,
            created_at=queued.created_at,
        )


class ErrandPage(Struct, frozen=True):
    """What waits for a person, oldest first."""

    data: list[Errand]
    next_cursor: None = None
