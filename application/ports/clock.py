"""The time, and new identifiers."""

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """The wall clock."""

    def now(self) -> datetime:
        """The current time, aware, in UTC."""
        ...


class IdGenerator(Protocol):
    """Makes opaque identifiers that never repeat and that sort by the time they were made."""

    def new(self, prefix: str) -> str:
        """A new id such as ``msg_0199…``: the prefix, an underscore, 32 lower-case hex digits."""
        ...
