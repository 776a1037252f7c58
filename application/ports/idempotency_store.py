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
    """What became of claiming a key, which came for the first time at ``used_at``.

    ``answer`` None and ``is_ours`` True: do the work, and say every few seconds by ``renew`` that
    you are at it; then ``complete``, ``abandon`` or ``release``. ``answer`` None and ``is_ours``
    False: somebody is at it now. Otherwise: the answer of the first time.
    """

    is_ours: bool
    used_at: datetime
    answer: StoredAnswer | None = None


class IdempotencyStore(Protocol):
    """Keys belong to a user and are kept for 24 h."""

    async def claim(self, user_id: str, key: str, fingerprint: str, now: datetime) -> Claim:
        """Take the key for this request; atomic over all processes.

        A claim that was not renewed for 8 s (its process died) is given anew, with the time of
        its first. Raises ``IdempotencyKeyReused`` when the key belongs to another fingerprint.
        """
        ...

    async def renew(self, user_id: str, key: str, now: datetime) -> None:
        """Say that somebody is still at it."""
        ...

    async def complete(self, user_id: str, key: str, answer: StoredAnswer, now: datetime) -> None:
        """Keep the answer for whoever sends the same key again."""
        ...

    async def abandon(self, user_id: str, key: str) -> None:
        """Give the key back: the request was refused and had no effect."""
        ...

    async def release(self, user_id: str, key: str) -> None:
        """Let the same request be tried at once: nobody knows whether it had its effect."""
        ...

    async def purge(self, before: datetime) -> int:
        """Delete keys first used before this time; returns how many."""
        ...
