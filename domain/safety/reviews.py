"""What people look at afterwards: flags and reports, and what they decided."""

from datetime import datetime
from enum import StrEnum

from attrs import frozen

from domain.chat import Role
from domain.safety.verdicts import Flag, Stage


class ReviewStatus(StrEnum):
    """Whether somebody has looked at it."""

    OPEN = "open"
    REVIEWED = "reviewed"


class Decision(StrEnum):
    """What a reviewer found."""

    UPHELD = "upheld"
    """It is what it was taken for."""
    DISMISSED = "dismissed"
    """A false alarm, or nothing wrong."""
    ESCALATED = "escalated"
    """Somebody else has to act: the account is looked at, or an authority told."""


@frozen
class Review:
    """Who decided what, when."""

    decision: Decision
    note: str
    reviewer: str
    """The user id of the administrator."""
    reviewed_at: datetime


@frozen
class FlagRecord:
    """One flag as it is kept for review, with where it came up."""

    id: str
    user_id: str
    stage: Stage
    flag: Flag
    created_at: datetime
    character_id: str | None = None
    session_id: str | None = None
    message_id: str | None = None
    turn_id: str | None = None
    review: Review | None = None


@frozen
class ReportRecord:
    """A report with the message that it is about."""

    id: str
    user_id: str
    message_id: str
    session_id: str
    character_id: str
    role: Role
    text: str
    """The message's own."""
    reason: str
    created_at: datetime
    review: Review | None = None
