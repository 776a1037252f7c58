"""All that Stripe has on record of one subscription."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from adapters.stripe.api import Json, Refused, StripeApi, segment
from adapters.stripe.charges import Charges
from adapters.stripe.invoices import invoice_outcome, invoice_report
from adapters.stripe.payments import Outcome
from adapters.stripe.reporting import report_of
from adapters.stripe.shapes import (
    id_of,
    invoice_payments,
    is_cancelled,
    is_whole,
    known,
    moment,
    read_marks,
    subscription_price,
)
from adapters.stripe.subscriptions import planned_price, subscription_report
from domain.market.facts import Fact, FactKind
from domain.market.products import Catalogue, Provider
from domain.market.purchases import Purchase
from domain.market.reports import Report
from domain.market.standing import Status, standing

_RUNNING = frozenset({"active", "trialing", "past_due"})


class SubscriptionRecords:
    """Reads a subscription, its invoices, and what became of the charges that paid them."""

    def __init__(self, api: StripeApi, charges: Charges, grace: timedelta) -> None:
        self._api = api
        self._charges = charges
        self._grace = grace

    async def look_up(
        self, subscription_id: str, purchase: Purchase, now: datetime, catalogue: Catalogue
    ) -> Report | None:
        """None when Stripe does not know it."""
        subscription = await self._api.find(f"subscriptions/{segment(subscription_id)}")
        if subscription is None:
            return None
        base = subscription_report(subscription, now, catalogue, self._grace)
        # A wish without a time is told below, if it is news.
        facts = [one for one in base.facts if one.kind is not FactKind.CANCELLED or one.at < now]
        paid_by: dict[str, str] = {}
        aliases: list[str] = []
        for invoice in await self._invoices(subscription_id):
            payments = known(*invoice_payments(invoice))
            aliases += [id_of(invoice), *payments]
            paid_by |= dict.fromkeys(payments, id_of(invoice))
            outcome = invoice_outcome(invoice)
            is_due = outcome is Outcome.FAILED and subscription.get("status") == "past_due"
            if outcome is Outcome.PAID or is_due:
                whole = invoice
                if not is_whole(invoice.get("lines")):
                    whole = await self._charges.whole_invoice(id_of(invoice))
                at = moment(invoice.get("created")) or now
                report = invoice_report(whole, outcome, at, catalogue, self._grace)
                facts += report.facts if report else ()
        customer = id_of(subscription.get("customer"))
        async for charge in self._api.list_all("charges", customer=customer):
            names = (id_of(charge), id_of(charge.get("payment_intent")))
            payment = next((paid_by[name] for name in names if name in paid_by), "")
            if payment:
                aliases += names
                facts += await self._charges.later_facts(charge, payment, purchase.facts, now)
        facts += await self._wishes(subscription, {*purchase.facts, *facts}, now, catalogue)
        marks = read_marks(subscription.get("metadata"))
        return report_of(subscription_id, marks, facts, aliases, base.product_id)

    async def _invoices(self, subscription_id: str) -> list[Json]:
        """All of them, with their payments; those of before "basil" name them anyway."""
        listed = self._api.list_all(
            "invoices", subscription=subscription_id, expand=["data.payments"]
        )
        try:
            return [one async for one in listed]
        except Refused:
            listed = self._api.list_all("invoices", subscription=subscription_id)
            return [one async for one in listed]

    async def _wishes(
        self, subscription: Json, facts: Iterable[Fact], now: datetime, catalogue: Catalogue
    ) -> list[Fact]:
        """How it is to go on, where the facts amount to something else."""
        stands = standing(facts, is_subscription=True, now=now)
        is_over = stands.status in {Status.EXPIRED, Status.REFUNDED}
        if subscription.get("status") not in _RUNNING or not stands.payments or is_over:
            return []
        wishes = []
        if is_cancelled(subscription) and stands.renews:
            wishes.append(Fact(FactKind.CANCELLED, now))
        elif not is_cancelled(subscription) and not stands.renews:
            wishes.append(Fact(FactKind.RESUMED, now))
            # What was planned before it was cancelled would count again.
            stands = standing({*facts, *wishes}, is_subscription=True, now=now)
        product_id = await self._next_product(subscription, catalogue)
        wanted = product_id if product_id != stands.product_id else None
        if product_id and wanted != stands.next_product_id:
            wishes.append(Fact(FactKind.DOWNGRADED, now, product_id=product_id))
        return wishes

    async def _next_product(self, subscription: Json, catalogue: Catalogue) -> str | None:
        if schedule_id := id_of(subscription.get("schedule")):
            path = f"subscription_schedules/{segment(schedule_id)}"
            schedule = await self._api.find(path) or {}
            if price_id := planned_price(schedule):
                return _product_id(price_id, catalogue)
        return _product_id(subscription_price(subscription), catalogue)


def _product_id(price_id: str, catalogue: Catalogue) -> str | None:
    product = catalogue.find(Provider.STRIPE, price_id) if price_id else None
    return product.id if product else None
