"""What only the sandbox promises: it completes at once, and keeps nothing between two calls."""

from datetime import timedelta

import pytest
from attrs import evolve

from adapters.in_memory.clock import InMemoryClock
from adapters.sandbox.payment_gateway import SandboxPaymentGateway
from application.ports.payment_gateway import Order
from domain.errors import InvalidRequest
from domain.market.facts import FactKind
from domain.market.products import Catalogue, Product
from domain.market.purchases import Purchase
from domain.market.reports import Report
from domain.market.simulation import Action
from tests.domain.market.sandbox_shop import (
    CATALOGUE,
    NOON,
    PACK,
    PLUS,
    PREMIUM,
    after,
    bought,
    ordered,
)

PAGE = "http://127.0.0.1:8000/sandbox"


async def catalogue() -> Catalogue:
    return CATALOGUE


@pytest.fixture
def clock() -> InMemoryClock:
    return InMemoryClock(NOON)


@pytest.fixture
def gateway(clock: InMemoryClock) -> SandboxPaymentGateway:
    return SandboxPaymentGateway(clock, catalogue, page_url=PAGE)


def order(product: Product, outcome: str = "succeed", *, on_web: bool = False) -> Order:
    return Order("pur_1", "usr_1", None, product, outcome=outcome, on_web=on_web, ordered_at=NOON)


def told(purchase: Purchase, report: Report) -> Purchase:
    return purchase.learn(report.facts, NOON)


async def test_everything_is_named_after_the_purchase(gateway: SandboxPaymentGateway) -> None:
    opened = await gateway.open_payment(order(PACK))
    assert opened.report.reference == "sbx_pur_1"
    assert [fact.payment for fact in opened.report.facts] == ["sbx_pur_1_1"]
    assert opened.sheet is None


async def test_whatever_the_app_could_take_for_real_says_that_it_is_not(
    gateway: SandboxPaymentGateway,
) -> None:
    opened = await gateway.open_payment(order(PACK, "wait", on_web=True))
    assert opened.sheet
    shown = (
        opened.sheet.client_secret,
        opened.sheet.customer,
        opened.sheet.ephemeral_key,
        opened.sheet.publishable_key,
        opened.sheet.url,
    )
    assert all("sandbox" in (text or "") for text in shown)
    assert opened.sheet.url == PAGE
    in_app = (await gateway.open_payment(order(PACK, "wait"))).sheet
    assert in_app
    assert in_app.url is None


@pytest.mark.parametrize("outcome", ["succeed", "fail", "wait"])
async def test_another_process_at_another_time_answers_the_same(
    gateway: SandboxPaymentGateway, clock: InMemoryClock, outcome: str
) -> None:
    here = await gateway.open_payment(order(PLUS, outcome))
    clock.advance(timedelta(days=3))
    other = SandboxPaymentGateway(clock, catalogue, page_url=PAGE)
    assert await other.open_payment(order(PLUS, outcome)) == here


async def test_an_upgrade_that_has_happened_does_not_happen_again(
    gateway: SandboxPaymentGateway, clock: InMemoryClock
) -> None:
    purchase = bought(PLUS)
    first = await gateway.change_plan(purchase, PREMIUM, is_upgrade=True, key="key")
    upgraded = told(purchase, first)
    clock.advance(timedelta(minutes=1))
    again = await gateway.change_plan(upgraded, PREMIUM, is_upgrade=True, key="key")
    assert again.facts == ()
    other = await gateway.change_plan(purchase, PREMIUM, is_upgrade=True, key="other")
    assert other.facts[-1].payment != first.facts[-1].payment


async def test_who_chooses_what_comes_next_goes_on(gateway: SandboxPaymentGateway) -> None:
    cancelled = after(bought(PREMIUM), Action.CANCEL)
    report = await gateway.change_plan(cancelled, PLUS, is_upgrade=False, key="key")
    stands = told(cancelled, report).standing
    assert (stands.renews, stands.next_product_id) == (True, "plus")


async def test_only_what_is_new_is_told(gateway: SandboxPaymentGateway) -> None:
    purchase = bought(PLUS)
    report = await gateway.cancel(purchase, key="key")
    assert [fact.kind for fact in report.facts] == [FactKind.CANCELLED]
    assert (await gateway.cancel(told(purchase, report), key="key")).facts == ()


async def test_what_the_clock_has_brought_is_told_first(
    gateway: SandboxPaymentGateway, clock: InMemoryClock
) -> None:
    clock.advance(timedelta(days=40))
    report = await gateway.cancel(bought(PLUS), key="key")
    assert [fact.kind for fact in report.facts] == [FactKind.RENEWED, FactKind.CANCELLED]


@pytest.mark.parametrize(
    "purchase",
    [
        ordered(PLUS),
        bought(PACK),
        after(ordered(PLUS), Action.FAIL),
        after(bought(PLUS), Action.LAPSE),
        after(bought(PLUS), Action.REFUND),
    ],
)
async def test_what_does_not_run_is_neither_changed_nor_cancelled(
    gateway: SandboxPaymentGateway, purchase: Purchase
) -> None:
    with pytest.raises(InvalidRequest):
        await gateway.cancel(purchase, key="key")
    with pytest.raises(InvalidRequest):
        await gateway.change_plan(purchase, PREMIUM, is_upgrade=True, key="key")


async def test_the_portal_is_the_page(gateway: SandboxPaymentGateway) -> None:
    assert await gateway.open_portal("sandbox_customer_usr_1", return_url="") == PAGE
    known = await gateway.open_payment(evolve(order(PACK), customer="sandbox_customer_x"))
    assert known.customer == "sandbox_customer_x"
