"""What seldom comes: other people's shapes, half answers, and what was done behind our back."""

import asyncio
from datetime import UTC, datetime

import pytest
from attrs import evolve

from adapters.stripe.api import StripeApi
from adapters.stripe.payment_gateway import StripePaymentGateway
from adapters.stripe.store_events import StripeEvents
from adapters.stripe.store_records import StripeRecords
from adapters.system.clock import SystemClock
from domain.errors import InvalidRequest, Unavailable
from domain.market.facts import FactKind
from domain.market.reports import Parked
from domain.market.standing import Status
from tests.adapters.stripe.objects import charge, dispute
from tests.adapters.stripe.shop import (
    LARGE,
    PLUS,
    PRO,
    TEST_KEY,
    bought,
    catalogue,
    learn,
    only,
    order,
)
from tests.adapters.stripe.test_subscription_events import PRICE, START, invoice
from tests.adapters.stripe.webhooks import tell, told
from tests.loopback import stripe_objects as make
from tests.loopback.stripe_objects import Price
from tests.loopback.stripe_server import StripeServer

OTHER = Price("price_pro", 1999)
OWNER = {"id": "sub_1", "customer": "cus_1", "metadata": {}}


async def test_an_upgrade_over_the_rest_of_a_period_is_told_as_it_is(
    events: StripeEvents,
) -> None:
    """As Stripe's own portal does it, if it is allowed to."""
    end = make.later(START, 1)
    lines = [
        make.line(OWNER, PRICE, START + 100, end, -900),
        make.line(OWNER, OTHER, START + 100, end, 1800),
    ]
    upgrade = invoice(reason="subscription_update") | {"lines": make.page(lines)}
    (fact,) = only(await tell(events, "invoice.paid", upgrade)).facts
    assert (fact.kind, fact.product_id) == (FactKind.UPGRADED, "pro")
    assert fact.starts_at == datetime.fromtimestamp(START + 100, UTC)


async def test_an_invoice_for_two_subscriptions_is_parked(events: StripeEvents) -> None:
    end = make.later(START, 1)
    lines = [make.line(OWNER, PRICE, START, end), make.line(OWNER, OTHER, START, end)]
    with pytest.raises(Parked):
        await tell(events, "invoice.paid", invoice() | {"lines": make.page(lines)})


async def test_lines_that_do_not_fit_into_an_event_are_asked_for(
    gateway: StripePaymentGateway, events: StripeEvents, stripe: StripeServer
) -> None:
    reference = (await gateway.open_payment(order(PLUS))).report.reference
    stripe.do("pay", id=reference)
    known = stripe.world.get(stripe.world.get(reference)["latest_invoice"])
    whole = known["lines"]
    known["lines"] = whole | {"data": [], "has_more": True}
    stripe.routes.lines[known["id"]] = whole["data"]

    report = only(await tell(events, "invoice.paid", {"id": known["id"]}))

    assert [fact.kind for fact in report.facts] == [FactKind.RENEWED]


async def test_a_charge_of_the_time_before_intents_names_itself(
    events: StripeEvents, stripe: StripeServer
) -> None:
    old = charge(payment_intent=None, metadata={})
    refund = only(await tell(events, "charge.refunded", old))
    opened = dispute("needs_response", charge="ch_1", payment_intent=None)
    unknown = only(await tell(events, "charge.dispute.created", opened))
    stripe.world.add(old | {"_invoice": None})
    known = only(await tell(events, "charge.dispute.created", opened))
    assert [one.reference for one in (refund, unknown, known)] == ["ch_1"] * 3


@pytest.mark.parametrize("changes", [{"amount_refunded": None}, {"amount_refunded": -1}])
async def test_a_refund_that_does_not_say_how_much_is_parked(
    events: StripeEvents, changes: dict[str, object]
) -> None:
    with pytest.raises(Parked):
        await tell(events, "charge.refunded", charge(**changes))


async def test_a_refund_of_a_charge_of_nothing_is_parked(events: StripeEvents) -> None:
    with pytest.raises(Parked):
        await tell(events, "charge.refunded", charge(amount=0, amount_captured=0))


async def test_what_stripe_refuses_to_tell_is_parked(
    events: StripeEvents, stripe: StripeServer
) -> None:
    stripe.routes.refused.add("invoices")
    with pytest.raises(Parked):
        await tell(events, "invoice.paid", {"id": "in_1"})


async def test_a_subscription_that_ended_unheard_is_told_when_it_is_cancelled(
    gateway: StripePaymentGateway, events: StripeEvents, stripe: StripeServer
) -> None:
    reference = (await gateway.open_payment(order(PLUS))).report.reference
    purchase = learn(bought(PLUS, reference), await told(events, stripe.do("pay", id=reference)))
    stripe.do("cancel_now", id=reference)
    ended = learn(purchase, [await gateway.cancel(purchase, key="k")])
    assert ended.status is Status.EXPIRED
    with pytest.raises(InvalidRequest):
        await gateway.change_plan(purchase, PRO, is_upgrade=True, key="k2")


async def test_an_order_for_a_product_without_a_price_at_stripe_changes_nothing(
    gateway: StripePaymentGateway, events: StripeEvents, stripe: StripeServer
) -> None:
    reference = (await gateway.open_payment(order(PLUS))).report.reference
    purchase = learn(bought(PLUS, reference), await told(events, stripe.do("pay", id=reference)))
    for is_upgrade in (True, False):
        with pytest.raises(InvalidRequest):
            await gateway.change_plan(
                purchase, evolve(PRO, store_ids={}), is_upgrade=is_upgrade, key="k"
            )
    assert stripe.world.get(reference)["schedule"] is None


async def test_a_purchase_of_another_kind_is_no_subscription(
    gateway: StripePaymentGateway,
) -> None:
    for reference in ("pi_1", None):
        with pytest.raises(InvalidRequest):
            await gateway.cancel(bought(LARGE, reference), key="k")


@pytest.mark.parametrize("body", [b"{}", b"[]", b'{"id": 7}', b"null"])
async def test_an_answer_that_makes_no_sense_is_unavailable(body: bytes) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        head = f"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: {len(body)}\r\n\r\n"
        writer.write(head.encode() + body)
        writer.close()
        await writer.wait_closed()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    api = StripeApi(TEST_KEY, SystemClock(), base_url=f"http://127.0.0.1:{port}")
    gateway = StripePaymentGateway(api, "pk", catalogue)
    async with server:
        with pytest.raises(Unavailable):
            await gateway.open_payment(order(LARGE))
        with pytest.raises(Unavailable):
            await gateway.open_portal("cus_1", return_url="")
        with pytest.raises(Unavailable):
            await StripeRecords(api, catalogue).look_up(bought(LARGE, "pi_1"), datetime.now(UTC))
    await api.aclose()
