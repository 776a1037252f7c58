"""Which of Stripe's events concern us, and what each says.

What an event says by itself is taken from it; Stripe is asked only for what it leaves out.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta

from attrs import frozen

from adapters.stripe.api import StripeApi
from adapters.stripe.charges import Charges
from adapters.stripe.checkout import session_outcome, session_report
from adapters.stripe.invoices import invoice_report
from adapters.stripe.owners import Owners
from adapters.stripe.payments import Outcome, charge_refund, counts, intent_report
from adapters.stripe.reporting import Catalogues
from adapters.stripe.shapes import Json, id_of, is_whole, read_marks
from adapters.stripe.subscriptions import schedule_report, subscription_report
from domain.market.reports import Parked, Report


@frozen
class Event:
    """``thing`` is what it is about, as of ``at``; ``previous`` what of it was different before."""

    name: str
    at: datetime
    thing: Json
    previous: Json


Translate = Callable[[Event], Awaitable[Sequence[Report]]]

_INTENTS = {
    "payment_intent.succeeded": Outcome.PAID,
    "payment_intent.processing": Outcome.AWAITING,
    "payment_intent.payment_failed": Outcome.FAILED,
    "payment_intent.canceled": Outcome.FAILED,
}
_INVOICES = {
    "invoice.paid": Outcome.PAID,
    "invoice.payment_succeeded": Outcome.PAID,
    "invoice.payment_failed": Outcome.FAILED,
}
_SESSIONS = {
    "checkout.session.completed": None,
    "checkout.session.async_payment_succeeded": Outcome.PAID,
    "checkout.session.async_payment_failed": Outcome.FAILED,
    "checkout.session.expired": Outcome.FAILED,
}


class Topics:
    """The table from an event's name to what reads it."""

    def __init__(self, api: StripeApi, catalogue: Catalogues, grace: timedelta) -> None:
        self._catalogue = catalogue
        self._grace = grace
        self._owners = Owners(api)
        self._charges = Charges(api, self._owners)
        self._table: Mapping[str, Translate] = {
            **dict.fromkeys(_INTENTS, self._intent),
            **dict.fromkeys(_INVOICES, self._invoice),
            **dict.fromkeys(_SESSIONS, self._session),
            "charge.refunded": self._charge_refunded,
            **dict.fromkeys(
                ("refund.created", "refund.updated", "refund.failed", "charge.refund.updated"),
                self._refund,
            ),
            **{
                f"charge.dispute.{what}": self._dispute
                for what in ("created", "updated", "funds_withdrawn", "funds_reinstated", "closed")
            },
            **{
                f"customer.subscription.{what}": self._subscription
                for what in ("created", "updated", "deleted", "paused", "resumed")
            },
            **{f"subscription_schedule.{what}": self._schedule for what in ("created", "updated")},
        }

    def of(self, name: str) -> Translate | None:
        """What reads events of this name; None when they do not concern us."""
        return self._table.get(name)

    async def _intent(self, event: Event) -> Sequence[Report]:
        intent, outcome = event.thing, _INTENTS[event.name]
        if outcome is Outcome.PAID and intent.get("status", "succeeded") != "succeeded":
            raise Parked("A payment that succeeded, by its event, and not by itself.")
        marks = read_marks(intent.get("metadata"))
        if not marks.are_ours:
            if intent.get("invoice"):
                return ()
            owner = await self._owners.of_intent(id_of(intent))
            if owner.is_invoice:
                # Its invoice tells the same, and more.
                return ()
            marks = owner.marks
        return (intent_report(intent, marks, outcome, event.at, await self._catalogue()),)

    async def _session(self, event: Event) -> Sequence[Report]:
        outcome = _SESSIONS[event.name] or session_outcome(event.thing)
        report = session_report(event.thing, outcome, event.at, await self._catalogue())
        return (report,) if report else ()

    async def _charge_refunded(self, event: Event) -> Sequence[Report]:
        owner = await self._owners.of_charge(event.thing)
        return (owner.report([charge_refund(event.thing, owner.payment, event.at)]),)

    async def _refund(self, event: Event) -> Sequence[Report]:
        """A refund tells its own amount only: the totals come from all of them."""
        charge_id = id_of(event.thing.get("charge"))
        if not charge_id:
            return ()
        failed_at = None if counts(event.thing) else event.at
        return (await self._charges.refunds_of(charge_id, failed_at),)

    async def _dispute(self, event: Event) -> Sequence[Report]:
        return (await self._charges.dispute(event.thing, event.at),)

    async def _invoice(self, event: Event) -> Sequence[Report]:
        invoice = event.thing
        if not is_whole(invoice.get("lines")):
            invoice = await self._charges.whole_invoice(id_of(invoice))
        outcome = _INVOICES[event.name]
        catalogue = await self._catalogue()
        report = invoice_report(invoice, outcome, event.at, catalogue, self._grace)
        return (report,) if report else ()

    async def _subscription(self, event: Event) -> Sequence[Report]:
        catalogue = await self._catalogue()
        return (subscription_report(event.thing, event.at, catalogue, self._grace, event.previous),)

    async def _schedule(self, event: Event) -> Sequence[Report]:
        report = schedule_report(event.thing, event.at, await self._catalogue())
        return (report,) if report else ()
