"""What a purchase does to the wallet: the difference between what was done and what should be."""

from collections.abc import Mapping
from datetime import datetime

from attrs import evolve

from domain.accounts import Tier
from domain.claw_backs import claw_back, freeze, reinstate
from domain.errors import NotFound
from domain.ledger import EntryKind, LotHistory
from domain.lots import Bucket, Lot
from domain.market.calendar import add_months
from domain.market.facts import WHOLE, Share
from domain.market.products import Catalogue, Product
from domain.market.purchases import GrantedLot, Purchase
from domain.market.reports import Parked
from domain.market.standing import Payment
from domain.wallet import MAX_CREDITS, Wallet, grant


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
    of a product that is not on sale.
    """
    for lot in purchase.lots:
        history = lots.get(lot.lot_id, LotHistory())
        purchase, wallet = _adjust(purchase, wallet, lot, history, now)
    for payment in purchase.standing.payments:
        if purchase.find_lot(payment.id) is not None:
            continue
        for lot in _bought(purchase, payment, catalogue, now):
            purchase, wallet = _grant(purchase, wallet, lot, catalogue, now)
            purchase, wallet = _adjust(purchase, wallet, lot, LotHistory(), now)
    return purchase, wallet


def entitled_tier(purchases: tuple[Purchase, ...], catalogue: Catalogue) -> Tier:
    """The highest tier that one of these subscriptions opens."""
    tiers = [Tier.FREE]
    for purchase in purchases:
        if purchase.status.is_open and purchase.replaced_by is None:
            tier = _tier(purchase.product_id, catalogue)
            tiers.append(tier or Tier.FREE)
    return max(tiers, key=lambda tier: tier.rank)


def _tier(product_id: str, catalogue: Catalogue) -> Tier | None:
    try:
        return catalogue.get(product_id).tier
    except NotFound:
        return None


def _bought(
    purchase: Purchase, payment: Payment, catalogue: Catalogue, now: datetime
) -> list[GrantedLot]:
    """The lots that a payment brings: what was bought, and the bonus of a promotion."""
    try:
        product = catalogue.get(payment.product_id)
    except NotFound:
        reason = "The product of this payment is not in the catalogue."
        raise Parked(reason) from None
    credits_ = _period_share(product, payment).of(product.credits * payment.quantity)
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
    return [lot for lot in lots if lot.credits]


def _period_share(product: Product, payment: Payment) -> Share:
    """Which part of a whole period an upgrade paid, by time; everything else pays it whole."""
    starts, ends = payment.starts_at, payment.ends_at
    if not payment.is_upgrade or product.period is None or starts is None or ends is None:
        return WHOLE
    whole = ends - add_months(ends, -product.period.months)
    return Share(max(0, int((ends - starts).total_seconds())), int(whole.total_seconds()))


def _grant(
    purchase: Purchase, wallet: Wallet, lot: GrantedLot, catalogue: Catalogue, now: datetime
) -> tuple[Purchase, Wallet]:
    kinds = {
        Bucket.PURCHASED: EntryKind.PURCHASE,
        Bucket.SUBSCRIPTION: EntryKind.SUBSCRIPTION,
    }
    payment = next(one for one in purchase.standing.payments if one.id == lot.payment)
    name = catalogue.get(payment.product_id).name
    wallet = grant(
        wallet,
        kind=kinds.get(lot.bucket, EntryKind.GRANT),
        bucket=lot.bucket,
        credits=lot.credits,
        reference=lot.lot_id,
        description=f"Bonus with {name}" if lot.bucket is Bucket.PROMO else name,
        now=now,
        expires_at=lot.expires_at,
    )
    return evolve(purchase, lots=(*purchase.lots, lot)), wallet


def _adjust(
    purchase: Purchase, wallet: Wallet, lot: GrantedLot, history: LotHistory, now: datetime
) -> tuple[Purchase, Wallet]:
    """Bring one lot to what its payment says: taken back in part, frozen, or neither."""
    payment = next(one for one in purchase.standing.payments if one.id == lot.payment)
    wanted = payment.refunded.of(lot.credits)
    wallet = freeze(wallet, lot.lot_id, is_frozen=False)
    reference = f"{lot.lot_id}:{lot.changes + 1}"
    taken = history.taken + history.owed
    changed = lot
    if wanted > lot.clawed_back:
        wallet = claw_back(
            wallet,
            lot_id=lot.lot_id,
            bucket=lot.bucket,
            credits=wanted - lot.clawed_back,
            reference=reference,
            now=now,
            # Of what ran out, an earlier claw-back may have covered some already.
            expired=max(0, history.expired - (lot.clawed_back - taken)),
        )
        changed = evolve(lot, clawed_back=wanted, changes=lot.changes + 1)
    elif wanted < lot.clawed_back:
        if taken > wanted:
            back = Lot(lot.lot_id, lot.bucket, 0, lot.expires_at)
            wallet = reinstate(
                wallet, lot=back, credits=taken - wanted, reference=reference, now=now
            )
        changed = evolve(lot, clawed_back=wanted, changes=lot.changes + 1)
    wallet = freeze(wallet, lot.lot_id, is_frozen=payment.is_disputed)
    changed = evolve(changed, is_frozen=payment.is_disputed)
    kept = tuple(changed if one.lot_id == lot.lot_id else one for one in purchase.lots)
    return evolve(purchase, lots=kept), wallet
