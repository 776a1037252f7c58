"""Read what people reported, as an administrator."""

from application.pages import Page, id_cursor, page_of
from application.ports.safety_log import SafetyLog
from domain.safety.reviews import ReportRecord, ReviewStatus


class ListReports:
    """Lists reports of all people, each with the message that it is about."""

    def __init__(self, log: SafetyLog) -> None:
        self._log = log

    async def __call__(
        self, *, status: ReviewStatus | None, limit: int, cursor: str | None
    ) -> Page[ReportRecord]:
        """One page, newest first; of any status when None is given."""
        found = await self._log.list_reports(
            status=status, limit=limit + 1, before=id_cursor("rep", cursor)
        )
        return page_of(found, limit, lambda report: report.id)
