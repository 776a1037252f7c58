"""Invoices: the periods of a subscription that were paid, or were not."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from adapters.stripe.payments import Outcome
from adapters.stripe.reporting import price_of, priced_subscription, report_of
from adapters.stripe.shapes import (
    Json,
    Marks,
    id_of,
    inner,
    invoice_marks,
    invoice_payments,
    invoice_subscription,
    is_prorated,
    items,
    line_price,
    moment,
    money,
)
from domain.market.facts import Fact, FactKind
from domain.market.products import Catalogue, Money, Product, Provider
from domain.market.reports import Parked, Report

_UPGRADE = "subscription_update"
_FIRST = "subscription_create"
_WITHIN_THE_SECOND = timedelta(milliseconds=500)
"""Stripe's times are whole seconds; of one second, an upgrade comes after what it replaces."""
_PERIODS = frozenset({_FIRST, "subscription_cycle", "subscription", _UPGRADE, None})
"""What an invoice of ours is for. Old ones, and some stand-ins for Stripe, do not say it."""


def invoice_outcome(invoice: Json) -> Outcome:
    """By its status, where no event says it."""
    match invoice.get("status"):
        case "paid":
            return Outcome.PAID
        case "open" if invoice.get("attempt_count"):
            return Outcome.FAILED
        case _:
            return Outcome.OPEN


def invoice_report(
    invoice: Json, outcome: Outcome, at: datetime, catalogue: Catalogue, grace: timedelta
) -> Report | None:
    """What an invoice says of its subscription; None if it is for something else."""
    subscription = invoice_subscription(invoice)
    lines = items(invoice.get("lines"))
    if not subscription:
        if any(catalogue.find(Provider.STRIPE, line_price(line)) for line in lines):
            raise Parked("An invoice for a product of ours, without a subscription.")
        return None
    marks = invoice_marks(invoice)
    product_id = None
    facts: tuple[Fact, ...] = ()
    if outcome is Outcome.PAID:
        facts = (_paid(invoice, lines, marks, at, catalogue),)
        product_id = facts[0].product_id
    elif outcome is Outcome.FAILED:
        facts = _unpaid(invoice, at, grace)
    aliases = [id_of(invoice), *invoice_payments(invoice)]
    return report_of(subscription, marks, facts, aliases, product_id)


def unpaid_renewal(since: datetime, grace: timedelta) -> Fact:
    """A renewal was due at ``since`` and could not be had: how long it stays open is our matter."""
    if grace > timedelta(0):
        return Fact(FactKind.IN_GRACE, since, ends_at=since + grace)
    return Fact(FactKind.ON_HOLD, since)


def _unpaid(invoice: Json, at: datetime, grace: timedelta) -> tuple[Fact, ...]:
    reason = invoice.get("billing_reason")
    if reason == _FIRST:
        return (Fact(FactKind.FAILED, at, payment=id_of(invoice)),)
    if reason == _UPGRADE:
        # The upgrade did not come about; what was there before goes on.
        return ()
    # From when it was due, so that further tries do not prolong it.
    return (unpaid_renewal(moment(invoice.get("created")) or at, grace),)


def _paid(
    invoice: Json, lines: Sequence[Json], marks: Marks, at: datetime, catalogue: Catalogue
) -> Fact:
    reason = invoice.get("billing_reason")
    if reason not in _PERIODS:
        raise Parked("An invoice of a subscription that is not for a period.")
    if invoice.get("status") not in {"paid", None}:
        raise Parked("An invoice that is said to be paid, and is not.")
    is_upgrade = reason == _UPGRADE
    line, product = _bought(lines, marks, catalogue, is_upgrade=is_upgrade)
    _check(line, invoice, price_of(product, line_price(line), marks))
    period = inner(line, "period")
    starts_at, ends_at = moment(period.get("start")), moment(period.get("end"))
    if starts_at is None or ends_at is None or ends_at <= starts_at:
        raise Parked("A paid invoice without a period.")
    paid_at = moment(inner(invoice, "status_transitions").get("paid_at")) or at
    return Fact(
        FactKind.UPGRADED if is_upgrade else FactKind.RENEWED,
        paid_at + _WITHIN_THE_SECOND if is_upgrade else paid_at,
        payment=id_of(invoice),
        product_id=product.id,
        quantity=_quantity(line),
        starts_at=starts_at,
        ends_at=ends_at,
        paid=money(invoice, "amount_paid"),
    )


def _bought(
    lines: Sequence[Json], marks: Marks, catalogue: Catalogue, *, is_upgrade: bool
) -> tuple[Json, Product]:
    """The line of the period, and its product. Credits for an old period are lines as well."""
    whole = [line for line in lines if not is_prorated(line)]
    if not whole and is_upgrade:
        whole = [line for line in lines if (line.get("amount") or 0) > 0]
    found: list[tuple[Json, Product]] = []
    refusal = Parked("A paid invoice that names no price.")
    for line in whole:
        try:
            found.append((line, priced_subscription(line_price(line), marks, catalogue)))
        except Parked as parked:
            refusal = parked
    if not found:
        raise refusal
    if len(found) > 1:
        raise Parked("An invoice for more than one subscription.")
    return found[0]


def _check(line: Json, invoice: Json, price: Money) -> None:
    """The line must cost what the product does; discounts are not a part of it."""
    currency = str(invoice.get("currency") or line.get("currency") or "").upper()
    amount = line.get("amount")
    is_right = amount is None or is_prorated(line) or amount == price.amount * _quantity(line)
    if currency != price.currency or not is_right:
        raise Parked("What a period costs is not what was asked for.")


def _quantity(line: Json) -> int:
    quantity = line.get("quantity")
    return quantity if isinstance(quantity, int) and quantity > 0 else 1
