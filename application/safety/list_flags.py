"""Read what was flagged, as an administrator."""

from application.pages import Page, id_cursor, page_of
from application.ports.safety_log import SafetyLog
from domain.safety.reviews import FlagRecord, ReviewStatus


class ListFlags:
    """Lists flags of all people for review."""

    def __init__(self, log: SafetyLog) -> None:
        self._log = log

    async def __call__(
        self, *, status: ReviewStatus | None, limit: int, cursor: str | None
    ) -> Page[FlagRecord]:
        """One page, newest first; of any status when None is given."""
        found = await self._log.list_flags(
            status=status, limit=limit + 1, before=id_cursor("flg", cursor)
        )
        return page_of(found, limit, lambda flag: flag.id)
