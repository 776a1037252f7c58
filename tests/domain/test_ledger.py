"""What each movement of credits writes into the ledger, line for line: people read it as a bill."""

import time
from datetime import UTC, datetime, timedelta

import pytest

from domain.claw_backs import claw_back, reinstate
from domain.holds import hold, release, settle
from domain.ledger import EntryKind, LedgerEntry
from domain.lots import Allocation, Bucket, Lot, credits_by_bucket
from domain.wallet import Wallet, expire_lots, grant, next_daily_refresh, refresh

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
SOON = NOW + timedelta(hours=1)
LATER = NOW + timedelta(days=40)
BOUGHT = Bucket.PURCHASED


def bought(amount: int, wallet: Wallet = Wallet("usr_1"), lasts: timedelta | None = None) -> Wallet:  # noqa: B008 - frozen
    return grant(
        wallet,
        kind=EntryKind.PURCHASE,
        bucket=BOUGHT,
        credits=amount,
        reference="pur_1",
        description="Credits",
        now=NOW,
        expires_at=None if lasts is None else NOW + lasts,
    )


def held(wallet: Wallet, amount: int) -> Wallet:
    return hold(wallet, turn_id="turn_1", amount=amount, now=NOW, expires_at=LATER)


def taken(wallet: Wallet, amount: int) -> Wallet:
    return claw_back(
        wallet, lot_id="pur_1", bucket=BOUGHT, credits=amount, reference="refund", now=SOON
    )


def line(
    seq: int,
    kind: EntryKind,
    amount: int,
    balance: int,
    reference: str,
    description: str,
    now: datetime,
    debt: int = 0,
) -> LedgerEntry:
    return LedgerEntry(
        seq, kind, BOUGHT, "pur_1", amount, debt, balance, reference, description, now
    )


GRANTED = line(1, EntryKind.PURCHASE, 10, 10, "pur_1", "Credits", NOW)


def test_a_purchase_is_a_line() -> None:
    wallet = bought(10)
    assert wallet.entries == (GRANTED,)
    assert (wallet.lots, wallet.version) == ((Lot("pur_1", BOUGHT, 10),), 0)


def test_a_charge_is_a_line_and_what_is_let_go_is_none() -> None:
    wallet, _ = settle(
        held(bought(10), 6), turn_id="turn_1", charge=4, now=SOON, description="Reply by Luna"
    )
    charged = line(2, EntryKind.CHARGE, -4, 6, "turn_1", "Reply by Luna", SOON)
    assert wallet.entries == (GRANTED, charged)


def test_what_runs_out_is_a_line() -> None:
    wallet = expire_lots(held(bought(10, lasts=timedelta(hours=1)), 6), SOON)
    assert wallet.entries == (
        GRANTED,
        line(2, EntryKind.EXPIRY, -4, 6, "expiry:2", "Expired", SOON),
    )
    assert release(wallet, turn_id="turn_1", now=LATER).entries[2:] == (
        line(3, EntryKind.EXPIRY, -6, 0, "turn_1", "Expired", LATER),
    )


def test_what_is_taken_back_is_a_line_and_so_is_what_a_hold_lets_go_of_it() -> None:
    wallet = taken(held(bought(10), 6), 10)
    words = "Taken back after a refund"
    assert wallet.entries == (
        GRANTED,
        line(2, EntryKind.CLAW_BACK, -4, 6, "refund", words, SOON, debt=6),
    )
    assert release(wallet, turn_id="turn_1", now=LATER).entries[2:] == (
        line(3, EntryKind.CLAW_BACK, -6, 0, "turn_1", words, LATER, debt=-6),
    )


def test_what_comes_back_is_a_line_and_so_is_the_debt_that_it_pays() -> None:
    spent, _ = settle(held(bought(10), 6), turn_id="turn_1", charge=6, now=NOW, description="R")
    wallet = reinstate(
        taken(spent, 10).saved(), lot=Lot("pur_1", BOUGHT, 0), credits=8, reference="won", now=LATER
    )
    words = "Given back after a refund was undone"
    assert wallet.entries == (
        line(4, EntryKind.REINSTATEMENT, 8, 8, "won", words, LATER),
        line(5, EntryKind.DEBT_REPAYMENT, -6, 2, "won", "Repaid debt", LATER, debt=-6),
    )


def test_what_is_taken_back_of_a_lot_that_is_gone_is_a_line_of_that_lot() -> None:
    words = "Taken back after a refund"
    assert taken(Wallet("usr_1"), 10).entries == (
        line(1, EntryKind.CLAW_BACK, 0, 0, "refund", words, SOON, debt=10),
    )


def test_the_debt_that_a_purchase_pays_is_a_line() -> None:
    wallet = bought(10, taken(Wallet("usr_1"), 4).saved())
    assert wallet.entries == (
        line(2, EntryKind.PURCHASE, 10, 10, "pur_1", "Credits", NOW),
        line(3, EntryKind.DEBT_REPAYMENT, -4, 6, "pur_1", "Repaid debt", NOW, debt=-4),
    )


def test_what_comes_back_of_a_lot_that_is_gone_is_only_that_much() -> None:
    """What the lot was like before it went is history."""
    gone = Lot("pur_1", BOUGHT, 7, LATER, held=3, owed=2)
    wallet = reinstate(Wallet("usr_1"), lot=gone, credits=1, reference="won", now=NOW)
    assert wallet.lots == (Lot("pur_1", BOUGHT, 1, LATER),)


def test_the_credits_of_a_day_are_a_line() -> None:
    wallet = refresh(Wallet("usr_1"), daily_credits=20, now=NOW)
    day = "daily:2026-03-10"
    assert wallet.entries == (
        LedgerEntry(
            1, EntryKind.DAILY_REFRESH, Bucket.DAILY, day, 20, 0, 20, day, "Daily credits", NOW
        ),
    )
    assert wallet.lots == (Lot(day, Bucket.DAILY, 20, datetime(2026, 3, 11, tzinfo=UTC)),)


def test_days_are_those_of_utc_wherever_the_server_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as there:
        there.setenv("TZ", "EAST-14")
        time.tzset()
        wallet = refresh(Wallet("usr_1"), daily_credits=20, now=NOW)
        midnight = next_daily_refresh(NOW)
    time.tzset()
    assert (wallet.daily_on, wallet.lots[0].id) == (NOW.date(), "daily:2026-03-10")
    assert midnight == datetime(2026, 3, 11, tzinfo=UTC)


def test_parts_from_several_lots_of_a_bucket_are_added_up() -> None:
    parts = [Allocation(name, BOUGHT, credits_) for name, credits_ in (("a", 2), ("b", 3))]
    assert credits_by_bucket([*parts, Allocation("c", Bucket.DAILY, 1)]) == {
        Bucket.DAILY: 1,
        BOUGHT: 5,
    }
