"""Credits of one lot that are taken back, given back or frozen."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.claw_backs import claw_back, freeze, reinstate
from domain.holds import hold, settle
from domain.ledger import EntryKind
from domain.lots import Bucket, Lot
from domain.wallet import Wallet, grant, verify

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
LATER = NOW + timedelta(days=40)


def bought(amount: int, wallet: Wallet = Wallet("usr_1"), reference: str = "lot") -> Wallet:  # noqa: B008 - frozen
    return grant(
        wallet,
        kind=EntryKind.SUBSCRIPTION,
        bucket=Bucket.SUBSCRIPTION,
        credits=amount,
        reference=reference,
        description="Plus",
        now=NOW,
        expires_at=NOW + timedelta(days=30),
    )


def held(wallet: Wallet, amount: int) -> Wallet:
    return hold(wallet, turn_id="turn", amount=amount, now=NOW, expires_at=LATER)


def settled(wallet: Wallet, charge: int, now: datetime = NOW) -> Wallet:
    return settle(wallet, turn_id="turn", charge=charge, now=now, description="Reply")[0]


def taken(wallet: Wallet, amount: int, expired: int = 0, reference: str = "r") -> Wallet:
    after = claw_back(
        wallet,
        lot_id="lot",
        bucket=Bucket.SUBSCRIPTION,
        credits=amount,
        reference=reference,
        now=NOW,
        expired=expired,
    )
    verify(after)
    return after


def given_back(wallet: Wallet, amount: int, now: datetime = NOW) -> Wallet:
    lot = Lot("lot", Bucket.SUBSCRIPTION, 0, NOW + timedelta(days=30))
    after = reinstate(wallet, lot=lot, credits=amount, reference="back", now=now)
    verify(after)
    return after


def test_what_is_left_goes_first_then_what_ran_out_then_what_was_spent() -> None:
    wallet = settled(held(bought(100), 60), 60)
    assert (taken(wallet, 40).balance, taken(wallet, 40).debt) == (0, 0)
    assert (taken(wallet, 60, expired=30).balance, taken(wallet, 60, expired=30).debt) == (0, 0)
    assert taken(wallet, 100, expired=30).debt == 30


def test_what_only_ran_out_leaves_no_line() -> None:
    wallet = settled(held(bought(100), 100), 100)
    assert taken(wallet, 100, expired=100) is wallet
    assert taken(Wallet("usr_1"), 5).debt == 5


def test_held_credits_are_owed_only_beyond_what_ran_out() -> None:
    wallet = held(bought(30), 30)
    assert taken(wallet, 50, expired=70).debt == 0
    partly = taken(wallet, 50, expired=30)
    assert (partly.debt, partly.lots[0].owed) == (20, 20)
    assert (settled(partly, 0).balance, settled(partly, 0).debt) == (10, 0)
    assert (settled(partly, 30).balance, settled(partly, 30).debt) == (0, 20)


def test_what_is_owed_of_a_hold_is_not_taken_of_it_twice() -> None:
    used = settled(held(bought(40), 10), 10)
    wallet = taken(taken(held(used, 30), 20), 20, reference="r2")
    assert (wallet.debt, wallet.lots[0].owed) == (40, 30)
    assert settled(wallet, 0).debt == 10


def test_what_comes_back_pays_debt_first() -> None:
    wallet = taken(settled(held(bought(100), 60), 60), 100)
    after = given_back(wallet, 70)
    assert (after.balance, after.debt) == (10, 0)
    assert [(entry.kind, entry.amount, entry.debt) for entry in after.entries[-2:]] == [
        (EntryKind.REINSTATEMENT, 70, 0),
        (EntryKind.DEBT_REPAYMENT, -60, -60),
    ]


def test_what_comes_back_in_time_runs_out_with_its_lot_and_afterwards_lasts() -> None:
    gone = taken(bought(100), 100)
    assert given_back(gone, 10).lots[0].expires_at == NOW + timedelta(days=30)
    assert given_back(gone, 10, LATER).lots[0].expires_at is None
    some = taken(bought(100), 50)
    assert given_back(some, 10).lots == (Lot("lot", Bucket.SUBSCRIPTION, 60, NOW + timedelta(30)),)


@pytest.mark.parametrize("amount", [0, -1])
def test_a_change_is_at_least_one_credit(amount: int) -> None:
    with pytest.raises(ValueError, match="at least 1"):
        taken(bought(5), amount)
    with pytest.raises(ValueError, match="at least 1"):
        given_back(bought(5), amount)


def test_frozen_credits_stay_but_cannot_be_spent() -> None:
    wallet = freeze(held(bought(100), 30), "lot", is_frozen=True)
    assert (wallet.balance, wallet.available, wallet.held) == (100, 0, 100)
    wallet = settled(wallet, 10)
    assert (wallet.balance, wallet.available) == (90, 0)
    free = freeze(wallet, "lot", is_frozen=False)
    assert free.available == 90
    assert free.entries == wallet.entries


def test_freezing_what_is_gone_or_frozen_changes_nothing() -> None:
    wallet = freeze(bought(5), "lot", is_frozen=True)
    assert freeze(wallet, "lot", is_frozen=True) is wallet
    assert freeze(wallet, "other", is_frozen=True) is wallet
