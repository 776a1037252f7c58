"""Report what a character said."""

from application.ports.clock import Clock, IdGenerator
from application.ports.session_store import SessionStore
from application.safety.safety_records import SafetyRecords
from domain.errors import InvalidRequest

MAX_REASON_CHARACTERS = 1_000


class ReportMessage:
    """Keeps a report for review; reporting the same message again keeps the first report."""

    def __init__(
        self, sessions: SessionStore, records: SafetyRecords, clock: Clock, ids: IdGenerator
    ) -> None:
        self._sessions = sessions
        self._records = records
        self._clock = clock
        self._ids = ids

    async def __call__(self, user_id: str, message_id: str, reason: str) -> str:
        """The id of the report that is kept; raises ``NotFound`` or ``InvalidRequest``."""
        if len(reason) > MAX_REASON_CHARACTERS:
            message = f"reason has at most {MAX_REASON_CHARACTERS} characters"
            raise InvalidRequest(message, param="reason")
        report_id = self._ids.new("rep")
        kept = await self._sessions.report(
            user_id, message_id, report_id=report_id, reason=reason, now=self._clock.now()
        )
        if kept == report_id:
            await self._records.count_report()
        return kept
