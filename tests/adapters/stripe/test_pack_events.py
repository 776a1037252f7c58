from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest

from adapters.stripe.api import StripeApi
from adapters.stripe.store_events import StripeEvents
from adapters.system.clock import SystemClock
from domain.errors import Unavailable
from domain.market.facts import FactKind, Share
from domain.market.products import Money
from domain.market.reports import Parked
from domain.market.standing import Status
from tests.adapters.stripe.objects import MARKS, PAID_AT, charge, dispute, intent, session
from tests.adapters.stripe.shop import (
    LARGE,
    LIVE_KEY,
    SECRET,
    bought,
    catalogue,
    learn,
    only,
)
from tests.adapters.stripe.webhooks import event as message
from tests.adapters.stripe.webhooks import receive, tell
from tests.loopback.stripe_server import StripeServer

AWAY = "http://127.0.0.1:9"


@pytest.fixture
async def alone() -> AsyncIterator[StripeEvents]:
    """With nobody to ask."""
    api = StripeApi("sk_test_x", SystemClock(), base_url=AWAY)
    yield StripeEvents(api, SystemClock(), [SECRET], catalogue)
    await api.aclose()


async def test_a_payment_that_succeeded_is_paid(alone: StripeEvents) -> None:
    report = only(await tell(alone, "payment_intent.succeeded", intent()))

    assert (report.reference, report.purchase_id, report.user_id) == ("pi_1", "pur_1", "usr_1")
    assert report.product_id == "large"
    assert report.aliases == ("ch_1",)
    (fact,) = report.facts
    assert fact.kind is FactKind.PAID
    assert (fact.payment, fact.product_id, fact.quantity) == ("pi_1", "large", 1)
    assert fact.at == datetime.fromtimestamp(PAID_AT, UTC)
    assert fact.paid == Money("USD", 1000)


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("payment_intent.processing", Status.PENDING),
        ("payment_intent.payment_failed", Status.FAILED),
        ("payment_intent.canceled", Status.FAILED),
    ],
)
async def test_what_is_not_paid_grants_nothing(
    alone: StripeEvents, name: str, status: Status
) -> None:
    report = only(await tell(alone, name, intent(status="whatever", amount_received=0)))
    assert learn(bought(LARGE), [report]).status is status


@pytest.mark.parametrize(
    "name", ["payment_intent.created", "charge.succeeded", "customer.created", "price.updated"]
)
async def test_what_does_not_concern_us_says_nothing(alone: StripeEvents, name: str) -> None:
    assert await tell(alone, name, intent()) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"amount": 1, "amount_received": 1},
        {"amount_received": 999},
        {"currency": "eur"},
        {"currency": None},
        {"amount": None, "amount_received": None},
        {"amount": "1000", "amount_received": "1000"},
        {"metadata": MARKS | {"product_id": "gone"}},
        {"metadata": MARKS | {"product_id": "plus"}},
        {"metadata": MARKS | {"quantity": "2"}},
        {"metadata": MARKS | {"quantity": "-1"}},
        {"metadata": MARKS | {"quantity": "x"}},
        {"metadata": MARKS | {"amount": "500", "currency": "USD"}},
        {"created": 2**70},
        {"status": "requires_payment_method", "amount_received": None},
        {"status": "processing"},
        {"status": ["succeeded"]},
    ],
)
async def test_what_contradicts_the_order_is_parked(
    alone: StripeEvents, changes: dict[str, Any]
) -> None:
    with pytest.raises(Parked):
        await tell(alone, "payment_intent.succeeded", intent(**changes))


async def test_the_price_of_the_order_counts_after_a_change_of_prices(alone: StripeEvents) -> None:
    marks = MARKS | {"amount": "900", "currency": "USD"}
    paid = intent(amount=900, amount_received=900, metadata=marks)
    report = only(await tell(alone, "payment_intent.succeeded", paid))
    assert report.facts[0].paid == Money("USD", 900)


async def test_several_units_are_counted(alone: StripeEvents) -> None:
    paid = intent(amount=3000, amount_received=3000, metadata=MARKS | {"quantity": "3"})
    report = only(await tell(alone, "payment_intent.succeeded", paid))
    assert report.facts[0].quantity == 3


