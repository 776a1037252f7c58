"""What every store of wallets promises."""

import asyncio
from datetime import date, timedelta

import pytest
from attrs import evolve

from domain.accounts import Tier
from domain.chat import TurnStatus
from domain.claw_backs import claw_back
from domain.errors import AlreadyRecorded, NotFound
from domain.holds import expire_holds, hold, release, settle
from domain.ledger import EntryKind
from domain.lots import Bucket
from domain.wallet import Wallet, refresh
from tests.contracts.builders import NOW, at, granted
from tests.contracts.stores import Stores


def holding(wallet: Wallet, seconds: float, *, turn_id: str = "turn_1") -> Wallet:
    """The wallet with a hold that runs out ``seconds`` after ``NOW``."""
    return hold(wallet, turn_id=turn_id, amount=1, now=NOW, expires_at=at(seconds))


def spent(wallet: Wallet, *, turn_id: str, amount: int) -> Wallet:
    held = hold(wallet, turn_id=turn_id, amount=amount, now=NOW, expires_at=at(600))
    return settle(held, turn_id=turn_id, charge=amount, now=NOW, description="Reply")[0]


async def test_an_unknown_wallet_is_not_found(stores: Stores) -> None:
    with pytest.raises(NotFound):
        await stores.wallets.get("usr_nobody")


async def test_a_wallet_is_read_as_it_was_saved(stores: Stores) -> None:
    user = await stores.sign_up(tier=Tier.PLUS)
    wallet = await stores.wallets.get(user.id)
    wallet = refresh(wallet, daily_credits=20, now=NOW)
    wallet = granted(wallet, 30, bucket=Bucket.PROMO, expires_at=at(0.5), reference="promo")
    wallet = granted(wallet, 40, bucket=Bucket.SUBSCRIPTION, kind=EntryKind.SUBSCRIPTION)
    wallet = granted(wallet, 50, reference="bought")
    wallet = hold(wallet, turn_id="turn_1", amount=35, now=NOW, expires_at=at(600))
    wallet = hold(wallet, turn_id="turn_2", amount=90, now=NOW, expires_at=at(601))
    wallet = claw_back(
        wallet, lot_id="bought", bucket=Bucket.PURCHASED, credits=48, reference="r", now=NOW
    )
    assert wallet.debt
    assert any(lot.owed for lot in wallet.lots)
    assert await stores.wallets.save(wallet)
    assert await stores.wallets.get(user.id) == wallet.saved()


async def test_each_save_is_one_version_further(stores: Stores) -> None:
    user = await stores.sign_up()
    first = await stores.wallets.get(user.id)
    assert await stores.wallets.save(granted(first, 5))
    assert (await stores.wallets.get(user.id)).version == first.version + 1


async def test_the_entries_of_a_saved_wallet_are_in_the_ledger_newest_first(
    stores: Stores,
) -> None:
    user = await stores.sign_up()
    wallet = refresh(await stores.wallets.get(user.id), daily_credits=20, now=NOW)
    wallet = spent(granted(wallet, 30, description="Ünlimited 🙂"), turn_id="turn_1", amount=45)
    assert await stores.wallets.save(wallet)
    listed = await stores.wallets.list_entries(user.id, limit=10, before=None)
    assert list(listed) == list(wallet.entries[::-1])
    assert [entry.seq for entry in listed] == [4, 3, 2, 1]


async def test_the_ledger_has_pages_without_gap(stores: Stores) -> None:
    user = await stores.sign_up()
    wallet = await stores.wallets.get(user.id)
    for amount in range(1, 6):
        wallet = granted(wallet, amount)
    assert await stores.wallets.save(wallet)
    first = await stores.wallets.list_entries(user.id, limit=2, before=None)
    rest = await stores.wallets.list_entries(user.id, limit=10, before=first[-1].seq)
    assert [entry.amount for entry in (*first, *rest)] == [5, 4, 3, 2, 1]


