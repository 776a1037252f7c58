"""What changed at Stripe between two times, from its lists."""

import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime, timedelta

from adapters.stripe.api import Json, Refused, StripeApi
from adapters.stripe.charges import Charges
from adapters.stripe.invoices import invoice_outcome, invoice_report
from adapters.stripe.payments import Outcome, intent_outcome, intent_report
from adapters.stripe.shapes import id_of, is_whole, moment, read_marks
from adapters.stripe.subscriptions import subscription_report
from domain.market.products import Catalogue
from domain.market.reports import Report

_log = logging.getLogger(__name__)

Told = Callable[[Catalogue], Awaitable[Report | None]]
"""Translates one record; raises ``Parked`` when a person must look at it."""

# There is no list of what became of subscriptions, only one of the events.
_EVENTS = ("customer.subscription.updated", "customer.subscription.deleted")


class Changes:
    """Payments, invoices, refunds and disputes that were made then, and events of subscriptions."""

    def __init__(self, api: StripeApi, charges: Charges, grace: timedelta) -> None:
        self._api = api
        self._charges = charges
        self._grace = grace

    async def list_all(self, since: datetime, until: datetime) -> AsyncIterator[Told]:
        """From ``since`` until before ``until``, each a translation that is still to be made."""
        created = {"gte": _ceiling(since), "lt": _ceiling(until)}
        for listed in (self._payments, self._refunded, self._disputed, self._events):
            try:
                async for told in listed(created, since):
                    yield told
            except Refused:
                _log.warning("Stripe refuses a list: %s", listed.__name__)

    async def _payments(self, created: Json, since: datetime) -> AsyncIterator[Told]:
        async for intent in self._api.list_all("payment_intents", created=created):
            yield self._intent(intent, since)
        async for invoice in self._api.list_all("invoices", created=created):
            yield self._invoice(invoice, since)

    async def _refunded(self, created: Json, _: datetime) -> AsyncIterator[Told]:
        refunds = self._api.list_all("refunds", created=created)
        charge_ids = {id_of(refund.get("charge")) async for refund in refunds}
        for charge_id in sorted(charge_ids - {""}):
            yield self._refunds(charge_id)

    async def _disputed(self, created: Json, since: datetime) -> AsyncIterator[Told]:
        async for dispute in self._api.list_all("disputes", created=created):
            yield self._dispute(dispute, since)

    async def _events(self, created: Json, since: datetime) -> AsyncIterator[Told]:
        async for event in self._api.list_all("events", types=list(_EVENTS), created=created):
            yield self._subscription(event, since)

    def _intent(self, intent: Json, since: datetime) -> Told:
        async def tell(catalogue: Catalogue) -> Report | None:
            marks, outcome = read_marks(intent.get("metadata")), intent_outcome(intent)
            if not marks.are_ours or outcome is Outcome.OPEN:
                return None
            return intent_report(intent, marks, outcome, _created(intent, since), catalogue)

        return tell

    def _invoice(self, invoice: Json, since: datetime) -> Told:
        async def tell(catalogue: Catalogue) -> Report | None:
            whole, outcome = invoice, invoice_outcome(invoice)
            if outcome is not Outcome.PAID:
                return None
            if not is_whole(invoice.get("lines")):
                whole = await self._charges.whole_invoice(id_of(invoice))
            at = _created(invoice, since)
            return invoice_report(whole, outcome, at, catalogue, self._grace)

        return tell

    def _refunds(self, charge_id: str) -> Told:
        async def tell(_: Catalogue) -> Report | None:
            return await self._charges.refunds_of(charge_id)

        return tell

    def _dispute(self, dispute: Json, since: datetime) -> Told:
        async def tell(_: Catalogue) -> Report | None:
            return await self._charges.dispute(dispute, _created(dispute, since))

        return tell

    def _subscription(self, event: Json, since: datetime) -> Told:
        async def tell(catalogue: Catalogue) -> Report | None:
            data, at = event["data"], _created(event, since)
            previous = data.get("previous_attributes")
            return subscription_report(data["object"], at, catalogue, self._grace, previous)

        return tell


def _created(thing: Json, since: datetime) -> datetime:
    return moment(thing.get("created")) or since


def _ceiling(at: datetime) -> int:
    """Whole seconds: what begins within one belongs to the next."""
    return -int(-at.timestamp() // 1)
