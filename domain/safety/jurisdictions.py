"""What the law of a place asks for, as data with the day from which it counts."""

from datetime import date, timedelta
from itertools import pairwise

from attrs import field, frozen
from attrs.validators import gt, min_len

from domain.accounts import AgeBand


def _in_order(_instance: object, _attribute: object, rules: "tuple[NoticeRules, ...]") -> None:
    if any(later.effective_from <= earlier.effective_from for earlier, later in pairwise(rules)):
        message = "each rule set must begin later than the one before it"
        raise ValueError(message)


@frozen
class NoticeRules:
    """How often people are told that they talk to an AI, and minors to take a break."""

    effective_from: date
    disclosure_hours: int = field(validator=gt(0))
    """The longest that an adult goes on without being told again."""
    minor_disclosure_hours: int = field(validator=gt(0))
    break_hours: int = field(validator=gt(0))
    """The longest that a known minor goes on without being told to take a break."""
    minors: frozenset[AgeBand] = field(validator=min_len(1))
    """Who counts as a known minor here."""
    law: str = ""
    """What asks for it, for the published protocol; empty where nothing does."""

    @property
    def break_beat(self) -> timedelta:
        """How far apart two break reminders are at most."""
        return timedelta(hours=self.break_hours)

    def disclosure_beat(self, age_band: AgeBand) -> timedelta:
        """How far apart two disclosures are at most for somebody of this age."""
        is_minor = age_band in self.minors
        return timedelta(hours=self.minor_disclosure_hours if is_minor else self.disclosure_hours)


@frozen
class Jurisdiction:
    """The countries that one law speaks for; the one without countries is for all others."""

    id: str = field(validator=min_len(1))
    name: str
    version: str = field(validator=min_len(1))
    """Of these rules and wordings, as notices show it."""
    rules: tuple[NoticeRules, ...] = field(validator=[min_len(1), _in_order])
    """In the order of time; each replaces the one before it."""
    countries: frozenset[str] = frozenset()
    wording: str = "plain"
    """Which wording of the notices is used here."""

    def rules_on(self, day: date) -> NoticeRules:
        """The rules of that day; before the first of them, the first count already."""
        begun = [rules for rules in self.rules if rules.effective_from <= day]
        return begun[-1] if begun else self.rules[0]
