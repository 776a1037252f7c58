"""One subscription takes the place of another: at once, with the next period, or prepaid."""

from datetime import timedelta

import pytest

from domain.market.facts import FactKind
from domain.market.standing import Status
from tests.adapters.google.lives import START, World, at_end, hear, reports_of
from tests.adapters.google.shop import ADA, purchase


@pytest.fixture(params=[True, False], ids=["orders", "no orders"])
def world(request: pytest.FixtureRequest) -> World:
    return World(has_orders=request.param)


async def test_an_upgrade_takes_the_old_ones_place(world: World) -> None:
    old = world.store.subscribe("play.plus", account=ADA)
    await hear(world, old)
    world.clock.advance(timedelta(days=10))
    new = world.store.subscribe("play.pro", account=ADA, replaces=old)
    world.hear()
    [report] = await world.events.interpret(world.stored[-2])
    assert (report.reference, report.replaces, report.product_id) == (new, old, "pro")
    [fact] = report.facts
    assert (fact.kind, fact.starts_at) == (FactKind.UPGRADED, world.clock.now())
    # The old one's end is not an end of its own: the new one says it.
    [of_old] = await world.events.interpret(world.stored[-1])
    assert {fact.kind for fact in of_old.facts} <= {FactKind.RENEWED}
    assert of_old.replaces is None


async def test_a_change_for_the_next_period_begins_with_it(world: World) -> None:
    old = world.store.subscribe("play.pro", account=ADA)
    await hear(world, old)
    world.clock.advance(timedelta(days=10))
    new = world.store.change_next(old, "play.plus")
    stands = await hear(world, old)
    assert (stands.status, stands.product_id) == (Status.ACTIVE, "pro")
    assert stands.next_product_id == "plus"
    coming = world.known[new]
    assert (coming.status, coming.standing.payments) == (Status.PENDING, ())
    [told, of_old] = await world.events.interpret(world.stored[-2])
    assert (told.store_token, told.replaces, len(told.errands)) == (ADA, None, 1)
    assert (of_old.reference, of_old.store_token) == (old, ADA)
    # Google may say of the old one that access ended now; what was paid is as it was.
    end = at_end(world, old)
    line = world.store.subscriptions[old]["lineItems"][0]
    line["expiryTime"] = (START + timedelta(days=10)).isoformat()
    world.clock.set(START + timedelta(days=11))
    await world.look_up(old)
    assert world.known[old].standing == stands
    world.clock.set(end)
    world.store.begin_changed(new)
    stands = await hear(world, new)
    assert (stands.status, stands.product_id, stands.starts_at) == (Status.ACTIVE, "plus", end)
    [report] = await reports_of(world)
    assert (report.replaces, report.product_id) == (old, "plus")
    # Nothing of the old period is left when the new one takes its place.
    began = min(fact.at for fact in report.facts)
    over = world.known[old].give_way("pur_2", began, end).standing
    assert [one.refunded.part for one in over.payments] == [0]


async def test_a_change_under_the_same_token_is_told_too(world: World) -> None:
    token = world.store.subscribe("play.pro")
    line = world.store.subscriptions[token]["lineItems"][0]
    line["deferredItemReplacement"] = {"productId": "play.plus"}
    assert (await hear(world, token)).next_product_id == "plus"


async def test_a_prepaid_plan_does_not_renew_and_adds_to_the_last(world: World) -> None:
    old = world.store.subscribe("play.plus")
    token = world.store.subscribe("play.plus", replaces=old)
    line = world.store.subscriptions[token]["lineItems"][0]
    del line["autoRenewingPlan"]
    line["prepaidPlan"] = {}
    world.hear()
    [report] = await world.events.interpret(world.stored[-2])
    assert {fact.kind for fact in report.facts} == {FactKind.RENEWED, FactKind.CANCELLED}
    assert not purchase("plus", token).learn(report.facts, START).standing.renews
