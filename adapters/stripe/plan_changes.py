"""What becomes of a subscription that runs: another product now or later, or an end."""

from datetime import timedelta

from attrs import evolve

from adapters.stripe.api import Answer, Json, StripeApi, segment
from adapters.stripe.invoices import invoice_outcome, invoice_report
from adapters.stripe.payments import Outcome
from adapters.stripe.reporting import Catalogues, report_of
from adapters.stripe.shapes import (
    id_of,
    inner,
    is_cancelled,
    items,
    price_marks,
    read_marks,
    subscription_price,
)
from adapters.stripe.subscriptions import subscription_report
from domain.errors import InvalidRequest, Unavailable
from domain.market.facts import Fact, FactKind
from domain.market.payments import BUYS
from domain.market.products import Catalogue, Product, Provider
from domain.market.purchases import Purchase
from domain.market.reports import Parked, Report

_NO_GRACE = timedelta(0)
_MOMENT = timedelta(milliseconds=1)
_WISHES = frozenset({FactKind.CANCELLED, FactKind.RESUMED, FactKind.DOWNGRADED})


class PlanChanges:
    """Each takes the subscription as it is at Stripe, and a key that makes it happen once."""

    def __init__(self, api: StripeApi, catalogue: Catalogues) -> None:
        self._api = api
        self._catalogue = catalogue

    async def upgrade(self, subscription: Json, product: Product, key: str) -> Report:
        """A new period begins now and is paid now, less what was left of the running one.

        Stripe changes nothing when it cannot be paid: then it is ``Declined``.
        """
        price_id = _price(product)
        await self._drop_schedule(subscription, key)
        asked = {
            "items": [{"id": _item(subscription), "price": price_id}],
            "billing_cycle_anchor": "now",
            "proration_behavior": "always_invoice",
            "payment_behavior": "error_if_incomplete",
            "cancel_at_period_end": False,
            "metadata": price_marks(product, price_id),
            "expand": ["latest_invoice"],
        }
        answer = await self._update(subscription, asked, f"upgrade:{key}")
        invoice = inner(answer.body, "latest_invoice")
        catalogue = await self._catalogue()
        report = _of(answer, catalogue)
        if invoice_outcome(invoice) is not Outcome.PAID:
            return report
        try:
            paid = invoice_report(invoice, Outcome.PAID, answer.at, catalogue, _NO_GRACE)
        except Parked:
            # Its own event says so too, where a person will find it.
            return report
        if paid is None:
            return report
        return evolve(
            report,
            facts=(*report.facts, *paid.facts),
            aliases=tuple(dict.fromkeys((*report.aliases, *paid.aliases))),
        )

    async def change_later(
        self, subscription: Json, product: Product, key: str, *, is_ending: bool
    ) -> Report:
        """The next period is the product's; ``is_ending`` is what we think, as Stripe may not.

        A schedule waits for it. The price itself, changed now, would mislead all that Stripe
        computes until then; for a period of another length it would begin and be paid at once.
        """
        price_id = _price(product)
        if is_cancelled(subscription):
            is_ending = True
            await self._update(subscription, {"cancel_at_period_end": False}, f"resume:{key}")
        if schedule_id := id_of(subscription.get("schedule")):
            schedule = await self._api.get(f"subscription_schedules/{segment(schedule_id)}")
        else:
            asked = {"from_subscription": id_of(subscription)}
            made = await self._api.post("subscription_schedules", asked, key=f"schedule:{key}")
            schedule = made.body
        running = inner(schedule, "current_phase")
        phases = [
            {
                "items": [{"price": subscription_price(subscription), "quantity": 1}],
                "start_date": running["start_date"],
                "end_date": running["end_date"],
            },
            {
                "items": [{"price": price_id, "quantity": 1}],
                "duration": {"interval": str(product.period), "interval_count": 1},
                "proration_behavior": "none",
                "metadata": price_marks(product, price_id),
            },
        ]
        plan = {"phases": phases, "end_behavior": "release", "proration_behavior": "none"}
        path = f"subscription_schedules/{segment(id_of(schedule))}"
        answer = await self._api.post(path, plan, key=f"phases:{key}")
        return _decided(subscription, product, answer, is_news=is_ending)

    async def go_on(self, subscription: Json, product: Product, key: str) -> Report:
        """It renews as what it is: whatever was planned instead is void."""
        await self._drop_schedule(subscription, key)
        asked = {"cancel_at_period_end": False}
        answer = await self._update(subscription, asked, f"resume:{key}")
        return _decided(subscription, product, answer, is_news=True)

    async def cancel(self, subscription: Json, product_id: str, key: str) -> Report:
        """It ends with its period; one that was never paid, at once.

        ``product_id`` is what runs: a planned change is void, even if it goes on after all.
        """
        catalogue = await self._catalogue()
        path = f"subscriptions/{segment(id_of(subscription))}"
        if subscription.get("status") in {"canceled", "incomplete_expired"}:
            return _of(Answer(subscription, self._api.now()), catalogue)
        if subscription.get("status") == "incomplete":
            return _of(Answer(await self._api.delete(path), self._api.now()), catalogue)
        await self._drop_schedule(subscription, key)
        asked = {"cancel_at_period_end": True}
        answer = await self._update(subscription, asked, f"cancel:{key}")
        report = _of(answer, catalogue)
        if not subscription.get("schedule"):
            return report
        kept = Fact(FactKind.DOWNGRADED, answer.at, product_id=product_id)
        return evolve(report, facts=(*report.facts, kept))

    async def _drop_schedule(self, subscription: Json, key: str) -> None:
        """What was planned for later is void; and Stripe lets nothing else be changed before."""
        if schedule_id := id_of(subscription.get("schedule")):
            path = f"subscription_schedules/{segment(schedule_id)}/release"
            await self._api.post(path, {}, key=f"release:{schedule_id}:{key}")

    async def _update(self, subscription: Json, asked: Json, key: str) -> Answer:
        path = f"subscriptions/{segment(id_of(subscription))}"
        return await self._api.post(path, asked, key=key)


def latest_word(subscription: Purchase, report: Report) -> Report:
    """What was decided now comes after all that was known, also within one of Stripe's seconds."""
    kinds = _WISHES | BUYS
    known = max((fact.at for fact in subscription.facts if fact.kind in kinds), default=None)
    if known is None:
        return report
    return evolve(
        report,
        facts=tuple(
            evolve(fact, at=known + _MOMENT)
            if fact.kind in _WISHES and fact.at <= known and fact not in subscription.facts
            else fact
            for fact in report.facts
        ),
    )


def _decided(subscription: Json, product: Product, answer: Answer, *, is_news: bool) -> Report:
    """The next period is this product's; that there will be one, is said if it ``is_news``."""
    facts = [Fact(FactKind.DOWNGRADED, answer.at, product_id=product.id)]
    if is_news:
        facts.insert(0, Fact(FactKind.RESUMED, answer.at))
    return report_of(id_of(subscription), read_marks(subscription.get("metadata")), facts)


def _of(answer: Answer, catalogue: Catalogue) -> Report:
    try:
        return subscription_report(answer.body, answer.at, catalogue, _NO_GRACE)
    except Parked:
        raise Unavailable("The payment provider's answer cannot be read.") from None


def _price(product: Product) -> str:
    try:
        return product.store_ids[Provider.STRIPE]
    except KeyError:
        raise InvalidRequest("This is not sold through Stripe.") from None


def _item(subscription: Json) -> str:
    found = items(subscription.get("items"))
    if len(found) != 1:
        raise InvalidRequest("The subscription is not for one product.")
    return id_of(found[0])
