"""What is counted by day, and how: sums that name nobody and are only ever added to.

Three sources are counted, each in the pieces in which it grows, and each piece just once:

===========  ======================================================================================
people       an account, once; the ledger's entries behind those that were counted
turns        how a turn ended, once; a correction takes back what was counted of it
purchases    all that a person's purchases amount to, less what was counted of them before
===========  ======================================================================================

A piece belongs to the day (UTC) on which it happened, whenever it is heard of: what comes late
corrects an earlier day.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from attrs import Factory, define, frozen

from domain.ledger import EntryKind, LedgerEntry
from domain.market.products import Money

COHORT_DAYS = (1, 7, 30)
"""How many days after their first one people are looked for again."""


class Measure(StrEnum):
    """What a number says; in brackets what it is divided by."""

    NEW_USERS = "new_users"
    ACTIVE_USERS = "active_users"
    RETAINED = "retained"
    """Of those who were new that day, who was active as many days later (days)."""
    NEW_PAYERS = "new_payers"
    COHORT_PAYERS = "cohort_payers"
    """Of those who were new that day, who has ever paid."""
    TURNS = "turns"
    """(outcome, character, model)"""
    PROMPT = "prompt"
    """Tokens (character, model); so are the next two."""
    CACHED = "cached"
    COMPLETION = "completion"
    CREDITS = "credits"
    """The ledger's amounts (kind, bucket)."""
    DEBT = "debt"
    """The ledger's debts (kind, bucket)."""
    CHARGED = "charged"
    """Credits (character, model)."""
    VALUE = "value"
    """What was paid for them (character, model, currency)."""
    PAYMENTS = "payments"
    """(product, provider, currency); so are the next two, in minor units."""
    REVENUE = "revenue"
    REFUNDS = "refunds"


@frozen(order=True)
class CountKey:
    """Which number: of a day, a measure, and up to three labels."""

    day: date
    measure: Measure
    first: str = ""
    second: str = ""
    third: str = ""

    @property
    def labels(self) -> tuple[str, str, str]:
        """All three."""
        return self.first, self.second, self.third


@frozen
class Count:
    """A number."""

    key: CountKey
    value: int


@define
class Tally:
    """Numbers to be added."""

    sums: dict[CountKey, int] = Factory(dict)

    def add(self, day: date, measure: Measure, *labels: str, value: int = 1) -> None:
        """Add ``value`` to one number."""
        key = CountKey(day, measure, *labels)
        self.sums[key] = self.sums.get(key, 0) + value

    def add_all(self, counts: Iterable[Count], *, sign: int = 1) -> None:
        """Add, or with ``sign`` -1 take back, each of these numbers."""
        for one in counts:
            self.sums[one.key] = self.sums.get(one.key, 0) + sign * one.value

    @property
    def counts(self) -> tuple[Count, ...]:
        """Those that are not 0, sorted, so that two who add them lock them in the same order."""
        return tuple(Count(key, value) for key, value in sorted(self.sums.items()) if value)


@frozen
class LotPrice:
    """What was paid for the ``credits`` of one lot."""

    credits: int
    paid: Money

    def of(self, credits: int) -> int:  # noqa: A002 - the field's word
        """What that many of them cost, in thousandths of the minor unit, rounded down."""
        return self.paid.amount * 1_000 * credits // self.credits


@frozen
class CountedEntry:
    """A line of the ledger; of a charge also whose reply it paid, and which model wrote it."""

    entry: LedgerEntry
    character_id: str = ""
    model: str = ""


@frozen
class PersonNews:
    """What is new of one person. ``news`` is a number that grows with each change.

    ``counted_entries`` is how many of the ledger's entries were counted, None when the account
    itself was not. ``active_on`` is the last day on which they were counted as active;
    ``seen_days`` are those before it for which ``entries`` has a charge and that were counted.
    """

    user_id: str
    created_at: datetime
    news: int
    counted_entries: int | None
    active_on: date | None
    entries: tuple[CountedEntry, ...]
    seen_days: frozenset[date] = frozenset()


@frozen
class PersonCounted:
    """How far a person is counted."""

    user_id: str
    news: int
    counted_entries: int
    active_on: date | None


@frozen
class TurnFact:
    """How a turn ended; ``turns`` is -1 where that is taken back."""

    turn_id: str
    outcome: str
    turns: int
    day: date
    character_id: str
    model: str
    prompt: int
    cached: int
    completion: int


def day_of(moment: datetime) -> date:
    """The day in UTC."""
    return moment.astimezone(UTC).date()


def count_person(news: PersonNews, lots: Mapping[str, LotPrice], tally: Tally) -> PersonCounted:
    """Count the account if it is new, and the entries; ``lots`` says what was paid for which."""
    joined = day_of(news.created_at)
    if news.counted_entries is None:
        tally.add(joined, Measure.NEW_USERS)
    counted = news.counted_entries or 0
    seen = set(news.seen_days)
    active_on = news.active_on
    for one in news.entries:
        entry, day = one.entry, day_of(one.entry.created_at)
        counted = entry.seq
        tally.add(day, Measure.CREDITS, entry.kind, entry.bucket, value=entry.amount)
        tally.add(day, Measure.DEBT, entry.kind, entry.bucket, value=entry.debt)
        if entry.kind is not EntryKind.CHARGE:
            continue
        _count_charge(one, day, lots, tally)
        if day in seen or day == news.active_on:
            continue
        seen.add(day)
        active_on = max(day, active_on or day)
        tally.add(day, Measure.ACTIVE_USERS)
        if day - joined in {timedelta(days=after) for after in COHORT_DAYS}:
            tally.add(joined, Measure.RETAINED, str((day - joined).days))
    return PersonCounted(news.user_id, news.news, counted, active_on)


def count_turns(facts: Iterable[TurnFact], tally: Tally) -> None:
    """Count how turns ended and what was read and written."""
    for fact in facts:
        labels = fact.character_id, fact.model
        tally.add(fact.day, Measure.TURNS, fact.outcome, *labels, value=fact.turns)
        for measure, tokens in (
            (Measure.PROMPT, fact.prompt),
            (Measure.CACHED, fact.cached),
            (Measure.COMPLETION, fact.completion),
        ):
            tally.add(fact.day, measure, *labels, value=fact.turns * tokens)


def _count_charge(one: CountedEntry, day: date, lots: Mapping[str, LotPrice], tally: Tally) -> None:
    labels, spent = (one.character_id, one.model), -one.entry.amount
    tally.add(day, Measure.CHARGED, *labels, value=spent)
    price = lots.get(one.entry.lot_id)
    if price is not None:
        tally.add(day, Measure.VALUE, *labels, price.paid.currency, value=price.of(spent))
