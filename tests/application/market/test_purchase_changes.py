"""Reports of stores: whose they are, once, in one step, whoever else is at it."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from attrs import evolve

from application.accounts.callers import Caller
from application.market.purchase_changes import ATTEMPTS
from application.market.purchase_owners import Claim
from application.ports.inbox import InboxState
from domain.accounts import Identity, Tier
from domain.errors import Forbidden, NotFound, Unavailable
from domain.ledger import EntryKind
from domain.market.facts import Fact, FactKind
from domain.market.products import Catalogue
from domain.market.purchases import Purchase
from domain.market.reports import Errand, ErrandKind, Parked, Report
from domain.market.standing import Status
from domain.wallet import expire_lots
from tests.application.market.shop import GOOGLE, STRIPE, Shop, owner_of, report
from tests.domain.market.stories import (
    CATALOGUE,
    PLUS,
    START,
    day,
    paid,
    refunded,
    renewed,
    said,
    upgraded,
)

SAM = Claim("usr_1")
KIM = Claim("usr_2")
TRUSTED = Claim("usr_1", is_proven=False)


def plan(*facts: Fact, reference: str = "sub_1", product_id: str = "plus") -> Report:
    facts = facts or (renewed(0, 31),)
    return report(*facts, reference=reference, product_id=product_id)


def at_google(*facts: Fact, **changes: Any) -> Report:
    told = plan(*facts, reference="token_1")
    return evolve(told, **{"provider": GOOGLE, "user_id": None, **changes})


async def test_all_of_a_report_is_written_in_one_step(shop: Shop) -> None:
    body, headers = shop.events.send("evt_1", START)
    event = await shop.events.receive(body, headers)
    await shop.inbox.add(event, START)
    errand = Errand(ErrandKind.CONSUME, STRIPE, "ref_1")
    told = report(paid(quantity=2), aliases=("ch_1",), errands=(errand,))
    purchase = await shop.changes.apply(told, done=(STRIPE, "evt_1"))
    assert purchase == await shop.get(purchase)
    assert (purchase.status, purchase.quantity, purchase.credits) == (Status.COMPLETED, 2, 2_000)
    assert (await shop.wallet()).balance == 2_000
    assert await shop.owed() == [errand]
    message = await shop.inbox.get(STRIPE, "evt_1")
    assert (message.state, message.user_id) == (InboxState.DONE, "usr_1")
    for name in ("ref_1", "ch_1", "pay"):
        assert await shop.purchases.find_owner(STRIPE, (name,)) == owner_of(purchase)


async def test_the_same_again_changes_no_money(shop: Shop) -> None:
    await shop.changes.apply(report())
    before = await shop.wallet()
    await shop.changes.apply(report())
    assert await shop.wallet() == before
    assert len(await shop.ledger()) == 1


async def test_twenty_at_once_in_twenty_processes_are_one(shop: Shop) -> None:
    done = await asyncio.gather(*(shop.process().apply(report()) for _ in range(20)))
    assert len({purchase.id for purchase in done}) == 1
    assert [entry.kind for entry in await shop.ledger()] == [EntryKind.PURCHASE]
    assert len(shop.database.purchases) == 1


async def test_parts_of_the_truth_at_once_add_up(shop: Shop) -> None:
    first = await shop.changes.apply(report(said(FactKind.AWAITING, 0)))
    told = [paid(), refunded(1, 300), refunded(2, 700), said(FactKind.REFUND_REVERSED, 3, "pay")]
    await asyncio.gather(*(shop.process().apply(report(fact)) for fact in told))
    assert (await shop.get(first)).status is Status.COMPLETED
    assert (await shop.wallet()).balance == 1_000


async def test_a_lost_race_is_run_again_and_too_many_are_given_up(shop: Shop) -> None:
    shop.racing.lost = ATTEMPTS - 1
    assert (await shop.changes.apply(report())).status is Status.COMPLETED
    shop.racing.lost = ATTEMPTS
    with pytest.raises(Unavailable):
        await shop.changes.apply(report(refunded(1, 300)))
    assert (await shop.wallet()).balance == 1_000
    assert shop.racing.saves == 2 * ATTEMPTS


async def test_what_is_known_belongs_to_whom_it_belongs(shop: Shop) -> None:
    purchase = await shop.changes.apply(report(aliases=("ch_1",)))
    with pytest.raises(Forbidden):
        await shop.changes.apply(report(), claim=KIM)
    # By any of its names, whatever else the report says.
    other = report(refunded(1, 500), reference="new", aliases=("ch_1",), user_id="usr_2")
    assert (await shop.changes.apply(other)).id == purchase.id
    assert (await shop.wallet()).balance == 500
    assert (await shop.wallet(shop.kim)).balance == 0


async def test_what_an_app_sends_must_name_its_owner(shop: Shop) -> None:
    for token in (None, "no-token", "5e6a4b3c-0000-4000-8000-000000000000"):
        with pytest.raises(Forbidden):
            await shop.changes.apply(at_google(store_token=token), claim=SAM)
    theirs = at_google(store_token=await shop.token(shop.kim))
    with pytest.raises(Forbidden):
        await shop.changes.apply(theirs, claim=SAM)
    assert shop.database.purchases == {}
    mine = at_google(store_token=(await shop.token(shop.sam)).upper())
    assert (await shop.changes.apply(mine, claim=SAM)).user_id == "usr_1"
    with pytest.raises(Forbidden):
        await shop.changes.apply(mine, claim=KIM)


async def test_a_store_that_names_nobody_waits_for_a_person(shop: Shop) -> None:
    with pytest.raises(Parked, match="whose"):
        await shop.changes.apply(report(user_id=None))
    with pytest.raises(Parked, match="whose"):
        await shop.changes.apply(report(user_id="usr_9"))
    claimed = await shop.changes.apply(report(user_id=None), claim=TRUSTED)
    assert claimed.user_id == "usr_1"


async def test_our_own_order_is_found_by_its_id(shop: Shop) -> None:
    ordered = Purchase("pur_own", "usr_1", STRIPE, "pack", False, START)  # noqa: FBT003 - a field
    await shop.purchases.add(ordered)
    purchase = await shop.changes.apply(report(purchase_id="pur_own"))
    assert (purchase.id, purchase.reference) == ("pur_own", "ref_1")
    # Another's id opens nothing: then it is a purchase of its own.
    other = report(paid(0, "x"), purchase_id="pur_own", user_id="usr_2", reference="ref_2")
    assert (await shop.changes.apply(other)).user_id == "usr_2"


async def test_what_was_bought_must_be_known(shop: Shop) -> None:
    nothing = report(said(FactKind.AWAITING, 0), product_id=None)
    with pytest.raises(Parked, match="what was bought"):
        await shop.changes.apply(nothing)
    with pytest.raises(Parked, match="not in the catalogue"):
        await shop.changes.apply(report(product_id="gone"))
    assert (await shop.changes.apply(report(product_id=None))).product_id == "pack"


async def test_what_waits_for_a_person_leaves_no_purchase_behind(shop: Shop) -> None:
    too_many = report(paid(0, quantity=10**9))
    with pytest.raises(Parked, match="more credits"):
        await shop.changes.apply(too_many)
    assert shop.database.purchases == {}
    assert shop.database.store_names == {}


async def test_a_name_of_two_purchases_waits_for_a_person(shop: Shop) -> None:
    await shop.changes.apply(report(aliases=("ch_1",)))
    await shop.changes.apply(report(paid(0, "b"), reference="ref_2"))
    with pytest.raises(Parked, match="alike"):
        await shop.changes.apply(report(paid(0, "b"), reference="ref_2", aliases=("ch_1",)))


async def test_a_subscription_opens_its_tier_at_once_and_time_closes_it(shop: Shop) -> None:
    purchase = await shop.changes.apply(plan())
    assert await shop.tier() is Tier.PLUS
    shop.wait(days=31)
    assert (await shop.changes.look_again(owner_of(purchase))).status is Status.ACTIVE
    shop.wait(days=1)
    assert (await shop.changes.look_again(owner_of(purchase))).status is Status.EXPIRED
    assert await shop.tier() is Tier.FREE


async def test_of_two_subscriptions_the_higher_counts_until_it_ends(shop: Shop) -> None:
    await shop.changes.apply(plan())
    higher = renewed(0, 31, "x0", product_id="premium")
    await shop.changes.apply(plan(higher, reference="sub_2", product_id="premium"))
    assert await shop.tier() is Tier.PREMIUM
    await shop.changes.apply(plan(said(FactKind.LAPSED, 3), reference="sub_2"))
    assert await shop.tier() is Tier.PLUS


@pytest.mark.parametrize("is_new", [True, False])
@pytest.mark.parametrize("steps", range(8))
@pytest.mark.parametrize("is_first", [True, False])
async def test_one_ends_as_another_opens_in_another_process(
    shop: Shop, *, is_new: bool, steps: int, is_first: bool
) -> None:
    """Whichever is first, nobody who pays is left without a tier."""
    await shop.changes.apply(plan(renewed(0, 31, "old"), reference="old"))
    if is_new:
        await shop.changes.apply(plan(said(FactKind.AWAITING, 0), reference="new"))
        opens = plan(renewed(1, 31, "new"), reference="new")
    else:
        held = renewed(-30, 0, "new"), said(FactKind.ON_HOLD, 0.1)
        await shop.changes.apply(plan(*held, reference="new"))
        grace = said(FactKind.IN_GRACE, 0.2, ends_at=day(9))
        opens = plan(grace, reference="new")
    ends = plan(said(FactKind.LAPSED, 1, "old"), reference="old")

    async def later(told: Report) -> None:
        for _ in range(steps):
            await asyncio.sleep(0)
        await shop.process().apply(told)

    first, second = (ends, opens) if is_first else (opens, ends)
    await asyncio.gather(shop.process().apply(first), later(second))
    assert await shop.tier() is Tier.PLUS
    await shop.changes.apply(plan(said(FactKind.LAPSED, 2, "new"), reference="new"))
    assert await shop.tier() is Tier.FREE


async def test_a_tier_that_an_administrator_gave_stays(shop: Shop) -> None:
    await shop.changes.apply(plan())
    await shop.give_tier(Tier.PREMIUM)
    await shop.changes.apply(plan(said(FactKind.LAPSED, 3)))
    assert await shop.tier() is Tier.PREMIUM
    await shop.changes.apply(plan(renewed(0, 9, "y"), reference="sub_2"))
    await shop.changes.apply(plan(said(FactKind.LAPSED, 3), reference="sub_2"))
    assert await shop.tier() is Tier.PREMIUM


async def test_a_plan_that_is_no_longer_sold_stays_open_while_it_runs(shop: Shop) -> None:
    await shop.changes.apply(plan())
    await shop.products.publish(Catalogue(2, CATALOGUE.products[:1]))
    await shop.changes.apply(plan(said(FactKind.CANCELLED, 3)))
    assert await shop.tier() is Tier.PLUS
    await shop.changes.apply(plan(said(FactKind.LAPSED, 4)))
    assert await shop.tier() is Tier.FREE
    with pytest.raises(Parked, match="not in the catalogue"):
        await shop.changes.apply(plan(renewed(31, 59, "p1")))


def _successor(*facts: Fact) -> Report:
    told = facts or (upgraded(10, 41, "x0"),)
    return evolve(plan(*told, reference="sub_2", product_id="premium"), replaces="sub_1")


async def test_a_purchase_takes_the_place_of_another_in_one_step(shop: Shop) -> None:
    old = await shop.changes.apply(plan(renewed(0, 30)))
    new = await shop.changes.apply(_successor())
    old = await shop.get(old)
    assert (old.status, old.replaced_by, old.credits_taken_back) == (Status.EXPIRED, new.id, 200)
    assert (await shop.wallet()).balance == 1_000
    assert await shop.tier() is Tier.PREMIUM
    before = await shop.wallet(), old.lots
    await shop.changes.apply(_successor())
    assert (await shop.wallet(), (await shop.get(old)).lots) == before


async def test_the_order_of_successor_and_predecessor_does_not_matter(shop: Shop) -> None:
    """The renewal comes before the beginning, and what was replaced comes last."""
    renewal = renewed(41, 72, "x1", product_id="premium")
    await shop.changes.apply(_successor(renewal))
    old = await shop.changes.apply(plan(renewed(0, 30)))
    await shop.changes.apply(_successor(renewal))
    assert (await shop.get(old)).credits_taken_back == 0
    await shop.changes.apply(_successor())
    assert (await shop.get(old)).credits_taken_back == 200


async def test_what_a_replaced_period_let_run_out_is_not_owed(shop: Shop) -> None:
    """The successor is heard of only when the period is over."""
    old = await shop.changes.apply(plan(renewed(0, 30)))
    shop.wait(days=30)
    assert await shop.wallets.save(expire_lots(await shop.wallet(), shop.clock.now()))
    await shop.changes.apply(_successor())
    assert (await shop.get(old)).credits_taken_back == 200
    assert ((await shop.wallet()).balance, (await shop.wallet()).debt) == (900, 0)


async def test_nothing_gives_way_to_what_cannot_be_applied(shop: Shop) -> None:
    old = await shop.changes.apply(plan(renewed(0, 30)))
    await shop.changes.apply(_successor(said(FactKind.AWAITING, 9)))
    assert (await shop.get(old)).status is Status.ACTIVE
    with pytest.raises(Parked):
        await shop.changes.apply(_successor(upgraded(10, 41, "x0", product_id="gone")))
    assert (await shop.get(old)).status is Status.ACTIVE
    assert await shop.tier() is Tier.PLUS


async def test_nobody_takes_the_place_of_anothers_purchase(shop: Shop) -> None:
    theirs = await shop.changes.apply(plan(renewed(0, 30)))
    await shop.changes.apply(evolve(_successor(), user_id="usr_2"))
    assert (await shop.get(theirs)).replaced_by is None


async def test_a_subscription_of_an_erased_account_is_cancelled(shop: Shop) -> None:
    await shop.products.publish(Catalogue(2, (evolve(PLUS, store_ids={STRIPE: "price_plus"}),)))
    waiting = await shop.changes.apply(plan(said(FactKind.AWAITING, 0)))
    await shop.erase(shop.sam)
    shop.database.errands.clear()
    await shop.changes.apply(plan())
    cancel = Errand(ErrandKind.CANCEL, STRIPE, "sub_1", store_product="price_plus")
    assert await shop.owed() == [cancel]
    shop.database.errands.clear()
    await shop.changes.apply(plan(said(FactKind.CANCELLED, 1)))
    assert await shop.owed() == []
    assert (await shop.get(waiting)).credits == 300


async def test_a_living_account_owes_no_cancellation(shop: Shop) -> None:
    await shop.changes.apply(plan())
    assert await shop.owed() == []


async def test_looking_at_what_is_not_there(shop: Shop) -> None:
    purchase = await shop.changes.apply(report())
    with pytest.raises(NotFound):
        await shop.changes.look_again(evolve(owner_of(purchase), user_id="usr_2"))


async def test_whoever_asked_lately_is_asked_for_again_when_the_tier_changes(shop: Shop) -> None:
    identity = Identity("sam", expires_at=day(1), issued_at=START)
    shop.recent.remember("token", Caller(shop.sam, identity), START)
    await shop.changes.apply(report())
    assert shop.recent.find("token", START + timedelta(seconds=1)) is not None
    await shop.changes.apply(plan())
    assert shop.recent.find("token", START + timedelta(seconds=1)) is None
