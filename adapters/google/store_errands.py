"""What we owe Google: to say that a purchase was granted, and that a subscription shall end."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from adapters.google.play_api import PlayApi, Refusal, Refused, part
from adapters.google.purchases import unavailable
from adapters.google.wire import ProductPurchase, Subscription
from application.ports.store_errands import Usage
from domain.market.reports import Errand, ErrandKind, Parked

_T = TypeVar("_T")

_STOP = {"cancellationContext": {"cancellationType": "USER_REQUESTED_STOP_RENEWALS"}}
_OVER = frozenset({"SUBSCRIPTION_STATE_CANCELED", "SUBSCRIPTION_STATE_EXPIRED"})


class GoogleErrands:
    """Consumes packs, acknowledges and cancels subscriptions.

    Google answers 400 both for what was done before and for what it will never do, so after one
    it is asked how things are.
    """

    def __init__(self, api: PlayApi) -> None:
        self._api = api
        self._ways: dict[ErrandKind, Callable[[Errand], Awaitable[None]]] = {
            ErrandKind.CONSUME: self._consume,
            ErrandKind.ACKNOWLEDGE: self._acknowledge,
            ErrandKind.CANCEL: self._cancel,
        }

    async def perform(self, errand: Errand, usage: Usage | None) -> None:  # noqa: ARG002 - Google does not ask
        way = self._ways.get(errand.kind)
        if way is None:
            raise Parked("Google is not told such a thing.")
        try:
            await way(errand)
        except Refused as refused:
            # Somebody else is at it, or our account may not: neither is about the errand.
            raise unavailable() from refused

    async def _consume(self, errand: Errand) -> None:
        token = part(errand.reference)
        path = f"purchases/products/{part(errand.store_product)}/tokens/{token}:consume"
        if await self._post(path):
            return
        bought = await self._look(f"purchases/productsv2/tokens/{token}", ProductPurchase)
        if bought is None or bought.purchase_state_context.purchase_state != "PURCHASED":
            return
        for line in bought.product_line_item:
            is_it = line.product_id == errand.store_product
            state = line.product_offer_details.consumption_state
            if is_it and state != "CONSUMPTION_STATE_CONSUMED":
                raise Parked("Google does not let a pack be consumed.")

    async def _acknowledge(self, errand: Errand) -> None:
        token = part(errand.reference)
        path = f"purchases/subscriptions/{part(errand.store_product)}/tokens/{token}:acknowledge"
        if await self._post(path):
            return
        bought = await self._look(f"purchases/subscriptionsv2/tokens/{token}", Subscription)
        if bought is None or bought.subscription_state in _OVER:
            return
        if bought.acknowledgement_state == "ACKNOWLEDGEMENT_STATE_PENDING":
            raise Parked("Google does not let a subscription be acknowledged.")

    async def _cancel(self, errand: Errand) -> None:
        path = f"purchases/subscriptionsv2/tokens/{part(errand.reference)}"
        if await self._post(f"{path}:cancel", _STOP):
            return
        bought = await self._look(path, Subscription)
        if bought is None or bought.subscription_state in _OVER:
            return
        plans = [line.auto_renewing_plan for line in bought.line_items]
        if any(plan is not None and plan.auto_renew_enabled for plan in plans):
            raise Parked("Google does not let a subscription be cancelled.")

    async def _post(self, path: str, body: object = None) -> bool:
        """Whether Google did it; it refuses what it does not know or what is not the time for."""
        try:
            await self._api.post(path, body)
        except Refused as refused:
            if refused.refusal is not Refusal.UNKNOWN:
                raise
            return False
        return True

    async def _look(self, path: str, shape: type[_T]) -> _T | None:
        """How the thing is; None when Google knows it no longer."""
        try:
            return await self._api.get(path, shape)
        except Refused as refused:
            if refused.refusal is not Refusal.UNKNOWN:
                raise
            return None
