"""The happy paths on a Stripe server that others wrote, with older shapes than ours."""

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest
from aiohttp import ClientSession, web

from adapters.stripe.api import StripeApi
from adapters.stripe.payment_gateway import StripePaymentGateway
from adapters.stripe.store_errands import StripeErrands
from adapters.stripe.store_events import StripeEvents
from adapters.stripe.store_records import StripeRecords
from adapters.system.clock import SystemClock
from domain.market.facts import Share
from domain.market.purchases import Purchase
from domain.market.reports import Errand, ErrandKind
from domain.market.standing import Status
from tests.adapters.stripe.shop import (
    LARGE,
    PLUS,
    SECRET,
    STRIPE,
    TEST_KEY,
    bought,
    catalogue,
    order,
)
from tests.loopback.stripe_localstripe import LocalStripe
from tests.loopback.stripe_objects import Json

CARD = {
    "type": "card",
    "card[number]": "4242424242424242",
    "card[exp_month]": "12",
    "card[exp_year]": "2034",
    "card[cvc]": "123",
}


class Shop:
    """A purchase that learns from the webhooks, and the Stripe that it is bought at."""

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url
        self.api = StripeApi(TEST_KEY, SystemClock(), base_url=base_url)
        self.gateway = StripePaymentGateway(self.api, "pk_test_x", catalogue)
        self.events = StripeEvents(self.api, SystemClock(), [SECRET], catalogue)
        self.records = StripeRecords(self.api, catalogue)
        self.errands = StripeErrands(self.api)
        self.purchase: Purchase | None = None
        self._news = asyncio.Condition()

    async def hear(self, request: web.Request) -> web.Response:
        headers = {name.lower(): value for name, value in request.headers.items()}
        event = await self.events.receive(await request.read(), headers)
        reports = await self.events.interpret(event)
        async with self._news:
            for report in reports:
                if self.purchase and report.reference == self.purchase.reference:
                    self.purchase = self.purchase.learn(report.facts, SystemClock().now())
            self._news.notify_all()
        return web.Response()

    async def wait_for(self, purchase: Purchase, status: Status) -> Purchase:
        async with asyncio.timeout(30), self._news:
            await self._news.wait_for(lambda: self.purchase and self.purchase.status is status)
        assert self.purchase is not None
        return self.purchase

    async def look_up(self) -> Purchase:
        assert self.purchase is not None
        now = SystemClock().now()
        report = await self.records.look_up(self.purchase, now)
        assert report is not None
        return self.purchase.learn(report.facts, now)

    async def call(self, path: str, **form: str) -> Json:
        headers = {"Authorization": f"Bearer {TEST_KEY}"}
        async with ClientSession(headers=headers) as session:
            address = f"{self.base_url}/{path}"
            async with session.post(address, data=form or {"a": "b"}) as answer:
                assert answer.status == 200, await answer.text()
                is_json = answer.content_type == "application/json"
                return dict(await answer.json()) if is_json else {}


@pytest.fixture(scope="module")
def localstripe() -> Iterator[LocalStripe]:
    with LocalStripe() as server:
        yield server


@pytest.fixture
async def shop(localstripe: LocalStripe) -> AsyncIterator[Shop]:
    shop = Shop(localstripe.base_url)
    app = web.Application()
    app.router.add_post("/hook", shop.hear)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    address = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    await shop.call("_config/webhooks/ours", url=address, secret=SECRET)
    yield shop
    await runner.cleanup()
    await shop.api.aclose()


async def test_a_pack_is_paid_and_refunded(shop: Shop) -> None:
    opened = await shop.gateway.open_payment(order(LARGE))
    reference = opened.report.reference
    assert opened.sheet is not None
    assert opened.sheet.client_secret
    assert opened.sheet.ephemeral_key is None
    shop.purchase = bought(LARGE, reference)
    method = await shop.call("v1/payment_methods", **CARD)
    await shop.call(f"v1/payment_intents/{reference}", payment_method=method["id"])
    await shop.call(f"v1/payment_intents/{reference}/confirm", **{"expand[]": "customer"})

    paid = await shop.wait_for(shop.purchase, Status.COMPLETED)

    assert [payment.id for payment in paid.standing.payments] == [reference]
    assert (await shop.look_up()).standing == paid.standing
    for amount in ("300", "200"):
        await shop.call("v1/refunds", payment_intent=reference, amount=amount)
    refunded = await shop.look_up()
    assert refunded.status is Status.PARTIALLY_REFUNDED
    assert refunded.standing.payments[0].refunded == Share(500, 1000)


async def test_a_subscription_is_paid_and_cancelled(shop: Shop) -> None:
    customer = await shop.gateway.open_payment(order(LARGE, purchase_id="pur_2", user_id="usr_2"))
    method = await shop.call("v1/payment_methods", **CARD)
    path = f"v1/payment_methods/{method['id']}/attach"
    await shop.call(path, customer=customer.customer or "")
    await shop.call(
        "v1/plans",
        id="price_plus",
        amount="999",
        currency="usd",
        interval="month",
        **{"product[name]": "Plus"},
    )
    default = {"invoice_settings[default_payment_method]": method["id"]}
    await shop.call(f"v1/customers/{customer.customer}", **default)
    made = await shop.call(
        "v1/subscriptions",
        customer=customer.customer or "",
        **{"items[0][plan]": "price_plus", "metadata[purchase_id]": "pur_1"},
    )
    shop.purchase = bought(PLUS, made["id"])

    active = await shop.look_up()

    assert active.status is Status.ACTIVE
    assert active.product_id == "plus"
    assert (await shop.wait_for(shop.purchase, Status.ACTIVE)).standing == active.standing
    errand = Errand(ErrandKind.CANCEL, STRIPE, made["id"])
    await shop.errands.perform(errand, None)
    ended = await shop.wait_for(shop.purchase, Status.EXPIRED)
    assert not ended.standing.renews
    await shop.errands.perform(errand, None)
    forget = Errand(ErrandKind.FORGET_CUSTOMER, STRIPE, customer.customer or "")
    await shop.errands.perform(forget, None)
