"""Identifiers that sort by the time they were made."""

import secrets
import time
from collections.abc import Callable

_COUNTER_BITS = 12
_RANDOM_BITS = 62
_VERSION = 7
_VARIANT = 0b10


class SortableIdGenerator:
    """Ids with the bits of a UUIDv7 (RFC 9562, 6.2 method 1): ms, counter, 62 random bits.

    Those of one process always sort in the order they were made, also within a millisecond and
    when the clock is set back; those of several, as well as their clocks agree. The random bits
    make them unique, and impossible to guess.

    ``milliseconds`` tells the time since 1970.
    """

    def __init__(
        self, milliseconds: Callable[[], int] = lambda: time.time_ns() // 1_000_000
    ) -> None:
        self._milliseconds = milliseconds
        self._last = 0

    def new(self, prefix: str) -> str:
        # Time and counter are one number: a full counter, or a clock that was set back, carries
        # over into the time.
        self._last = max(self._last + 1, self._milliseconds() << _COUNTER_BITS)
        milliseconds, counter = divmod(self._last, 1 << _COUNTER_BITS)
        number = (milliseconds << 4 | _VERSION) << _COUNTER_BITS | counter
        number = (number << 2 | _VARIANT) << _RANDOM_BITS | secrets.randbits(_RANDOM_BITS)
        return f"{prefix}_{number:032x}"
