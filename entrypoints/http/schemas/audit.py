"""What administrators did."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from msgspec import Meta, Struct

from application.ports import audit_log
from entrypoints.http.query_input import MAX_TEXT, PRINTABLE, PageQuery

Id = Annotated[str, Meta(min_length=1, max_length=MAX_TEXT, extra_json_schema=PRINTABLE)]


class AuditQuery(PageQuery, frozen=True):
    """Whose actions to show, or what was done to which thing."""

    actor_id: Id | None = None
    about: Annotated[Id, Meta(description="The id of what it was done to.")] | None = None


class AuditEntry(Struct, frozen=True):
    """One action; without `finished_at` it is at work, or nobody knows what came of it."""

    id: str
    actor_id: Annotated[str, Meta(description="The administrator's user id.")]
    action: Annotated[str, Meta(description="Such as `user.suspend`.")]
    subject: Annotated[str, Meta(description="The id of what it was done to.")]
    channel: Annotated[str, Meta(description="`api` or `console`.")]
    request_id: str
    at: datetime
    before: Mapping[str, Any]
    after: Mapping[str, Any] | None
    error: Annotated[str | None, Meta(description="The refusal's code, when nothing came of it.")]
    finished_at: datetime | None

    @classmethod
    def of(cls, entry: audit_log.AuditEntry) -> "AuditEntry":
        """The entry as JSON shows it."""
        return cls(
            id=entry.id,
            actor_id=entry.actor_id,
            action=entry.action,
            subject=entry.subject,
            channel=entry.channel,
            request_id=entry.request_id,
            at=entry.at,
            before=entry.before,
            after=entry.after,
            error=entry.error,
            finished_at=entry.finished_at,
        )


class AuditPage(Struct, frozen=True):
    """Some actions, newest first."""

    data: list[AuditEntry]
    next_cursor: str | None
