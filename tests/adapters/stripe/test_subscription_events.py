import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from adapters.stripe.api import StripeApi
from adapters.stripe.payment_gateway import StripePaymentGateway
from adapters.stripe.store_events import StripeEvents
from adapters.system.clock import SystemClock
from domain.market.facts import FactKind, Share
from domain.market.purchases import Purchase
from domain.market.reports import Parked
from domain.market.standing import Status
from tests.adapters.stripe.shop import PLUS, SECRET, bought, catalogue, days, learn, only, order
from tests.adapters.stripe.webhooks import tell, told
from tests.loopback import stripe_objects as make
from tests.loopback.stripe_objects import Json, Price
from tests.loopback.stripe_server import StripeServer
from tests.loopback.stripe_shapes import render

START = int(time.time())
PRICE = Price("price_plus", 999)
MARKS = {"purchase_id": "pur_1", "user_id": "usr_1", "product_id": "plus"}
SHAPES = pytest.mark.parametrize("shape", ["basil", "acacia"])


def subscription(shape: str = "basil", **changes: Any) -> Json:
    fields = {"id": "sub_1", "customer": "cus_1", "metadata": MARKS, "status": "active"} | changes
    made = make.subscription(PRICE, START, latest_invoice="in_1", created=START, **fields)
    return render(made, shape)


def invoice(shape: str = "basil", reason: str = "subscription_create", **changes: Any) -> Json:
    owner = {"id": "sub_1", "customer": "cus_1", "metadata": MARKS}
    line = make.line(owner, PRICE, START, make.later(START, 1)) | changes.pop("line", {})
    fields = {
        "created": START,
        "status": "paid",
        "amount_paid": 999,
        "status_transitions": {"paid_at": START + 5},
        "_intent": "pi_9",
        "_charge": "ch_9",
    } | changes
    return render(make.invoice(owner, reason, [line], id="in_1", **fields), shape)


def purchase() -> Purchase:
    return bought(PLUS, "sub_1")


@pytest.fixture
async def alone() -> StripeEvents:
    """With nobody to ask."""
    api = StripeApi("sk_test_x", SystemClock(), base_url="http://127.0.0.1:9")
    return StripeEvents(api, SystemClock(), [SECRET], catalogue)


@SHAPES
@pytest.mark.parametrize("name", ["invoice.paid", "invoice.payment_succeeded"])
async def test_a_paid_invoice_is_a_paid_period(alone: StripeEvents, name: str, shape: str) -> None:
    report = only(await tell(alone, name, invoice(shape)))

    assert (report.reference, report.purchase_id, report.user_id) == ("sub_1", "pur_1", "usr_1")
    (fact,) = report.facts
    assert (fact.kind, fact.payment, fact.product_id) == (FactKind.RENEWED, "in_1", "plus")
    assert fact.at == datetime.fromtimestamp(START + 5, UTC)
    assert fact.starts_at == datetime.fromtimestamp(START, UTC)
    assert fact.ends_at == datetime.fromtimestamp(make.later(START, 1), UTC)
    assert "in_1" in report.aliases
    assert learn(purchase(), [report]).status is Status.ACTIVE


async def test_both_shapes_and_both_names_say_the_same(alone: StripeEvents) -> None:
    reports = [
        only(await tell(alone, name, invoice(shape)))
        for shape in ("basil", "acacia")
        for name in ("invoice.paid", "invoice.payment_succeeded")
    ]
    assert len({report.facts for report in reports}) == 1
    changes = [
        only(await tell(alone, "customer.subscription.updated", thing, created=START + 9))
        for thing in (
            subscription("basil", cancel_at_period_end=True, canceled_at=START + 9),
            subscription("acacia", cancel_at_period_end=True, canceled_at=START + 9),
        )
    ]
    assert changes[0] == changes[1]


@SHAPES
@pytest.mark.parametrize(
    "changes",
    [
        {"line": {"amount": 1}},
        {"line": {"pricing": {"price_details": {"price": "price_gone"}}}},
        {"line": {"pricing": {"price_details": {"price": "price_large"}}}},
        {"line": {"pricing": {"price_details": {}}}},
        {"line": {"period": {}}},
        {"line": {"period": {"start": START, "end": START}}},
        {"currency": "eur"},
        {"status": "open"},
        {"reason": "manual"},
        {"reason": "subscription_threshold"},
    ],
)
async def test_a_paid_invoice_that_makes_no_sense_is_parked(
    alone: StripeEvents, changes: dict[str, Any], shape: str
) -> None:
    with pytest.raises(Parked):
        await tell(alone, "invoice.paid", invoice(shape, **changes))


