"""What is counted by day: kinds and numbers, without a text and without a person."""

from collections.abc import Sequence
from datetime import date

from attrs import frozen

from domain.safety.notices import NoticeKind
from domain.safety.verdicts import Action, Category, Stage, Verdict

REPORT = "report"
"""Somebody reported what a character said."""
_REFERRAL = "crisis_referral_"


@frozen
class DayCount:
    """How often something of one kind happened on one day (UTC)."""

    day: date
    kind: str
    count: int


def counted_verdict(stage: Stage, verdict: Verdict) -> tuple[str, ...]:
    """What one judged text counts as: what it led to, once, or each category it was kept for."""
    decisive = verdict.decisive
    if decisive is None:
        return ()
    match verdict.action:
        case Action.REFER:
            return (f"{_REFERRAL}{stage}",)
        case Action.BLOCK:
            word = "blocked_input" if stage is Stage.INPUT else "cut_output"
            return (f"{word}:{decisive.category}",)
        case Action.FLAG:
            categories = {flag.category for flag in verdict.flags if flag.action is Action.FLAG}
            return tuple(sorted(f"flagged:{category}" for category in categories))
        case _:
            return ()


def counted_notices(kinds: Sequence[NoticeKind]) -> tuple[str, ...]:
    """What told notices count as; a referral is counted with the words that led to it."""
    return tuple(str(kind) for kind in kinds if kind is not NoticeKind.CRISIS_REFERRAL)


def every_kind() -> tuple[str, ...]:
    """All kinds there are, so that what never happened is published as zero."""
    return tuple(
        sorted(
            [
                *(f"{_REFERRAL}{stage}" for stage in Stage),
                *(
                    f"{word}:{category}"
                    for word in ("blocked_input", "cut_output", "flagged")
                    for category in Category
                ),
                NoticeKind.AI_DISCLOSURE.value,
                NoticeKind.BREAK_REMINDER.value,
                REPORT,
            ]
        )
    )
