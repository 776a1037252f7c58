"""Where a subscription stands, and what its owner wants of it, as facts.

Apple tells a state, not the moment at which it began, so the moment is taken from what does not
vary with the message: the end of the period that was not renewed. Apple dates a renewal that
succeeds late back to that end, and it must still come after the failure.
"""

from datetime import datetime, timedelta

from appstoreserverlibrary.models.ExpirationIntent import ExpirationIntent
from appstoreserverlibrary.models.JWSRenewalInfoDecodedPayload import JWSRenewalInfoDecodedPayload

from adapters.apple.transactions import OddTransaction, Sale, moment
from domain.market.facts import Fact, FactKind
from domain.market.products import Catalogue, Provider

LATE = timedelta(days=3)
"""Apple's shortest grace period: an end told so late came after a time without payment."""
_TICK = timedelta(milliseconds=1)


def in_grace(sale: Sale, renewal: JWSRenewalInfoDecodedPayload | None, told_at: datetime) -> Fact:
    """The renewal failed, and everything stays open for a while."""
    until = renewal.gracePeriodExpiresDate if renewal else None
    return Fact(
        FactKind.IN_GRACE,
        _failed_at(sale, told_at),
        sale.id,
        ends_at=moment(until) if until is not None else None,
    )


def on_hold(sale: Sale, told_at: datetime, *, after_grace: bool = False) -> Fact:
    """The renewal failed, and once what is paid is over nothing is open until it succeeds.

    Apple tries up to a day before the end.
    """
    if after_grace:
        return Fact(FactKind.ON_HOLD, _after_purchase(sale, told_at), sale.id)
    at = _failed_at(sale, told_at)
    return Fact(FactKind.ON_HOLD, at, sale.id, starts_at=sale.expires_at)


def lapsed(sale: Sale, renewal: JWSRenewalInfoDecodedPayload | None, told_at: datetime) -> Fact:
    """The subscription is over: since its period's end, or since Apple gave up the payment."""
    at = min(sale.expires_at, told_at)
    intent = renewal.expirationIntent if renewal else None
    if intent is ExpirationIntent.BILLING_ERROR or told_at - at >= LATE:
        at = told_at
    return Fact(FactKind.LAPSED, _after_purchase(sale, at), sale.id)


def renewal_wish(sale: Sale, told_at: datetime, *, renews: bool) -> Fact:
    """Whether its owner wants it to renew."""
    kind = FactKind.RESUMED if renews else FactKind.CANCELLED
    return Fact(kind, _after_purchase(sale, told_at), sale.id)


def next_product(
    sale: Sale,
    renewal: JWSRenewalInfoDecodedPayload | None,
    catalogue: Catalogue,
    told_at: datetime,
) -> Fact:
    """What it will renew to; raises ``OddTransaction`` for what is not in the catalogue."""
    product_id = sale.product.id
    if renewal is not None and renewal.autoRenewProductId:
        product = catalogue.find(Provider.APPLE, renewal.autoRenewProductId)
        if product is None or not product.is_subscription:
            raise OddTransaction("The next period is for a product that is not in the catalogue.")
        product_id = product.id
    return Fact(FactKind.DOWNGRADED, _after_purchase(sale, told_at), sale.id, product_id=product_id)


def _failed_at(sale: Sale, told_at: datetime) -> datetime:
    return _after_purchase(sale, min(sale.expires_at, told_at))


def _after_purchase(sale: Sale, at: datetime) -> datetime:
    """Renewals are paid up to a day before their period; what is told of it comes after it."""
    return max(at, sale.bought_at + _TICK)
