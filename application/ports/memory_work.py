"""Exchanges from which nothing has been learnt yet."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from domain.memory.facts import Exchange


class MemoryWork(Protocol):
    """The work of remembering, a row for each turn, written as the turn is closed.

    Deleting the turn, its session or the account strikes the work off.
    """

    async def claim(self, *, now: datetime, until: datetime, limit: int) -> Sequence[Exchange]:
        """Exchanges that nobody works on, oldest first, claimed until a time.

        ``known`` is left empty. Those that were claimed before and not struck off come again when
        that claim is over.
        """
        ...

    async def postpone(self, user_id: str, turn_id: str, *, until: datetime) -> None:
        """Let it rest after a failure; the fifth time it is given up and struck off."""
        ...

    async def finish(self, user_id: str, turn_id: str) -> None:
        """Strike it off: there was nothing to learn."""
        ...
