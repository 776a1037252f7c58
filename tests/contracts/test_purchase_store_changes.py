"""What every store of purchases promises of a change: all of it, or nothing."""

import asyncio

import pytest
from attrs import evolve

from application.ports.inbox import InboxState
from application.ports.purchase_store import Change, Owner
from domain.accounts import Tier
from domain.claw_backs import claw_back, reinstate
from domain.errors import AlreadyRecorded, NotFound
from domain.holds import hold, release, settle
from domain.ledger import LotHistory
from domain.lots import Bucket, Lot
from domain.market.products import Provider
from domain.market.purchases import GrantedLot, Purchase
from domain.wallet import expire_lots
from tests.contracts.builders import NOW, at, erased, granted
from tests.contracts.market import (
    Market,
    credited,
    frozen_lot,
    make_errand,
    make_event,
    paid,
    taken_back,
)

DONE = (Provider.STRIPE, "evt_1")


async def full_change(market: Market, purchase: Purchase) -> Change:
    """A change of everything that there is."""
    holding = await market.open(purchase)
    after = paid(holding.purchase)
    return Change(
        purchase=after,
        now=at(7),
        wallet=credited(holding.wallet, after.lots[-1]),
        tier=Tier.PLUS,
        names=("in_1",),
        errands=(make_errand(),),
        done=DONE,
    )


async def all_that_changes(market: Market, purchase: Purchase) -> list[object]:
    user_id = purchase.user_id
    return [
        await market.open(purchase),
        await market.purchases.list(user_id, limit=50, before=None),
        await market.stores.wallets.list_entries(user_id, limit=50, before=None),
        await market.stores.accounts.get(user_id),
        await market.purchases.find_owner(purchase.provider, ("in_1",)),
        await market.owed(),
        await market.inbox.get(*DONE),
    ]


# ------------------------------------------------------------------------------------------ open


async def test_all_that_a_change_is_decided_by_comes_at_once(market: Market) -> None:
    user = await market.stores.sign_up(credits=30, tier=Tier.PREMIUM)
    other, purchase = await market.subscribe(user), await market.subscribe(user)
    third = await market.subscribe(user)
    await market.place(user)
    await market.subscribe(await market.stores.sign_up("bob"))
    settled = await market.settle(purchase)
    holding = await market.open(purchase)
    assert holding.purchase == settled
    assert holding.wallet == await market.stores.wallets.get(user.id)
    assert holding.tier is Tier.PREMIUM
    assert holding.subscriptions == (third, other)
    assert holding.lots == {settled.lots[0].lot_id: LotHistory(granted=100)}


async def test_lots_that_the_ledger_does_not_know_are_left_out(market: Market) -> None:
    user = await market.stores.sign_up(credits=30)
    purchase = paid(await market.place(user))
    assert await market.purchases.save(Change(purchase, NOW))
    assert (await market.open(purchase)).lots == {}


async def test_the_history_of_a_lot_is_what_the_ledger_says(market: Market) -> None:
    user = await market.stores.sign_up()
    purchase = await market.settle(await market.place(user))
    [lot] = purchase.lots
    wallets = market.stores.wallets

    wallet = await wallets.get(user.id)
    wallet = hold(wallet, turn_id="one", amount=70, now=NOW, expires_at=at(600))
    wallet, _ = settle(wallet, turn_id="one", charge=30, now=NOW, description="Reply")
    assert await wallets.save(wallet)
    assert (await market.open(purchase)).lots == {lot.lot_id: LotHistory(granted=100, spent=30)}

    assert await market.purchases.save(taken_back(await market.open(purchase), 100))
    history = LotHistory(granted=100, spent=30, taken=70, owed=30)
    assert (await market.open(purchase)).lots == {lot.lot_id: history}

    back = Lot(lot.lot_id, lot.bucket, 0)
    wallet = await wallets.get(user.id)
    wallet = reinstate(wallet, lot=back, credits=40, reference="won", now=at(10))
    assert await wallets.save(wallet)
    history = LotHistory(granted=100, spent=60, taken=60, owed=0)
    assert (await market.open(purchase)).lots == {lot.lot_id: history}

    wallet = await wallets.get(user.id)
    wallet = reinstate(wallet, lot=back, credits=60, reference="all", now=at(11))
    assert await wallets.save(wallet)
    history = LotHistory(granted=100, spent=60, taken=0, owed=0)
    assert (await market.open(purchase)).lots == {lot.lot_id: history}


