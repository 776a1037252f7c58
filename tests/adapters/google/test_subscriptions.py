"""What becomes of subscriptions, step by step, as Google tells it."""

from datetime import timedelta

import pytest

from domain.market.calendar import add_months
from domain.market.facts import FactKind
from domain.market.products import Money
from domain.market.standing import Status
from tests.adapters.google.lives import START, World, at_end, hear, reports_of
from tests.adapters.google.shop import ADA


@pytest.fixture(params=[True, False], ids=["orders", "no orders"])
def world(request: pytest.FixtureRequest) -> World:
    return World(has_orders=request.param)


async def test_each_renewal_is_a_payment_for_the_period_after_the_last(world: World) -> None:
    token = world.store.subscribe("play.plus", account=ADA)
    await hear(world, token)
    first_end = at_end(world, token)
    world.store.renew(token)
    stands = await hear(world, token)
    assert stands.status is Status.ACTIVE
    assert [one.starts_at for one in stands.payments] == [START, first_end]
    order = world.store.subscriptions[token]["latestOrderId"]
    assert [one.id for one in stands.payments] == [order.removesuffix("..0"), order]
    assert stands.ends_at == add_months(first_end, 1)


async def test_a_renewal_that_is_charged_early_begins_when_the_last_period_ends() -> None:
    world = World()
    token = world.store.subscribe("play.plus")
    await hear(world, token)
    end = at_end(world, token)
    world.clock.advance(timedelta(hours=-12))
    world.store.renew(token)
    stands = await hear(world, token)
    assert (stands.starts_at, stands.status) == (end, Status.ACTIVE)


async def test_grace_keeps_open_and_hold_closes_until_it_is_paid(world: World) -> None:
    token = world.store.subscribe("play.plus")
    await hear(world, token)
    end = at_end(world, token)
    world.store.enter_grace(token, days=3)
    stands = await hear(world, token)
    assert (stands.status, stands.access_until) == (Status.IN_GRACE, end + timedelta(days=3))
    at_end(world, token)
    world.store.hold(token)
    assert (await hear(world, token)).status is Status.ON_HOLD
    world.clock.advance(timedelta(days=2))
    world.store.recover(token)
    stands = await hear(world, token)
    assert (stands.status, stands.starts_at) == (Status.ACTIVE, world.clock.now())
    assert len(stands.payments) == 2


async def test_a_payment_in_grace_is_for_the_period_that_had_begun(world: World) -> None:
    token = world.store.subscribe("play.plus")
    await hear(world, token)
    end = at_end(world, token)
    world.store.enter_grace(token, days=3)
    await hear(world, token)
    world.clock.advance(timedelta(days=1))
    world.store.recover(token)
    stands = await hear(world, token)
    assert (stands.status, stands.starts_at) == (Status.ACTIVE, end)


async def test_an_order_that_failed_is_no_payment(world: World) -> None:
    token = world.store.subscribe("play.plus")
    await hear(world, token)
    at_end(world, token)
    world.store.hold(token)
    failed = world.store.subscriptions[token]["latestOrderId"]
    del world.store.subscriptions[token]["lineItems"][0]["latestSuccessfulOrderId"]
    stands = await hear(world, token)
    assert failed not in [one.id for one in stands.payments]
    assert stands.status is Status.ON_HOLD


async def test_a_pause_closes_until_it_ends(world: World) -> None:
    token = world.store.subscribe("play.plus")
    await hear(world, token)
    at_end(world, token)
    world.store.pause(token)
    assert (await hear(world, token)).status is Status.PAUSED
    world.clock.advance(timedelta(days=20))
    world.store.recover(token)
    assert (await hear(world, token)).status is Status.ACTIVE


@pytest.mark.parametrize("by_person", [True, False])
async def test_a_cancellation_lasts_until_it_is_taken_back(
    world: World, *, by_person: bool
) -> None:
    token = world.store.subscribe("play.plus")
    assert (await hear(world, token)).renews
    for _ in range(2):
        world.clock.advance(timedelta(days=2))
        world.store.cancel(token, by_person=by_person)
        stands = await hear(world, token)
        assert (stands.status, stands.renews) == (Status.ACTIVE, False)
        world.clock.advance(timedelta(days=2))
        world.store.restart(token)
        assert (await hear(world, token)).renews
    world.store.cancel(token, by_person=by_person)
    await hear(world, token)
    at_end(world, token)
    world.store.expire(token)
    stands = await hear(world, token)
    assert (stands.status, stands.renews) == (Status.EXPIRED, False)


