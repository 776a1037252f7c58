"""What people are told without having asked."""

from enum import StrEnum

from attrs import frozen


class NoticeKind(StrEnum):
    """Why a person is told something."""

    AI_DISCLOSURE = "ai_disclosure"
    BREAK_REMINDER = "break_reminder"
    CRISIS_REFERRAL = "crisis_referral"


@frozen
class Notice:
    """One notice as the person reads it; ``version`` names the wording."""

    kind: NoticeKind
    text: str
    version: str