async def test_what_a_hold_lets_go_of_was_taken_after_all(market: Market) -> None:
    user = await market.stores.sign_up()
    purchase = await market.settle(await market.place(user))
    [lot] = purchase.lots
    wallet = await market.stores.wallets.get(user.id)
    wallet = hold(wallet, turn_id="one", amount=70, now=NOW, expires_at=at(600))
    assert await market.stores.wallets.save(wallet)
    assert await market.purchases.save(taken_back(await market.open(purchase), 100))
    holding = await market.open(purchase)
    assert holding.lots == {lot.lot_id: LotHistory(granted=100, taken=30, owed=70)}
    assert holding.wallet.debt == 70
    freed = release(holding.wallet, turn_id="one", now=at(20))
    assert await market.stores.wallets.save(freed)
    holding = await market.open(purchase)
    assert holding.lots == {lot.lot_id: LotHistory(granted=100, taken=100)}
    assert holding.wallet.debt == 0
    assert await market.broken() == set()


async def test_what_ran_out_and_what_paid_debt_is_in_the_history(market: Market) -> None:
    user = await market.stores.sign_up()
    wallet = await market.stores.wallets.get(user.id)
    owing = claw_back(
        wallet, lot_id="gone", bucket=Bucket.PURCHASED, credits=25, reference="gone", now=NOW
    )
    assert await market.stores.wallets.save(owing)
    placed = await market.place(user)
    holding = await market.open(placed)
    [lot] = paid(placed).lots
    wallet = credited(holding.wallet, lot)
    running_out = evolve(wallet, lots=(evolve(wallet.lots[0], expires_at=at(50)),))
    assert await market.purchases.save(Change(paid(placed), NOW, running_out))
    assert await market.stores.wallets.save(
        expire_lots(await market.stores.wallets.get(user.id), at(51))
    )
    holding = await market.open(placed)
    assert holding.lots == {lot.lot_id: LotHistory(granted=100, spent=25, expired=75)}


async def test_the_bonus_of_a_purchase_has_its_own_history(market: Market) -> None:
    user = await market.stores.sign_up()
    placed = await market.place(user)
    holding = await market.open(placed)
    after = paid(holding.purchase)
    bonus = GrantedLot("pay_1", f"{placed.id}:bonus", Bucket.PROMO, 20, NOW)
    after = evolve(after, lots=(*after.lots, bonus))
    wallet = credited(credited(holding.wallet, after.lots[0]), bonus)
    assert await market.purchases.save(Change(after, NOW, wallet))
    histories = {
        after.lots[0].lot_id: LotHistory(granted=100),
        bonus.lot_id: LotHistory(granted=20),
    }
    assert (await market.open(placed)).lots == histories
    assert await market.broken() == set()


# ------------------------------------------------------------------------------------------ save


async def test_a_change_writes_everything_in_one_step(market: Market) -> None:
    user = await market.stores.sign_up(display_name="Ann")
    purchase = await market.subscribe(user, "sub_1")
    old = await market.subscribe(user)
    assert await market.inbox.add(make_event(), NOW)
    [message] = await market.inbox.claim(now=NOW, until=at(60), limit=9)
    await market.inbox.finish(evolve(message, attempts=1, reason="the database was away"))
    change = await full_change(market, purchase)
    change = evolve(change, others=(evolve(old, replaced_by=purchase.id),))
    assert await market.purchases.save(change)

    holding = await market.open(purchase)
    assert change.wallet
    assert holding.wallet == change.wallet.saved()
    assert holding.purchase == evolve(change.purchase, version=2)
    assert holding.subscriptions == (evolve(old, replaced_by=purchase.id, version=2),)
    [entry] = await market.stores.wallets.list_entries(user.id, limit=9, before=None)
    assert entry == change.wallet.entries[0]
    account = await market.stores.accounts.get(user.id)
    assert account == evolve(user, tier=Tier.PLUS)
    owner = await market.purchases.find_owner(Provider.STRIPE, ("in_1",))
    assert owner == Owner(user.id, purchase.id)
    [owed] = await market.owed()
    assert (owed.user_id, owed.errand, owed.created_at) == (user.id, make_errand(), at(7))
    message = await market.inbox.get(*DONE)
    assert message.state is InboxState.DONE
    assert (message.user_id, message.finished_at, message.reason) == (user.id, at(7), None)
    assert message.attempts == 1
    assert await market.broken() == set()


