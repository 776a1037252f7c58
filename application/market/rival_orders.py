"""Several unpaid orders of one person for a subscription: only the latest can be paid."""

from itertools import takewhile

from attrs import evolve

from application.market.purchase_changes import PurchaseChanges
from application.market.purchase_owners import Claim
from application.market.running_subscription import running_subscription
from application.market.stores import Stores
from application.ports.purchase_store import PurchaseStore
from domain.errors import Conflict
from domain.market.purchases import Purchase
from domain.market.reports import Parked
from domain.market.standing import Status

UNPAID = frozenset({Status.PENDING, Status.FAILED})
"""What may still be paid: after a payment that failed, too."""


class RivalOrders:
    """Withdraws at the stores what has been overtaken.

    Each order does this after it was opened, and before anybody is handed what it is paid with:
    of two that are placed at the same moment, in whatever processes, at least one sees the other.
    """

    def __init__(self, stores: Stores, purchases: PurchaseStore, changes: PurchaseChanges) -> None:
        self._stores = stores
        self._purchases = purchases
        self._changes = changes

    async def withdraw(self, mine: Purchase) -> None:
        """Leave ``mine`` as the only order that can be paid.

        Raises ``Conflict`` when it must give way itself, and has: to a subscription that runs by
        now, a later order, or an earlier one that is being paid.
        """
        listed = await self._purchases.list_subscriptions(mine.user_id)
        others = [one for one in listed if one.id != mine.id]
        later = {one.id for one in takewhile(lambda one: one.id != mine.id, listed)}
        rivals = [
            one for one in others if one.status in UNPAID and one.provider in self._stores.gateways
        ]
        if mine.status in UNPAID:
            if running_subscription(others) is not None:
                await self._give_way(mine, "A subscription runs already.")
            if any(one.id in later for one in rivals):
                await self._give_way(mine, "A subscription was ordered after this one.")
        for rival in rivals:
            await self._overtake(rival, mine)

    async def _overtake(self, rival: Purchase, mine: Purchase) -> None:
        try:
            await self._withdraw(rival)
        except Conflict:
            if mine.status in UNPAID:
                await self._give_way(mine, "An earlier order of a subscription is being paid.")

    async def _give_way(self, mine: Purchase, reason: str) -> None:
        await self._withdraw(mine)
        raise Conflict(reason)

    async def _withdraw(self, order: Purchase) -> None:
        if order.reference is None:
            return  # nobody was ever handed anything to pay it with
        report = await self._stores.gateways[order.provider].withdraw(order)
        report = evolve(report, purchase_id=order.id, user_id=order.user_id)
        try:
            await self._changes.apply(report, claim=Claim(order.user_id, is_proven=False))
        except Parked as parked:
            raise Conflict(parked.reason) from parked
