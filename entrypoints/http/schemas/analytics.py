"""How counted days look as JSON."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated

from msgspec import Meta, Struct, field

from domain import analytics_report as domain
from domain.lots import Bucket


class AnalyticsQuery(Struct, frozen=True):
    """Which days, both included, at most a year; by default the last thirty."""

    first: Annotated[date | None, Meta(description="The first day (UTC).")] = field(
        default=None, name="from"
    )
    last: Annotated[date | None, Meta(description="The last day (UTC).")] = field(
        default=None, name="to"
    )


class CreditFlow(Struct, frozen=True):
    """What came into one bucket of all wallets and what left it, in credits."""

    bucket: Bucket
    granted: int
    spent: int
    clawed_back: int
    expired: int
    repaid: Annotated[int, Meta(description="What paid debt.")]
    reinstated: int
    change: Annotated[int, Meta(description="By how much all balances together changed.")]

    @classmethod
    def of(cls, flow: domain.CreditFlow) -> "CreditFlow":
        """The flow as JSON shows it."""
        return cls(
            bucket=flow.bucket,
            granted=flow.granted,
            spent=flow.spent,
            clawed_back=flow.clawed_back,
            expired=flow.expired,
            repaid=flow.repaid,
            reinstated=flow.reinstated,
            change=flow.change,
        )


class Revenue(Struct, frozen=True):
    """What one product brought at one store in one currency, in minor units."""

    product_id: str
    provider: str
    currency: str
    payments: int
    amount: int
    refunds: Annotated[int, Meta(description="What went back that day, for whichever payment.")]
    net: int

    @classmethod
    def of(cls, one: domain.Revenue) -> "Revenue":
        """The revenue as JSON shows it."""
        return cls(
            product_id=one.product_id,
            provider=one.provider,
            currency=one.currency,
            payments=one.payments,
            amount=one.amount,
            refunds=one.refunds,
            net=one.net,
        )


class ModelUse(Struct, frozen=True):
    """What one character said by one model, what people paid for it, and what it cost."""

    character_id: str
    model: Annotated[str, Meta(description="Empty where none wrote.")]
    turns: int
    prompt_tokens: int
    cached_tokens: Annotated[int, Meta(description="Those of the prompt tokens that were cached.")]
    completion_tokens: int
    credits: Annotated[int, Meta(description="What was charged.")]
    value: Annotated[
        Mapping[str, int],
        Meta(
            description="What had been paid for those credits, by currency, in thousandths of the "
            "minor unit. Credits that were given are worth nothing."
        ),
    ]
    cost: Annotated[
        int | None,
        Meta(
            description="What the provider takes, in millionths of a US dollar; null where its "
            "price is not known."
        ),
    ]
    margin: Annotated[
        int | None,
        Meta(description="The value in US dollars less the cost, in millionths of a US dollar."),
    ]

    @classmethod
    def of(cls, use: domain.ModelUse) -> "ModelUse":
        """The use as JSON shows it."""
        return cls(
            character_id=use.character_id,
            model=use.model,
            turns=use.turns,
            prompt_tokens=use.prompt,
            cached_tokens=use.cached,
            completion_tokens=use.completion,
            credits=use.credits,
            value=use.value,
            cost=use.cost,
            margin=use.margin,
        )


class Cohort(Struct, frozen=True):
    """Those who were new on a day, and what became of them."""

    users: int
    day_1: Annotated[int, Meta(description="How many were active a day later.")]
    day_7: int
    day_30: int
    payers: Annotated[int, Meta(description="How many have ever paid.")]


class AnalyticsDay(Struct, frozen=True):
    """One day (UTC)."""

    day: date
    new_users: int
    active_users: Annotated[int, Meta(description="Who had a reply that was charged.")]
    new_payers: Annotated[int, Meta(description="Who never paid before.")]
    turns: Annotated[
        Mapping[str, int],
        Meta(
            description="By how they ended: `completed`, `stopped`, `failed`, or `answered` by the "
            "product itself; absent is 0."
        ),
    ]
    credits: list[CreditFlow]
    revenue: list[Revenue]
    models: list[ModelUse]
    cohort: Cohort
    safety: Mapping[str, int]

    @classmethod
    def of(cls, day: domain.DayReport) -> "AnalyticsDay":
        """The day as JSON shows it."""
        cohort = day.cohort
        one, seven, thirty = (cohort.retained.get(after, 0) for after in (1, 7, 30))
        return cls(
            day=day.day,
            new_users=day.new_users,
            active_users=day.active_users,
            new_payers=day.new_payers,
            turns=day.turns,
            credits=[CreditFlow.of(flow) for flow in day.credits],
            revenue=[Revenue.of(one) for one in day.revenue],
            models=[ModelUse.of(use) for use in day.models],
            cohort=Cohort(cohort.users, one, seven, thirty, cohort.payers),
            safety=day.safety,
        )


class Analytics(Struct, frozen=True):
    """What was counted, of everybody together."""

    first: date = field(name="from")
    last: date = field(name="to")
    is_recounting: Annotated[
        bool, Meta(description="Whether all is being counted anew, so that the days still grow.")
    ]
    days: Annotated[list[AnalyticsDay], Meta(description="Every day, the earliest first.")]

    @classmethod
    def of(cls, found: domain.Analytics) -> "Analytics":
        """The days as JSON shows them."""
        days = [AnalyticsDay.of(day) for day in found.days]
        return cls(found.first, found.last, found.is_recounting, days)
