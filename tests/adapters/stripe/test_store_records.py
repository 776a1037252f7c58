from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import pytest

from adapters.stripe import api as stripe_api
from adapters.stripe.payment_gateway import StripePaymentGateway
from adapters.stripe.store_events import StripeEvents
from adapters.stripe.store_records import StripeRecords
from domain.errors import Unavailable
from domain.market.facts import Fact, FactKind
from domain.market.products import Product
from domain.market.purchases import Purchase
from domain.market.reports import Report
from domain.market.standing import Status
from tests.adapters.stripe.shop import LARGE, PLUS, PRO, YEARLY, bought, learn, order
from tests.adapters.stripe.webhooks import told
from tests.loopback.stripe_objects import Json
from tests.loopback.stripe_server import StripeServer

Life = Callable[[StripeServer, str], list[Json]]
SHAPES = pytest.mark.parametrize("shape", ["basil", "acacia"])


def paid(stripe: StripeServer, reference: str) -> list[Json]:
    return stripe.do("pay", id=reference)


def nothing(stripe: StripeServer, reference: str) -> list[Json]:
    return []


def processing(stripe: StripeServer, reference: str) -> list[Json]:
    return stripe.do("process", id=reference)


def failed(stripe: StripeServer, reference: str) -> list[Json]:
    return stripe.do("process", id=reference) + stripe.do("fail", id=reference)


def refunded(stripe: StripeServer, reference: str) -> list[Json]:
    events = paid(stripe, reference)
    for amount in (200, 300):
        stripe.world.offset += 5
        events += stripe.do("refund", id=reference, amount=amount)
    return events


def returned(stripe: StripeServer, reference: str) -> list[Json]:
    events = refunded(stripe, reference)
    stripe.world.offset += 5
    refund = stripe.world.of("refund")[0]["id"]
    return events + stripe.do("fail_refund", id=refund)


def disputed(stripe: StripeServer, reference: str) -> list[Json]:
    return paid(stripe, reference) + stripe.do("dispute", id=reference)


def won(stripe: StripeServer, reference: str) -> list[Json]:
    return decided(stripe, reference, "won")


def lost(stripe: StripeServer, reference: str) -> list[Json]:
    return decided(stripe, reference, "lost")


def decided(stripe: StripeServer, reference: str, status: str) -> list[Json]:
    events = disputed(stripe, reference)
    stripe.world.offset += 5
    dispute = stripe.world.of("dispute")[0]["id"]
    return events + stripe.do("close_dispute", id=dispute, status=status)


PACK_LIVES = [nothing, processing, failed, paid, refunded, returned, disputed, won, lost]


def renewed(stripe: StripeServer, reference: str) -> list[Json]:
    events = paid(stripe, reference)
    stripe.world.offset += 31 * 86_400
    return events + stripe.do("renew", id=reference)


def overdue(stripe: StripeServer, reference: str) -> list[Json]:
    events = paid(stripe, reference)
    stripe.world.offset += 31 * 86_400
    return events + stripe.do("fail_renewal", id=reference)


def unpaid(stripe: StripeServer, reference: str) -> list[Json]:
    events = overdue(stripe, reference)
    stripe.world.offset += 86_400
    return events + stripe.do("set_status", id=reference, status="unpaid")


def recovered(stripe: StripeServer, reference: str) -> list[Json]:
    events = unpaid(stripe, reference)
    stripe.world.offset += 86_400
    return events + stripe.do("renew", id=reference)


def cancelled(stripe: StripeServer, reference: str) -> list[Json]:
    events = paid(stripe, reference)
    stripe.world.offset += 60
    return events + stripe.do("cancel_now", id=reference)


def given_up(stripe: StripeServer, reference: str) -> list[Json]:
    return stripe.do("set_status", id=reference, status="incomplete_expired")


PLAN_LIVES = [
    nothing,
    given_up,
    paid,
    refunded,
    disputed,
    lost,
    renewed,
    overdue,
    unpaid,
    recovered,
    cancelled,
]
LIVES = [(LARGE, life) for life in PACK_LIVES] + [(PLUS, life) for life in PLAN_LIVES]
EVERY_LIFE = pytest.mark.parametrize(
    ("product", "life"), LIVES, ids=[f"{one.id}-{life.__name__}" for one, life in LIVES]
)


def now(stripe: StripeServer) -> datetime:
    return datetime.fromtimestamp(stripe.world.now() + 1, UTC)


