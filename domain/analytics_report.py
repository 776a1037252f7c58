"""The counts of some days, as people read them."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from attrs import Factory, frozen

from domain.analytics_costs import ModelCosts
from domain.analytics_counts import COHORT_DAYS, Count, Measure
from domain.ledger import EntryKind
from domain.lots import Bucket
from domain.safety.counters import DayCount

_GIVEN = frozenset(
    {EntryKind.GRANT, EntryKind.DAILY_REFRESH, EntryKind.PURCHASE, EntryKind.SUBSCRIPTION}
)
_OF_MODELS = (
    Measure.CHARGED,
    Measure.VALUE,
    Measure.PROMPT,
    Measure.CACHED,
    Measure.COMPLETION,
)
_MICRODOLLARS = 10
"""In a thousandth of a cent."""

Labels = tuple[str, ...]
Sums = Mapping[Labels, int]


@frozen(kw_only=True)
class CreditFlow:
    """What came into one bucket and what left it, in credits, each 0 or more."""

    bucket: Bucket
    granted: int = 0
    spent: int = 0
    clawed_back: int = 0
    expired: int = 0
    repaid: int = 0
    """What paid debt."""
    reinstated: int = 0

    @property
    def change(self) -> int:
        """By how much all balances together changed."""
        came = self.granted + self.reinstated
        return came - self.spent - self.clawed_back - self.expired - self.repaid


@frozen(kw_only=True)
class Revenue:
    """What one product brought at one store in one currency, in minor units.

    ``refunds`` are of the day on which money went back; less than 0 where a refund was undone.
    """

    product_id: str
    provider: str
    currency: str
    payments: int = 0
    amount: int = 0
    refunds: int = 0

    @property
    def net(self) -> int:
        """What stays of it."""
        return self.amount - self.refunds


@frozen(kw_only=True)
class ModelUse:
    """What one character said by one model, what people paid for it, and what it cost.

    ``prompt``, ``cached`` and ``completion`` are tokens, ``credits`` what was charged. ``value`` is
    what was paid for those credits, by currency, in thousandths of the minor unit. ``cost`` is what
    the provider takes, in millionths of a US dollar; None where its price is not known.
    """

    character_id: str
    model: str
    turns: int = 0
    prompt: int = 0
    cached: int = 0
    completion: int = 0
    credits: int = 0
    value: Mapping[str, int] = Factory(dict)
    cost: int | None = None

    @property
    def margin(self) -> int | None:
        """What was paid in US dollars, less the cost, in millionths of one."""
        return None if self.cost is None else self.value.get("USD", 0) * _MICRODOLLARS - self.cost


@frozen(kw_only=True)
class Cohort:
    """Those who were new on a day: how many came back 1, 7 and 30 days later, or have ever paid."""

    users: int = 0
    retained: Mapping[int, int] = Factory(dict)
    payers: int = 0


@frozen(kw_only=True)
class DayReport:
    """One day (UTC).

    Active is who had a reply that was charged. ``new_payers`` are those who never paid before.
    ``turns`` are by how they ended: ``completed``, ``stopped``, ``failed``, or ``answered`` by the
    product itself.
    """

    day: date
    new_users: int = 0
    active_users: int = 0
    new_payers: int = 0
    turns: Mapping[str, int] = Factory(dict)
    credits: tuple[CreditFlow, ...] = ()
    revenue: tuple[Revenue, ...] = ()
    models: tuple[ModelUse, ...] = ()
    cohort: Cohort = Factory(Cohort)
    safety: Mapping[str, int] = Factory(dict)


@frozen(kw_only=True)
class Analytics:
    """The days from ``first`` to ``last``, both included, without a gap.

    ``is_recounting`` tells that everything is being counted anew: the days grow until it is done.
    """

    first: date
    last: date
    days: tuple[DayReport, ...]
    is_recounting: bool


def report(
    first: date,
    last: date,
    counts: Iterable[Count],
    safety: Iterable[DayCount],
    costs: ModelCosts,
    *,
    is_recounting: bool,
) -> Analytics:
    """What was counted, day by day."""
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    sums: dict[date, dict[Measure, dict[Labels, int]]] = {}
    for one in counts:
        measured = sums.setdefault(one.key.day, {}).setdefault(one.key.measure, {})
        measured[one.key.labels] = one.value
    kinds: dict[date, dict[str, int]] = {}
    for counted in safety:
        kinds.setdefault(counted.day, {})[counted.kind] = counted.count
    return Analytics(
        first=first,
        last=last,
        days=tuple(_day(day, sums.get(day, {}), kinds.get(day, {}), costs) for day in days),
        is_recounting=is_recounting,
    )


def _day(
    day: date,
    sums: Mapping[Measure, Sums],
    safety: Mapping[str, int],
    costs: ModelCosts,
) -> DayReport:
    def total(measure: Measure) -> int:
        return sum(sums.get(measure, {}).values())

    return DayReport(
        day=day,
        new_users=total(Measure.NEW_USERS),
        active_users=total(Measure.ACTIVE_USERS),
        new_payers=total(Measure.NEW_PAYERS),
        turns=_by_first(sums.get(Measure.TURNS, {})),
        credits=_credits(sums.get(Measure.CREDITS, {})),
        revenue=_revenue(sums),
        models=_models(day, sums, costs),
        cohort=Cohort(
            users=total(Measure.NEW_USERS),
            retained={
                after: sums.get(Measure.RETAINED, {}).get((str(after), "", ""), 0)
                for after in COHORT_DAYS
            },
            payers=total(Measure.COHORT_PAYERS),
        ),
        safety=safety,
    )


def _by_first(sums: Sums) -> dict[str, int]:
    """Sums by the first label, those that are 0 left out."""
    found: dict[str, int] = {}
    for labels, value in sums.items():
        found[labels[0]] = found.get(labels[0], 0) + value
    return {name: value for name, value in sorted(found.items()) if value}


def _credits(sums: Sums) -> tuple[CreditFlow, ...]:
    flows = []
    for bucket in Bucket:
        amounts = {EntryKind(kind): value for (kind, of, _), value in sums.items() if of == bucket}
        if amounts:
            flows.append(
                CreditFlow(
                    bucket=bucket,
                    granted=sum(amounts.get(kind, 0) for kind in _GIVEN),
                    spent=-amounts.get(EntryKind.CHARGE, 0),
                    clawed_back=-amounts.get(EntryKind.CLAW_BACK, 0),
                    expired=-amounts.get(EntryKind.EXPIRY, 0),
                    repaid=-amounts.get(EntryKind.DEBT_REPAYMENT, 0),
                    reinstated=amounts.get(EntryKind.REINSTATEMENT, 0),
                )
            )
    return tuple(flows)


def _revenue(sums: Mapping[Measure, Sums]) -> tuple[Revenue, ...]:
    payments, amounts, refunds = (
        sums.get(measure, {}) for measure in (Measure.PAYMENTS, Measure.REVENUE, Measure.REFUNDS)
    )
    found = (
        Revenue(
            product_id=labels[0],
            provider=labels[1],
            currency=labels[2],
            payments=payments.get(labels, 0),
            amount=amounts.get(labels, 0),
            refunds=refunds.get(labels, 0),
        )
        for labels in sorted({*payments, *amounts, *refunds})
    )
    return tuple(one for one in found if one.payments or one.amount or one.refunds)


def _models(day: date, sums: Mapping[Measure, Sums], costs: ModelCosts) -> tuple[ModelUse, ...]:
    def of(measure: Measure, character_id: str, model: str) -> int:
        return sums.get(measure, {}).get((character_id, model, ""), 0)

    turns: dict[tuple[str, str], int] = {}
    for (_, character_id, model), value in sums.get(Measure.TURNS, {}).items():
        turns[character_id, model] = turns.get((character_id, model), 0) + value
    values = sums.get(Measure.VALUE, {})
    named = {labels[:2] for measure in _OF_MODELS for labels in sums.get(measure, {})}
    uses = []
    for character_id, model in sorted({*turns, *((one[0], one[1]) for one in named)}):
        prompt = of(Measure.PROMPT, character_id, model)
        cached = of(Measure.CACHED, character_id, model)
        completion = of(Measure.COMPLETION, character_id, model)
        use = ModelUse(
            character_id=character_id,
            model=model,
            turns=turns.get((character_id, model), 0),
            prompt=prompt,
            cached=cached,
            completion=completion,
            credits=of(Measure.CHARGED, character_id, model),
            value={
                currency: value
                for (who, by, currency), value in sorted(values.items())
                if (who, by) == (character_id, model) and value
            },
            cost=costs.cost(model, day, prompt=prompt, cached=cached, completion=completion),
        )
        if use.turns or use.credits or use.prompt or use.completion:
            uses.append(use)
    return tuple(uses)
