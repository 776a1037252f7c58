import asyncio
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from attrs import evolve

from adapters.stripe.api import API_VERSION
from adapters.stripe.payment_gateway import StripePaymentGateway
from adapters.stripe.store_events import StripeEvents
from domain.errors import InvalidRequest, Unavailable
from domain.market.facts import FactKind
from domain.market.products import Product
from domain.market.purchases import Purchase
from domain.market.standing import Status
from tests.adapters.stripe.shop import (
    LARGE,
    PLUS,
    PRO,
    YEARLY,
    bought,
    learn,
    order,
    pack,
)
from tests.adapters.stripe.webhooks import told
from tests.loopback.stripe_server import StripeServer


async def test_a_pack_is_paid_with_the_payment_sheet(
    gateway: StripePaymentGateway, stripe: StripeServer
) -> None:
    opened = await gateway.open_payment(order(LARGE, quantity=2))

    assert opened.sheet is not None
    assert opened.sheet.publishable_key == "pk_test_x"
    assert str(opened.sheet.ephemeral_key).startswith("ek_test_")
    assert opened.sheet.customer == opened.customer
    intent = stripe.world.get(opened.report.reference)
    assert opened.sheet.client_secret == intent["client_secret"]
    assert (intent["amount"], intent["currency"]) == (2000, "usd")
    assert intent["metadata"] == {
        "purchase_id": "pur_1",
        "user_id": "usr_1",
        "product_id": "large",
        "quantity": "2",
        "amount": "2000",
        "currency": "USD",
    }
    assert {request["version"] for request in stripe.requests} == {API_VERSION}


async def test_asked_again_it_opens_the_same_payment(
    gateway: StripePaymentGateway, stripe: StripeServer
) -> None:
    asked = [gateway.open_payment(order(LARGE)) for _ in range(5)]
    opened = await asyncio.gather(*asked)
    later = await gateway.open_payment(order(LARGE, customer=opened[0].customer))

    assert len({one.report.reference for one in [*opened, later]}) == 1
    assert len(stripe.world.of("customer")) == 1
    assert len(stripe.world.of("payment_intent")) == 1


async def test_a_customer_that_stripe_forgot_is_made_anew(
    gateway: StripePaymentGateway, stripe: StripeServer
) -> None:
    opened = await gateway.open_payment(order(LARGE, customer="cus_gone"))
    again = await gateway.open_payment(order(LARGE, customer="cus_gone"))

    assert opened.customer not in {None, "cus_gone"}
    assert again.customer == opened.customer
    assert again.report == opened.report


async def test_a_sheet_without_saved_cards_still_takes_a_payment(
    gateway: StripePaymentGateway, stripe: StripeServer
) -> None:
    customer = (await gateway.open_payment(order(LARGE))).customer
    # The payment is answered, the key is not to be had.
    stripe.routes.refused.add("ephemeral_keys")

    opened = await gateway.open_payment(order(LARGE, purchase_id="pur_2", customer=customer))

    assert opened.sheet is not None
    assert opened.sheet.client_secret
    assert opened.sheet.ephemeral_key is None


@pytest.mark.parametrize("shape", ["basil", "acacia"])
async def test_a_subscription_waits_for_its_first_payment(
    gateway: StripePaymentGateway, stripe: StripeServer, shape: str
) -> None:
    stripe.set(shape=shape)

    opened = await gateway.open_payment(order(PLUS))

    subscribed = stripe.world.get(opened.report.reference)
    invoice = stripe.world.get(subscribed["latest_invoice"])
    assert opened.sheet is not None
    assert opened.sheet.client_secret == stripe.world.get(invoice["_intent"])["client_secret"]
    assert subscribed["status"] == "incomplete"
    assert subscribed["metadata"]["price_id"] == "price_plus"
    (request,) = [one for one in stripe.requests if one["path"] == "/v1/subscriptions"]
    assert request["params"]["payment_behavior"] == "default_incomplete"
    saved = request["params"]["payment_settings"]["save_default_payment_method"]
    assert saved == "on_subscription"


@pytest.mark.parametrize("product", [LARGE, PLUS], ids=["pack", "subscription"])
async def test_on_the_web_it_is_paid_on_a_page_of_stripes(
    gateway: StripePaymentGateway, events: StripeEvents, stripe: StripeServer, product: Product
) -> None:
    asked = order(product, on_web=True, return_url="https://app.example/back")
    opened = await gateway.open_payment(asked)

    assert opened.sheet is not None
    assert opened.sheet.url == stripe.world.get(opened.report.reference)["url"]
    assert opened.sheet.client_secret is None
    purchase = bought(product, opened.report.reference)
    reports = await told(events, stripe.do("pay", id=opened.report.reference))
    paid = learn(purchase, reports)
    assert paid.status in {Status.COMPLETED, Status.ACTIVE}
    assert {report.purchase_id for report in reports} == {"pur_1"}
    assert len(paid.standing.payments) == 1


