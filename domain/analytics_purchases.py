"""What purchases come to by day: revenue, what went back, and who began to pay."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from attrs import frozen

from domain.analytics_counts import Count, LotPrice, Measure, Tally, day_of
from domain.errors import NotFound
from domain.lots import Bucket
from domain.market.facts import FactKind, chronological
from domain.market.payments import BUYS, Payment, payments_in
from domain.market.products import Catalogue, Money
from domain.market.purchases import Purchase

_MOVES_MONEY = BUYS | {
    FactKind.REPLACED,
    FactKind.REFUNDED,
    FactKind.REVOKED,
    FactKind.REFUND_REVERSED,
    FactKind.DISPUTE_WON,
    FactKind.DISPUTE_LOST,
}


@frozen
class CountedPurchase:
    """A purchase with what was counted of it."""

    purchase: Purchase
    counted: tuple[Count, ...] = ()


@frozen
class PurchaserNews:
    """All purchases of somebody of whose purchases one has changed."""

    user_id: str
    created_at: datetime
    purchases: tuple[CountedPurchase, ...]


def count_purchases(
    news: PurchaserNews, catalogue: Catalogue, tally: Tally
) -> tuple[CountedPurchase, ...]:
    """Add what the purchases amount to beyond what was counted; returns them as they are now."""
    first = min(
        ((payment.at, one.purchase.id) for one in news.purchases for payment in _paid(one)),
        default=None,
    )
    counted: list[CountedPurchase] = []
    for one in news.purchases:
        now = Tally()
        _count_payments(one.purchase, catalogue, now)
        if first is not None and first[1] == one.purchase.id:
            now.add(day_of(first[0]), Measure.NEW_PAYERS)
            now.add(day_of(news.created_at), Measure.COHORT_PAYERS)
        tally.add_all(now.counts)
        tally.add_all(one.counted, sign=-1)
        counted.append(CountedPurchase(one.purchase, now.counts))
    return tuple(counted)


def lot_prices(purchases: Iterable[Purchase], catalogue: Catalogue) -> dict[str, LotPrice]:
    """What was paid for the credits of each lot; what came on top was given."""
    found: dict[str, LotPrice] = {}
    for purchase in purchases:
        amounts = _amounts(purchase, purchase.standing.payments, catalogue)
        for lot in purchase.lots:
            money = amounts.get(lot.payment)
            if lot.bucket is not Bucket.PROMO and lot.credits and money is not None:
                found[lot.lot_id] = LotPrice(lot.credits, money)
    return found


def _paid(one: CountedPurchase) -> Sequence[Payment]:
    return one.purchase.standing.payments


def _amounts(
    purchase: Purchase, payments: Iterable[Payment], catalogue: Catalogue
) -> Mapping[str, Money]:
    """What each payment was: what the store says, otherwise what the product costs."""
    amounts: dict[str, Money] = {}
    for payment in payments:
        if payment.paid is not None:
            amounts[payment.id] = payment.paid
            continue
        try:
            price = catalogue.get(payment.product_id or purchase.product_id).price
        except NotFound:
            continue
        amounts[payment.id] = Money(price.currency, price.amount * payment.quantity)
    return amounts


def _count_payments(purchase: Purchase, catalogue: Catalogue, tally: Tally) -> None:
    """Each payment on its day, and what went back of it on the day on which it did.

    The facts are gone through as they came, so a second refund counts by what it adds, and one
    that was undone counts as less than nothing.
    """
    ordered = sorted(purchase.facts, key=chronological)
    payments = payments_in(ordered, purchase.product_id)
    amounts = _amounts(purchase, payments, catalogue)
    labels = {
        payment.id: (
            payment.product_id or purchase.product_id,
            purchase.provider,
            amounts[payment.id].currency,
        )
        for payment in payments
        if payment.id in amounts
    }
    for payment in payments:
        if payment.id in amounts:
            day, named = day_of(payment.at), labels[payment.id]
            tally.add(day, Measure.PAYMENTS, *named)
            tally.add(day, Measure.REVENUE, *named, value=amounts[payment.id].amount)
    back = dict.fromkeys(amounts, 0)
    for index, fact in enumerate(ordered, start=1):
        if fact.kind not in _MOVES_MONEY:
            continue
        for payment in payments_in(ordered[:index], purchase.product_id):
            if payment.id in amounts:
                returned = payment.refunded.of(amounts[payment.id].amount)
                more, back[payment.id] = returned - back[payment.id], returned
                if more:
                    tally.add(day_of(fact.at), Measure.REFUNDS, *labels[payment.id], value=more)
