"""What the facts of a purchase amount to: a pure function of the set of them, and of the time.

Facts are taken in the order of the provider's clock (``chronological``), so it does not matter in
which order they came to us, or how often. The first line of a table that fits is the status.

A pack:

===================== ==============================================================
pending, failed       nothing is paid; which of them, the latest word says
disputed              a dispute about it is open
refunded              all of it went back to the payer
partially_refunded    some of it did
completed             it is paid
===================== ==============================================================

A subscription, by its current period (the one that begins last) and what was said since:

===================== ==============================================================
expired               another purchase took its place
pending, failed       nothing is paid; which of them, the latest word says
expired               nothing is paid, and the latest word is that it is over
refunded              all of the current period's payment went back to the payer
expired               the store says that it is over
expired               the period is over, or its grace, unless it is on hold or paused
disputed              a dispute about the current payment is open
on_hold, paused       the store says so, and what is paid is over if it says until when
in_grace              the store says so
active                otherwise
===================== ==============================================================

Open are ``active`` and ``in_grace``. Nothing is for ever: a reversed refund, a won dispute, or the
next period's payment open a subscription again, unless another purchase took its place.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from attrs import frozen

from domain.market.facts import Fact, FactKind, chronological
from domain.market.payments import PERIODS, Payment, payments_in

__all__ = [
    "PERIODS",
    "RENEWAL_SLACK",
    "UNPAID",
    "Payment",
    "Standing",
    "Status",
    "standing",
]


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

    @property
    def is_running(self) -> bool:
        """Whether a subscription that was paid is not over."""
        return self.is_open or self in {Status.ON_HOLD, Status.PAUSED, Status.DISPUTED}


RENEWAL_SLACK = timedelta(hours=24)
"""How long a period that should have been renewed stays open without word from the store.

Stores charge some time before or after the end, and their word may be late.
"""


@frozen
class Standing:
    """What is so at one moment. Times are None where a subscription or the matter has none.

    ``access_until`` is when the tier closes unless something is heard before; ``changes_at`` when
    the store must be asked again: as the period ends, and as the clock alone would close it.
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
        """The latest payment; of a subscription, that of the period that begins last."""
        return self.payments[-1] if self.payments else None


UNPAID = Standing(Status.PENDING)
"""Nothing is known yet."""

_PHASES = {
    FactKind.ON_HOLD: Status.ON_HOLD,
    FactKind.IN_GRACE: Status.IN_GRACE,
    FactKind.PAUSED: Status.PAUSED,
    FactKind.LAPSED: Status.EXPIRED,
}
_WISHES = frozenset({FactKind.CANCELLED, FactKind.RESUMED, FactKind.DOWNGRADED})


def standing(
    facts: Iterable[Fact], *, is_subscription: bool, now: datetime, product_id: str | None = None
) -> Standing:
    """What these facts amount to at ``now``; ``product_id`` is for payments that do not say it."""
    ordered = sorted(facts, key=chronological)
    payments = payments_in(ordered, product_id or "")
    if not payments:
        return Standing(_unpaid(ordered, is_subscription=is_subscription))
    if is_subscription:
        return _subscription(ordered, payments, now)
    status = _pack_status(payments)
    return Standing(status, payments, product_id=payments[-1].product_id or None)


def _unpaid(ordered: Sequence[Fact], *, is_subscription: bool) -> Status:
    if is_subscription and any(fact.kind is FactKind.REPLACED for fact in ordered):
        return Status.EXPIRED
    words = {FactKind.AWAITING: Status.PENDING, FactKind.FAILED: Status.FAILED}
    if is_subscription:
        words[FactKind.LAPSED] = Status.EXPIRED
    told = [words[fact.kind] for fact in ordered if fact.kind in words]
    return told[-1] if told else Status.PENDING


def _pack_status(payments: Sequence[Payment]) -> Status:
    if any(payment.is_disputed for payment in payments):
        return Status.DISPUTED
    if all(payment.is_taken_back for payment in payments):
        return Status.REFUNDED
    if any(payment.refunded.part for payment in payments):
        return Status.PARTIALLY_REFUNDED
    return Status.COMPLETED


def _subscription(
    ordered: Sequence[Fact], payments: tuple[Payment, ...], now: datetime
) -> Standing:
    current = payments[-1]
    said = [fact for fact in ordered if fact.payment not in {one.id for one in payments[:-1]}]
    is_replaced = any(fact.kind is FactKind.REPLACED for fact in ordered)
    phases = [fact for fact in said if fact.kind in _PHASES and fact.at > current.at]
    phase = phases[-1] if phases else None
    is_over = is_replaced or (phase is not None and phase.kind is FactKind.LAPSED)
    renews, next_product = _wishes(said, current, is_over=is_over)
    ends_at = current.ends_at or current.at
    until = ends_at + RENEWAL_SLACK if renews else ends_at
    if phase is not None and phase.kind is FactKind.IN_GRACE and phase.ends_at is not None:
        until = max(ends_at, phase.ends_at)
    if phase is not None and phase.starts_at is not None and now < phase.starts_at:
        # What is paid is open; then nobody needs to ask whether it was renewed.
        until, phase = phase.starts_at, None
    status = Status.EXPIRED
    if not is_replaced:
        status = _subscription_status(current, phase, is_late=now >= until)
    return Standing(
        status=status,
        payments=payments,
        product_id=current.product_id or None,
        next_product_id=next_product if next_product != current.product_id else None,
        renews=renews and status is not Status.EXPIRED,
        starts_at=current.starts_at,
        ends_at=ends_at,
        access_until=until if status.is_open else None,
        changes_at=None if is_over else _next_look(ends_at, until, now),
    )


def _wishes(said: Iterable[Fact], current: Payment, *, is_over: bool) -> tuple[bool, str | None]:
    """Whether it renews, and to what; each period's payment makes earlier wishes meaningless."""
    renews, next_product = not is_over, None
    for wish in said:
        if wish.kind not in _WISHES or wish.at < current.at:
            continue
        if wish.kind is FactKind.DOWNGRADED:
            next_product = wish.product_id
        else:
            renews = wish.kind is FactKind.RESUMED and not is_over
    return renews, next_product if renews else None


def _next_look(ends_at: datetime, until: datetime, now: datetime) -> datetime | None:
    """When the store is to be asked again: as the period ends, and before the tier closes."""
    return next((at for at in sorted((ends_at, until)) if at > now), None)


def _subscription_status(current: Payment, phase: Fact | None, *, is_late: bool) -> Status:
    if current.is_taken_back:
        return Status.REFUNDED
    status = Status.ACTIVE if phase is None else _PHASES[phase.kind]
    if status is Status.EXPIRED or (is_late and status.is_open):
        return Status.EXPIRED
    return Status.DISPUTED if current.is_disputed else status