async def test_a_ledger_shows_only_its_owners_entries(stores: Stores) -> None:
    ann, bob = await stores.sign_up("ann", credits=100), await stores.sign_up("bob")
    assert len(await stores.wallets.list_entries(ann.id, limit=10, before=None)) == 1
    assert await stores.wallets.list_entries(bob.id, limit=10, before=None) == []


async def test_a_wallet_that_has_changed_meanwhile_is_not_saved(stores: Stores) -> None:
    user = await stores.sign_up()
    stale = await stores.wallets.get(user.id)
    assert await stores.wallets.save(granted(stale, 5))
    assert not await stores.wallets.save(granted(stale, 7))
    assert (await stores.wallets.get(user.id)).balance == 5
    assert len(await stores.wallets.list_entries(user.id, limit=10, before=None)) == 1


async def test_a_change_without_entries_is_compared_and_set_too(stores: Stores) -> None:
    user = await stores.sign_up(credits=10)
    wallet = await stores.wallets.get(user.id)
    assert await stores.wallets.save(holding(wallet, 600, turn_id="turn_1"))
    assert not await stores.wallets.save(holding(wallet, 600, turn_id="turn_2"))


async def test_of_twenty_saves_of_one_version_one_gets_through(stores: Stores) -> None:
    user = await stores.sign_up()
    wallet = await stores.wallets.get(user.id)
    changes = [granted(wallet, amount) for amount in range(1, 21)]
    saved = await asyncio.gather(*(stores.wallets.save(change) for change in changes))
    assert saved.count(True) == 1
    [entry] = await stores.wallets.list_entries(user.id, limit=100, before=None)
    assert entry.amount == saved.index(True) + 1
    assert (await stores.wallets.get(user.id)).balance == entry.amount


async def test_what_the_ledger_has_is_not_recorded_again(stores: Stores) -> None:
    user = await stores.sign_up()
    wallet = spent(
        granted(await stores.wallets.get(user.id), 5, reference="paid"), turn_id="t", amount=5
    )
    assert await stores.wallets.save(wallet)
    before = await stores.wallets.get(user.id)
    with pytest.raises(AlreadyRecorded):
        await stores.wallets.save(granted(granted(before, 1), 5, reference="paid"))
    assert await stores.wallets.get(user.id) == before
    assert len(await stores.wallets.list_entries(user.id, limit=10, before=None)) == 2


async def test_the_same_reference_may_stand_in_two_ledgers(stores: Stores) -> None:
    for name in ("ann", "bob"):
        user = await stores.sign_up(name)
        wallet = refresh(await stores.wallets.get(user.id), daily_credits=20, now=NOW)
        assert await stores.wallets.save(wallet)


async def test_one_reference_may_stand_for_several_kinds_and_lots(stores: Stores) -> None:
    user = await stores.sign_up()
    wallet = granted(await stores.wallets.get(user.id), 5, reference="one")
    wallet = granted(wallet, 5, reference="two")
    wallet = spent(wallet, turn_id="one", amount=10)
    assert await stores.wallets.save(wallet)
    assert {entry.reference for entry in wallet.entries} == {"one", "two"}


async def test_an_overdrawn_wallet_is_refused(stores: Stores) -> None:
    user = await stores.sign_up(credits=10)
    wallet = await stores.wallets.get(user.id)
    [lot] = wallet.lots
    overdrawn = evolve(wallet, lots=(evolve(lot, held=11),))
    with pytest.raises(Exception, match="overdrawn"):
        await stores.wallets.save(overdrawn)
    assert await stores.wallets.get(user.id) == wallet


async def test_a_turn_whose_hold_lapsed_has_failed(stores: Stores) -> None:
    user = await stores.sign_up(credits=100)
    opening = await stores.open(user, await stores.begin_session(user), expires_at=at(10))
    swept, lapsed = expire_holds(await stores.wallets.get(user.id), at(10))
    assert lapsed == (opening.turn.id,)
    assert await stores.wallets.save(swept, lapsed_turns=lapsed)
    turn = await stores.turns.get(user.id, opening.turn.id)
    assert (turn.status, turn.error_code) == (TurnStatus.FAILED, "unavailable")
    assert (await stores.wallets.get(user.id)).available == 100


