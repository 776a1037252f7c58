"""What is counted by day: kinds and numbers, without a text and without a person."""

from collections.abc import Sequence
from datetime import date

from attrs import frozen

from domain.notices import NoticeKind
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


@frozen
class Counters:
    """The counts from one day to another, both included, by day and then kind."""

    first: date
    last: date
    counts: tuple[DayCount, ...]

    @property
    def totals(self) -> dict[str, int]:
        """The sum of each kind there is, zeros included, and of kinds that there were once."""
        totals = dict.fromkeys(every_kind(), 0)
        for one in self.counts:
            totals[one.kind] = totals.get(one.kind, 0) + one.count
        return dict(sorted(totals.items()))

    @property
    def days(self) -> dict[date, dict[str, int]]:
        """What happened on each day on which anything did."""
        days: dict[date, dict[str, int]] = {}
        for one in self.counts:
            days.setdefault(one.day, {})[one.kind] = one.count
        return days


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
