"""What the facts of a purchase amount to: a pure function of the set of them, and of the time.

A pack::

    pending ──▶ completed ──▶ partially_refunded ──▶ refunded
       │            │  ▲                                ▲
       ▼            ▼  │ won                            │
    failed       disputed ──────────── lost ────────────┘

    (a failed payment may still complete; a reversed refund leads back to completed)

A subscription::

    pending ──▶ active ──▶ in_grace ──▶ on_hold ──▶ expired
       │         │  ▲  ▲       │            │          ▲
       ▼         │  │  └───────┴── renewed ─┴──┐       │ lapsed, or its time is over
    failed       │  └── won ── disputed        │       │
                 ├────────────────▶ paused ────┘       │
                 └─────────────────────────────────────┤
                                    refunded ◀── the running period is taken back

Open are ``active`` and ``in_grace``. Facts are taken in the order of the provider's clock
(``chronological``), so it does not matter in which order they came to us, or how often.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum

from attrs import evolve, frozen

from domain.market.facts import NOTHING, WHOLE, Fact, FactKind, Share, chronological
from domain.market.products import Money


class Status(StrEnum):
    """Where a purchase stands."""

    PENDING = "pending"
    FAILED = "failed"
    COMPLETED = "completed"
    PARTIALLY_REFUNDED = "partially_refunded"
    REFUNDED = "refunded"
    DISPUTED = "disputed"
    ACTIVE = "active"
    IN_GRACE = "in_grace"
    ON_HOLD = "on_hold"
    PAUSED = "paused"
    EXPIRED = "expired"

    @property
    def is_open(self) -> bool:
        """Whether a subscription opens its tier."""
        return self in {Status.ACTIVE, Status.IN_GRACE}


RENEWAL_SLACK = timedelta(hours=24)
"""How long a period that should have been renewed stays open without word from the store.

Stores charge some time before or after the end, and their word may be late.
"""


@frozen
class Payment:
    """One thing that was paid: a pack, or a period of a subscription.

    ``refunded`` is the share that is given back by now, lost disputes included.
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


@frozen
class Standing:
    """What is so at one moment. Times are None where a subscription or the matter has none.

    ``access_until`` is when the tier closes unless something is heard before; ``changes_at`` when
    the clock alone changes the status next.
    """

    status: Status
    payments: tuple[Payment, ...] = ()
    product_id: str | None = None
    next_product_id: str | None = None
    renews: bool = False
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    access_until: datetime | None = None
    changes_at: datetime | None = None

    @property
    def current(self) -> Payment | None:
        """The latest payment."""
        return self.payments[-1] if self.payments else None


UNPAID = Standing(Status.PENDING)
"""Nothing is known yet."""

_BUYS = frozenset({FactKind.PAID, FactKind.RENEWED, FactKind.UPGRADED})
PERIODS = frozenset({FactKind.RENEWED, FactKind.UPGRADED})
"""What begins a period of a subscription."""
_PHASES = frozenset(
    {*PERIODS, FactKind.ON_HOLD, FactKind.IN_GRACE, FactKind.PAUSED, FactKind.LAPSED}
)
_WISHES = frozenset({FactKind.CANCELLED, FactKind.RESUMED, FactKind.DOWNGRADED})


def standing(facts: Iterable[Fact], *, is_subscription: bool, now: datetime) -> Standing:
    """What these facts amount to at ``now``."""
    ordered = sorted(facts, key=chronological)
    payments = _payments(ordered)
    if is_subscription:
        return _subscription(ordered, payments, now)
    return Standing(
        status=_pack_status(ordered, payments),
        payments=payments,
        product_id=payments[-1].product_id if payments else None,
    )


def share_left(payment: Payment, at: datetime) -> Share:
    """How much of the period that was paid was left at a time, in seconds."""
    if payment.starts_at is None or payment.ends_at is None:
        return NOTHING
    whole = max(1, int((payment.ends_at - payment.starts_at).total_seconds()))
    left = int((payment.ends_at - max(at, payment.starts_at)).total_seconds())
    return Share(min(max(left, 0), whole), whole)


def _pack_status(ordered: list[Fact], payments: tuple[Payment, ...]) -> Status:
    if not payments:
        return _unpaid(ordered)
    if any(payment.is_disputed for payment in payments):
        return Status.DISPUTED
    if all(payment.is_taken_back for payment in payments):
        return Status.REFUNDED
    if any(payment.refunded.part for payment in payments):
        return Status.PARTIALLY_REFUNDED
    return Status.COMPLETED


def _unpaid(ordered: list[Fact]) -> Status:
    states = [fact for fact in ordered if fact.kind in {FactKind.AWAITING, FactKind.FAILED}]
    has_failed = bool(states) and states[-1].kind is FactKind.FAILED
    return Status.FAILED if has_failed else Status.PENDING