async def test_a_turn_that_was_closed_does_not_lapse(stores: Stores) -> None:
    user = await stores.sign_up(credits=100)
    opening = await stores.open(user, await stores.begin_session(user))
    closing = await stores.close(opening)
    wallet = await stores.wallets.get(user.id)
    assert await stores.wallets.save(granted(wallet, 1), lapsed_turns=[opening.turn.id])
    assert await stores.turns.get(user.id, opening.turn.id) == closing.turn


async def test_a_lost_race_lapses_no_turn(stores: Stores) -> None:
    user = await stores.sign_up(credits=100)
    opening = await stores.open(user, await stores.begin_session(user), expires_at=at(10))
    swept, lapsed = expire_holds(await stores.wallets.get(user.id), at(10))
    assert await stores.wallets.save(granted(await stores.wallets.get(user.id), 1))
    assert not await stores.wallets.save(swept, lapsed_turns=lapsed)
    assert (await stores.turns.get(user.id, opening.turn.id)).status is TurnStatus.RUNNING


async def test_overdue_holds_are_found_the_most_overdue_first(stores: Stores) -> None:
    expiries = {"ann": 30, "bob": 10, "cid": 20, "dan": 31}
    users = {}
    for name, seconds in expiries.items():
        users[name] = await stores.sign_up(name, credits=10)
        wallet = await stores.wallets.get(users[name].id)
        assert await stores.wallets.save(holding(wallet, seconds))
    await stores.sign_up("eve", credits=10)
    found = await stores.wallets.find_overdue(at(30), limit=10)
    assert found == [users["bob"].id, users["cid"].id, users["ann"].id]
    assert await stores.wallets.find_overdue(at(30), limit=2) == found[:2]
    assert await stores.wallets.find_overdue(at(9), limit=10) == []


async def test_a_wallet_is_overdue_by_its_earliest_hold(stores: Stores) -> None:
    user = await stores.sign_up(credits=10)
    wallet = holding(await stores.wallets.get(user.id), 60, turn_id="turn_1")
    assert await stores.wallets.save(holding(wallet, 10, turn_id="turn_2"))
    assert await stores.wallets.find_overdue(at(10), limit=10) == [user.id]
    left = release(await stores.wallets.get(user.id), turn_id="turn_2", now=NOW)
    assert await stores.wallets.save(left)
    assert await stores.wallets.find_overdue(at(10), limit=10) == []


async def test_wallets_not_refreshed_on_a_day_are_found_by_id(stores: Stores) -> None:
    today = NOW.date()
    refreshed_on: dict[str, date | None] = {
        "ann": today - timedelta(days=1),
        "bob": today,
        "cid": None,
        "dan": today + timedelta(days=1),
        "eve": today - timedelta(days=30),
    }
    tiers = {"ann": Tier.FREE, "cid": Tier.PLUS, "eve": Tier.PREMIUM}
    users = {}
    for name, day in refreshed_on.items():
        users[name] = await stores.sign_up(name, tier=tiers.get(name, Tier.FREE))
        wallet = await stores.wallets.get(users[name].id)
        assert await stores.wallets.save(evolve(wallet, daily_on=day))
    found = await stores.wallets.find_unrefreshed(today, limit=10, after=None)
    assert found == [(users[name].id, tiers[name]) for name in ("ann", "cid", "eve")]
    assert await stores.wallets.find_unrefreshed(today, limit=2, after=None) == found[:2]
    assert await stores.wallets.find_unrefreshed(today, limit=10, after=found[0][0]) == found[1:]


async def test_erased_accounts_are_not_refreshed(stores: Stores) -> None:
    user = await stores.sign_up()
    await stores.accounts.erase(evolve(user, subject=None, erased_at=NOW))
    assert await stores.wallets.find_unrefreshed(NOW.date(), limit=10, after=None) == []
