"""What administrators did: written down before it is done, and never taken out again."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from attrs import Factory, frozen


@frozen(kw_only=True)
class AuditEntry:
    """One action of an administrator.

    ``before`` and ``after`` are facts as JSON has them. An entry without ``finished_at`` belongs to
    an action that is at work, or whose process died: what it was to change must be looked at.
    """

    id: str
    actor_id: str
    """Our id of the administrator."""
    action: str
    """What was done to which kind of thing, such as ``user.suspend``."""
    subject: str
    """The id of the thing."""
    channel: str
    """Where the administrator did it: ``api`` or ``console``."""
    request_id: str
    at: datetime
    before: Mapping[str, Any] = Factory(dict)
    after: Mapping[str, Any] | None = None
    error: str | None = None
    """The code of the refusal, when nothing came of it."""
    finished_at: datetime | None = None


class AuditLog(Protocol):
    """Entries that are only ever added and, once, finished."""

    async def begin(self, entry: AuditEntry) -> None:
        """Keep it before the action is done; raises ``Unavailable`` when that cannot be."""
        ...

    async def finish(self, entry: AuditEntry) -> None:
        """Add ``after``, ``error`` and ``finished_at``.

        What was said at the beginning stays as it was, and an entry is finished once: later words
        count for nothing.
        """
        ...

    async def list(
        self,
        *,
        actor_id: str | None = None,
        subject: str | None = None,
        limit: int,
        before: str | None,
    ) -> Sequence[AuditEntry]:
        """Entries, newest first by id, from below the id ``before`` on."""
        ...
