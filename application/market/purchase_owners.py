"""Whose a purchase is that a store reports."""

from attrs import frozen

from application.ports.clock import Clock, IdGenerator
from application.ports.purchase_store import Owner, PurchaseStore
from domain.errors import Forbidden, NotFound
from domain.market.effects import bring_about
from domain.market.products import Catalogue
from domain.market.purchases import Purchase
from domain.market.reports import Parked, Report
from domain.wallet import Wallet


@frozen
class Claim:
    """Who says that a purchase is theirs, and how it must be shown.

    ``is_proven``: the store itself must name the person (what an app sent); otherwise somebody
    whom we trust says so (an administrator, or our own order).
    """

    user_id: str
    is_proven: bool = True


def names_in(report: Report) -> tuple[str, ...]:
    """Every name that the store has for the purchase, its lasting one first."""
    payments = (fact.payment for fact in report.facts)
    names = (report.reference, *report.aliases, *payments)
    return tuple(dict.fromkeys(name for name in names if name))


class PurchaseOwners:
    """Finds the person and the purchase that a report is about."""

    def __init__(self, purchases: PurchaseStore, clock: Clock, ids: IdGenerator) -> None:
        self._purchases = purchases
        self._clock = clock
        self._ids = ids

    async def find_replaced(self, report: Report, owner: Owner) -> Owner | None:
        """The purchase of the same person whose place the reported one takes."""
        if report.replaces is None:
            return None
        old = await self._purchases.find_owner(report.provider, (report.replaces,))
        is_other = old is not None and old != owner and old.user_id == owner.user_id
        return old if is_other else None

    async def get(self, report: Report, claim: Claim | None, catalogue: Catalogue) -> Owner:
        """Whose it is: as known here, as the store says, or as claimed; made if it is new.

        Raises ``Forbidden`` when it is not the claimant's, ``Parked`` when nobody can say.
        """
        known = await self._purchases.find_owner(report.provider, names_in(report))
        if known is None and report.purchase_id and report.user_id:
            known = await self._own_order(report.user_id, report.purchase_id)
        if known is not None:
            if claim is not None and claim.user_id != known.user_id:
                raise _not_yours()
            return known
        user_id = await self._person(report, claim)
        return await self._add(report, user_id, catalogue)

    async def _own_order(self, user_id: str, purchase_id: str) -> Owner | None:
        try:
            await self._purchases.get(user_id, purchase_id)
        except NotFound:
            return None
        return Owner(user_id, purchase_id)

    async def _person(self, report: Report, claim: Claim | None) -> str:
        """Whose a purchase is that we do not know yet."""
        if claim is not None and not claim.is_proven:
            return claim.user_id
        named = await self._named_person(report)
        if claim is not None and claim.user_id != named:
            raise _not_yours()
        if named is None:
            reason = "The store does not say whose purchase this is, and it is not known here."
            raise Parked(reason)
        return named

    async def _named_person(self, report: Report) -> str | None:
        if report.store_token is not None:
            found = await self._purchases.find_holder(report.store_token)
            if found is not None:
                return found
        if report.user_id is not None:
            try:
                return (await self._purchases.get_holder(report.user_id)).user_id
            except NotFound:
                return None
        return None

    async def _add(self, report: Report, user_id: str, catalogue: Catalogue) -> Owner:
        product_id = report.product_id or next(
            (fact.product_id for fact in report.facts if fact.product_id), None
        )
        if product_id is None:
            reason = "The store does not say what was bought, or it is not in the catalogue."
            raise Parked(reason)
        try:
            product = catalogue.get(product_id)
        except NotFound:
            reason = "What was bought is not in the catalogue."
            raise Parked(reason) from None
        purchase = Purchase(
            id=self._ids.new("pur"),
            user_id=user_id,
            provider=report.provider,
            product_id=product.id,
            is_subscription=product.is_subscription,
            created_at=self._clock.now(),
            quantity=max((fact.quantity for fact in report.facts), default=1),
            reference=report.reference,
        )
        # What must wait for a person leaves nothing behind: tried on an empty wallet first.
        told = purchase.learn(report.facts, purchase.created_at)
        bring_about(told, Wallet(user_id), catalogue, {}, purchase.created_at)
        kept = await self._purchases.add(purchase, (report.reference,))
        if kept.user_id != user_id:
            raise _not_yours()
        return Owner(kept.user_id, kept.id)


def _not_yours() -> Forbidden:
    return Forbidden("This purchase belongs to another account.")
