"""The sandbox: a store that keeps nothing, since a purchase's own facts and the clock are enough.

Whatever it answers is computed from the purchase, so it is the same in every process and after
every restart: names are made of the purchase's id and a counter, and periods are counted from the
day on which the first one began.
"""

from datetime import datetime, timedelta

from attrs import evolve

from domain.errors import InvalidRequest, NotFound
from domain.market.calendar import add_months
from domain.market.facts import Fact, FactKind, chronological
from domain.market.products import Catalogue, Money, Product
from domain.market.purchases import Purchase
from domain.market.standing import PERIODS

GRACE = timedelta(days=7)
"""How long everything stays open while a renewal is not paid."""
HOLD = timedelta(days=30)
"""How long it may then still be paid before the subscription is over."""

_STATES = PERIODS | {FactKind.IN_GRACE, FactKind.ON_HOLD, FactKind.PAUSED, FactKind.LAPSED}
_TICK = timedelta(microseconds=1)


def reference_of(purchase_id: str) -> str:
    """What the sandbox calls a purchase."""
    return f"sbx_{purchase_id}"


def moment_after(facts: tuple[Fact, ...], now: datetime) -> datetime:
    """Now, or as little later as is needed to come after everything that was said before."""
    latest = max((fact.at for fact in facts), default=None)
    return now if latest is None or latest < now else latest + _TICK


def state_of(purchase: Purchase) -> FactKind | None:
    """What began last: a period, a trouble, a pause, the end; None before the first payment."""
    states = [fact for fact in purchase.facts if fact.kind in _STATES]
    return max(states, key=chronological).kind if states else None


def first_payment(purchase_id: str, product: Product, quantity: int, at: datetime) -> Fact:
    """The payment that an order asks for: of a pack, or of a subscription's first period."""
    paid = Fact(
        FactKind.PAID,
        at,
        payment=f"{reference_of(purchase_id)}_1",
        product_id=product.id,
        quantity=quantity,
        paid=Money(product.price.currency, product.price.amount * quantity),
    )
    if product.period is None:
        return paid
    ends_at = add_months(at, product.period.months)
    return evolve(paid, kind=FactKind.RENEWED, starts_at=at, ends_at=ends_at)


def renewal(purchase: Purchase, product: Product, *, starts_at: datetime, at: datetime) -> Fact:
    """The payment of a subscription's next period."""
    number = len(purchase.standing.payments) + 1
    return Fact(
        FactKind.RENEWED,
        at,
        payment=f"{reference_of(purchase.id)}_{number}",
        product_id=product.id,
        starts_at=starts_at,
        ends_at=_end_of_period(purchase, product, starts_at),
        paid=product.price,
    )


def upgrade(
    purchase: Purchase, running: Product | None, product: Product, *, name: str, at: datetime
) -> Fact:
    """The payment of a greater product, from now on, by somebody who has ``running``.

    What is left of the period is paid, or a whole new one if periods now have another length.
    ``name`` tells this upgrade from every other of the purchase.
    """
    current = purchase.standing.current
    price, months = product.price, _months(product)
    ends_at = current.ends_at if current else None
    is_as_long = running is not None and running.period is product.period
    if ends_at is not None and ends_at > at and is_as_long:
        period = ends_at - add_months(ends_at, -months)
        price = evolve(price, amount=price.amount * ((ends_at - at) // _TICK) // (period // _TICK))
    else:
        ends_at = add_months(at, months)
    return Fact(
        FactKind.UPGRADED,
        at,
        payment=f"{reference_of(purchase.id)}_{name}",
        product_id=product.id,
        starts_at=at,
        ends_at=ends_at,
        paid=price,
    )


def next_product(purchase: Purchase, catalogue: Catalogue) -> Product | None:
    """What the next period is of; None when that is no longer sold."""
    try:
        return catalogue.get(purchase.standing.next_product_id or purchase.product_id)
    except NotFound:
        return None


def caught_up(purchase: Purchase, catalogue: Catalogue, now: datetime) -> Purchase:
    """The purchase with all that the clock alone has brought by now: renewals, and ends."""
    fact = _change_by_the_clock(purchase, catalogue, now)
    while fact is not None and fact not in purchase.facts:
        purchase = purchase.learn((fact,), now)
        fact = _change_by_the_clock(purchase, catalogue, now)
    return purchase.learn((), now)


def _change_by_the_clock(purchase: Purchase, catalogue: Catalogue, now: datetime) -> Fact | None:
    current = purchase.standing.current
    if not purchase.is_subscription or current is None or current.ends_at is None:
        return None
    # As of the end itself: a day after it, an unrenewed period would count as given up.
    due = purchase.learn((), current.ends_at)
    over_at = _over_at(due, current.ends_at)
    if over_at is None or over_at > now:
        return None
    goes_on = state_of(due) in PERIODS and due.standing.renews and not current.is_taken_back
    product = next_product(due, catalogue)
    if goes_on and product is not None and product.is_subscription:
        return renewal(due, product, starts_at=over_at, at=over_at)
    return Fact(FactKind.LAPSED, over_at)


def _over_at(purchase: Purchase, ends_at: datetime) -> datetime | None:
    """When something happens by itself; None: only when somebody does something."""
    states = [fact for fact in purchase.facts if fact.kind in _STATES]
    latest = max(states, key=chronological)
    match latest.kind:
        case FactKind.LAPSED:
            return None
        case FactKind.IN_GRACE:
            return max(ends_at, latest.ends_at or latest.at)
        case FactKind.ON_HOLD if purchase.standing.renews:
            return max(ends_at, latest.at + HOLD)
        case FactKind.PAUSED if purchase.standing.renews:
            return None
        case _:
            return max(ends_at, latest.at)


def _end_of_period(purchase: Purchase, product: Product, starts_at: datetime) -> datetime:
    """Counted from the earliest day that leads here: what began on a 31st ends on 31sts again."""
    months = _months(product)
    begun = sorted(one.starts_at for one in purchase.standing.payments if one.starts_at)
    for first in begun:
        since = (starts_at.year - first.year) * 12 + starts_at.month - first.month
        if since >= 0 and add_months(first, since) == starts_at:
            return add_months(first, since + months)
    return add_months(starts_at, months)


def _months(product: Product) -> int:
    if product.period is None:
        message = "This is not a subscription."
        raise InvalidRequest(message, param="product_id")
    return product.period.months
