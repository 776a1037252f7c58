"""What was flagged and reported, for those who review it, and how often things happened."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Protocol

from domain.safety.counters import DayCount
from domain.safety.reviews import FlagRecord, ReportRecord, Review, ReviewStatus


class SafetyLog(Protocol):
    """Flags and reports hang on the account and go with it; counts name nobody, and stay."""

    async def record(
        self, user_id: str, flags: Sequence[FlagRecord], counted: Sequence[str], now: datetime
    ) -> None:
        """Keep these flags of one user, and count each of ``counted`` once, in one step.

        ``counted`` holds kinds as ``domain.safety.counters`` makes them; the day is that of
        ``now`` in UTC. Of an account that is gone nothing is kept, but it is counted. A flag whose
        id is there already is not kept twice.
        """
        ...

    async def count(self, kinds: Sequence[str], now: datetime) -> None:
        """Count each of ``kinds`` once on the day of ``now`` (UTC): for what leaves no flag."""
        ...

    async def list_flags(
        self, *, status: ReviewStatus | None, limit: int, before: str | None
    ) -> Sequence[FlagRecord]:
        """Flags of all users, newest first by id, from below the id ``before`` on."""
        ...

    async def review_flag(self, user_id: str, flag_id: str, review: Review) -> FlagRecord:
        """Keep what was decided, in place of an earlier decision; raises ``NotFound``."""
        ...

    async def list_reports(
        self, *, status: ReviewStatus | None, limit: int, before: str | None
    ) -> Sequence[ReportRecord]:
        """Reports of all users with their messages, in the same order."""
        ...

    async def review_report(self, user_id: str, report_id: str, review: Review) -> ReportRecord:
        """Keep what was decided, in place of an earlier decision; raises ``NotFound``."""
        ...

    async def counts(self, first: date, last: date) -> Sequence[DayCount]:
        """What was counted from ``first`` to ``last``, both included, by day and then kind."""
        ...
