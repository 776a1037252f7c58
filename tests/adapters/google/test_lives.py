"""In whatever order news come, and however late, a purchase ends up as if they came in time."""

from typing import Any

import pytest
from attrs import evolve
from hypothesis import example, given, settings
from hypothesis import strategies as st

from domain.market.standing import Standing
from tests.adapters.google.lives import (
    PACK_STEPS,
    SUBSCRIPTION_STEPS,
    World,
    live_pack,
    live_subscription,
    run,
    schedules,
)
from tests.depth import examples

LIVES = settings(max_examples=examples(1_000), deadline=None)
FEWER_LIVES = settings(max_examples=examples(300), deadline=None)


async def live(world: World, plan: list[Any], token: str, order: list[int] | None) -> Standing:
    """Live by the plan. ``order`` None: each notification is looked at as it comes, once.

    Otherwise the numbers in the plan say which of those that came are looked at in between, and
    ``order`` in which order all of them are looked at afterwards.
    """
    step_of = live_pack if token in world.store.packs else live_subscription
    for step in plan:
        before = world.hear()
        if isinstance(step, str):
            step_of(world, token, step)
        elif order is not None:
            await world.interpret(step % before)
        for number in range(before, world.hear()):
            if order is None:
                await world.interpret(number)
    for number in order or []:
        await world.interpret(number % world.hear())
    if order is not None:
        left = set(range(world.hear()))
        for number in sorted(left, key=lambda one: (one * 7919) % 1009):
            await world.interpret(number)
    return world.known[token].standing


@LIVES
@given(
    quantity=st.integers(1, 4),
    plan=schedules(sorted(PACK_STEPS), 10),
    order=st.lists(st.integers(0, 40), max_size=8),
)
def test_a_pack_ends_up_the_same(quantity: int, plan: list[Any], order: list[int]) -> None:
    standings = []
    for heard in (None, order):
        world = World()
        token = world.store.sell("play.small", quantity=quantity, is_pending=True)
        world.store.notification(
            oneTimeProductNotification={"notificationType": 1, "purchaseToken": token}
        )
        if heard is None:
            world.hear()
            run(world.interpret(0))
        standings.append(run(live(world, plan, token, heard)))
    assert standings[0] == standings[1]


def subscription_standings(
    plan: list[Any], order: list[int], *, has_orders: bool, looks_up: bool = False
) -> tuple[Standing, Standing]:
    standings = []
    for heard in (None, order):
        world = World(has_orders=has_orders)
        token = world.store.subscribe("play.plus")
        if heard is None:
            world.hear()
            run(world.interpret(0))
        standings.append(run(live(world, plan, token, heard)))
        if looks_up:
            run(world.look_up(token))
            standings[-1] = world.known[token].standing
    return standings[0], standings[1]


PLANS = schedules(sorted(SUBSCRIPTION_STEPS), 14)
ORDERS = st.lists(st.integers(0, 40), max_size=8)


@LIVES
@example(plan=["cancel", 0, "restart", "void_first"], order=[])
@given(plan=PLANS, order=ORDERS)
def test_a_subscription_ends_up_the_same(plan: list[Any], order: list[int]) -> None:
    in_time, late = subscription_standings(plan, order, has_orders=True)
    assert in_time == late


@FEWER_LIVES
@example(plan=["hold", "recover", "enter_grace", "recover", "revoke"], order=[])
@given(plan=PLANS, order=ORDERS)
def test_without_orders_what_is_open_now_ends_up_the_same(
    plan: list[Any], order: list[int]
) -> None:
    """Payments that came and went unseen are lost then, and the times of the last are guesses.

    Everything that decides on what is open is the same.
    """
    in_time, late = subscription_standings(plan, order, has_orders=False)
    assert shape(in_time) == shape(late)


def shape(standing: Standing) -> Standing:
    current = standing.current
    assert current is not None
    return evolve(standing, payments=(), starts_at=None, ends_at=None)


@pytest.mark.parametrize("has_orders", [True, False])
def test_a_life_is_told(*, has_orders: bool) -> None:
    """One long life, so that the plans above are known to be lived."""
    plan = ["renew", "cancel", "restart", "enter_grace", "recover", "hold", "recover", "pause"]
    in_time, late = subscription_standings(plan, [], has_orders=has_orders)
    assert in_time.status == late.status == "paused"
    assert len(in_time.payments) == 4
    assert len(late.payments) == (4 if has_orders else 1)