async def test_a_price_of_former_times_still_stands_for_what_was_sold(
    alone: StripeEvents,
) -> None:
    """The catalogue has another price by now; who subscribed before goes on paying the old one."""
    sold = MARKS | {"price_id": "price_old", "amount": "799", "currency": "USD"}
    old = invoice(line={"amount": 799, "pricing": {"price_details": {"price": "price_old"}}})
    old["parent"]["subscription_details"]["metadata"] = sold
    assert only(await tell(alone, "invoice.paid", old)).facts[0].product_id == "plus"
    old["lines"]["data"][0]["amount"] = 1
    with pytest.raises(Parked):
        await tell(alone, "invoice.paid", old)


async def test_invoices_of_others_say_nothing_unless_they_sell_what_is_ours(
    alone: StripeEvents,
) -> None:
    theirs = invoice(line={"pricing": {"price_details": {"price": "price_other"}}})
    ours = invoice()
    theirs["parent"] = ours["parent"] = None
    assert await tell(alone, "invoice.paid", theirs) == []
    with pytest.raises(Parked):
        await tell(alone, "invoice.paid", ours)


@SHAPES
async def test_a_renewal_that_failed_has_its_grace(alone: StripeEvents, shape: str) -> None:
    failed = invoice(shape, "subscription_cycle", status="open", amount_paid=0)
    first = only(await tell(alone, "invoice.payment_failed", failed))
    later = only(await tell(alone, "invoice.payment_failed", failed, created=START + 90_000))

    assert first.facts == later.facts
    (fact,) = first.facts
    assert fact.kind is FactKind.IN_GRACE
    assert fact.ends_at == datetime.fromtimestamp(START, UTC) + days(7)


async def test_without_grace_it_is_on_hold_at_once(api: StripeApi) -> None:
    events = StripeEvents(api, SystemClock(), [SECRET], catalogue, grace=timedelta(0))
    failed = invoice(reason="subscription_cycle", status="open")
    report = only(await tell(events, "invoice.payment_failed", failed))
    assert report.facts[0].kind is FactKind.ON_HOLD


async def test_a_first_payment_and_an_upgrade_that_fail_change_nothing(
    alone: StripeEvents,
) -> None:
    first = await tell(alone, "invoice.payment_failed", invoice(status="open"))
    assert learn(purchase(), first).status is Status.FAILED
    upgrade = invoice(reason="subscription_update", status="open")
    assert only(await tell(alone, "invoice.payment_failed", upgrade)).facts == ()


@SHAPES
@pytest.mark.parametrize(
    ("name", "changes", "kinds"),
    [
        ("created", {"status": "incomplete"}, []),
        ("updated", {"status": "active"}, []),
        ("updated", {"status": "incomplete_expired", "ended_at": START}, [FactKind.FAILED]),
        ("updated", {"status": "past_due"}, [FactKind.IN_GRACE]),
        ("updated", {"status": "unpaid"}, [FactKind.ON_HOLD]),
        ("paused", {"status": "paused"}, [FactKind.PAUSED]),
        ("deleted", {"status": "canceled", "ended_at": START + 7}, [FactKind.LAPSED]),
        ("updated", {"cancel_at_period_end": True}, [FactKind.CANCELLED]),
        ("updated", {"cancel_at": START + 99}, [FactKind.CANCELLED]),
    ],
)
async def test_a_subscription_tells_how_it_goes_on(
    alone: StripeEvents, name: str, changes: dict[str, Any], kinds: list[FactKind], shape: str
) -> None:
    thing = subscription(shape, **changes)
    report = only(await tell(alone, f"customer.subscription.{name}", thing))
    assert [fact.kind for fact in report.facts] == kinds
    assert (report.reference, report.purchase_id, report.product_id) == ("sub_1", "pur_1", "plus")


async def test_a_subscription_with_an_unknown_status_is_parked(alone: StripeEvents) -> None:
    with pytest.raises(Parked):
        await tell(alone, "customer.subscription.updated", subscription(status="dormant"))


async def test_a_change_of_mind_is_told(alone: StripeEvents) -> None:
    previous = {"cancel_at_period_end": True, "canceled_at": START}
    name = "customer.subscription.updated"
    report = only(await tell(alone, name, subscription(), previous=previous))
    assert [fact.kind for fact in report.facts] == [FactKind.RESUMED]


