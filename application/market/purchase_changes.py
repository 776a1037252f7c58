"""How a store's report changes a purchase, the wallet and the tier, in one step."""

from datetime import datetime

from attrs import evolve

from application.accounts.callers import RecentCallers
from application.keyed_locks import KeyedLocks
from application.market.purchase_owners import Claim, PurchaseOwners, names_in
from application.market.running_subscription import running_subscription
from application.ports.clock import Clock
from application.ports.product_book import ProductBook
from application.ports.purchase_store import Change, Holding, Owner, PurchaseStore
from domain.errors import AlreadyRecorded, Conflict, NotFound, Unavailable
from domain.market.effects import bring_about, entitled_tier, next_tier
from domain.market.products import Catalogue, Provider
from domain.market.purchases import Purchase
from domain.market.reports import Errand, ErrandKind, Parked, Report

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

        What is known already is not written again, and ``done`` is left to the caller then.

        Raises ``Forbidden`` when the store says that it is not the claimant's, ``Parked`` when it
        cannot be known whose or what it is, ``Unavailable`` when every race was lost, ``Conflict``
        for a subscription that the sandbox sold beside one that runs.
        """
        catalogue = await self._products.current()
        owner = await self._owners.get(report, claim, catalogue)
        replaced = await self._owners.find_replaced(report, owner)
        return await self._save(owner, catalogue, report, replaced=replaced, done=done)

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
        replaced: Owner | None = None,
        done: tuple[Provider, str] | None = None,
    ) -> Purchase:
        async with self._locks.hold(owner.user_id, fails_together=True):
            for _ in range(ATTEMPTS):
                holding = await self._purchases.open(owner)
                old = None if replaced is None else await self._purchases.open(replaced)
                change = _decide(holding, old, report, catalogue, self._clock.now())
                cancelled = await self._cancelled(change.purchase, holding.purchase, catalogue)
                errands = (*report.errands, *cancelled)
                change = evolve(change, errands=errands, names=names_in(report), done=done)
                if await self._is_known(change, holding.purchase):
                    return holding.purchase
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

    async def _is_known(self, change: Change, before: Purchase) -> bool:
        """Whether there is nothing to write: so it stands in nobody's way."""
        is_change = change.wallet is not None or change.tier is not None or change.others
        if is_change or change.errands or change.purchase != before:
            return False
        owner = Owner(before.user_id, before.id)
        names = [name for name in change.names if name != before.reference]
        found = [await self._purchases.find_owner(before.provider, (name,)) for name in names]
        return all(one == owner for one in found)

    async def _cancelled(
        self, purchase: Purchase, before: Purchase, catalogue: Catalogue
    ) -> tuple[Errand, ...]:
        """What ends a subscription that begins, or goes on, though its account was erased."""
        stands = purchase.standing
        is_news = (stands.status, stands.payments) != (before.status, before.standing.payments)
        goes_on = purchase.is_subscription and stands.status.is_running and stands.renews
        if not is_news or not goes_on or purchase.replaced_by is not None:
            return ()
        try:
            await self._purchases.get_holder(purchase.user_id)
        except NotFound:
            return _cancellation(purchase, catalogue)
        return ()


def _decide(
    holding: Holding, old: Holding | None, report: Report, catalogue: Catalogue, now: datetime
) -> Change:
    """What a report changes: the purchase, the one whose place it takes, the wallet, the tier.

    The wallet is written as well whenever a tier may depend on it, unchanged if need be: its
    version is what keeps two subscriptions that change at once from overlooking each other.
    """
    purchase = _told(holding.purchase, report, now)
    _check_alone(purchase, holding)
    wallet, others = holding.wallet, {one.id: one for one in holding.subscriptions}
    changed: tuple[Purchase, ...] = ()
    if old is not None and purchase.standing.payments:
        began = purchase.standing.payments[0].order[0]
        gone = old.purchase.give_way(purchase.id, began, now)
        gone, wallet = bring_about(gone, wallet, catalogue, old.lots, now)
        others[gone.id] = gone
        changed = (gone,) if gone != old.purchase else ()
    purchase, wallet = bring_about(purchase, wallet, catalogue, holding.lots, now)
    tier = holding.tier
    if purchase.is_subscription:
        was = entitled_tier((holding.purchase, *holding.subscriptions), catalogue, tier)
        opened = entitled_tier((purchase, *others.values()), catalogue, tier)
        tier = next_tier(tier, before=was, after=opened)
    is_same = wallet == holding.wallet and _opens(purchase) == _opens(holding.purchase)
    return Change(
        purchase=purchase,
        now=now,
        wallet=None if is_same and tier is holding.tier and not changed else wallet,
        tier=None if tier is holding.tier else tier,
        others=changed,
    )


def _check_alone(purchase: Purchase, holding: Holding) -> None:
    """At the sandbox nobody has paid yet, so the second of two orders at once is refused here.

    Real stores have the money by now: what they sold is granted.
    """
    begins = purchase.standing.payments and not holding.purchase.standing.payments
    if purchase.provider is not Provider.SANDBOX or not purchase.is_subscription or not begins:
        return
    if running_subscription(holding.subscriptions) is not None:
        message = "A subscription runs already."
        raise Conflict(message)


def _opens(purchase: Purchase) -> str | None:
    """The product whose tier a purchase opens now."""
    return purchase.product_id if purchase.status.is_open else None


def _told(purchase: Purchase, report: Report, now: datetime) -> Purchase:
    """The purchase once it knows what the report says."""
    reference = purchase.reference or report.reference or None
    return evolve(purchase, reference=reference).learn(report.facts, now)


def _cancellation(purchase: Purchase, catalogue: Catalogue) -> tuple[Errand, ...]:
    if purchase.reference is None:
        return ()
    try:
        store_ids = catalogue.get(purchase.product_id).store_ids
    except NotFound:
        store_ids = {}
    errand = Errand(
        ErrandKind.CANCEL,
        purchase.provider,
        purchase.reference,
        store_product=store_ids.get(purchase.provider, ""),
    )
    return (errand,)
