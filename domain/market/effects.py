"""What a purchase does to the wallet: the difference between what was done and what should be."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from attrs import evolve

from domain.accounts import Tier
from domain.claw_backs import claw_back, freeze, reinstate
from domain.errors import NotFound
from domain.ledger import EntryKind, LotHistory
from domain.lots import Bucket, Lot
from domain.market.calendar import add_months
from domain.market.facts import WHOLE, Share
from domain.market.payments import BUYS, Payment, find_upgraded
from domain.market.products import Catalogue, Money, Product
from domain.market.purchases import GrantedLot, Purchase
from domain.market.reports import Parked
from domain.wallet import MAX_CREDITS, Wallet, grant

_TOLERANCE = timedelta(days=1)
"""By how much a store's whole period may be shorter than ours: time zones, summer time."""
_KINDS = {
    Bucket.PURCHASED: EntryKind.PURCHASE,
    Bucket.SUBSCRIPTION: EntryKind.SUBSCRIPTION,
    Bucket.PROMO: EntryKind.GRANT,
}


def bring_about(
    purchase: Purchase,
    wallet: Wallet,
    catalogue: Catalogue,
    lots: Mapping[str, LotHistory],
    now: datetime,
) -> tuple[Purchase, Wallet]:
    """Give, take back, freeze and reinstate credits until they are what the payments say.

    ``lots`` is what the ledger says of the purchase's lots. What is taken goes first, so that new
    credits pay for it. Does nothing when there is nothing to do. Raises ``Parked`` for a payment
    of a product that is not on sale, or of one that nobody named and that costs something else.
    """
    for lot in purchase.lots:
        history = lots.get(lot.lot_id, LotHistory())
        purchase, wallet = _adjust(purchase, wallet, lot, history, now)
    for payment in purchase.standing.payments:
        if purchase.find_lot(payment.id) is not None:
            continue
        product = _sold(purchase, payment, catalogue)
        for lot in _bought(purchase, payment, product, now):
            wallet = _grant(wallet, lot, product.name, now)
            purchase = evolve(purchase, lots=(*purchase.lots, lot))
            purchase, wallet = _adjust(purchase, wallet, lot, LotHistory(), now)
    return purchase, wallet


def entitled_tier(
    purchases: Iterable[Purchase], catalogue: Catalogue, kept: Tier = Tier.FREE
) -> Tier:
    """The highest tier that one of these subscriptions opens.

    ``kept`` is at least what one opens whose product is no longer in the catalogue.
    """
    tiers = [Tier.FREE]
    for purchase in purchases:
        if purchase.status.is_open and purchase.replaced_by is None:
            try:
                tiers.append(catalogue.get(purchase.product_id).tier or Tier.FREE)
            except NotFound:
                tiers.append(kept)
    return max(tiers, key=lambda tier: tier.rank)


def next_tier(current: Tier, *, before: Tier, after: Tier) -> Tier:
    """The tier of somebody whose subscriptions opened ``before`` until now, and open ``after``.

    More than they opened was given by an administrator, whom the market does not overrule.
    """
    is_given = current.rank > max(before.rank, after.rank)
    return current if is_given else after


def _sold(purchase: Purchase, payment: Payment, catalogue: Catalogue) -> Product:
    """What a payment was for."""
    try:
        product = catalogue.get(payment.product_id)
    except NotFound:
        reason = "The product of this payment is not in the catalogue."
        raise Parked(reason) from None
    told = [one for one in purchase.facts if one.kind in BUYS and one.payment == payment.id]
    price = Money(product.price.currency, product.price.amount * payment.quantity)
    if payment.paid != price and not any(one.product_id for one in told):
        reason = "Nobody says what this payment was for, and it is not what the order costs."
        raise Parked(reason)
    return product


