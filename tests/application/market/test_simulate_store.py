"""What happens at the sandbox reaches the wallet and the tier like a real store's word."""

import pytest
from attrs import evolve

from domain.accounts import Tier
from domain.errors import Conflict, NotFound
from domain.market.products import Provider
from domain.market.simulation import Action
from domain.market.standing import Status
from tests.application.market.sandbox_market import START, SandboxMarket, open_market
from tests.domain.market.sandbox_shop import PACK, PLUS, ordered


@pytest.fixture
async def market() -> SandboxMarket:
    return await open_market()


async def test_refunds_take_credits_back_and_a_reversal_returns_them(
    market: SandboxMarket,
) -> None:
    bought = await market.buy(PACK)
    partly = await market.simulate(bought, Action.REFUND, 30)
    assert partly.status is Status.PARTIALLY_REFUNDED
    assert (await market.wallet()).balance == 350
    await market.simulate(bought, Action.REFUND)
    assert (await market.wallet()).balance == 0
    back = await market.simulate(bought, Action.REVERSE_REFUND)
    assert back.status is Status.COMPLETED
    assert (await market.wallet()).balance == 500
    assert await market.violations() == []


async def test_a_dispute_freezes_and_its_end_decides(market: SandboxMarket) -> None:
    bought = await market.buy(PACK)
    await market.simulate(bought, Action.OPEN_DISPUTE)
    assert (await market.wallet()).available == 0
    won = await market.simulate(bought, Action.WIN_DISPUTE)
    assert won.status is Status.COMPLETED
    assert (await market.wallet()).available == 500
    await market.simulate(bought, Action.OPEN_DISPUTE)
    lost = await market.simulate(bought, Action.LOSE_DISPUTE)
    assert lost.status is Status.REFUNDED
    assert (await market.wallet()).balance == 0
    assert await market.violations() == []


async def test_the_tier_follows_a_subscription_through_everything(
    market: SandboxMarket,
) -> None:
    bought = await market.buy(PLUS)
    story = {
        Action.FAIL_RENEWAL: Tier.PLUS,
        Action.HOLD: Tier.FREE,
        Action.RECOVER: Tier.PLUS,
        Action.PAUSE: Tier.FREE,
        Action.RESUME: Tier.PLUS,
        Action.CANCEL: Tier.PLUS,
        Action.LAPSE: Tier.FREE,
    }
    for action, tier in story.items():
        await market.simulate(bought, action)
        assert await market.tier() is tier, action
    assert await market.violations() == []


async def test_a_renewal_brings_the_next_credits(market: SandboxMarket) -> None:
    bought = await market.buy(PLUS)
    renewed = await market.simulate(bought, Action.RENEW)
    assert [lot.credits for lot in renewed.lots] == [1_000, 1_000]
    assert (await market.wallet()).balance == 2_000


async def test_what_cannot_happen_changes_nothing(market: SandboxMarket) -> None:
    bought = await market.buy(PACK)
    for action in (Action.RENEW, Action.WIN_DISPUTE, Action.SUCCEED, Action.REVERSE_REFUND):
        with pytest.raises(Conflict):
            await market.simulate(bought, action)
    assert await market.now(bought) == bought
    assert (await market.wallet()).balance == 500


async def test_everything_that_can_happen_is_listed(market: SandboxMarket) -> None:
    pack = await market.buy(PACK)
    plan = await market.buy(PLUS, key="plan")
    page = await market.list_simulations(market.user.id, limit=1, cursor=None)
    assert [one.purchase.id for one in page.items] == [plan.id]
    assert Action.RENEW in page.items[0].actions
    rest = await market.list_simulations(market.user.id, limit=1, cursor=page.next_cursor)
    assert [one.purchase.id for one in rest.items] == [pack.id]
    assert set(rest.items[0].actions) == {Action.REFUND, Action.OPEN_DISPUTE}
    assert rest.next_cursor is None


async def test_what_a_real_store_sold_is_left_alone(market: SandboxMarket) -> None:
    real = evolve(ordered(PACK), provider=Provider.STRIPE, reference="pi_1")
    await market.purchases.add(real, ("pi_1",))
    with pytest.raises(Conflict):
        await market.simulate(real, Action.SUCCEED)
    page = await market.list_simulations(market.user.id, limit=5, cursor=None)
    assert [one.actions for one in page.items] == [()]


async def test_nobody_touches_what_another_bought(market: SandboxMarket) -> None:
    bought = await market.buy(PACK)
    other = await market.accounts.add(evolve(market.user, id="usr_2", subject="eve"))
    with pytest.raises(NotFound):
        await market.simulate(evolve(bought, user_id=other.id), Action.REFUND)
    page = await market.list_simulations(other.id, limit=5, cursor=None)
    assert page.items == []


async def test_where_there_is_no_sandbox_there_is_nothing() -> None:
    market = await open_market(has_sandbox=False)
    assert market.clock.now() == START
    kept = await market.purchases.add(ordered(PACK))
    with pytest.raises(NotFound):
        await market.simulate(kept, Action.SUCCEED)
    with pytest.raises(NotFound):
        await market.list_simulations(market.user.id, limit=5, cursor=None)
