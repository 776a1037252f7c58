"""How often, and how much at once."""

from collections.abc import Sequence
from typing import Protocol

from attrs import frozen


@frozen
class RateLimit:
    """At most ``amount`` in any window of ``seconds``."""

    amount: int
    seconds: int


@frozen
class RateCheck:
    """One thing to count: ``key`` names who or what, such as ``user:usr_…`` or ``address:…``."""

    key: str
    limit: RateLimit


@frozen
class RateDecision:
    """What came of it; the times are seconds, rounded up.

    Describes the tightest of the checks: the refused one, or the one with least remaining.
    """

    allowed: bool
    limit: RateLimit
    remaining: int
    reset_after: int
    """Until the window holds nothing of what was counted so far."""
    retry_after: int
    """0 when allowed, otherwise when the same request could pass."""


class RateLimiter(Protocol):
    """Counts requests in moving windows, atomically over all processes."""

    async def check(self, checks: Sequence[RateCheck], *, strict: bool = False) -> RateDecision:
        """Count one request against every check, or refuse.

        In any window at most ``amount`` are allowed, however many ask at once. When the shared
        store does not answer, a limiter local to this process decides instead; with ``strict``
        ``Unavailable`` is raised then. A refused request is not counted.
        """
        ...

    async def acquire_slot(
        self, key: str, holder: str, *, slots: int, seconds: int, strict: bool = False
    ) -> bool:
        """Take one of ``slots`` for ``holder``, for at most ``seconds``; False when none is free.

        Taking it again as the same holder renews it.
        """
        ...

    async def release_slot(self, key: str, holder: str) -> None:
        """Give the slot back; does nothing when it is not held."""
        ...

    async def forget(self, key: str) -> None:
        """Drop everything counted under ``key``, for erasure."""
        ...
