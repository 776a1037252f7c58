"""How a store's report changes a purchase, the wallet and the tier, in one step."""

from datetime import datetime

from attrs import evolve

from application.accounts.callers import RecentCallers
from application.keyed_locks import KeyedLocks
from application.market.purchase_owners import Claim, PurchaseOwners, names_in
from application.ports.clock import Clock
from application.ports.product_book import ProductBook
from application.ports.purchase_store import Change, Holding, Owner, PurchaseStore
from domain.errors import AlreadyRecorded, Conflict, Unavailable
from domain.market.effects import bring_about, entitled_tier
from domain.market.products import Catalogue, Provider
from domain.market.purchases import Purchase
from domain.market.reports import Parked, Report
from domain.market.standing import PERIODS

ATTEMPTS = 12
"""Lost races before we give up. Each means that somebody else got through."""


class PurchaseChanges:
    """Applies what a store reports; the same again, or at once elsewhere, changes nothing."""

    def __init__(
        self,
        purchases: PurchaseStore,
        owners: PurchaseOwners,
        products: ProductBook,
        recent: RecentCallers,
        locks: KeyedLocks,
        clock: Clock,
    ) -> None:
        self._purchases = purchases
        self._owners = owners
        self._products = products
        self._recent = recent
        self._locks = locks
        self._clock = clock

    async def apply(
        self,
        report: Report,
        *,
        claim: Claim | None = None,
        done: tuple[Provider, str] | None = None,
    ) -> Purchase:
        """The purchase afterwards. ``done`` is the inbox message that says so, finished as well.

        Raises ``Forbidden`` when the store says that it is not the claimant's, ``Parked`` when it
        cannot be known whose or what it is, ``Unavailable`` when every race was lost.
        """
        catalogue = await self._products.current()
        owner = await self._owners.get(report, claim, catalogue)
        old = await self._owners.find_replaced(report, owner)
        if old is not None:
            await self._save(old, catalogue, report, successor=owner)
        return await self._save(owner, catalogue, report, done=done)

    async def look_again(self, owner: Owner) -> Purchase:
        """The purchase as the clock has changed it."""
        purchase = await self._purchases.get(owner.user_id, owner.purchase_id)
        report = Report(purchase.provider, purchase.reference or "")
        return await self._save(owner, await self._products.current(), report)

    async def _save(
        self,
        owner: Owner,
        catalogue: Catalogue,
        report: Report,
        *,
        done: tuple[Provider, str] | None = None,
        successor: Owner | None = None,
    ) -> Purchase:
        async with self._locks.hold(owner.user_id):
            for _ in range(ATTEMPTS):
                holding = await self._purchases.open(owner)
                if successor is None:
                    after, names = _told(holding.purchase, report, self._clock.now())
                else:
                    after, names = _succeeded(holding.purchase, report, successor), ()
                change = self._decide(holding, after, catalogue)
                if successor is None:
                    change = evolve(change, names=names, errands=report.errands, done=done)
                try:
                    is_saved = await self._purchases.save(change)
                except AlreadyRecorded:
                    continue
                except Conflict as error:
                    reason = "The store names two purchases alike."
                    raise Parked(reason) from error
                if is_saved:
                    if change.tier is not None:
                        self._recent.forget_user(owner.user_id)
                    return evolve(change.purchase, version=change.purchase.version + 1)
        message = "The purchase is too busy; try again."
        raise Unavailable(message)

    def _decide(self, holding: Holding, purchase: Purchase, catalogue: Catalogue) -> Change:
        """What follows for the wallet and the tier from a purchase as it is now."""
        now = self._clock.now()
        purchase, wallet = bring_about(purchase, holding.wallet, catalogue, holding.lots, now)
        tier = None
        if purchase.is_subscription:
            tier = entitled_tier((purchase, *holding.subscriptions), catalogue)
        return Change(
            purchase=purchase,
            now=now,
            wallet=wallet if wallet != holding.wallet else None,
            tier=tier if tier != holding.tier else None,
        )


def _told(purchase: Purchase, report: Report, now: datetime) -> tuple[Purchase, tuple[str, ...]]:
    """The purchase once it knows what the report says, and the names that the store has for it."""
    purchase = purchase.learn(report.facts, now)
    if purchase.reference is None and report.reference:
        purchase = evolve(purchase, reference=report.reference)
    return purchase, names_in(report)


def _succeeded(purchase: Purchase, report: Report, successor: Owner) -> Purchase:
    """The purchase once that of the report has taken its place."""
    began = min(
        (fact.at for fact in report.facts if fact.kind in PERIODS), default=purchase.created_at
    )
    return purchase.give_way(successor.purchase_id, began)
