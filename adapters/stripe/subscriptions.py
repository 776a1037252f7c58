"""Subscriptions and their schedules: how they go on. What was paid, invoices tell."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from adapters.stripe.invoices import unpaid_renewal
from adapters.stripe.reporting import priced_subscription, report_of
from adapters.stripe.shapes import (
    UNMARKED,
    Json,
    Marks,
    id_of,
    inner,
    is_cancelled,
    items,
    moment,
    period_start,
    read_marks,
    subscription_price,
)
from domain.market.facts import Fact, FactKind
from domain.market.products import Catalogue, Provider
from domain.market.reports import Parked, Report

_WITHIN_THE_SECOND = timedelta(milliseconds=999)
"""Stripe's times are whole seconds; of one second, the end comes after all that was paid in it."""
_RUNNING = frozenset({"active", "trialing", "past_due"})
_QUIET = frozenset({"active", "trialing", "incomplete"})


def subscription_report(
    subscription: Json,
    at: datetime,
    catalogue: Catalogue,
    grace: timedelta,
    previous: Json | None = None,
) -> Report:
    """What a subscription says as of ``at``; ``previous`` is what it said before, if it changed."""
    marks = read_marks(subscription.get("metadata"))
    price_id = subscription_price(subscription)
    product = catalogue.find(Provider.STRIPE, price_id) if price_id else None
    facts = [
        *_phase(subscription, at, grace),
        *_wish(subscription, at, previous or {}),
        *_next_product(subscription, marks, at, catalogue, previous or {}),
    ]
    return report_of(
        id_of(subscription),
        marks,
        facts,
        [id_of(subscription.get("latest_invoice"))],
        marks.product_id or (product.id if product else None),
    )


def schedule_report(schedule: Json, at: datetime, catalogue: Catalogue) -> Report | None:
    """What a schedule says of the next period; None if nothing.

    That a plan was given up, it cannot tell from that the plan came true.
    """
    subscription, price_id = id_of(schedule.get("subscription")), planned_price(schedule)
    if not subscription or not price_id:
        return None
    product = priced_subscription(price_id, UNMARKED, catalogue)
    facts = [Fact(FactKind.DOWNGRADED, at, product_id=product.id)]
    return report_of(subscription, UNMARKED, facts, (), product.id)


def planned_price(schedule: Json) -> str:
    """Stripe's price of the next period; empty if nothing is planned."""
    ends_at = inner(schedule, "current_phase").get("end_date")
    for phase in items(schedule.get("phases")):
        if schedule.get("status") == "active" and phase.get("start_date") == ends_at:
            return _phase_price(phase)
    return ""


def _phase_price(phase: Json) -> str:
    for item in items(phase.get("items")):
        return id_of(item.get("price")) or id_of(item.get("plan"))
    return ""


def _phase(subscription: Json, at: datetime, grace: timedelta) -> Iterator[Fact]:
    over_at = moment(subscription.get("ended_at")) or moment(subscription.get("canceled_at")) or at
    match subscription.get("status"):
        case "past_due":
            yield unpaid_renewal(period_start(subscription) or at, grace)
        case "unpaid":
            yield Fact(FactKind.ON_HOLD, at)
        case "paused":
            yield Fact(FactKind.PAUSED, at)
        case "canceled":
            yield Fact(FactKind.LAPSED, over_at + _WITHIN_THE_SECOND)
        case "incomplete_expired":
            yield Fact(FactKind.FAILED, over_at)
        case status if status not in _QUIET:
            raise Parked("A subscription with a status that is not known.")


def _wish(subscription: Json, at: datetime, previous: Json) -> Iterator[Fact]:
    if subscription.get("status") not in _RUNNING:
        return
    if is_cancelled(subscription):
        yield Fact(FactKind.CANCELLED, moment(subscription.get("canceled_at")) or at)
        if "status" in previous:
            # A payment that came late must not pass for a change of mind.
            yield Fact(FactKind.CANCELLED, at)
    elif is_cancelled(previous):
        yield Fact(FactKind.RESUMED, at)


def _next_product(
    subscription: Json, marks: Marks, at: datetime, catalogue: Catalogue, previous: Json
) -> Iterator[Fact]:
    """Another price without an invoice for it: then it is for the next period."""
    before, now = subscription_price(previous), subscription_price(subscription)
    if before and before != now and "latest_invoice" not in previous:
        product = priced_subscription(now, marks, catalogue)
        yield Fact(FactKind.DOWNGRADED, at, product_id=product.id)