async def test_what_has_no_price_at_stripe_is_not_sold(gateway: StripePaymentGateway) -> None:
    nowhere = evolve(PLUS, store_ids={})
    with pytest.raises(InvalidRequest):
        await gateway.open_payment(order(nowhere))


async def subscribe(
    gateway: StripePaymentGateway,
    events: StripeEvents,
    stripe: StripeServer,
    product: Product = PLUS,
) -> Purchase:
    opened = await gateway.open_payment(order(product))
    reports = await told(events, stripe.do("pay", id=opened.report.reference))
    return learn(bought(product, opened.report.reference), reports)


async def test_an_upgrade_begins_a_new_period_and_is_paid_at_once(
    gateway: StripePaymentGateway, events: StripeEvents, stripe: StripeServer
) -> None:
    purchase = await subscribe(gateway, events, stripe)

    report = await gateway.change_plan(purchase, PRO, is_upgrade=True, key="k1")
    again = await gateway.change_plan(purchase, PRO, is_upgrade=True, key="k1")

    assert again.facts == report.facts
    path = f"/v1/subscriptions/{purchase.reference}"
    posted = [one for one in stripe.requests if one["method"] == "POST" and one["path"] == path]
    asked = posted[0]["params"]
    assert asked["payment_behavior"] == "error_if_incomplete"
    assert asked["billing_cycle_anchor"] == "now"
    assert asked["proration_behavior"] == "always_invoice"
    upgraded = learn(purchase, [report])
    assert upgraded.standing.product_id == "pro"
    assert upgraded.standing.current is not None
    assert upgraded.standing.current.is_upgrade
    # Its events say the same.
    assert learn(upgraded, await told(events, stripe.world.events)).standing == upgraded.standing
    assert len(upgraded.standing.payments) == 2


async def test_an_upgrade_that_cannot_be_paid_changes_nothing(
    gateway: StripePaymentGateway, events: StripeEvents, stripe: StripeServer
) -> None:
    purchase = await subscribe(gateway, events, stripe)
    before = dict(stripe.world.get(purchase.reference or ""))
    stripe.set(declines=1)

    with pytest.raises(InvalidRequest, match="refused"):
        await gateway.change_plan(purchase, PRO, is_upgrade=True, key="k1")

    assert stripe.world.get(purchase.reference or "") == before


@pytest.mark.parametrize("product", [PLUS, YEARLY], ids=["same length", "other length"])
async def test_any_other_change_comes_with_the_next_period(
    gateway: StripePaymentGateway, events: StripeEvents, stripe: StripeServer, product: Product
) -> None:
    purchase = await subscribe(gateway, events, stripe, PRO)
    reference = purchase.reference or ""

    report = await gateway.change_plan(purchase, product, is_upgrade=False, key="k1")

    changed = learn(purchase, [report])
    assert changed.standing.product_id == "pro"
    assert changed.standing.next_product_id == product.id
    assert learn(changed, await told(events, stripe.world.events)).standing == changed.standing
    reports = await told(events, stripe.do("renew", id=reference))
    at = stripe.world.get(reference)["items"]["data"][0]["current_period_start"] + 60
    renewed = learn(changed, reports, datetime.fromtimestamp(at, UTC))
    assert renewed.standing.product_id == product.id
    assert renewed.standing.next_product_id is None


async def test_a_change_for_later_can_be_taken_back(
    gateway: StripePaymentGateway, events: StripeEvents, stripe: StripeServer
) -> None:
    purchase = await subscribe(gateway, events, stripe, PRO)
    reference = purchase.reference or ""
    planned = await gateway.change_plan(purchase, YEARLY, is_upgrade=False, key="k1")

    stripe.set(offset=5)
    kept = await gateway.change_plan(purchase, PRO, is_upgrade=False, key="k2")

    assert stripe.world.get(reference)["schedule"] is None
    assert learn(purchase, [planned, kept]).standing.next_product_id is None


