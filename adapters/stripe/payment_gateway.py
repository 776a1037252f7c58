"""Payments that the app takes with Stripe's payment sheet, or on a page of Stripe's."""

import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from adapters.stripe.api import Declined, Json, Missing, Refused, StripeApi, segment
from adapters.stripe.plan_changes import PlanChanges, latest_word
from adapters.stripe.reporting import Catalogues, report_of
from adapters.stripe.shapes import ODD, id_of, inner, marks_for, read_marks
from adapters.stripe.withdrawals import Withdrawals
from application.ports.payment_gateway import OpenedPayment, Order, PaymentSheet
from domain.errors import InvalidRequest, Unavailable
from domain.market.products import Product, Provider
from domain.market.purchases import Purchase
from domain.market.reports import Report

_log = logging.getLogger(__name__)


class StripePaymentGateway:
    """Every request has a key made of the purchase's id, so Stripe does each of them once.

    Only the app's key to its customer is new each time: it lives for an hour.
    """

    def __init__(self, api: StripeApi, publishable_key: str, catalogue: Catalogues) -> None:
        self._api = api
        self._publishable_key = publishable_key
        self._plans = PlanChanges(api, catalogue)
        self._withdrawals = Withdrawals(api)

    async def open_payment(self, order: Order) -> OpenedPayment:
        if order.product.is_subscription and Provider.STRIPE not in order.product.store_ids:
            raise InvalidRequest("This is not sold through Stripe.")
        async with self._answers():
            customer = order.customer or await self._new_customer(order, "")
            try:
                return await self._open(order, customer)
            except Missing as missing:
                if missing.what != "customer":
                    raise
                # Somebody removed it at Stripe. Whoever asks again is led to the same new one.
                customer = await self._new_customer(order, customer)
                return await self._open(order, customer)

    async def withdraw(self, order: Purchase) -> Report:
        async with self._answers():
            return await self._withdrawals.withdraw(order)

    async def change_plan(
        self, subscription: Purchase, product: Product, *, is_upgrade: bool, key: str
    ) -> Report:
        async with self._answers():
            known = await self._known(subscription)
            if product.id == subscription.product_id:
                report = await self._plans.go_on(known, product, key)
            elif is_upgrade:
                report = await self._plans.upgrade(known, product, key)
            else:
                is_ending = not subscription.standing.renews
                report = await self._plans.change_later(known, product, key, is_ending=is_ending)
            return latest_word(subscription, report)

    async def cancel(self, subscription: Purchase, *, key: str) -> Report:
        async with self._answers():
            known = await self._known(subscription)
            report = await self._plans.cancel(known, subscription.product_id, key)
            return latest_word(subscription, report)

    async def open_portal(self, customer: str, *, return_url: str) -> str:
        asked = {"customer": customer} | ({"return_url": return_url} if return_url else {})
        async with self._answers():
            answer = await self._api.post("billing_portal/sessions", asked)
            return str(answer.body["url"])

    @asynccontextmanager
    async def _answers(self) -> AsyncIterator[None]:
        """All calls within it have the time of one; an answer that cannot be read ends it."""
        try:
            async with self._api.deadline():
                yield
        except Declined:
            raise InvalidRequest("The payment was refused.") from None
        except Missing:
            raise InvalidRequest("The payment provider knows no such thing.") from None
        except Refused:
            raise InvalidRequest("The payment provider refuses this.") from None
        except ODD:
            _log.exception("An answer of Stripe's cannot be read.")
            raise Unavailable("The payment provider's answer cannot be read.") from None

    async def _new_customer(self, order: Order, old: str) -> str:
        key = f"customer:{order.user_id}" + (f":after:{old}" if old else "")
        asked = {"metadata": {"user_id": order.user_id}}
        return id_of((await self._api.post("customers", asked, key=key)).body)

    async def _open(self, order: Order, customer: str) -> OpenedPayment:
        key = f"purchase:{order.purchase_id}:{customer}"
        if order.on_web:
            return await self._open_page(order, customer, key)
        if order.product.is_subscription:
            return await self._open_subscription(order, customer, key)
        price = order.product.price
        asked = {
            "amount": price.amount * order.quantity,
            "currency": price.currency.lower(),
            "customer": customer,
            "metadata": marks_for(order),
        }
        intent = (await self._api.post("payment_intents", asked, key=key)).body
        return await self._opened(order, customer, id_of(intent), str(intent["client_secret"]))

    async def _open_subscription(self, order: Order, customer: str, key: str) -> OpenedPayment:
        price_id = order.product.store_ids[Provider.STRIPE]
        asked = {
            "customer": customer,
            "items": [{"price": price_id, "quantity": 1}],
            "payment_behavior": "default_incomplete",
            # Else a renewal would find nothing to charge.
            "payment_settings": {"save_default_payment_method": "on_subscription"},
            "metadata": marks_for(order, price_id),
            "expand": ["latest_invoice.confirmation_secret"],
        }
        subscription = (await self._api.post("subscriptions", asked, key=key)).body
        secret = await self._first_secret(subscription.get("latest_invoice"))
        return await self._opened(order, customer, id_of(subscription), secret)

    async def _first_secret(self, invoice: object) -> object:
        """With what the first invoice is paid; None when nothing is left to pay."""
        if not isinstance(invoice, Mapping):
            return None
        if secret := inner(invoice, "confirmation_secret").get("client_secret"):
            return secret
        # Before "basil" there was only the intent.
        intent, intent_id = inner(invoice, "payment_intent"), id_of(invoice.get("payment_intent"))
        if not intent and intent_id and invoice.get("status") != "paid":
            intent = await self._api.get(f"payment_intents/{segment(intent_id)}")
        return intent.get("client_secret")

    async def _opened(
        self, order: Order, customer: str, reference: str, secret: object
    ) -> OpenedPayment:
        report = report_of(reference, read_marks(marks_for(order)))
        if not isinstance(secret, str):
            return OpenedPayment(report=report, customer=customer, sheet=None)
        sheet = PaymentSheet(
            client_secret=secret,
            customer=customer,
            ephemeral_key=await self._ephemeral_key(customer),
            publishable_key=self._publishable_key,
        )
        return OpenedPayment(report=report, customer=customer, sheet=sheet)

    async def _ephemeral_key(self, customer: str) -> str | None:
        """With it the sheet shows the cards that a person saved; it takes payments without, too."""
        asked = {"customer": customer}
        try:
            answer = await self._api.post(
                "ephemeral_keys",
                asked,
            )
        except Refused:
            return None
        secret = answer.body.get("secret")
        return secret if isinstance(secret, str) else None

    async def _open_page(self, order: Order, customer: str, key: str) -> OpenedPayment:
        product = order.product
        asked: dict[str, object] = {
            "customer": customer,
            "client_reference_id": order.purchase_id,
            "success_url": order.return_url,
            "cancel_url": order.return_url,
        }
        if product.is_subscription:
            price_id = product.store_ids[Provider.STRIPE]
            marks = marks_for(order, price_id)
            asked |= {
                "mode": "subscription",
                "line_items": [{"price": price_id, "quantity": 1}],
                "subscription_data": {"metadata": marks},
            }
        else:
            marks = marks_for(order)
            price = {
                "currency": product.price.currency.lower(),
                "unit_amount": product.price.amount,
                "product_data": {"name": product.name},
            }
            asked |= {
                "mode": "payment",
                "line_items": [{"price_data": price, "quantity": order.quantity}],
                "payment_intent_data": {"metadata": marks},
            }
        asked["metadata"] = marks
        session = (await self._api.post("checkout/sessions", asked, key=key)).body
        report = report_of(id_of(session), read_marks(marks))
        sheet = PaymentSheet(
            customer=customer,
            publishable_key=self._publishable_key,
            url=str(session["url"]),
        )
        return OpenedPayment(report=report, customer=customer, sheet=sheet)

    async def _known(self, subscription: Purchase) -> Json:
        """What Stripe knows of it; one bought on the web is found by its page."""
        reference = subscription.reference or ""
        if reference.startswith("cs_"):
            session = await self._api.get(f"checkout/sessions/{segment(reference)}")
            reference = id_of(session.get("subscription"))
        if not reference.startswith("sub_"):
            raise InvalidRequest("This is no subscription of Stripe's.")
        return await self._api.get(f"subscriptions/{segment(reference)}")
