"""What administrators did, as administrators read it."""

from application.pages import Page, id_cursor, page_of
from application.ports.audit_log import AuditEntry, AuditLog


class ListAudit:
    """Reads the audit log, newest first."""

    def __init__(self, log: AuditLog) -> None:
        self._log = log

    async def __call__(
        self,
        *,
        actor_id: str | None = None,
        subject: str | None = None,
        limit: int,
        cursor: str | None,
    ) -> Page[AuditEntry]:
        """One page, from behind ``cursor`` on; of one administrator or one thing when named."""
        found = await self._log.list(
            actor_id=actor_id, subject=subject, limit=limit + 1, before=id_cursor("aud", cursor)
        )
        return page_of(found, limit, lambda entry: entry.id)