@pytest.mark.parametrize("is_planned", [False, True], ids=["as it is", "with a planned change"])
async def test_cancelled_it_ends_with_its_period(
    gateway: StripePaymentGateway, events: StripeEvents, stripe: StripeServer, *, is_planned: bool
) -> None:
    purchase = await subscribe(gateway, events, stripe, PRO)
    reference = purchase.reference or ""
    if is_planned:
        await gateway.change_plan(purchase, YEARLY, is_upgrade=False, key="k1")

    report = await gateway.cancel(purchase, key="k2")

    assert stripe.world.get(reference)["cancel_at_period_end"] is True
    cancelled = learn(purchase, [report])
    assert cancelled.status is Status.ACTIVE
    assert not cancelled.standing.renews
    assert cancelled.standing.next_product_id is None
    stripe.set(offset=60)
    resumed = await gateway.change_plan(purchase, PRO, is_upgrade=False, key="k3")
    again = learn(cancelled, [resumed]).standing
    assert (again.renews, again.next_product_id) == (True, None)


async def test_of_what_is_asked_for_within_one_second_the_last_counts(
    gateway: StripePaymentGateway,
    events: StripeEvents,
    stripe: StripeServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    at = stripe.world.now()
    monkeypatch.setattr(stripe.world, "now", lambda: at)
    # Stripe's ids have no order.
    monkeypatch.setattr(stripe.world, "new_id", unordered(stripe.world.new_id))
    purchase = await subscribe(gateway, events, stripe)

    def renews() -> tuple[str | None, str | None, bool]:
        stands = learn(purchase, []).standing
        return stands.product_id, stands.next_product_id, stands.renews

    for number, (product, expected) in enumerate(
        [
            (PRO, ("pro", None, True)),
            (None, ("pro", None, False)),
            (YEARLY, ("pro", "yearly", True)),
            (PLUS, ("pro", "plus", True)),
            (None, ("pro", None, False)),
            (PRO, ("pro", None, True)),
            (None, ("pro", None, False)),
        ]
    ):
        key = f"k{number}"
        if product is None:
            report = await gateway.cancel(purchase, key=key)
        else:
            is_upgrade = number == 0
            report = await gateway.change_plan(purchase, product, is_upgrade=is_upgrade, key=key)
        purchase = learn(purchase, [report])
        assert (key, renews()) == (key, expected)
    purchase = learn(purchase, await told(events, stripe.do("cancel_now", id=purchase.reference)))
    assert purchase.status is Status.EXPIRED


def unordered(new_id: Callable[[str], str]) -> Callable[[str], str]:
    """Ids that sort backwards."""

    def make(prefix: str) -> str:
        _, _, rest = new_id(prefix).rpartition("_")
        return f"{prefix}_{10**8 - int(rest[:8])}{rest[8:]}"

    return make


async def test_what_was_never_paid_is_cancelled_at_once(
    gateway: StripePaymentGateway, stripe: StripeServer
) -> None:
    opened = await gateway.open_payment(order(PLUS))

    report = await gateway.cancel(bought(PLUS, opened.report.reference), key="k")

    assert stripe.world.get(opened.report.reference)["status"] == "canceled"
    assert [fact.kind for fact in report.facts] == [FactKind.LAPSED]


async def test_a_subscription_opened_on_the_web_is_found_by_its_page(
    gateway: StripePaymentGateway, stripe: StripeServer
) -> None:
    asked = order(PLUS, on_web=True, return_url="https://app.example/back")
    page = (await gateway.open_payment(asked)).report.reference
    with pytest.raises(InvalidRequest):
        await gateway.cancel(bought(PLUS, page), key="too early")
    stripe.do("pay", id=page)

    report = await gateway.cancel(bought(PLUS, page), key="k")

    assert report.reference == stripe.world.get(page)["subscription"]


async def test_the_portal_is_a_page_of_stripes(
    gateway: StripePaymentGateway, stripe: StripeServer
) -> None:
    opened = await gateway.open_payment(order(LARGE))
    address = await gateway.open_portal(opened.customer or "", return_url="https://app.example")
    assert address.startswith("https://billing.invalid/")
    with pytest.raises(InvalidRequest):
        await gateway.open_portal("cus_gone", return_url="https://app.example")


async def test_prices_are_taken_in_minor_units_of_any_currency(
    gateway: StripePaymentGateway, stripe: StripeServer
) -> None:
    opened = await gateway.open_payment(order(pack("yen", 700, "JPY")))
    intent = stripe.world.get(opened.report.reference)
    assert (intent["amount"], intent["currency"]) == (700, "jpy")


async def test_when_stripe_is_away_it_says_so(
    gateway: StripePaymentGateway, stripe: StripeServer
) -> None:
    stripe.set(failures=[500] * 10)
    with pytest.raises(Unavailable):
        await gateway.open_payment(order(LARGE))
