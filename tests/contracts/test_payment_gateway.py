"""What every store that takes orders promises. Add to ``TILLS`` how another is made."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest
from attrs import evolve, frozen

from adapters.in_memory.payment_gateway import InMemoryPaymentGateway
from adapters.sandbox.payment_gateway import SandboxPaymentGateway
from adapters.stripe import api as stripe_api
from adapters.stripe.api import StripeApi
from adapters.stripe.payment_gateway import StripePaymentGateway
from adapters.stripe.store_events import StripeEvents
from adapters.system.clock import SystemClock
from application.ports.payment_gateway import OpenedPayment, Order, PaymentGateway
from domain.errors import Conflict, InvalidRequest, Unavailable
from domain.market.products import Money, Product
from domain.market.purchases import Purchase
from domain.market.standing import Status
from tests.adapters.stripe.shop import (
    LARGE,
    PLUS,
    PRICES,
    PRO,
    SECRET,
    SMALL,
    TEST_KEY,
    YEARLY,
    bought,
    catalogue,
    learn,
    order,
)
from tests.adapters.stripe.webhooks import told
from tests.loopback.stripe_objects import Refusal
from tests.loopback.stripe_server import StripeServer

Payer = Callable[[Purchase, OpenedPayment], Awaitable[Purchase]]


@frozen
class Till:
    """A gateway, somebody who pays there, and how the store is taken away, if it can be."""

    gateway: PaymentGateway
    pay: Payer
    take_away: Callable[[], None]
    refuses_payment: type[Exception] | None = None
    """What the payer meets who pays for what was withdrawn; None: nothing is paid there."""

    async def sell(self, asked: Order) -> Purchase:
        """The purchase once it is paid."""
        opened = await self.gateway.open_payment(asked)
        purchase = evolve(
            bought(asked.product, opened.report.reference),
            id=asked.purchase_id,
            quantity=asked.quantity,
        )
        return await self.pay(purchase, opened)


@asynccontextmanager
async def in_memory() -> AsyncIterator[Till]:
    gateway = InMemoryPaymentGateway(SystemClock())

    async def pay(purchase: Purchase, opened: OpenedPayment) -> Purchase:
        return learn(purchase, [opened.report, gateway.pay(purchase.id)])

    def take_away() -> None:
        gateway.is_away = True

    yield Till(gateway, pay, take_away, InvalidRequest)


@asynccontextmanager
async def sandbox() -> AsyncIterator[Till]:
    gateway = SandboxPaymentGateway(SystemClock(), catalogue, page_url="http://here/sandbox")

    async def pay(purchase: Purchase, opened: OpenedPayment) -> Purchase:
        return learn(purchase, [opened.report])

    def stays() -> None:
        """It is a part of the product itself."""

    yield Till(gateway, pay, stays)


@asynccontextmanager
async def stripe() -> AsyncIterator[Till]:
    with StripeServer(prices=PRICES) as server:
        api = StripeApi(TEST_KEY, SystemClock(), base_url=server.base_url)
        events = StripeEvents(api, SystemClock(), [SECRET], catalogue)

        async def pay(purchase: Purchase, opened: OpenedPayment) -> Purchase:
            happened = await asyncio.to_thread(server.do, "pay", id=opened.report.reference)
            return learn(purchase, await told(events, happened))

        def take_away() -> None:
            server.failures = [500] * 100

        yield Till(StripePaymentGateway(api, "pk_test_x", catalogue), pay, take_away, Refusal)
        await api.aclose()


TILLS: dict[str, Callable[[], AbstractAsyncContextManager[Till]]] = {
    "in_memory": in_memory,
    "sandbox": sandbox,
    "stripe": stripe,
}


@pytest.fixture(autouse=True)
def quick_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stripe_api, "FIRST_PAUSE_SECONDS", 0.01)


@pytest.fixture(params=TILLS)
async def till(request: pytest.FixtureRequest) -> AsyncIterator[Till]:
    async with TILLS[request.param]() as opened:
        yield opened


def unpaid(product: Product, number: int = 1) -> Order:
    return order(product, purchase_id=f"pur_{number}", outcome="wait")


@pytest.mark.parametrize("product", [SMALL, PLUS])
async def test_what_is_opened_is_ours_and_theirs(till: Till, product: Product) -> None:
    opened = await till.gateway.open_payment(order(product))
    assert opened.report.reference
    assert (opened.report.purchase_id, opened.report.user_id) == ("pur_1", "usr_1")
    assert opened.report.product_id == product.id
    assert opened.customer


@pytest.mark.parametrize("product", [SMALL, PLUS])
async def test_what_is_left_to_pay_can_be_paid_in_the_app(till: Till, product: Product) -> None:
    opened = await till.gateway.open_payment(unpaid(product))
    assert opened.sheet
    assert opened.sheet.client_secret
    assert opened.sheet.customer == opened.customer
    assert opened.sheet.publishable_key


async def test_what_is_left_to_pay_can_be_paid_on_a_page(till: Till) -> None:
    asked = evolve(unpaid(SMALL), on_web=True, return_url="http://app.example/back")
    opened = await till.gateway.open_payment(asked)
    assert opened.sheet
    assert opened.sheet.url
    assert opened.sheet.url.startswith("http")


@pytest.mark.parametrize("product", [SMALL, PLUS])
async def test_asked_again_or_at_once_it_is_one_payment(till: Till, product: Product) -> None:
    asked = evolve(unpaid(product), ordered_at=datetime.now(UTC))
    opened = [
        *await asyncio.gather(*(till.gateway.open_payment(asked) for _ in range(4))),
        await till.gateway.open_payment(asked),
    ]
    assert len({one.report.reference for one in opened}) == 1
    assert len({one.customer for one in opened}) == 1
    assert len({one.sheet.client_secret for one in opened if one.sheet}) == 1
    assert all(one.report.facts == opened[0].report.facts for one in opened)


async def test_two_orders_are_two_payments_of_one_customer(till: Till) -> None:
    one = await till.gateway.open_payment(unpaid(SMALL, 1))
    other = await till.gateway.open_payment(evolve(unpaid(SMALL, 2), customer=one.customer))
    assert one.report.reference != other.report.reference
    assert one.customer == other.customer


async def test_a_pack_is_paid_with_what_it_costs(till: Till) -> None:
    purchase = await till.sell(order(LARGE, quantity=2))
    assert purchase.status is Status.COMPLETED
    (payment,) = purchase.standing.payments
    assert (payment.product_id, payment.quantity) == ("large", 2)
    assert payment.paid == Money("USD", 2_000)


async def test_a_subscription_runs_for_a_period_and_renews(till: Till) -> None:
    purchase = await till.sell(order(PLUS))
    stands = purchase.standing
    assert (purchase.status, stands.renews) == (Status.ACTIVE, True)
    assert stands.starts_at
    assert stands.ends_at
    assert timedelta(days=28) <= stands.ends_at - stands.starts_at <= timedelta(days=31)
    assert [one.paid for one in stands.payments] == [Money("USD", 999)]


@pytest.mark.parametrize("on_web", [False, True])
async def test_a_withdrawn_order_is_over_and_cannot_be_paid(till: Till, *, on_web: bool) -> None:
    asked = evolve(unpaid(PLUS), on_web=on_web, return_url="http://app.example/back")
    opened = await till.gateway.open_payment(asked)
    purchase = learn(bought(PLUS, opened.report.reference), [opened.report])
    withdrawn = learn(purchase, [await till.gateway.withdraw(purchase)])
    assert withdrawn.status is Status.EXPIRED
    again = learn(withdrawn, [await till.gateway.withdraw(withdrawn)])
    assert again.status is Status.EXPIRED
    assert withdrawn.standing.payments == ()
    if till.refuses_payment is not None:
        with pytest.raises(till.refuses_payment):
            await till.pay(withdrawn, opened)


async def test_what_is_paid_is_not_withdrawn(till: Till) -> None:
    purchase = await till.sell(order(PLUS))
    with pytest.raises(Conflict):
        await till.gateway.withdraw(purchase)


async def test_a_cancelled_one_stays_until_its_end(till: Till) -> None:
    purchase = await till.sell(order(PLUS))
    cancelled = learn(purchase, [await till.gateway.cancel(purchase, key="cancel")])
    assert (cancelled.status, cancelled.standing.renews) == (Status.ACTIVE, False)
    again = learn(cancelled, [await till.gateway.cancel(cancelled, key="once more")])
    assert (again.status, again.standing.renews) == (Status.ACTIVE, False)


async def test_changing_to_its_own_product_resumes_it(till: Till) -> None:
    purchase = await till.sell(order(PLUS))
    cancelled = learn(purchase, [await till.gateway.cancel(purchase, key="cancel")])
    report = await till.gateway.change_plan(cancelled, PLUS, is_upgrade=False, key="resume")
    resumed = learn(cancelled, [report])
    assert (resumed.status, resumed.standing.renews) == (Status.ACTIVE, True)
    assert resumed.standing.next_product_id is None


@pytest.mark.parametrize("product", [PRO, YEARLY])
async def test_an_upgrade_is_paid_and_in_force_at_once_and_once(
    till: Till, product: Product
) -> None:
    purchase = await till.sell(order(PLUS))
    upgraded = purchase
    for _ in range(2):
        report = await till.gateway.change_plan(purchase, product, is_upgrade=True, key="up")
        upgraded = learn(upgraded, [report])
    assert (upgraded.status, upgraded.product_id) == (Status.ACTIVE, product.id)
    assert len(upgraded.standing.payments) == 2
    assert upgraded.standing.payments[0].refunded.part


async def test_anything_else_begins_with_the_next_period(till: Till) -> None:
    purchase = await till.sell(order(PRO))
    report = await till.gateway.change_plan(purchase, PLUS, is_upgrade=False, key="down")
    changed = learn(purchase, [report])
    assert (changed.product_id, changed.standing.next_product_id) == ("pro", "plus")
    assert len(changed.standing.payments) == 1
    back = await till.gateway.change_plan(changed, PRO, is_upgrade=False, key="back")
    assert learn(changed, [back]).standing.next_product_id is None


async def test_there_is_a_page_to_manage_payments(till: Till) -> None:
    opened = await till.gateway.open_payment(order(SMALL))
    assert opened.customer
    url = await till.gateway.open_portal(opened.customer, return_url="http://app.example/")
    assert url.startswith("http")


async def test_what_the_store_does_not_know_is_refused(till: Till) -> None:
    stranger = bought(PLUS, "sub_unknown")
    with pytest.raises(InvalidRequest):
        await till.gateway.cancel(stranger, key="cancel")
    with pytest.raises(InvalidRequest):
        await till.gateway.change_plan(stranger, PRO, is_upgrade=True, key="up")


@pytest.mark.parametrize("till", ["in_memory", "stripe"], indirect=True)
async def test_a_store_that_is_away_is_unavailable(till: Till) -> None:
    purchase = await till.sell(order(PLUS))
    till.take_away()
    with pytest.raises(Unavailable):
        await till.gateway.open_payment(unpaid(SMALL, 2))
    with pytest.raises(Unavailable):
        await till.gateway.cancel(purchase, key="cancel")
    with pytest.raises(Unavailable):
        await till.gateway.change_plan(purchase, PRO, is_upgrade=True, key="up")
    with pytest.raises(Unavailable):
        await till.gateway.withdraw(purchase)
    with pytest.raises(Unavailable):
        await till.gateway.open_portal("cus_1", return_url="http://app.example/")


async def test_the_sandbox_refuses_an_outcome_that_it_does_not_know() -> None:
    async with sandbox() as till:
        with pytest.raises(InvalidRequest) as refusal:
            await till.gateway.open_payment(order(SMALL, outcome="explode"))
        assert refusal.value.param == "sandbox_outcome"


async def test_at_the_fake_a_payment_can_fail_and_be_paid_after_all() -> None:
    gateway = InMemoryPaymentGateway(SystemClock())
    opened = await gateway.open_payment(order(SMALL))
    failed = learn(bought(SMALL), [opened.report, gateway.fail("pur_1")])
    assert failed.status is Status.FAILED
    assert learn(failed, [gateway.pay("pur_1")]).status is Status.COMPLETED
    assert [asked.purchase_id for asked in gateway.orders] == ["pur_1"]


async def test_the_fake_refuses_what_it_is_told_to_refuse() -> None:
    gateway = InMemoryPaymentGateway(SystemClock())
    gateway.refusal = "Not today."
    with pytest.raises(InvalidRequest, match="Not today"):
        await gateway.open_payment(order(SMALL))
