"""What a subscription's payments were: each an order, numbered from its first one.

The signing-up order is ``GPA.1-2-3``, the first renewal ``GPA.1-2-3..0``, the next ``..1``. So the
latest one names all before it, and Google's record of them has what the subscription itself does
not: which period each paid, when, how much, and what of it was given back. That record never
changes as the subscription goes on, and it makes up for messages that never came.

An account without the permission to see financial data cannot read orders. Then there is only the
subscription, which knows the latest payment and when access ends: see ``guessed``.
"""

import logging
import re
from datetime import timedelta

from adapters.google.play_api import PlayApi, Refused
from adapters.google.wire import Order, Orders, Subscription, SubscriptionLine
from adapters.google.words import minor_units, money
from domain.market.calendar import add_months
from domain.market.facts import WHOLE, Fact, FactKind, Share
from domain.market.products import Catalogue, Product, Provider

MOST_PAYMENTS = 24
"""Read at a time, the latest ones; earlier ones were told before."""

INSTANT = timedelta(milliseconds=1)
"""Google's times are no finer."""

_log = logging.getLogger(__name__)
_NUMBERED = re.compile(r"(?P<base>.+)\.\.(?P<number>\d{1,4})", re.ASCII)
_PAID = frozenset({"PROCESSED", "PENDING_REFUND", "PARTIALLY_REFUNDED", "REFUNDED"})


def orders_until(latest: str) -> list[str]:
    """The order and those before it, in order of time."""
    match = _NUMBERED.fullmatch(latest)
    if match is None:
        return [latest]
    base, last = match["base"], int(match["number"])
    numbered = [f"{base}..{number}" for number in range(last + 1)]
    return [base, *numbered][-MOST_PAYMENTS:]


def is_first(order: str) -> bool:
    """Whether it signed somebody up."""
    return _NUMBERED.fullmatch(order) is None


async def read_orders(
    api: PlayApi, token: str, latest: str, *, is_upgrade: bool, catalogue: Catalogue
) -> list[Fact] | None:
    """The payments until the latest, and what was given back of them; None when it is not told."""
    try:
        params = {"orderIds": orders_until(latest)}
        found = (await api.get("orders:batchGet", Orders, params)).orders
    except Refused as refused:
        _log.info("Google Play does not tell about orders: %s", refused)
        return None
    facts = [
        fact
        for order in found
        if order.purchase_token in {"", token}
        for fact in _facts(order, is_upgrade=is_upgrade, catalogue=catalogue)
    ]
    is_told = any(fact.payment == latest and fact.ends_at is not None for fact in facts)
    return facts if is_told else None


def _facts(order: Order, *, is_upgrade: bool, catalogue: Catalogue) -> list[Fact]:
    created = order.order_history.processed_event.event_time or order.create_time
    if order.state not in _PAID or created is None:
        return []
    for line in order.line_items:
        product = catalogue.find(Provider.GOOGLE, line.product_id)
        period = line.subscription_details
        starts_at, ends_at = period.service_period_start_time, period.service_period_end_time
        if product is None or starts_at is None or ends_at is None:
            continue
        kind = FactKind.UPGRADED if is_upgrade and is_first(order.order_id) else FactKind.RENEWED
        paid = Fact(
            kind,
            created,
            payment=order.order_id,
            product_id=product.id,
            starts_at=starts_at,
            ends_at=ends_at,
            paid=money(order.total),
        )
        return [paid, *_refunds(order)]
    return []


def _refunds(order: Order) -> list[Fact]:
    """What was given back in money, each time in total, and at last maybe all."""
    facts = []
    total = 0
    whole = minor_units(order.total) if order.total is not None else 0
    history = order.order_history
    partial = [
        (at, minor_units(event.refund_details.total))
        for event in history.partial_refund_events
        if event.state != "PENDING" and (at := event.process_time or event.create_time)
    ]
    for at, amount in sorted(partial):
        total += max(0, amount)
        if whole > 0:
            share = Share(min(total, whole), whole)
            facts.append(Fact(FactKind.REFUNDED, at, payment=order.order_id, share=share))
    if history.refund_event is not None and history.refund_event.event_time is not None:
        at = history.refund_event.event_time
        facts.append(Fact(FactKind.REFUNDED, at, payment=order.order_id, share=WHOLE))
    return facts


def guessed(
    payment: str,
    product: Product,
    line: SubscriptionLine,
    bought: Subscription,
    *,
    is_upgrade: bool,
) -> Fact | None:
    """The latest payment as the subscription alone lets us guess it.

    The first one began with the subscription; a renewal, and what waited for one, began one
    period of the product before access ends. Where access went on for lack of payment that is too
    late, by as much, and where all is over, access may have ended at any time: then it is put at
    the very end. So no guess is earlier than the truth, and a payment that was heard of in time
    keeps what was heard, for the earlier is taken. Periods that came and went between two looks
    cannot be known in this way, nor can what was paid.
    """
    ends_at, starts_at = line.expiry_time, bought.start_time
    if ends_at is None or starts_at is None:
        return None
    state = bought.subscription_state
    waited = line.item_replacement.replacement_mode == "DEFERRED"
    if not is_first(payment) or waited:
        is_over = state.endswith("_EXPIRED")
        latest = ends_at - INSTANT if is_over else add_months(ends_at, -months_of(product))
        starts_at = max(starts_at, latest)
    elif not state.endswith(("_ACTIVE", "_CANCELED")):
        ends_at = min(ends_at, add_months(starts_at, months_of(product)))
    return Fact(
        FactKind.UPGRADED if is_upgrade and is_first(payment) else FactKind.RENEWED,
        starts_at,
        payment=payment,
        product_id=product.id,
        starts_at=starts_at,
        ends_at=max(ends_at, starts_at),
    )


def months_of(product: Product) -> int:
    """How long a payment of this subscription lasts."""
    return product.period.months if product.period else 1
