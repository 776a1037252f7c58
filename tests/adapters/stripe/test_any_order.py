"""Whatever comes twice, late, or in the wrong order: a purchase comes to stand where it should."""

import asyncio
import random
from contextlib import aclosing
from datetime import UTC, datetime

import pytest
from attrs import evolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.stripe.api import StripeApi
from adapters.stripe.payment_gateway import StripePaymentGateway
from adapters.stripe.store_events import StripeEvents
from adapters.stripe.store_records import StripeRecords
from adapters.system.clock import SystemClock
from domain.market.purchases import Purchase
from domain.market.reports import Report
from domain.market.standing import Status
from tests.adapters.stripe.shop import (
    LARGE,
    PLUS,
    PRICES,
    PRO,
    SECRET,
    TEST_KEY,
    YEARLY,
    bought,
    catalogue,
    order,
)
from tests.adapters.stripe.webhooks import told
from tests.depth import examples
from tests.loopback.stripe_server import StripeServer

SEQUENCES = examples(1_000)
DAY = 86_400


class Lives:
    """What is told of a pack and of a subscription, one report each time, in order of events."""

    def __init__(self) -> None:
        self.pack: list[Report] = []
        self.plan: list[Report] = []
        self.pack_id = self.plan_id = ""
        self.now = datetime.now(UTC)

    async def live(self) -> None:
        with StripeServer(prices=PRICES) as stripe:
            api = StripeApi(TEST_KEY, SystemClock(), base_url=stripe.base_url)
            gateway = StripePaymentGateway(api, "pk", catalogue)
            events = StripeEvents(api, SystemClock(), [SECRET], catalogue)
            records = StripeRecords(api, catalogue)
            async with aclosing(api):
                await self._pack(stripe, gateway, events, records)
                await self._plan(stripe, gateway, events, records)
            self.now = datetime.fromtimestamp(stripe.world.now() + 1, UTC)

    async def _pack(
        self,
        stripe: StripeServer,
        gateway: StripePaymentGateway,
        events: StripeEvents,
        records: StripeRecords,
    ) -> None:
        self.pack_id = (await gateway.open_payment(order(LARGE))).report.reference
        for verb, what in (
            ("process", {}),
            ("fail", {}),
            ("pay", {}),
            ("refund", {"amount": 300}),
            ("dispute", {}),
            ("refund", {"amount": 200}),
        ):
            stripe.world.offset += 2
            self.pack += await told(events, stripe.do(verb, id=self.pack_id, **what))
        dispute, refund = stripe.world.of("dispute")[0], stripe.world.of("refund")[0]
        stripe.world.offset += 2
        self.pack += await told(events, stripe.do("fail_refund", id=refund["id"]))
        won = stripe.do("close_dispute", id=dispute["id"], status="won")
        self.pack += await told(events, won)
        now = datetime.fromtimestamp(stripe.world.now(), UTC)
        seen = await records.look_up(bought(LARGE, self.pack_id), now)
        assert seen is not None
        self.pack.append(seen)

    async def _plan(
        self,
        stripe: StripeServer,
        gateway: StripePaymentGateway,
        events: StripeEvents,
        records: StripeRecords,
    ) -> None:
        self.plan_id = (
            await gateway.open_payment(order(PLUS, purchase_id="pur_2"))
        ).report.reference
        purchase = bought(PLUS, self.plan_id)
        begun = len(stripe.world.events)
        stripe.do("pay", id=self.plan_id)
        stripe.world.offset += 10 * DAY
        self.plan.append(await gateway.change_plan(purchase, PRO, is_upgrade=True, key="up"))
        stripe.world.offset += 32 * DAY
        stripe.do("fail_renewal", id=self.plan_id)
        stripe.world.offset += DAY
        stripe.do("renew", id=self.plan_id)
        for change, key in ((YEARLY, "later"), (PRO, "same")):
            stripe.world.offset += DAY
            pro = evolve(purchase, product_id="pro")
            report = await gateway.change_plan(pro, change, is_upgrade=False, key=key)
            self.plan.append(report)
        stripe.world.offset += DAY
        self.plan.append(await gateway.cancel(purchase, key="end"))
        latest = stripe.world.get(self.plan_id)["latest_invoice"]
        stripe.world.offset += DAY
        stripe.do("refund", id=latest, amount=100)
        self.plan += await told(events, stripe.world.events[begun:])
        now = datetime.fromtimestamp(stripe.world.now(), UTC)
        seen = await records.look_up(purchase, now)
        assert seen is not None
        self.plan.append(seen)


@pytest.fixture(scope="module")
def lives() -> Lives:
    lives = Lives()
    asyncio.run(lives.live())
    return lives


def applied(purchase: Purchase, reports: list[Report], now: datetime) -> Purchase:
    for report in reports:
        purchase = purchase.learn(report.facts, now)
    return purchase


def test_the_lives_end_as_they_should(lives: Lives) -> None:
    pack = applied(bought(LARGE, lives.pack_id), lives.pack, lives.now)
    assert pack.status is Status.PARTIALLY_REFUNDED
    assert pack.standing.payments[0].refunded.of(1000) == 300
    plan = applied(bought(PLUS, lives.plan_id), lives.plan, lives.now)
    assert plan.status is Status.ACTIVE
    assert (plan.product_id, plan.standing.renews) == ("pro", False)
    assert plan.standing.next_product_id is None
    assert len(plan.standing.payments) == 3


@pytest.mark.parametrize("is_plan", [False, True], ids=["pack", "subscription"])
@settings(
    max_examples=SEQUENCES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(seed=st.randoms(use_true_random=False), repeats=st.integers(0, 20))
def test_any_order_and_any_repetition_lead_to_the_same(
    lives: Lives, *, is_plan: bool, seed: random.Random, repeats: int
) -> None:
    reports = lives.plan if is_plan else lives.pack
    purchase = bought(PLUS, lives.plan_id) if is_plan else bought(LARGE, lives.pack_id)
    in_order = applied(purchase, reports, lives.now)

    sequence = reports + seed.choices(reports, k=repeats)
    seed.shuffle(sequence)
    shuffled = applied(purchase, sequence, lives.now)

    assert shuffled.standing == in_order.standing
    assert shuffled == in_order


@pytest.mark.parametrize("is_plan", [False, True], ids=["pack", "subscription"])
def test_they_all_tell_of_the_same_purchase(lives: Lives, *, is_plan: bool) -> None:
    reports, reference = (lives.plan, lives.plan_id) if is_plan else (lives.pack, lives.pack_id)
    assert {report.reference for report in reports} == {reference}
    # A schedule does not say whose it is.
    named = {report.purchase_id for report in reports} - {None}
    assert named == {"pur_2" if is_plan else "pur_1"}