@pytest.mark.parametrize("by_person", [True, False])
async def test_wishes_are_found_though_every_message_was_lost(
    world: World, *, by_person: bool
) -> None:
    token = world.store.subscribe("play.plus")
    await hear(world, token)
    for _ in range(2):
        world.clock.advance(timedelta(days=2))
        world.store.cancel(token, by_person=by_person)
        await world.look_up(token)
        assert not world.known[token].standing.renews
        world.clock.advance(timedelta(days=2))
        world.store.restart(token)
        await world.look_up(token)
        assert world.known[token].standing.renews


async def test_a_revoked_subscription_is_closed_and_its_payment_given_back(world: World) -> None:
    token = world.store.subscribe("play.plus")
    await hear(world, token)
    world.clock.advance(timedelta(days=3))
    world.store.revoke(token)
    stands = await hear(world, token)
    assert stands.status is Status.REFUNDED
    assert [one.is_taken_back for one in stands.payments] == [True]


async def test_orders_make_up_for_every_message_that_was_lost() -> None:
    world = World()
    token = world.store.subscribe("play.plus")
    world.store.prices["play.plus"] = ("JPY", 98_000)
    for _ in range(3):
        at_end(world, token)
        world.store.renew(token)
    world.store.void_order(token, world.store.subscriptions[token]["latestOrderId"][:-1] + "0")
    [report] = (await reports_of(world))[:1]
    facts = [fact for fact in report.facts if fact.kind is FactKind.RENEWED]
    assert [fact.ends_at for fact in facts[:-1]] == [fact.starts_at for fact in facts[1:]]
    assert [fact.paid for fact in facts] == [Money("EUR", 999), *[Money("JPY", 980)] * 3]
    assert {fact.payment for fact in report.facts if fact.kind is FactKind.REFUNDED} == {
        facts[1].payment
    }


async def test_money_given_back_in_parts_adds_up() -> None:
    world = World()
    token = world.store.subscribe("play.plus")
    order = world.store.orders[world.store.subscriptions[token]["latestOrderId"]]
    events = order["orderHistory"]["partialRefundEvents"] = []
    for cents, state in ((300, "PROCESSED_SUCCESSFULLY"), (200, "PENDING")):
        events.append(
            {
                "createTime": (START + timedelta(days=1)).isoformat(),
                "state": state,
                "refundDetails": {
                    "total": {"currencyCode": "EUR", "units": cents // 100, "nanos": 0}
                },
            }
        )
    order["state"] = "PARTIALLY_REFUNDED"
    stands = await hear(world, token)
    assert stands.payments[0].refunded.of(999) == 300
    events[1] |= {"state": "PROCESSED_SUCCESSFULLY", "processTime": START.isoformat()}
    await world.look_up(token)
    assert world.known[token].standing.payments[0].refunded.of(999) == 500


async def test_access_given_for_longer_than_was_paid_stays_open() -> None:
    world = World()
    token = world.store.subscribe("play.plus")
    await hear(world, token)
    until = at_end(world, token) + timedelta(days=14)
    line = world.store.subscriptions[token]["lineItems"][0]
    line["expiryTime"] = until.isoformat()
    world.clock.advance(timedelta(days=7))
    await world.look_up(token)
    known = world.known[token].learn((), world.clock.now())
    assert known.status.is_open
    assert known.standing.access_until == until
    assert not known.learn((), until + timedelta(hours=1)).status.is_open


async def test_without_any_order_the_token_is_the_payment(world: World) -> None:
    token = world.store.subscribe("play.plus")
    del world.store.subscriptions[token]["latestOrderId"]
    del world.store.subscriptions[token]["lineItems"][0]["latestSuccessfulOrderId"]
    stands = await hear(world, token)
    assert ([one.id for one in stands.payments], stands.status) == ([token], Status.ACTIVE)


async def test_the_latest_orders_are_enough() -> None:
    world = World()
    token = world.store.subscribe("play.plus")
    for _ in range(30):
        at_end(world, token)
        world.store.renew(token)
    stands = await hear(world, token)
    assert (len(stands.payments), stands.status) == (24, Status.ACTIVE)


async def test_an_order_of_another_purchase_is_not_this_ones() -> None:
    world = World()
    token = world.store.subscribe("play.plus")
    order = world.store.orders[world.store.subscriptions[token]["latestOrderId"]]
    order["purchaseToken"] = "another"
    world.hear()
    [report] = await reports_of(world)
    assert [fact.paid for fact in report.facts] == [None]
