"""Refunds and disputes at the sandbox: the facts that a store would send of them."""

from datetime import datetime

from attrs import frozen

from domain.errors import Conflict
from domain.market.facts import NOTHING, WHOLE, Fact, FactKind, Share, chronological
from domain.market.purchases import Purchase
from domain.market.standing import Payment


@frozen
class Return:
    """Money on its way back; ``percent`` of the latest payment, or None for all that is left.

    ``at`` is when it happens. Each method raises ``Conflict`` for what cannot happen now.
    """

    purchase: Purchase
    at: datetime
    percent: int | None = None

    def refund(self) -> Fact:
        """So much more of the latest payment is given back."""
        payment = self._payment()
        if payment.is_disputed:
            raise Conflict("The payment is disputed: win or lose that first.")
        share = self._wanted(payment) + _percent(_given_back(self.purchase, payment))
        return Fact(FactKind.REFUNDED, self.at, payment=payment.id, share=Share(share, 100))

    def reverse_refund(self) -> Fact:
        """The latest payment of which something was given back is whole again."""
        for payment in reversed(self.purchase.standing.payments):
            if _given_back(self.purchase, payment).part:
                return Fact(FactKind.REFUND_REVERSED, self.at, payment=payment.id)
        raise Conflict("Nothing was given back.")

    def open_dispute(self) -> Fact:
        """The payer's bank asks so much of the latest payment back."""
        payment = self._payment()
        if payment.is_disputed:
            raise Conflict("The payment is disputed already.")
        number = 1 + len({fact.dispute for fact in self.purchase.facts if fact.dispute})
        return Fact(
            FactKind.DISPUTE_OPENED,
            self.at,
            payment=payment.id,
            share=Share(self._wanted(payment), 100),
            dispute=f"{payment.id}_dispute_{number}",
        )

    def decide_dispute(self, *, is_won: bool) -> Fact:
        """The dispute that is open is decided."""
        disputed = {one.id for one in self.purchase.standing.payments if one.is_disputed}
        opened = [
            fact
            for fact in self.purchase.facts
            if fact.kind is FactKind.DISPUTE_OPENED and fact.payment in disputed
        ]
        if not opened:
            raise Conflict("There is no dispute.")
        last = max(opened, key=chronological)
        return Fact(
            FactKind.DISPUTE_WON if is_won else FactKind.DISPUTE_LOST,
            self.at,
            payment=last.payment,
            share=WHOLE if is_won else last.share,
            dispute=last.dispute,
        )

    def _payment(self) -> Payment:
        found = self.purchase.standing.current
        if found is None:
            raise Conflict("Nothing is paid yet.")
        return found

    def _wanted(self, payment: Payment) -> int:
        """What is asked back of the payment, at most what is left of it."""
        left = 100 - _percent(payment.refunded)
        if left < 1:
            raise Conflict("All of the payment was given back.")
        if self.percent is not None and self.percent > left:
            raise Conflict(f"Only {left} % of the payment is left to give back.")
        return self.percent or left


def _percent(share: Share) -> int:
    """Rounded up, so that no more than the rest is thought to be left."""
    return -(-100 * min(share.part, share.whole) // share.whole)


def _given_back(purchase: Purchase, payment: Payment) -> Share:
    """What refunds gave back of it, without disputes."""
    kinds = {FactKind.REFUNDED, FactKind.REVOKED, FactKind.REFUND_REVERSED}
    told = [fact for fact in purchase.facts if fact.payment == payment.id and fact.kind in kinds]
    if not told:
        return NOTHING
    last = max(told, key=chronological)
    return NOTHING if last.kind is FactKind.REFUND_REVERSED else last.share