async def test_who_changes_the_account_meanwhile_does_not_close_the_tier(market: Market) -> None:
    user = await market.stores.sign_up()
    await market.settle(await market.subscribe(user), tier=Tier.PLUS)
    await market.stores.accounts.save(evolve(user, display_name="Ann"))
    kept = await market.stores.accounts.get(user.id)
    assert kept == evolve(user, display_name="Ann", tier=Tier.PLUS)


async def test_a_change_of_the_purchase_alone_leaves_the_rest(market: Market) -> None:
    user = await market.stores.sign_up(credits=10, tier=Tier.PREMIUM)
    purchase = await market.subscribe(user)
    assert await market.inbox.add(make_event(), NOW)
    before = await all_that_changes(market, purchase)
    assert await market.purchases.save(Change(evolve(purchase, reference="sub_1"), NOW))
    after = await all_that_changes(market, purchase)
    assert after[2:] == before[2:]
    holding = await market.open(purchase)
    assert holding.wallet == await market.stores.wallets.get(user.id)
    assert holding.purchase == evolve(purchase, reference="sub_1", version=2)


@pytest.mark.parametrize("lost", ["purchase", "other", "wallet", "unknown", "unknown other"])
async def test_whoever_loses_a_race_writes_nothing(market: Market, lost: str) -> None:
    user = await market.stores.sign_up(credits=10)
    purchase, other = await market.subscribe(user, "sub_1"), await market.subscribe(user)
    assert await market.inbox.add(make_event(), NOW)
    change = evolve(await full_change(market, purchase), others=(other,))
    if lost == "purchase":
        assert await market.purchases.save(Change(purchase, NOW))
    elif lost == "other":
        assert await market.purchases.save(Change(other, NOW))
    elif lost == "wallet":
        wallet = await market.stores.wallets.get(user.id)
        assert await market.stores.wallets.save(granted(wallet, 1))
    elif lost == "unknown":
        change = evolve(change, purchase=evolve(change.purchase, id="pur_none"))
    else:
        change = evolve(change, others=(evolve(other, id="pur_none"),))
    before = await all_that_changes(market, purchase)
    assert not await market.purchases.save(change)
    assert await all_that_changes(market, purchase) == before


@pytest.mark.parametrize("with_money", [True, False])
async def test_of_twenty_who_save_the_same_version_one_does(
    market: Market, *, with_money: bool
) -> None:
    user = await market.stores.sign_up()
    purchase = await market.place(user)
    holding = await market.open(purchase)
    changes = []
    for number in range(20):
        after = paid(holding.purchase, f"pay_{number}")
        wallet = credited(holding.wallet, after.lots[-1]) if with_money else None
        errand = make_errand(f"ref_{number}")
        changes.append(Change(after, NOW, wallet, names=(f"n_{number}",), errands=(errand,)))
    saved = await asyncio.gather(*(market.purchases.save(change) for change in changes))
    assert saved.count(True) == 1
    winner = saved.index(True)
    kept = await market.open(purchase)
    assert kept.purchase == evolve(changes[winner].purchase, version=2)
    assert kept.wallet.balance == (100 if with_money else 0)
    assert [one.errand.reference for one in await market.owed()] == [f"ref_{winner}"]
    for number in range(20):
        owner = await market.purchases.find_owner(Provider.STRIPE, (f"n_{number}",))
        assert (owner is not None) is (number == winner)


async def test_changes_of_many_purchases_at_once_all_get_through(market: Market) -> None:
    user = await market.stores.sign_up()
    purchases = [await market.place(user) for _ in range(6)]

    async def settle_one(purchase: Purchase) -> None:
        saved = False
        while not saved:
            holding = await market.open(purchase)
            after = paid(holding.purchase, f"{purchase.id}_paid")
            change = Change(after, NOW, credited(holding.wallet, after.lots[-1]))
            saved = await market.purchases.save(change)

    await asyncio.gather(*(settle_one(purchase) for purchase in purchases))
    wallet = await market.stores.wallets.get(user.id)
    assert (wallet.balance, wallet.entry_count) == (600, 6)
    assert await market.broken() == set()
    assert await market.stores.wallets.audit() == []


async def test_two_changes_that_touch_each_others_purchases_do_not_block_each_other(
    market: Market,
) -> None:
    user = await market.stores.sign_up()
    one, two = await market.subscribe(user), await market.subscribe(user)
    for version in range(1, 11):
        first, second = evolve(one, version=version), evolve(two, version=version)
        saved = await asyncio.gather(
            market.purchases.save(Change(first, NOW, others=(second,))),
            market.purchases.save(Change(second, NOW, others=(first,))),
        )
        assert sorted(saved) == [False, True]