def _bought(
    purchase: Purchase, payment: Payment, product: Product, now: datetime
) -> list[GrantedLot]:
    """The lots that a payment brings: what was bought, and the bonus of a promotion."""
    # However little of a period was paid, there is a lot: it says that this payment was seen to.
    part = _part_paid(purchase, payment, product)
    credits_ = max(1, part.of(product.credits * payment.quantity))
    if credits_ > MAX_CREDITS:
        reason = "This would be more credits than one grant may have."
        raise Parked(reason)
    lot_id = f"{purchase.id}:{payment.id}"
    bucket = Bucket.SUBSCRIPTION if product.is_subscription else Bucket.PURCHASED
    lots = [GrantedLot(payment.id, lot_id, bucket, credits_, now, expires_at=payment.ends_at)]
    offer = product.promotion
    if offer is not None and offer.is_on(payment.at):
        bonus = min(offer.credits * payment.quantity, MAX_CREDITS)
        until = offer.expiry(payment.at)
        lots.append(GrantedLot(payment.id, f"{lot_id}:bonus", Bucket.PROMO, bonus, now, until))
    return lots


def _part_paid(purchase: Purchase, payment: Payment, product: Product) -> Share:
    """Which part of a period was paid: all of it, but for an upgrade that kept the period's end.

    Where another purchase had that period, which only a purchase's first upgrade can have ended,
    the calendar says how long it was.
    """
    starts, ends = payment.starts_at, payment.ends_at
    if not payment.is_upgrade or product.period is None or starts is None or ends is None:
        return WHOLE
    payments = purchase.standing.payments
    upgraded = find_upgraded(payments, payment)
    if upgraded is not None:
        return upgraded.share_left(starts) if upgraded.ends_at == ends else WHOLE
    whole = add_months(starts, product.period.months) - starts
    if payments[0] is not payment or ends - starts >= whole - _TOLERANCE:
        return WHOLE
    return Share(max(0, int((ends - starts).total_seconds())), int(whole.total_seconds()))


def _grant(wallet: Wallet, lot: GrantedLot, name: str, now: datetime) -> Wallet:
    return grant(
        wallet,
        kind=_KINDS[lot.bucket],
        bucket=lot.bucket,
        credits=lot.credits,
        reference=lot.lot_id,
        description=f"Bonus with {name}" if lot.bucket is Bucket.PROMO else name,
        now=now,
        expires_at=lot.expires_at,
    )


def _adjust(
    purchase: Purchase, wallet: Wallet, lot: GrantedLot, history: LotHistory, now: datetime
) -> tuple[Purchase, Wallet]:
    """Bring one lot to what its payment says: taken back in part, frozen, or neither."""
    payment = next(one for one in purchase.standing.payments if one.id == lot.payment)
    wanted = payment.refunded.of(lot.credits)
    changed = evolve(lot, is_frozen=payment.is_disputed)
    if wanted != lot.clawed_back:
        changed = evolve(changed, clawed_back=wanted, changes=lot.changes + 1)
        wallet = _take(wallet, lot, changed, history, now)
    wallet = freeze(wallet, lot.lot_id, is_frozen=payment.is_disputed)
    kept = tuple(changed if one.lot_id == lot.lot_id else one for one in purchase.lots)
    return evolve(purchase, lots=kept), wallet


def _take(
    wallet: Wallet, lot: GrantedLot, changed: GrantedLot, history: LotHistory, now: datetime
) -> Wallet:
    """Take credits of a lot, or give them back, for what is clawed back of it as ``changed``.

    Nobody owes what ran out unused: that much of ``clawed_back`` the ledger need not show.
    """
    reference = f"{lot.lot_id}:{changed.changes}"
    more = changed.clawed_back - lot.clawed_back
    shown = history.taken + history.owed
    if more > 0:
        return claw_back(
            wallet,
            lot_id=lot.lot_id,
            bucket=lot.bucket,
            credits=more,
            reference=reference,
            now=now,
            expired=max(0, history.expired - (lot.clawed_back - shown)),
        )
    back = min(-more, shown)
    if back <= 0:
        return wallet
    empty = Lot(lot.lot_id, lot.bucket, 0, lot.expires_at)
    return reinstate(wallet, lot=empty, credits=back, reference=reference, now=now)
