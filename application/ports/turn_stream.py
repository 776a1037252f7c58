"""The tail of a turn's stream, readable from every process."""

from collections.abc import Sequence
from typing import Protocol

from attrs import frozen


@frozen
class StreamEvent:
    """One event of a turn's stream.

    ``seq`` counts from 1 without gaps. ``offset`` is how many characters of the reply have been
    sent, this event included. ``kind`` is ``start``, ``delta``, ``finish``, ``done`` or
    ``error``; ``text`` is the piece of a delta; ``data`` is the JSON of the others (an object,
    UTF-8), which this port does not look into.
    """

    seq: int
    offset: int
    kind: str
    text: str = ""
    data: bytes = b""

    @property
    def is_last(self) -> bool:
        """Whether the stream ends here."""
        return self.kind in {"done", "error"}


class TurnStream(Protocol):
    """Keeps the events of running and lately ended turns outside the process that makes them.

    Losing it loses no reply: Postgres has that. So nothing here raises when the store is
    away: writes are dropped and reads find nothing.
    """

    async def append(self, user_id: str, turn_id: str, events: Sequence[StreamEvent]) -> bool:
        """Add a batch (possibly empty) and say that the owner lives.

        Returns whether somebody asked the turn to stop. Kept for 15 minutes after the last
        batch.
        """
        ...

    async def read(
        self, user_id: str, turn_id: str, after_seq: int
    ) -> tuple[list[StreamEvent], bool]:
        """The events after ``after_seq`` in order; whether the owner was alive in the last 10 s.

        It counts as alive while nobody can be asked.
        """
        ...

    async def request_stop(self, user_id: str, turn_id: str) -> None:
        """Ask the turn's owner, wherever it runs, to stop."""
        ...

    async def forget(self, user_id: str, turn_ids: Sequence[str]) -> None:
        """Drop the events of these turns, for erasure."""
        ...