@SHAPES
@EVERY_LIFE
async def test_the_records_amount_to_what_the_events_told(
    gateway: StripePaymentGateway,
    events: StripeEvents,
    records: StripeRecords,
    stripe: StripeServer,
    product: Product,
    life: Life,
    shape: str,
) -> None:
    stripe.set(shape=shape)
    reference = (await gateway.open_payment(order(product))).report.reference
    purchase = bought(product, reference)
    heard = learn(purchase, await told(events, life(stripe, reference)), now(stripe))

    seen = learn(purchase, await found(records, purchase, stripe), now(stripe))
    both = learn(heard, await found(records, heard, stripe), now(stripe))

    assert summary(seen) == summary(heard)
    assert summary(both) == summary(heard)
    # Looking again and again adds nothing.
    stripe.world.offset += 60
    again = learn(both, await found(records, both, stripe), now(stripe))
    assert again.facts == both.facts


async def found(records: StripeRecords, purchase: Purchase, stripe: StripeServer) -> list[Report]:
    report = await records.look_up(purchase, now(stripe))
    assert report is not None
    assert report.purchase_id == "pur_1"
    return [report]


def summary(purchase: Purchase) -> tuple[object, ...]:
    """Where it stands, apart from the seconds."""
    stands = purchase.standing
    payments = [
        (one.id, one.product_id, one.refunded.of(10**6), one.is_disputed, one.starts_at)
        for one in stands.payments
    ]
    return stands.status, payments, stands.renews, stands.next_product_id


@pytest.mark.parametrize("product", [LARGE, PLUS], ids=["pack", "subscription"])
async def test_what_was_missed_is_found(
    gateway: StripePaymentGateway,
    events: StripeEvents,
    records: StripeRecords,
    stripe: StripeServer,
    product: Product,
) -> None:
    """We heard of a refund, but not that it failed."""
    reference = (await gateway.open_payment(order(product))).report.reference
    heard = await told(events, refunded(stripe, reference))
    purchase = learn(bought(product, reference), heard, now(stripe))
    assert purchase.standing.payments[0].refunded.part
    for refund in stripe.world.of("refund"):
        stripe.world.fail_refund(refund["id"])

    purchase = learn(purchase, await found(records, purchase, stripe), now(stripe))

    assert not purchase.standing.payments[0].refunded.part


async def test_a_dispute_that_turned_round_unheard_is_found(
    gateway: StripePaymentGateway,
    events: StripeEvents,
    records: StripeRecords,
    stripe: StripeServer,
) -> None:
    reference = (await gateway.open_payment(order(LARGE))).report.reference
    purchase = learn(bought(LARGE, reference), await told(events, lost(stripe, reference)))
    stripe.world.of("dispute")[0]["status"] = "won"

    purchase = learn(purchase, await found(records, purchase, stripe), now(stripe))

    assert purchase.status is Status.COMPLETED


async def subscribed(
    gateway: StripePaymentGateway, events: StripeEvents, stripe: StripeServer, product: Product
) -> Purchase:
    reference = (await gateway.open_payment(order(product))).report.reference
    return learn(bought(product, reference), await told(events, paid(stripe, reference)))


async def test_wishes_that_were_missed_are_found(
    gateway: StripePaymentGateway,
    events: StripeEvents,
    records: StripeRecords,
    stripe: StripeServer,
) -> None:
    purchase = await subscribed(gateway, events, stripe, PRO)
    await gateway.change_plan(purchase, YEARLY, is_upgrade=False, key="k1")
    planned = learn(purchase, await found(records, purchase, stripe), now(stripe))
    assert planned.standing.next_product_id == "yearly"

    await gateway.cancel(purchase, key="k2")
    ended = learn(planned, await found(records, planned, stripe), now(stripe))
    assert not ended.standing.renews

    stripe.world.offset += 60
    await gateway.change_plan(purchase, PRO, is_upgrade=False, key="k3")
    kept = learn(ended, await found(records, ended, stripe), now(stripe))
    assert kept.standing.renews
    assert kept.standing.next_product_id is None


@pytest.mark.parametrize("product", [LARGE, PLUS], ids=["pack", "subscription"])
async def test_what_was_opened_on_the_web_is_found_by_its_page(
    gateway: StripePaymentGateway, records: StripeRecords, stripe: StripeServer, product: Product
) -> None:
    asked = order(product, on_web=True, return_url="https://app.example/back")
    page = (await gateway.open_payment(asked)).report.reference
    purchase = bought(product, page)
    assert learn(purchase, await found(records, purchase, stripe)).status is Status.PENDING
    stripe.do("pay", id=page)

    bought_there = learn(purchase, await found(records, purchase, stripe), now(stripe))
    assert bought_there.status in {Status.COMPLETED, Status.ACTIVE}


