"""Subscriptions whose period is over: the store is asked, and the clock decides otherwise."""

import pytest
from attrs import evolve

from domain.accounts import Tier
from domain.errors import Unavailable
from domain.market.facts import Fact, FactKind
from domain.market.purchases import Purchase
from domain.market.reports import Parked, Report
from domain.market.standing import Status
from tests.application.market.shop import Shop, report
from tests.domain.market.stories import renewed, said

FIRST = renewed(0, 31)


def plan(*facts: Fact, reference: str = "sub_1") -> Report:
    return report(*(facts or (FIRST,)), reference=reference, product_id="plus")


async def test_nothing_is_asked_before_the_period_ends(shop: Shop) -> None:
    await shop.changes.apply(plan())
    shop.wait(days=30.9)
    assert await shop.renew() == "0 go on, 0 ended, 0 could not be looked up"


async def test_a_renewal_of_which_no_word_came_is_fetched(shop: Shop) -> None:
    purchase = await shop.changes.apply(plan())
    shop.records.write(plan(FIRST, renewed(31, 59, "p1")), shop.clock.now())
    shop.wait(days=31)
    assert await shop.renew() == "1 go on, 0 ended, 0 could not be looked up"
    assert (await shop.get(purchase)).credits == 600
    assert await shop.renew() == "0 go on, 0 ended, 0 could not be looked up"


async def test_without_word_it_stays_open_for_a_day_and_ends_then(shop: Shop) -> None:
    purchase = await shop.changes.apply(plan())
    shop.records.write(plan(), shop.clock.now())
    shop.wait(days=31)
    assert await shop.renew() == "1 go on, 0 ended, 0 could not be looked up"
    assert await shop.tier() is Tier.PLUS
    shop.wait(days=1)
    assert await shop.renew() == "0 go on, 1 ended, 0 could not be looked up"
    assert (await shop.get(purchase)).status is Status.EXPIRED
    assert await shop.tier() is Tier.FREE
    assert await shop.renew() == "0 go on, 0 ended, 0 could not be looked up"
    # The word comes at last.
    await shop.changes.apply(plan(renewed(31, 59, "p1")))
    assert await shop.tier() is Tier.PLUS


async def test_the_store_says_that_it_is_in_grace_and_then_on_hold(shop: Shop) -> None:
    purchase = await shop.changes.apply(plan())
    shop.wait(days=31)
    grace = said(FactKind.IN_GRACE, 31, ends_at=FIRST.ends_at + (FIRST.ends_at - FIRST.at))  # type: ignore[operator]  # it has an end
    shop.records.write(plan(FIRST, grace), shop.clock.now())
    await shop.renew()
    assert (await shop.get(purchase)).status is Status.IN_GRACE
    shop.wait(days=31)
    shop.records.write(plan(FIRST, grace, said(FactKind.ON_HOLD, 62)), shop.clock.now())
    assert await shop.renew() == "0 go on, 1 ended, 0 could not be looked up"
    assert (await shop.get(purchase)).status is Status.ON_HOLD
    assert await shop.tier() is Tier.FREE


async def test_while_the_store_is_away_everything_stays_open(shop: Shop) -> None:
    await shop.changes.apply(plan())
    shop.records.is_away = True
    shop.wait(days=40)
    assert await shop.renew() == "0 go on, 0 ended, 1 could not be looked up"
    assert await shop.tier() is Tier.PLUS
    shop.records.is_away = False
    assert await shop.renew() == "0 go on, 1 ended, 0 could not be looked up"


async def test_what_a_store_does_not_know_ends_by_the_clock(shop: Shop) -> None:
    await shop.changes.apply(plan())
    shop.wait(days=32)
    assert await shop.renew() == "0 go on, 1 ended, 0 could not be looked up"


@pytest.mark.parametrize("fault", [Unavailable("away"), Parked("odd"), RuntimeError("broken")])
async def test_one_that_fails_does_not_keep_the_others(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    for number in range(250):
        first = evolve(FIRST, payment=f"p_{number}")
        await shop.changes.apply(plan(first, reference=f"sub_{number:03d}"))
    shop.wait(days=32)
    look_up = shop.records.look_up

    async def odd(purchase: Purchase, now: object) -> Report | None:
        if purchase.reference is not None and purchase.reference < "sub_230":
            raise fault
        return await look_up(purchase, shop.clock.now())

    monkeypatch.setattr(shop.records, "look_up", odd)
    assert await shop.renew() == "0 go on, 20 ended, 230 could not be looked up"
