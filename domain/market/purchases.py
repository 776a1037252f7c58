"""A purchase: whose it is, what the store has said of it, and which credits came of it."""

from datetime import datetime

from attrs import evolve, frozen

from domain.lots import Bucket
from domain.market.facts import Fact, FactKind, chronological
from domain.market.products import Provider
from domain.market.standing import UNPAID, Standing, Status, standing


@frozen
class GrantedLot:
    """Credits that a payment brought, and what was done to them since.

    ``clawed_back`` of its ``credits`` are taken back by now. ``changes`` counts what the ledger
    says of it beyond the grant, so that each of these lines has a reference of its own.
    """

    payment: str
    lot_id: str
    bucket: Bucket
    credits: int
    granted_at: datetime
    expires_at: datetime | None = None
    clawed_back: int = 0
    is_frozen: bool = False
    changes: int = 0


@frozen
class Purchase:
    """Something bought at a store, once or as a subscription; ``version`` grows with each change.

    ``reference`` is the store's lasting id of it, None while the store has not given one. What
    ``facts`` amount to is kept in ``standing``, as of the last change.
    """

    id: str
    user_id: str
    provider: Provider
    product_id: str
    is_subscription: bool
    created_at: datetime
    quantity: int = 1
    reference: str | None = None
    version: int = 0
    facts: tuple[Fact, ...] = ()
    lots: tuple[GrantedLot, ...] = ()
    standing: Standing = UNPAID
    replaced_by: str | None = None
    """The purchase that took its place: what it opened is that one's to open now."""

    @property
    def status(self) -> Status:
        """Where it stands, as of the last change."""
        return self.standing.status

    @property
    def credits_taken_back(self) -> int:
        """Credits of it that refunds and lost disputes took back."""
        return sum(lot.clawed_back for lot in self.lots)

    @property
    def credits(self) -> int:
        """Credits that it has brought in all."""
        return sum(lot.credits for lot in self.lots)

    def find_lot(self, payment: str, bucket: Bucket | None = None) -> GrantedLot | None:
        """The credits of a payment; the bonus apart, they are in one lot."""
        for lot in self.lots:
            if lot.payment == payment and (bucket is None or lot.bucket is bucket):
                return lot
        return None

    def learn(self, facts: tuple[Fact, ...], now: datetime) -> "Purchase":
        """The purchase with these facts too, and what all of them amount to at ``now``."""
        known = tuple(sorted({*self.facts, *facts}, key=chronological))
        stands = standing(
            known, is_subscription=self.is_subscription, now=now, product_id=self.product_id
        )
        product_id = stands.product_id or self.product_id
        return evolve(self, facts=known, standing=stands, product_id=product_id)

    def give_way(self, successor: str, began: datetime, now: datetime) -> "Purchase":
        """The purchase once another has taken its place, which ``began`` then.

        What was left of its period is given back: the store counted it towards the new one.
        """
        replaced = Fact(FactKind.REPLACED, began)
        return evolve(self, replaced_by=self.replaced_by or successor).learn((replaced,), now)