@pytest.mark.parametrize("is_billed", [False, True])
async def test_another_price_without_an_invoice_is_for_later(
    alone: StripeEvents, *, is_billed: bool
) -> None:
    before = {"items": {"data": [{"price": {"id": "price_pro"}}]}}
    previous = before | ({"latest_invoice": "in_0"} if is_billed else {})
    name = "customer.subscription.updated"
    report = only(await tell(alone, name, subscription(), previous=previous))
    planned = [(fact.kind, fact.product_id) for fact in report.facts]
    assert planned == ([] if is_billed else [(FactKind.DOWNGRADED, "plus")])


async def test_a_schedule_tells_the_next_period(alone: StripeEvents) -> None:
    """As Stripe's own portal makes it."""
    schedule = {
        "id": "sub_sched_1",
        "object": "subscription_schedule",
        "status": "active",
        "subscription": "sub_1",
        "current_phase": {"start_date": START, "end_date": START + 99},
        "phases": [
            {"start_date": START, "items": [{"price": "price_pro"}]},
            {"start_date": START + 99, "items": [{"price": {"id": "price_plus"}}]},
        ],
    }
    name = "subscription_schedule.updated"
    report = only(await tell(alone, name, schedule))
    assert [(fact.kind, fact.product_id) for fact in report.facts] == [
        (FactKind.DOWNGRADED, "plus")
    ]
    assert await tell(alone, name, schedule | {"status": "released"}) == []


async def live(
    gateway: StripePaymentGateway, events: StripeEvents, stripe: StripeServer
) -> tuple[Purchase, str]:
    reference = (await gateway.open_payment(order(PLUS))).report.reference
    reports = await told(events, stripe.do("pay", id=reference))
    return learn(bought(PLUS, reference), reports), reference


@SHAPES
async def test_refunds_and_disputes_of_a_period_name_its_invoice(
    gateway: StripePaymentGateway, events: StripeEvents, stripe: StripeServer, shape: str
) -> None:
    stripe.set(shape=shape)
    purchase, reference = await live(gateway, events, stripe)
    invoice_id = stripe.world.get(reference)["latest_invoice"]

    reports = await told(events, stripe.do("refund", id=invoice_id, amount=333))
    assert {report.reference for report in reports} == {reference}
    assert {report.purchase_id for report in reports} == {"pur_1"}
    refunded = learn(purchase, reports)
    assert refunded.standing.payments[0].refunded == Share(333, 999)

    dispute = stripe.do("dispute", id=invoice_id)
    disputed = learn(refunded, await told(events, dispute))
    assert disputed.status is Status.DISPUTED
    closed = stripe.do("close_dispute", id=dispute[0]["data"]["object"]["id"], status="won")
    assert learn(disputed, await told(events, closed)).status is Status.ACTIVE


@SHAPES
async def test_payments_of_invoices_are_told_by_their_invoices_only(
    gateway: StripePaymentGateway, events: StripeEvents, stripe: StripeServer, shape: str
) -> None:
    stripe.set(shape=shape)
    purchase, _ = await live(gateway, events, stripe)
    assert len(purchase.standing.payments) == 1


async def test_an_invoice_with_only_an_id_is_looked_up(
    gateway: StripePaymentGateway, events: StripeEvents, stripe: StripeServer
) -> None:
    purchase, reference = await live(gateway, events, stripe)
    invoice_id = stripe.world.get(reference)["latest_invoice"]

    report = only(await tell(events, "invoice.paid", {"id": invoice_id, "object": "invoice"}))

    assert learn(purchase, [report]) == purchase
    with pytest.raises(Parked):
        await tell(events, "invoice.paid", {"id": "in_gone", "object": "invoice"})


async def test_a_renewal_that_fails_and_is_paid_later_opens_again(
    gateway: StripePaymentGateway, events: StripeEvents, stripe: StripeServer
) -> None:
    purchase, reference = await live(gateway, events, stripe)
    stripe.set(offset=31 * 86_400)
    now = datetime.fromtimestamp(stripe.world.now(), UTC)
    purchase = learn(purchase, await told(events, stripe.do("fail_renewal", id=reference)), now)
    assert purchase.status is Status.IN_GRACE
    unpaid = stripe.do("set_status", id=reference, status="unpaid")
    stripe.set(offset=40 * 86_400)
    late = datetime.fromtimestamp(stripe.world.now(), UTC)
    on_hold = learn(purchase, await told(events, unpaid), late)
    assert not on_hold.status.is_open
    paid = learn(on_hold, await told(events, stripe.do("renew", id=reference)), late)
    assert paid.status is Status.ACTIVE
    assert len(paid.standing.payments) == 2
