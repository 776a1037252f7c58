"""Answers kept by idempotency key, so that a repeated request has one effect."""

from datetime import datetime
from typing import Protocol

from attrs import frozen


@frozen
class StoredAnswer:
    """An HTTP-like answer: a status and a JSON body."""

    status: int
    body: bytes


@frozen
class Claim:
    """What became of claiming a key.

    ``answer`` None and ``is_ours`` True: do the work, then ``complete`` or ``abandon``. ``answer``
    None and ``is_ours`` False: somebody is at it now. Otherwise: the answer of the first time.
    """

    is_ours: bool
    answer: StoredAnswer | None = None


class IdempotencyStore(Protocol):
    """Keys belong to a user and are kept for 24 h."""

    async def claim(self, user_id: str, key: str, fingerprint: str, now: datetime) -> Claim:
        """Take the key for this request; atomic over all processes.

        A claim neither completed nor abandoned for 60 s (its process died) is given anew. Raises
        ``IdempotencyKeyReused`` when the key belongs to another fingerprint.
        """
        ...

    async def complete(self, user_id: str, key: str, answer: StoredAnswer, now: datetime) -> None:
        """Keep the answer for whoever sends the same key again."""
        ...

    async def abandon(self, user_id: str, key: str) -> None:
        """Give the key back: the request was refused and had no effect."""
        ...

    async def purge(self, before: datetime) -> int:
        """Delete keys first used before this time; returns how many."""
        ...
