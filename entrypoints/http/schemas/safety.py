"""What administrators review and count, and how the published protocol looks as JSON."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from domain.chat import Role
from domain.safety import counters, reviews
from domain.safety.reviews import Decision, ReviewStatus
from domain.safety.verdicts import Action, Category, Stage
from entrypoints.http.query_input import PageQuery

MAX_NOTE = 1_000


class ReviewQuery(PageQuery, frozen=True):
    """Which part of the queue to show."""

    status: Annotated[ReviewStatus | None, Meta(description="Both, when absent.")] = None


class NewReview(Struct, frozen=True):
    """What somebody decided."""

    decision: Annotated[
        Decision,
        Meta(
            description="`upheld`: it is what it was taken for; `dismissed`: nothing is wrong; "
            "`escalated`: somebody else has to act."
        ),
    ]
    note: Annotated[str, Meta(max_length=MAX_NOTE)] = ""


class Review(Struct, frozen=True):
    """A decision; `reviewer` is the administrator's user id."""

    decision: Decision
    note: str
    reviewer: str
    reviewed_at: datetime

    @classmethod
    def of(cls, review: reviews.Review | None) -> "Review | None":
        """The review as JSON shows it, if there is one."""
        if review is None:
            return None
        return cls(review.decision, review.note, review.reviewer, review.reviewed_at)


class ModerationFlag(Struct, frozen=True):
    """Something that a rule found in a text."""

    id: str
    user_id: str
    stage: Annotated[Stage, Meta(description="Whether the person or the character said it.")]
    category: Category
    action: Literal["flag", "block", "refer"]
    rule: str
    rules_version: str
    language: str | None
    excerpt: str
    character_id: str | None
    session_id: str | None
    message_id: str | None
    turn_id: str | None
    created_at: datetime
    status: ReviewStatus
    review: Review | None

    @classmethod
    def of(cls, record: reviews.FlagRecord) -> "ModerationFlag":
        """The flag as JSON shows it."""
        action: Literal["flag", "block", "refer"] = "flag"
        if record.flag.action is Action.BLOCK:
            action = "block"
        elif record.flag.action is Action.REFER:
            action = "refer"
        return cls(
            id=record.id,
            user_id=record.user_id,
            stage=record.stage,
            category=record.flag.category,
            action=action,
            rule=record.flag.rule,
            rules_version=record.flag.version,
            language=record.flag.language,
            excerpt=record.flag.excerpt,
            character_id=record.character_id,
            session_id=record.session_id,
            message_id=record.message_id,
            turn_id=record.turn_id,
            created_at=record.created_at,
            status=_status(record.review),
            review=Review.of(record.review),
        )


class ModerationFlagPage(Struct, frozen=True):
    """Some flags, newest first."""

    data: list[ModerationFlag]
    next_cursor: str | None


class ReportedMessage(Struct, frozen=True):
    """What somebody reported."""

    id: str
    session_id: str
    character_id: str
    role: Literal["user", "assistant"]
    content: str


class ManagedReport(Struct, frozen=True):
    """A report with the message that it is about."""

    id: str
    user_id: str
    message: ReportedMessage
    reason: str
    created_at: datetime
    status: ReviewStatus
    review: Review | None

    @classmethod
    def of(cls, record: reviews.ReportRecord) -> "ManagedReport":
        """The report as JSON shows it."""
        return cls(
            id=record.id,
            user_id=record.user_id,
            message=ReportedMessage(
                record.message_id,
                record.session_id,
                record.character_id,
                "assistant" if record.role is Role.ASSISTANT else "user",
                record.text,
            ),
            reason=record.reason,
            created_at=record.created_at,
            status=_status(record.review),
            review=Review.of(record.review),
        )


class ManagedReportPage(Struct, frozen=True):
    """Some reports, newest first."""

    data: list[ManagedReport]
    next_cursor: str | None


class CounterQuery(Struct, frozen=True):
    """Which days to count: a year, or from one day to another, both included."""

    year: Annotated[int, Meta(ge=2000, le=9999)] | None = None
    first: Annotated[date | None, Meta(description="The first day (UTC).")] = field(
        default=None, name="from"
    )
    last: Annotated[date | None, Meta(description="The last day (UTC).")] = field(
        default=None, name="to"
    )


class CountedDay(Struct, frozen=True):
    """What happened on one day; what did not happen is left out."""

    day: date
    counts: Mapping[str, int]


class Counters(Struct, frozen=True):
    """How often things happened, without texts and without people."""

    first: date = field(name="from")
    last: date = field(name="to")
    totals: Annotated[Mapping[str, int], Meta(description="By kind, zeros included.")]
    days: list[CountedDay]

    @classmethod
    def of(cls, found: counters.Counters) -> "Counters":
        """The counts as JSON shows them."""
        days = [CountedDay(day, counts) for day, counts in found.days.items()]
        return cls(found.first, found.last, found.totals, days)


def _status(review: reviews.Review | None) -> ReviewStatus:
    return ReviewStatus.OPEN if review is None else ReviewStatus.REVIEWED