async def test_what_the_ledger_has_is_not_written_again(market: Market) -> None:
    user = await market.stores.sign_up()
    purchase = await market.subscribe(user)
    assert await market.inbox.add(make_event(), NOW)
    await market.settle(purchase)
    wallet = await market.stores.wallets.get(user.id)
    spent = hold(wallet, turn_id="t", amount=100, now=NOW, expires_at=at(9))
    spent, _ = settle(spent, turn_id="t", charge=100, now=NOW, description="Reply")
    assert await market.stores.wallets.save(spent)
    before = await all_that_changes(market, purchase)
    with pytest.raises(AlreadyRecorded):
        await market.purchases.save(await full_change(market, purchase))
    assert await all_that_changes(market, purchase) == before


async def test_errands_that_are_owed_already_stay_as_they_are(market: Market) -> None:
    user = await market.stores.sign_up()
    purchase = await market.place(user)
    await market.errands.add(user.id, [make_errand()], at(-5))
    errands = (make_errand(), make_errand("ref_2"), make_errand("ref_2"))
    assert await market.purchases.save(Change(purchase, NOW, errands=errands))
    owed = await market.owed()
    assert [(one.errand.reference, one.created_at) for one in owed] == [
        ("ref_1", at(-5)),
        ("ref_2", NOW),
    ]


async def test_a_message_that_is_not_there_keeps_nobody_from_saving(market: Market) -> None:
    purchase = await market.place(await market.stores.sign_up())
    assert await market.purchases.save(Change(purchase, NOW, done=DONE))
    with pytest.raises(NotFound):
        await market.inbox.get(*DONE)


async def test_a_frozen_lot_cannot_be_spent(market: Market) -> None:
    purchase = await market.settle(await market.place(await market.stores.sign_up()))
    assert await market.purchases.save(frozen_lot(await market.open(purchase)))
    wallet = (await market.open(purchase)).wallet
    assert (wallet.balance, wallet.available) == (100, 0)
    assert wallet.lots[0].is_frozen
    assert await market.stores.wallets.audit() == []
    assert await market.broken() == set()


# --------------------------------------------------------------------------------------- erasure


async def test_the_purchases_of_somebody_erased_can_still_be_changed(market: Market) -> None:
    user = await market.stores.sign_up("ann")
    purchase = await market.subscribe(user, "sub_1")
    assert await market.inbox.add(make_event(), NOW)
    await market.stores.accounts.erase(erased(user))
    owner = await market.purchases.find_owner(Provider.STRIPE, ("sub_1",))
    assert owner == Owner(user.id, purchase.id)
    holding = await market.purchases.open(owner)
    assert await market.purchases.save(await full_change(market, holding.purchase))
    holding = await market.purchases.open(owner)
    assert (holding.wallet.balance, holding.tier) == (100, Tier.PLUS)
    assert (await market.purchases.list(user.id, limit=9, before=None)) == [holding.purchase]
    assert await market.broken() == set()


async def test_what_was_decided_before_the_erasure_is_decided_again(market: Market) -> None:
    user = await market.stores.sign_up()
    purchase = await market.subscribe(user)
    late = Change(paid(purchase), NOW)
    await market.stores.accounts.erase(erased(user))
    assert not await market.purchases.save(late)


async def test_an_erasure_beside_changes_keeps_money_and_purchases(market: Market) -> None:
    user = await market.stores.sign_up()
    purchases = [await market.subscribe(user, reference=f"sub_{n}") for n in range(6)]

    async def settle_one(purchase: Purchase) -> None:
        saved = False
        while not saved:
            holding = await market.open(purchase)
            after = paid(holding.purchase, f"{purchase.id}_paid")
            change = Change(after, NOW, credited(holding.wallet, after.lots[-1]))
            saved = await market.purchases.save(change)

    await asyncio.gather(
        *(settle_one(purchase) for purchase in purchases[:3]),
        market.stores.accounts.erase(erased(user)),
        *(settle_one(purchase) for purchase in purchases[3:]),
    )
    assert (await market.stores.wallets.get(user.id)).balance == 600
    assert {one.errand.reference for one in await market.owed()} == {f"sub_{n}" for n in range(6)}
    assert await market.broken() == set()
    assert await market.stores.wallets.audit() == []
