"""Flags, reports with what was decided on them, and counts by day, in memory."""

from collections.abc import Sequence
from datetime import UTC, date, datetime

from attrs import evolve

from adapters.in_memory.database import InMemoryDatabase, ReportRow
from domain.errors import NotFound
from domain.safety.counters import DayCount
from domain.safety.reviews import FlagRecord, ReportRecord, Review, ReviewStatus


class InMemorySafetyLog:
    """What hangs on an account goes with it; the counts stay."""

    def __init__(self, database: InMemoryDatabase) -> None:
        self._database = database

    async def record(
        self, user_id: str, flags: Sequence[FlagRecord], counted: Sequence[str], now: datetime
    ) -> None:
        await self._database.round_trip()
        if self._database.is_living(user_id):
            for flag in flags:
                self._database.flags.setdefault((user_id, flag.id), evolve(flag, user_id=user_id))
        self._count(counted, now)

    async def count(self, kinds: Sequence[str], now: datetime) -> None:
        await self._database.round_trip()
        self._count(kinds, now)

    async def list_flags(
        self, *, status: ReviewStatus | None, limit: int, before: str | None
    ) -> Sequence[FlagRecord]:
        await self._database.round_trip()
        found = [
            flag
            for flag in self._database.flags.values()
            if _fits(flag.review, status) and (before is None or flag.id < before)
        ]
        return sorted(found, key=lambda flag: flag.id, reverse=True)[:limit]

    async def review_flag(self, user_id: str, flag_id: str, review: Review) -> FlagRecord:
        await self._database.round_trip()
        flag = self._database.flags.get((user_id, flag_id))
        if flag is None:
            raise NotFound("There is no such flag.")
        self._database.flags[user_id, flag_id] = reviewed = evolve(flag, review=review)
        return reviewed

    async def list_reports(
        self, *, status: ReviewStatus | None, limit: int, before: str | None
    ) -> Sequence[ReportRecord]:
        await self._database.round_trip()
        found = [
            self._with_message(row)
            for row in self._database.reports.values()
            if _fits(row.review, status) and (before is None or row.id < before)
        ]
        return sorted(found, key=lambda report: report.id, reverse=True)[:limit]

    async def review_report(self, user_id: str, report_id: str, review: Review) -> ReportRecord:
        await self._database.round_trip()
        row = self._database.reports.get(report_id)
        if row is None or row.user_id != user_id:
            raise NotFound("There is no such report.")
        self._database.reports[report_id] = reviewed = evolve(row, review=review)
        return self._with_message(reviewed)

    async def counts(self, first: date, last: date) -> Sequence[DayCount]:
        await self._database.round_trip()
        return [
            DayCount(day, kind, count)
            for (day, kind), count in sorted(self._database.safety_counts.items())
            if first <= day <= last
        ]

    def _count(self, kinds: Sequence[str], now: datetime) -> None:
        day = now.astimezone(UTC).date()
        for kind in kinds:
            counts = self._database.safety_counts
            counts[day, kind] = counts.get((day, kind), 0) + 1

    def _with_message(self, row: ReportRow) -> ReportRecord:
        message = self._database.messages[row.message_id].message
        return ReportRecord(
            id=row.id,
            user_id=row.user_id,
            message_id=row.message_id,
            session_id=message.session_id,
            character_id=self._database.sessions[message.session_id].character_id,
            role=message.role,
            text=message.content,
            reason=row.reason,
            created_at=row.created_at,
            review=row.review,
        )


def _fits(review: Review | None, status: ReviewStatus | None) -> bool:
    return status is None or (review is None) == (status is ReviewStatus.OPEN)
