"""What Stripe must be told when an account is erased."""

from adapters.stripe.api import Missing, Refused, StripeApi, segment
from adapters.stripe.shapes import id_of
from application.ports.store_errands import Usage
from domain.market.reports import Errand, ErrandKind, Parked

_OVER = frozenset({"canceled", "incomplete_expired"})


class StripeErrands:
    """Cancels at once, and forgets customers; Stripe asks for nothing else."""

    def __init__(self, api: StripeApi) -> None:
        self._api = api

    async def perform(self, errand: Errand, usage: Usage | None) -> None:  # noqa: ARG002 - Stripe does not ask
        try:
            async with self._api.deadline():
                await self._perform(errand)
        except Missing:
            return
        except Refused:
            raise Parked("Stripe refuses what it is told.") from None

    async def _perform(self, errand: Errand) -> None:
        if errand.kind is ErrandKind.FORGET_CUSTOMER:
            await self._api.delete(f"customers/{segment(errand.reference)}")
        elif errand.kind is ErrandKind.CANCEL:
            await self._cancel(errand.reference)
        else:
            raise Parked("Stripe is not told such a thing.")

    async def _cancel(self, reference: str) -> None:
        if reference.startswith("cs_"):
            session = await self._api.get(f"checkout/sessions/{segment(reference)}")
            if session.get("status") == "open":
                await self._api.post(f"checkout/sessions/{segment(reference)}/expire", {})
            reference = id_of(session.get("subscription"))
        if not reference.startswith("sub_"):
            return
        path = f"subscriptions/{segment(reference)}"
        subscription = await self._api.get(path)
        if subscription.get("status") not in _OVER:
            await self._api.delete(path)
