"""What we owe the providers, kept until it is done."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from attrs import frozen

from domain.market.reports import Errand


@frozen
class QueuedErrand:
    """An errand for a person's purchase. ``reason`` is why it did not work last time.

    ``is_parked``: it will not be tried again unless an administrator says so.
    """

    user_id: str
    errand: Errand
    created_at: datetime
    due_at: datetime
    attempts: int = 0
    reason: str | None = None
    is_parked: bool = False


class ErrandQueue(Protocol):
    """Errands, each once per person, kind, reference and payment; gone when they are done."""

    async def add(self, user_id: str, errands: Sequence[Errand], now: datetime) -> None:
        """Owe these, due at once; those that are owed already stay as they are.

        ``PurchaseStore.save`` adds errands too, in the same step as what they are owed for.
        """
        ...

    async def claim(self, *, now: datetime, until: datetime, limit: int) -> Sequence[QueuedErrand]:
        """Errands that are due, oldest first; due again at ``until`` unless heard of."""
        ...

    async def finish(self, queued: QueuedErrand) -> None:
        """It is done: forget it."""
        ...

    async def postpone(self, queued: QueuedErrand) -> None:
        """Write its attempts, due time, reason and whether it is parked."""
        ...

    async def list_parked(self, *, limit: int) -> Sequence[QueuedErrand]:
        """Oldest first."""
        ...
