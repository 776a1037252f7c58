"""The stores of the market over the same data as the others, and small values to fill them with."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from attrs import evolve, frozen

from application.ports.errand_queue import ErrandQueue, QueuedErrand
from application.ports.inbox import Inbox
from application.ports.product_book import ProductBook
from application.ports.purchase_store import Change, Holding, Owner, PurchaseStore
from domain.accounts import Tier, User
from domain.claw_backs import claw_back, freeze
from domain.ledger import EntryKind
from domain.lots import Bucket
from domain.market.facts import Fact, FactKind
from domain.market.products import Catalogue, Money, Period, Product, ProductKind, Provider
from domain.market.purchases import GrantedLot, Purchase
from domain.market.reports import Errand, ErrandKind, StoreEvent
from domain.wallet import Wallet, grant
from tests.contracts.builders import NOW, at, new_id
from tests.contracts.stores import Stores

MONTH = timedelta(days=31)
_LATER = at(10**9)


def make_pack(product_id: str = "pack", **changes: Any) -> Product:
    product = Product(
        id=product_id,
        kind=ProductKind.CREDITS,
        name="A pack",
        credits=100,
        price=Money("EUR", 199),
        store_ids={Provider.STRIPE: f"price_{product_id}", Provider.GOOGLE: product_id},
    )
    return evolve(product, **changes)


def make_plan(tier: Tier = Tier.PLUS, **changes: Any) -> Product:
    """A subscription; its id is that of its tier."""
    product = Product(
        id=tier.value,
        kind=ProductKind.SUBSCRIPTION,
        name=f"A month of {tier.value}",
        credits=500,
        price=Money("EUR", 999),
        store_ids={Provider.STRIPE: f"price_{tier}", Provider.GOOGLE: f"sub.{tier}"},
        tier=tier,
        period=Period.MONTH,
    )
    return evolve(product, **changes)


def make_catalogue(version: int = 1, *products: Product) -> Catalogue:
    every = products or (make_pack(), make_plan(), make_plan(Tier.PREMIUM))
    return Catalogue(version, every)


def make_purchase(user: User, **changes: Any) -> Purchase:
    """A pack that is not paid yet."""
    purchase = Purchase(
        id=new_id("pur"),
        user_id=user.id,
        provider=Provider.STRIPE,
        product_id="pack",
        is_subscription=False,
        created_at=NOW,
    )
    return evolve(purchase, **changes)


def make_subscription(user: User, **changes: Any) -> Purchase:
    """A subscription to plus that is not paid yet."""
    facts = {"product_id": "plus", "is_subscription": True, **changes}
    return make_purchase(user, **facts)


def paid(purchase: Purchase, payment: str = "pay_1", *, second: float = 0) -> Purchase:
    """The purchase once it is paid, or paid again, with its 100 credits."""
    fact = Fact(
        FactKind.RENEWED if purchase.is_subscription else FactKind.PAID,
        at(second),
        payment=payment,
        product_id=purchase.product_id,
        starts_at=at(second) if purchase.is_subscription else None,
        ends_at=at(second) + MONTH if purchase.is_subscription else None,
        paid=Money("EUR", 199),
    )
    bucket = Bucket.SUBSCRIPTION if purchase.is_subscription else Bucket.PURCHASED
    lot = GrantedLot(payment, f"{purchase.id}:{payment}", bucket, 100, at(second))
    return evolve(purchase.learn((fact,), at(second)), lots=(*purchase.lots, lot))


def told(purchase: Purchase, kind: FactKind, *, second: float = 1, **facts: Any) -> Purchase:
    """The purchase once the store has said this, too."""
    return purchase.learn((Fact(kind, at(second), **facts),), at(second))


def credited(wallet: Wallet, lot: GrantedLot) -> Wallet:
    """The wallet with a lot of a purchase."""
    kinds = {
        Bucket.SUBSCRIPTION: EntryKind.SUBSCRIPTION,
        Bucket.PURCHASED: EntryKind.PURCHASE,
    }
    return grant(
        wallet,
        kind=kinds.get(lot.bucket, EntryKind.GRANT),
        bucket=lot.bucket,
        credits=lot.credits,
        reference=lot.lot_id,
        description="Bought",
        now=lot.granted_at,
    )


def taken_back(holding: Holding, credits_: int, *, reference: str = "refund") -> Change:
    """A claw-back of the purchase's last lot, said by the purchase and done to the wallet."""
    purchase = holding.purchase
    lot = purchase.lots[-1]
    wallet = claw_back(
        holding.wallet,
        lot_id=lot.lot_id,
        bucket=lot.bucket,
        credits=credits_,
        reference=reference,
        now=at(9),
    )
    poorer = evolve(lot, clawed_back=lot.clawed_back + credits_)
    return Change(evolve(purchase, lots=(*purchase.lots[:-1], poorer)), at(9), wallet)


def frozen_lot(holding: Holding) -> Change:
    """The purchase's last lot frozen, in the purchase and in the wallet."""
    purchase = holding.purchase
    lot = evolve(purchase.lots[-1], is_frozen=True)
    wallet = freeze(holding.wallet, lot.lot_id, is_frozen=True)
    return Change(evolve(purchase, lots=(*purchase.lots[:-1], lot)), at(9), wallet)


def make_errand(reference: str = "ref_1", **changes: Any) -> Errand:
    errand = Errand(ErrandKind.ACKNOWLEDGE, Provider.GOOGLE, reference)
    return evolve(errand, **changes)


def make_event(event_id: str = "evt_1", *, second: float = 0, **changes: Any) -> StoreEvent:
    """A message from Stripe, said ``second`` seconds after ``NOW`` by Stripe's clock."""
    event = StoreEvent(Provider.STRIPE, event_id, "invoice.paid", at(second), b'{"a": 1}')
    return evolve(event, **changes)


@frozen
class Market:
    """One adapter of each port of the market, beside the other ``stores``."""

    stores: Stores
    purchases: PurchaseStore
    products: ProductBook
    inbox: Inbox
    errands: ErrandQueue

    async def place(self, user: User, *names: str, **changes: Any) -> Purchase:
        """A purchase that is stored, not paid yet."""
        return await self.purchases.add(make_purchase(user, **changes), names)

    async def subscribe(self, user: User, *names: str, **changes: Any) -> Purchase:
        """A subscription that is stored, not paid yet."""
        return await self.purchases.add(make_subscription(user, **changes), names)

    async def open(self, purchase: Purchase) -> Holding:
        return await self.purchases.open(Owner(purchase.user_id, purchase.id))

    async def settle(
        self, purchase: Purchase, payment: str = "pay_1", *, second: float = 0, **change: Any
    ) -> Purchase:
        """The purchase once it was paid, its credits granted, all of it saved."""
        holding = await self.open(purchase)
        after = paid(holding.purchase, payment, second=second)
        wallet = credited(holding.wallet, after.lots[-1])
        saved = Change(**{"purchase": after, "now": at(second), "wallet": wallet, **change})
        assert await self.purchases.save(saved)
        return evolve(after, version=after.version + 1)

    async def owed(self) -> Sequence[QueuedErrand]:
        """All errands that are not parked, oldest first; due again much later."""
        return await self.errands.claim(now=_LATER, until=_LATER, limit=100)

    async def broken(self) -> set[tuple[str, str]]:
        """Which invariants are broken, and for whom or what."""
        return {(one.invariant, one.subject) for one in await self.purchases.audit()}