async def test_a_page_that_nobody_paid_on_expires(
    gateway: StripePaymentGateway, records: StripeRecords, stripe: StripeServer
) -> None:
    asked = order(LARGE, on_web=True, return_url="https://app.example/back")
    page = (await gateway.open_payment(asked)).report.reference
    stripe.do("expire", id=page)
    purchase = bought(LARGE, page)
    assert learn(purchase, await found(records, purchase, stripe)).status is Status.FAILED


@pytest.mark.parametrize("reference", ["pi_gone", "sub_gone", "cs_gone", "other", None])
async def test_what_stripe_does_not_know_is_none(
    records: StripeRecords, stripe: StripeServer, reference: str | None
) -> None:
    assert await records.look_up(bought(LARGE, reference), now(stripe)) is None


async def listed(
    records: StripeRecords, stripe: StripeServer, *, since: int = -3600, until: int = 3600
) -> list[Report]:
    at = now(stripe)
    begin, end = at + timedelta(seconds=since), at + timedelta(seconds=until)
    return [report async for report in records.list_changed(begin, end)]


async def test_all_that_changed_is_listed_page_by_page(
    gateway: StripePaymentGateway,
    records: StripeRecords,
    stripe: StripeServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(stripe_api, "PAGE", 2)
    references = []
    for number in range(5):
        opened = await gateway.open_payment(order(LARGE, purchase_id=f"pur_{number}"))
        references.append(opened.report.reference)
        stripe.do("pay", id=references[-1])
        stripe.do("refund", id=references[-1], amount=100)
        stripe.do("dispute", id=references[-1])
    plan = (await gateway.open_payment(order(PLUS, purchase_id="pur_plus"))).report.reference
    stripe.do("pay", id=plan)
    stripe.do("cancel_now", id=plan)

    reports = await listed(records, stripe)

    kinds = {
        reference: {
            fact.kind for one in reports for fact in one.facts if one.reference == reference
        }
        for reference in [*references, plan]
    }
    told = {FactKind.PAID, FactKind.REFUNDED, FactKind.DISPUTE_OPENED}
    assert {frozenset(kinds[one]) for one in references} == {frozenset(told)}
    assert kinds[plan] == {FactKind.RENEWED, FactKind.LAPSED}
    assert await listed(records, stripe, since=3600, until=7200) == []
    assert await listed(records, stripe, since=-7200, until=-3600) == []


async def test_one_odd_record_does_not_hide_the_others(
    gateway: StripePaymentGateway, records: StripeRecords, stripe: StripeServer
) -> None:
    for number in range(2):
        opened = await gateway.open_payment(order(LARGE, purchase_id=f"pur_{number}"))
        stripe.do("pay", id=opened.report.reference)
    stripe.world.of("payment_intent")[0]["amount_received"] = 7
    stripe.routes.refused.add("disputes")

    assert len(await listed(records, stripe)) == 1


Asked = Callable[[StripeRecords, StripeServer], Awaitable[object]]


@pytest.mark.parametrize(
    "ask",
    [
        lambda records, stripe: records.look_up(bought(LARGE, "pi_1"), now(stripe)),
        listed,
    ],
    ids=["look up", "list"],
)
async def test_when_stripe_is_away_it_says_so(
    records: StripeRecords, stripe: StripeServer, ask: Asked
) -> None:
    stripe.set(failures=[503] * 20)
    with pytest.raises(Unavailable):
        await ask(records, stripe)


async def test_what_stripe_refuses_to_tell_is_not_taken_for_nothing(
    records: StripeRecords, stripe: StripeServer
) -> None:
    stripe.routes.refused.add("payment_intents")
    with pytest.raises(Unavailable):
        await records.look_up(bought(LARGE, "pi_1"), now(stripe))


async def test_a_record_that_makes_no_sense_waits_for_its_event(
    gateway: StripePaymentGateway, records: StripeRecords, stripe: StripeServer
) -> None:
    reference = (await gateway.open_payment(order(LARGE))).report.reference
    stripe.do("pay", id=reference)
    stripe.world.get(reference)["amount_received"] = 7
    known = bought(LARGE, reference).learn((Fact(FactKind.AWAITING, now(stripe)),), now(stripe))
    assert await records.look_up(known, now(stripe)) is None