def _subscription(ordered: list[Fact], payments: tuple[Payment, ...], now: datetime) -> Standing:
    phases = [fact for fact in ordered if fact.kind in _PHASES]
    if not payments:
        is_over = bool(phases) and phases[-1].kind is FactKind.LAPSED
        return Standing(Status.EXPIRED if is_over else _unpaid(ordered))
    current = max(payments, key=lambda payment: (payment.starts_at or payment.at, payment.id))
    payments = tuple(sorted(payments, key=lambda one: (one is current, one.at, one.id)))
    phase = phases[-1]
    wishes = [fact for fact in ordered if fact.kind in _WISHES and fact.at >= current.at]
    renews = not any(fact.kind is FactKind.LAPSED for fact in phases[-1:])
    next_product = None
    for wish in wishes:
        if wish.kind is FactKind.DOWNGRADED:
            next_product = wish.product_id
        else:
            renews = wish.kind is FactKind.RESUMED
    ends_at = current.ends_at or current.at
    grace = phase.ends_at if phase.kind is FactKind.IN_GRACE else None
    until = max(ends_at, grace) if grace else ends_at + (RENEWAL_SLACK if renews else timedelta(0))
    status = _subscription_status(current, phase, until, now)
    return Standing(
        status=status,
        payments=payments,
        product_id=current.product_id,
        next_product_id=next_product if next_product != current.product_id else None,
        renews=renews and status is not Status.EXPIRED,
        starts_at=current.starts_at,
        ends_at=ends_at,
        access_until=until if status.is_open else None,
        changes_at=until if until > now and phase.kind is not FactKind.LAPSED else None,
    )


def _subscription_status(current: Payment, phase: Fact, until: datetime, now: datetime) -> Status:
    if phase.kind is FactKind.LAPSED:
        return Status.REFUNDED if current.is_taken_back else Status.EXPIRED
    if current.is_taken_back:
        return Status.REFUNDED
    if now >= until and phase.kind not in {FactKind.PAUSED, FactKind.ON_HOLD}:
        return Status.EXPIRED
    if current.is_disputed:
        return Status.DISPUTED
    return _PHASE_STATUS.get(phase.kind, Status.ACTIVE)


_PHASE_STATUS = {
    FactKind.ON_HOLD: Status.ON_HOLD,
    FactKind.IN_GRACE: Status.IN_GRACE,
    FactKind.PAUSED: Status.PAUSED,
}


def _payments(ordered: list[Fact]) -> tuple[Payment, ...]:
    """What was paid, in order; each once, as it was told first, with what was given back."""
    payments: dict[str, Payment] = {}
    for fact in ordered:
        if fact.kind in _BUYS and fact.payment not in payments:
            payments[fact.payment] = Payment(
                id=fact.payment,
                at=fact.at,
                product_id=fact.product_id or "",
                quantity=fact.quantity,
                starts_at=fact.starts_at,
                ends_at=fact.ends_at,
                is_upgrade=fact.kind is FactKind.UPGRADED,
                paid=fact.paid,
            )
    returned = {payment: _returned(ordered, payment) for payment in payments}
    for upgrade in [payment for payment in payments.values() if payment.is_upgrade]:
        replaced = _running(payments.values(), upgrade)
        if replaced is not None:
            returned[replaced.id] = _sum(returned[replaced.id], share_left(replaced, upgrade.at))
    return tuple(
        evolve(payment, refunded=returned[key], is_disputed=_is_disputed(ordered, key))
        for key, payment in payments.items()
    )


def _running(payments: Iterable[Payment], upgrade: Payment) -> Payment | None:
    """The period that an upgrade ended before its time."""
    earlier = [
        payment
        for payment in payments
        if payment.id != upgrade.id
        and payment.starts_at is not None
        and payment.ends_at is not None
        and (payment.starts_at, payment.at, payment.id) < _order(upgrade)
        and payment.ends_at > (upgrade.starts_at or upgrade.at)
    ]
    return max(
        earlier, key=lambda payment: (payment.starts_at, payment.at, payment.id), default=None
    )


def _order(payment: Payment) -> tuple[datetime, datetime, str]:
    return payment.starts_at or payment.at, payment.at, payment.id


def _returned(ordered: list[Fact], payment: str) -> Share:
    """What the store gave back of a payment, in total, plus the disputes that were lost."""
    refunded = NOTHING
    lost: dict[str, Share] = {}
    for fact in ordered:
        if fact.payment != payment:
            continue
        if fact.kind is FactKind.REFUNDED:
            refunded = fact.share
        elif fact.kind is FactKind.REVOKED:
            refunded = WHOLE
        elif fact.kind is FactKind.REFUND_REVERSED:
            refunded = NOTHING
        elif fact.kind is FactKind.DISPUTE_LOST:
            lost[fact.dispute] = fact.share
        elif fact.kind is FactKind.DISPUTE_WON:
            lost.pop(fact.dispute, None)
    for share in lost.values():
        refunded = _sum(refunded, share)
    return refunded


def _is_disputed(ordered: list[Fact], payment: str) -> bool:
    """Whether a dispute about it is open: it was decided neither before nor after in arrival."""
    told = [fact for fact in ordered if fact.payment == payment]
    opened = {fact.dispute for fact in told if fact.kind is FactKind.DISPUTE_OPENED}
    decided = {
        fact.dispute for fact in told if fact.kind in {FactKind.DISPUTE_WON, FactKind.DISPUTE_LOST}
    }
    return bool(opened - decided)


def _sum(one: Share, other: Share) -> Share:
    if not other.part:
        return one
    if not one.part:
        return other
    whole = one.whole * other.whole
    return Share(min(one.part * other.whole + other.part * one.whole, whole), whole)