@pytest.mark.parametrize(
    ("key", "livemode", "is_taken"),
    [
        (LIVE_KEY, True, True),
        (LIVE_KEY, False, False),
        (LIVE_KEY, None, False),
        ("rk_live_x", False, False),
        ("odd", False, False),
        ("sk_test_x", False, True),
        ("rk_test_x", False, True),
        ("sk_test_x", True, True),
    ],
)
async def test_test_mode_is_parked_while_the_key_is_for_real_money(
    key: str, *, livemode: bool | None, is_taken: bool
) -> None:
    api = StripeApi(key, SystemClock(), base_url=AWAY)
    events = StripeEvents(api, SystemClock(), [SECRET], catalogue)
    paid = await receive(events, message("payment_intent.succeeded", intent(), livemode=livemode))
    if is_taken:
        assert await events.interpret(paid)
    else:
        with pytest.raises(Parked, match="test mode"):
            await events.interpret(paid)


async def test_what_a_connected_account_was_paid_is_parked(alone: StripeEvents) -> None:
    with pytest.raises(Parked, match="connected account"):
        await tell(alone, "payment_intent.succeeded", intent(), account="acct_other")


async def test_a_session_is_paid_only_when_it_says_so(alone: StripeEvents) -> None:
    purchase = bought(LARGE)
    unpaid = session(payment_status="unpaid")
    waiting = learn(purchase, await tell(alone, "checkout.session.completed", unpaid))
    assert (waiting.status, waiting.standing.payments) == (Status.PENDING, ())

    name = "checkout.session.async_payment_succeeded"
    paid = learn(waiting, await tell(alone, name, session()))
    assert paid.status is Status.COMPLETED
    again = await tell(alone, "payment_intent.succeeded", intent())
    assert len(learn(paid, again).standing.payments) == 1

    for failed in ("async_payment_failed", "expired"):
        reports = await tell(alone, f"checkout.session.{failed}", unpaid)
        assert learn(waiting, reports).status is Status.FAILED


async def test_a_session_for_another_amount_is_parked(alone: StripeEvents) -> None:
    with pytest.raises(Parked):
        await tell(alone, "checkout.session.completed", session(amount_total=1))


async def test_a_session_that_sells_nothing_says_nothing(alone: StripeEvents) -> None:
    assert await tell(alone, "checkout.session.completed", session(mode="setup")) == []


@pytest.mark.parametrize("shape", ["basil", "acacia"])
async def test_refunds_are_told_as_totals(alone: StripeEvents, shape: str) -> None:
    old = {"invoice": None} if shape == "acacia" else {}
    first = await tell(alone, "charge.refunded", charge(**old))
    both = await tell(alone, "charge.refunded", charge(amount_refunded=1000, **old))
    (part,), (whole,) = only(first).facts, only(both).facts

    assert (part.kind, part.payment, part.share) == (
        FactKind.REFUNDED,
        "pi_1",
        Share(300, 1000),
    )
    assert whole.share == Share(1000, 1000)
    paid = learn(bought(LARGE), await tell(alone, "payment_intent.succeeded", intent()))
    assert learn(paid, first * 2).status is Status.PARTIALLY_REFUNDED
    assert learn(paid, both * 2 + first * 2).status is Status.REFUNDED


@pytest.mark.parametrize(
    ("statuses", "status"),
    [
        (["needs_response"], Status.DISPUTED),
        (["needs_response", "under_review"], Status.DISPUTED),
        (["needs_response", "won"], Status.COMPLETED),
        (["won", "needs_response"], Status.COMPLETED),
        (["needs_response", "lost"], Status.REFUNDED),
        (["lost", "needs_response"], Status.REFUNDED),
        (["lost", "appeal_needs_response"], Status.REFUNDED),
        (["lost", "appeal_under_review"], Status.REFUNDED),
        (["warning_needs_response"], Status.COMPLETED),
        (["warning_under_review", "warning_closed"], Status.COMPLETED),
        (["warning_needs_response", "needs_response"], Status.DISPUTED),
    ],
)
async def test_a_dispute_counts_when_it_is_decided(
    alone: StripeEvents, statuses: list[str], status: Status
) -> None:
    reports = await tell(alone, "payment_intent.succeeded", intent())
    for one in statuses:
        name = "created" if one == "needs_response" else "closed"
        reports += await tell(alone, f"charge.dispute.{name}", dispute(one))
    assert learn(bought(LARGE), reports * 2).status is status


