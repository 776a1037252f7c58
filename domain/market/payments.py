"""What was paid, and what of it went back: computed from the set of facts."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from attrs import evolve, frozen

from domain.market.facts import NOTHING, WHOLE, Fact, FactKind, Share
from domain.market.products import Money

PERIODS = frozenset({FactKind.RENEWED, FactKind.UPGRADED})
"""What begins a period of a subscription."""
BUYS = frozenset({FactKind.PAID, *PERIODS})
"""What says that a payment was made."""


@frozen
class Payment:
    """One thing that was paid: a pack, or a period of a subscription.

    ``refunded`` is the share that is given back by now: refunds, lost disputes, and what an
    upgrade left of a period.
    """

    id: str
    at: datetime
    product_id: str
    quantity: int = 1
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    is_upgrade: bool = False
    refunded: Share = NOTHING
    is_disputed: bool = False
    paid: Money | None = None

    @property
    def is_taken_back(self) -> bool:
        """Whether all of it went back to the payer."""
        return self.refunded.part >= self.refunded.whole

    @property
    def order(self) -> tuple[datetime, datetime, str]:
        """Sort key: when what was paid for begins, then when it was paid."""
        return self.starts_at or self.at, self.at, self.id

    def share_left(self, at: datetime) -> Share:
        """How much of the period that was paid was left at a time, in seconds."""
        if self.starts_at is None or self.ends_at is None:
            return NOTHING
        whole = max(1, int((self.ends_at - self.starts_at).total_seconds()))
        left = int((self.ends_at - max(at, self.starts_at)).total_seconds())
        return Share(min(max(left, 0), whole), whole)


def payments_in(ordered: Sequence[Fact], product_id: str) -> tuple[Payment, ...]:
    """What was paid, in order, out of all facts of a purchase in chronological order.

    ``product_id`` is what a payment was for of which nobody says it.
    """
    bought: dict[str, list[Fact]] = {}
    for fact in ordered:
        if fact.kind in BUYS:
            bought.setdefault(fact.payment, []).append(fact)
    payments = sorted(
        (_payment(told, product_id) for told in bought.values()), key=lambda one: one.order
    )
    return tuple(
        evolve(
            payment,
            refunded=_returned(ordered, payment.id).plus(_cut_off(ordered, payment, payments)),
            is_disputed=_is_disputed(ordered, payment.id),
        )
        for payment in payments
    )


def find_upgraded(payments: Iterable[Payment], upgrade: Payment) -> Payment | None:
    """The period that an upgrade ended before its time, None when none was running."""
    starts_at = upgrade.order[0]
    running = [
        payment
        for payment in payments
        if payment.order < upgrade.order
        and payment.starts_at is not None
        and payment.ends_at is not None
        and payment.ends_at > starts_at
    ]
    return max(running, key=lambda payment: payment.order, default=None)


def _payment(told: Sequence[Fact], product_id: str) -> Payment:
    """A payment as it was told first; of the same moment, with the period that ends last.

    A period that the store prolongs keeps its beginning. What only one of several says (what it
    was for, that it was an upgrade, how much was paid) is so.
    """
    first = min(told, key=lambda fact: (fact.at, -(fact.ends_at or fact.at).timestamp()))
    return Payment(
        id=first.payment,
        at=first.at,
        product_id=next(
            (fact.product_id for fact in (first, *told) if fact.product_id), product_id
        ),
        quantity=first.quantity,
        starts_at=first.starts_at,
        ends_at=first.ends_at,
        is_upgrade=any(fact.kind is FactKind.UPGRADED for fact in told),
        paid=next((fact.paid for fact in (first, *told) if fact.paid), None),
    )


def _cut_off(ordered: Iterable[Fact], payment: Payment, payments: Sequence[Payment]) -> Share:
    """What was left of a period when an upgrade ended it, or another purchase took over."""
    cuts = [fact.at for fact in ordered if fact.kind is FactKind.REPLACED]
    cuts += [
        upgrade.order[0]
        for upgrade in payments
        if upgrade.is_upgrade and find_upgraded(payments, upgrade) is payment
    ]
    return payment.share_left(min(cuts)) if cuts else NOTHING


def _returned(ordered: Iterable[Fact], payment: str) -> Share:
    """What the store gave back of a payment, in total, plus the disputes that were lost."""
    refunded = NOTHING
    lost: dict[str, Share] = {}
    for fact in ordered:
        if fact.payment != payment:
            continue
        match fact.kind:
            case FactKind.REFUNDED:
                refunded = fact.share
            case FactKind.REVOKED:
                refunded = WHOLE
            case FactKind.REFUND_REVERSED:
                refunded = NOTHING
            case FactKind.DISPUTE_LOST:
                lost[fact.dispute] = fact.share
            case FactKind.DISPUTE_WON:
                lost.pop(fact.dispute, None)
    for share in lost.values():
        refunded = refunded.plus(share)
    return refunded


def _is_disputed(ordered: Iterable[Fact], payment: str) -> bool:
    """Whether a dispute about it is open; its end may be told before its beginning."""
    told = [fact for fact in ordered if fact.payment == payment]
    opened = {fact.dispute for fact in told if fact.kind is FactKind.DISPUTE_OPENED}
    decided = {
        fact.dispute for fact in told if fact.kind in {FactKind.DISPUTE_WON, FactKind.DISPUTE_LOST}
    }
    return bool(opened - decided)
