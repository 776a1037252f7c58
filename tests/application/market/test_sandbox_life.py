"""What is bought at the sandbox, from the first payment to the end, with the wallet beside it."""

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from attrs import evolve

from domain.accounts import Tier
from domain.errors import Conflict, InvalidRequest
from domain.market.purchases import Purchase
from domain.market.simulation import Action
from domain.market.standing import Status
from tests.application.market.sandbox_market import START, SandboxMarket, open_market
from tests.domain.market.sandbox_shop import PACK, PLUS, PREMIUM, PREMIUM_YEAR

DAY = timedelta(days=1)


@pytest.fixture
async def market() -> SandboxMarket:
    return await open_market()


def on(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 12, tzinfo=UTC)


async def test_a_pack_is_there_at_once_and_once(market: SandboxMarket) -> None:
    bought = await market.buy(PACK)
    market.clock.advance(DAY)
    again = await market.buy(PACK)
    assert bought.status is Status.COMPLETED
    assert (again.id, again.facts) == (bought.id, bought.facts)
    assert (await market.wallet()).balance == 500
    await market.buy(PACK, key="other")
    assert (await market.wallet()).balance == 1_000
    assert await market.violations() == []


async def test_a_payment_can_fail_or_wait(market: SandboxMarket) -> None:
    assert (await market.buy(PACK, "fail")).status is Status.FAILED
    waiting = await market.buy(PACK, "wait", key="other")
    assert waiting.status is Status.PENDING
    assert (await market.wallet()).balance == 0
    paid = await market.simulate(waiting, Action.SUCCEED)
    assert paid.status is Status.COMPLETED
    assert (await market.wallet()).balance == 500
    with pytest.raises(InvalidRequest):
        await market.buy(PACK, "explode", key="third")


async def test_of_ten_subscriptions_bought_at_once_one_runs(market: SandboxMarket) -> None:
    wanted = [PLUS, PREMIUM] * 5
    bought = await asyncio.gather(
        *(market.buy(product, key=f"key {number}") for number, product in enumerate(wanted)),
        return_exceptions=True,
    )
    [running] = [one for one in bought if isinstance(one, Purchase)]
    assert all(isinstance(one, Conflict) for one in bought if one is not running)
    listed = await market.purchases.list_subscriptions(market.user.id)
    assert Counter(one.status for one in listed) == {Status.ACTIVE: 1, Status.FAILED: 9}
    assert (await market.wallet()).balance == running.credits
    with pytest.raises(Conflict, match="runs already"):
        await market.simulate(listed[0 if listed[0].id != running.id else 1], Action.SUCCEED)
    await market.simulate(running, Action.LAPSE)
    again = await market.buy(PLUS, key=f"key {bought.index(running) ^ 2}")
    assert again.status is Status.ACTIVE
    assert await market.violations() == []


async def test_a_subscription_lives_by_the_clock_for_thirteen_months(
    market: SandboxMarket,
) -> None:
    bought = await market.buy(PLUS)
    assert await market.tier() is Tier.PLUS
    ends = set()
    for _ in range(400):
        market.clock.advance(DAY)
        await market.renew()
        purchase = await market.now(bought)
        assert purchase.status is Status.ACTIVE
        assert purchase.standing.ends_at
        ends.add(purchase.standing.ends_at.date().isoformat())
    assert {"2026-02-28", "2026-03-31", "2026-04-30", "2027-02-28"} <= ends
    assert await market.tier() is Tier.PLUS
    lots = (await market.now(bought)).lots
    assert [lot.credits for lot in lots] == [1_000] * 14
    assert await market.violations() == []


async def test_reconciliation_renews_on_the_very_day(market: SandboxMarket) -> None:
    bought = await market.buy(PLUS)
    market.clock.set(on(2026, 2, 28))
    await market.reconcile()
    renewed = await market.now(bought)
    assert renewed.standing.ends_at == on(2026, 3, 31)


async def test_after_a_long_sleep_each_period_is_made_up_for(market: SandboxMarket) -> None:
    bought = await market.buy(PLUS)
    market.clock.set(on(2026, 6, 15))
    assert "1 go on" in await market.renew()
    purchase = await market.now(bought)
    assert len(purchase.standing.payments) == 5
    assert purchase.standing.ends_at == on(2026, 6, 30)
    assert await market.violations() == []


async def test_a_cancelled_one_closes_when_its_time_is_over(market: SandboxMarket) -> None:
    bought = await market.buy(PLUS)
    cancelled = await market.cancel(market.user.id)
    assert (cancelled.status, cancelled.standing.renews) == (Status.ACTIVE, False)
    market.clock.set(on(2026, 2, 27))
    await market.renew()
    assert await market.tier() is Tier.PLUS
    market.clock.set(on(2026, 2, 28))
    assert "1 ended" in await market.renew()
    over = await market.now(bought)
    assert over.status is Status.EXPIRED
    assert await market.tier() is Tier.FREE
    assert await market.violations() == []


async def test_plans_change_up_at_once_and_down_with_the_next_period(
    market: SandboxMarket,
) -> None:
    bought = await market.buy(PLUS)
    market.clock.set(on(2026, 2, 14))
    up = await market.buy(PREMIUM, key="up")
    assert (up.id, up.product_id, up.standing.ends_at) == (bought.id, "premium", on(2026, 2, 28))
    assert await market.tier() is Tier.PREMIUM
    again = await market.buy(PLUS, key="down")
    assert (again.product_id, again.standing.next_product_id) == ("premium", "plus")
    back = await market.buy(PREMIUM, key="back")
    assert back.standing.next_product_id is None
    await market.buy(PLUS, key="down again")
    market.clock.set(on(2026, 3, 2))
    await market.renew()
    down = await market.now(bought)
    assert (down.product_id, down.standing.ends_at) == ("plus", on(2026, 3, 31))
    assert await market.tier() is Tier.PLUS
    year = await market.buy(PREMIUM_YEAR, key="year")
    assert year.standing.ends_at == on(2027, 3, 2)
    assert await market.violations() == []


async def test_ordering_a_cancelled_plan_again_resumes_it(market: SandboxMarket) -> None:
    bought = await market.buy(PLUS)
    with pytest.raises(Conflict):
        await market.buy(PLUS, key="again")
    await market.cancel(market.user.id)
    resumed = await market.buy(PLUS, key="resume")
    assert (resumed.id, resumed.standing.renews) == (bought.id, True)
    await market.cancel(market.user.id)
    lower = await market.buy(PREMIUM, key="up")
    assert lower.standing.renews


async def test_what_an_erased_account_had_does_not_renew(market: SandboxMarket) -> None:
    bought = await market.buy(PLUS)
    await market.accounts.erase(evolve(market.user, subject=None, erased_at=START))
    market.clock.set(on(2026, 5, 1))
    await market.renew()
    over = await market.now(bought)
    assert over.status is Status.EXPIRED
    assert len(over.standing.payments) == 1
    await market.reconcile()
    assert await market.now(bought) == over


async def test_an_order_that_was_interrupted_is_the_same_when_tried_again(
    market: SandboxMarket,
) -> None:
    """The store is asked twice, a day apart, as after a crash in between."""
    first = await market.buy(PLUS, "wait")
    market.clock.advance(DAY)
    assert (await market.buy(PLUS, "wait")).facts == first.facts
    assert first.created_at == START