async def test_a_part_in_dispute_is_a_share(alone: StripeEvents) -> None:
    part = only(await tell(alone, "charge.dispute.created", dispute("lost", amount=250)))
    assert {fact.share for fact in part.facts} == {Share(250, 1000)}
    foreign = dispute("lost", amount=250, currency="eur")
    report = only(await tell(alone, "charge.dispute.created", foreign))
    assert {fact.share for fact in report.facts} == {Share(1, 1)}


@pytest.mark.parametrize("status", ["prevented", "new", None, ["won"]])
async def test_a_dispute_with_an_unknown_status_is_parked(
    alone: StripeEvents, status: object
) -> None:
    with pytest.raises(Parked):
        await tell(alone, "charge.dispute.updated", dispute("won") | {"status": status})


@pytest.mark.parametrize(
    ("name", "thing"),
    [
        ("payment_intent.succeeded", intent(metadata={})),
        ("payment_intent.succeeded", {"id": "pi_1", "object": "payment_intent"}),
        ("charge.refunded", charge(metadata={})),
        ("charge.dispute.created", dispute("needs_response", charge="ch_1")),
        ("refund.created", {"id": "re_1", "charge": "ch_1", "status": "succeeded"}),
        ("invoice.paid", {"id": "in_1", "object": "invoice"}),
    ],
)
async def test_what_must_be_asked_for_waits_until_stripe_is_there(
    alone: StripeEvents, name: str, thing: dict[str, Any]
) -> None:
    with pytest.raises(Unavailable):
        await tell(alone, name, thing)


async def test_a_payment_without_our_marks_is_told_by_its_reference(
    events: StripeEvents, stripe: StripeServer
) -> None:
    """As it may be known to us, although nobody at Stripe knows it either."""
    reports = await tell(events, "payment_intent.succeeded", intent(metadata={}))
    reports += await tell(events, "charge.refunded", charge(metadata={}, payment_intent="pi_1"))
    reports += await tell(events, "charge.dispute.created", dispute("lost", charge="ch_1"))

    assert {report.reference for report in reports} == {"pi_1"}
    assert {report.purchase_id for report in reports} == {None}
    assert {fact.payment for report in reports for fact in report.facts} == {"pi_1"}


async def test_marks_that_an_event_left_out_are_asked_for(
    events: StripeEvents, stripe: StripeServer
) -> None:
    known = stripe.world.add(intent(_invoice=None, customer=None))
    bare = {key: value for key, value in known.items() if key not in {"metadata", "_invoice"}}

    for reports in (
        await tell(events, "payment_intent.succeeded", bare),
        await tell(events, "charge.refunded", charge(metadata={})),
        await tell(events, "charge.dispute.created", dispute("lost", charge="ch_1")),
    ):
        assert only(reports).purchase_id == "pur_1"
        assert only(reports).reference == "pi_1"


async def test_a_refund_that_stripe_does_not_know_is_parked(events: StripeEvents) -> None:
    with pytest.raises(Parked):
        await tell(events, "refund.created", {"id": "re_1", "charge": "ch_1", "status": "pending"})


async def test_a_refund_without_a_charge_says_nothing(events: StripeEvents) -> None:
    assert await tell(events, "refund.created", {"id": "re_1", "charge": None}) == []


async def test_a_refund_that_failed_is_given_back_to_us(
    events: StripeEvents, stripe: StripeServer
) -> None:
    paid = stripe.world.add(intent(_invoice=None, customer=None))
    stripe.world.add(charge(amount_refunded=0, customer=None, _invoice=None))
    told = await tell(events, "payment_intent.succeeded", intent())
    first = stripe.do("refund", id=paid["id"], amount=300)
    second = stripe.do("refund", id=paid["id"], amount=200)
    for one in [*first, *second]:
        told += await events.interpret(await receive(events, one))
    purchase = learn(bought(LARGE), told)
    assert purchase.standing.payments[0].refunded == Share(500, 1000)

    stripe.set(offset=10)
    for failed in stripe.do("fail_refund", id=first[0]["data"]["object"]["id"]):
        told += await events.interpret(await receive(events, failed))
    assert learn(bought(LARGE), told).standing.payments[0].refunded == Share(200, 1000)
    for failed in stripe.do("fail_refund", id=second[0]["data"]["object"]["id"]):
        told += await events.interpret(await receive(events, failed))
    assert learn(bought(LARGE), told).status is Status.COMPLETED
