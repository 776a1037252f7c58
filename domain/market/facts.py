"""What the stores say of a purchase, in the few words that all of them share.

An adapter translates whatever its provider sends or answers into ``Fact`` values. A fact is about
a business object (a payment, a period, a dispute), never about a message, so the same fact may be
told any number of times, by any way (webhook, app, reconciliation), in any order: a purchase keeps
the set of its facts, and all that follows is computed from the set (``domain.market.standing``).
"""

from datetime import datetime
from enum import StrEnum
from fractions import Fraction
from math import lcm

from attrs import frozen

from domain.market.products import Money


class FactKind(StrEnum):
    """What happened. In the order in which facts of the very same moment are taken."""

    AWAITING = "awaiting"
    """A payment is under way and may still fail."""
    FAILED = "failed"
    """A payment failed or was given up. A later payment may still come."""
    CANCELLED = "cancelled"
    """The subscription will not renew; it stays until its period ends."""
    RESUMED = "resumed"
    """It will renew after all."""
    DOWNGRADED = "downgraded"
    """The next period will be ``product_id``'s; equal to the current one: it stays as it is."""
    ON_HOLD = "on_hold"
    """A renewal is not paid, and nothing is open until it is.

    ``starts_at`` is the end of what is paid, where the store tried to renew before it: until then
    everything stays open. None: nothing is open from this fact on.
    """
    IN_GRACE = "in_grace"
    """A renewal is not paid yet; everything stays open until ``ends_at``."""
    PAUSED = "paused"
    """The person has paused it: nothing is open until it renews."""
    LAPSED = "lapsed"
    """The subscription is over."""
    REPLACED = "replaced"
    """Another purchase took its place; what was left was counted towards that one. Ours to say."""
    PAID = "paid"
    """``payment`` bought ``quantity`` units of ``product_id``."""
    RENEWED = "renewed"
    """``payment`` paid the period from ``starts_at`` to ``ends_at``; the first one too."""
    UPGRADED = "upgraded"
    """``payment`` paid ``product_id`` from ``starts_at`` to ``ends_at`` at once.

    What was left of the period that was running was given back in money, in proportion to time.
    """
    REFUNDED = "refunded"
    """``share`` of ``payment`` has been given back by now, in total."""
    REVOKED = "revoked"
    """``payment`` was taken back as a whole by the store."""
    REFUND_REVERSED = "refund_reversed"
    """Nothing of ``payment`` is given back any more."""
    DISPUTE_OPENED = "dispute_opened"
    """The payer's bank asks ``share`` of ``payment`` back; not decided."""
    DISPUTE_WON = "dispute_won"
    DISPUTE_LOST = "dispute_lost"
    """``share`` of ``payment`` went back to the payer."""


@frozen
class Share:
    """``part`` of ``whole``, in any unit: minor units of money, thousandths, pieces.

    Raises ``ValueError`` unless ``0 <= part`` and ``0 < whole``; a part beyond the whole counts as
    the whole.
    """

    part: int
    whole: int

    def __attrs_post_init__(self) -> None:
        if self.part < 0 or self.whole < 1:
            message = "a share is a part of something"
            raise ValueError(message)

    def of(self, amount: int) -> int:
        """This share of a number of credits, rounded down; the whole of it is exact."""
        return amount * min(self.part, self.whole) // self.whole

    def plus(self, other: "Share") -> "Share":
        """Both shares of the same thing together, at most all of it."""
        whole = lcm(self.whole, other.whole)
        part = self.part * (whole // self.whole) + other.part * (whole // other.whole)
        return Share(min(part, whole), whole)


WHOLE = Share(1, 1)
NOTHING = Share(0, 1)


@frozen
class Fact:
    """One thing that is so, and since when by the provider's clock.

    ``payment`` is the provider's id of what was paid, unique at the provider: a payment intent, an
    invoice, a transaction, an order. Which of the other fields are set, ``FactKind`` says.
    ``paid`` is what the person paid, if the provider says so.
    """

    kind: FactKind
    at: datetime
    payment: str = ""
    product_id: str | None = None
    quantity: int = 1
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    share: Share = WHOLE
    dispute: str = ""
    paid: Money | None = None


_RANK = {kind: rank for rank, kind in enumerate(FactKind)}


def chronological(fact: Fact) -> tuple[datetime, int, str, str, Fraction, str]:
    """Sort key: the provider's time, then the order of ``FactKind``, then what never varies.

    Of two refunds of the same second the greater one comes later, since totals grow. Only equal
    facts have equal keys.
    """
    share = Fraction(fact.share.part, fact.share.whole)
    return fact.at, _RANK[fact.kind], fact.payment, fact.dispute, share, repr(fact)
