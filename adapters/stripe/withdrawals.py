"""Unpaid subscriptions that shall never be paid."""

from contextlib import suppress
from datetime import timedelta

from adapters.stripe.api import Answer, Json, Missing, Refused, StripeApi, segment
from adapters.stripe.reporting import report_of
from adapters.stripe.shapes import id_of, read_marks
from domain.errors import Conflict, InvalidRequest
from domain.market.facts import Fact, FactKind
from domain.market.purchases import Purchase
from domain.market.reports import Report

_WITHIN_THE_SECOND = timedelta(milliseconds=999)
"""Its own messages may tell of the same second that nothing was paid; that it is over is last."""
_OVER = frozenset({"expired", "canceled", "incomplete_expired"})


class Withdrawals:
    """Asks Stripe for what it does only while nobody has paid, so that no payment slips between."""

    def __init__(self, api: StripeApi) -> None:
        self._api = api

    async def withdraw(self, order: Purchase) -> Report:
        """Raises ``Conflict`` when it is paid, or a payment is under way."""
        reference = order.reference or ""
        if reference.startswith("cs_"):
            answer = await self._expire(f"checkout/sessions/{segment(reference)}")
        elif reference.startswith("sub_"):
            answer = await self._void(f"subscriptions/{segment(reference)}")
        else:
            raise InvalidRequest("This is no subscription of Stripe's.")
        over = Fact(FactKind.LAPSED, answer.at + _WITHIN_THE_SECOND)
        return report_of(reference, read_marks(answer.body.get("metadata")), (over,))

    async def _expire(self, path: str) -> Answer:
        try:
            return await self._api.post(f"{path}/expire", {})
        except Missing:
            raise
        except Refused:
            return self._over(await self._api.get(path))

    async def _void(self, path: str) -> Answer:
        """Its first invoice first, which Stripe refuses once that is paid; then what is left."""
        subscription = await self._api.get(path)
        if subscription.get("status") != "incomplete":
            return self._over(subscription)
        invoice = f"invoices/{segment(id_of(subscription.get('latest_invoice')))}"
        try:
            await self._api.post(f"{invoice}/void", {})
        except Refused:
            # Paid at this moment, or void since an earlier try.
            if (await self._api.get(invoice)).get("status") != "void":
                return self._over(await self._api.get(path))
        with suppress(Refused):  # that may have ended it already
            await self._api.delete(path)
        return Answer(subscription, self._api.now())

    def _over(self, thing: Json) -> Answer:
        if thing.get("status") not in _OVER:
            raise Conflict("This order is being paid.")
        return Answer(thing, self._api.now())
