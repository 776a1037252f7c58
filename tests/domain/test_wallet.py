"""Credits, by example: the rules one at a time, and histories that once went wrong."""

from datetime import UTC, datetime, timedelta

import pytest
from attrs import evolve

from domain.claw_backs import claw_back
from domain.errors import AlreadyRecorded, Conflict, InsufficientCredits, InvalidRequest
from domain.holds import expire_holds, hold, release, settle
from domain.ledger import EntryKind
from domain.lots import Allocation, Bucket, Lot, credits_by_bucket
from domain.wallet import (
    MAX_CREDITS,
    Wallet,
    expire_lots,
    grant,
    next_daily_refresh,
    refresh,
    verify,
)

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def bought(wallet: Wallet, amount: int, reference: str = "lot", **facts: object) -> Wallet:
    given: dict[str, object] = {"kind": EntryKind.PURCHASE, "bucket": Bucket.PURCHASED, **facts}
    return grant(
        wallet, credits=amount, reference=reference, description="Credits", now=NOW,
        **given,  # type: ignore[arg-type]  # the facts of a grant, each of its own type
    )  # fmt: skip


def held(wallet: Wallet, amount: int, turn_id: str = "turn", now: datetime = NOW) -> Wallet:
    return hold(wallet, turn_id=turn_id, amount=amount, now=now, expires_at=now + 10 * MINUTE)


def settled(wallet: Wallet, charge: int, turn_id: str = "turn", now: datetime = NOW) -> Wallet:
    return settle(wallet, turn_id=turn_id, charge=charge, now=now, description="Reply")[0]


def taken_back(wallet: Wallet, amount: int, lot_id: str = "lot", reference: str = "r") -> Wallet:
    return claw_back(
        wallet, lot_id=lot_id, bucket=Bucket.PURCHASED, credits=amount, reference=reference, now=NOW
    )


EMPTY = Wallet("usr_1")


@pytest.mark.parametrize("amount", [0, -1, MAX_CREDITS + 1, 2**63])
def test_a_grant_is_from_1_to_the_maximum(amount: int) -> None:
    with pytest.raises(InvalidRequest, match="from 1 to 1000000000") as error:
        bought(EMPTY, amount)
    assert error.value.param == "amount"
    assert bought(bought(EMPTY, 1, "a"), MAX_CREDITS, "b").balance == MAX_CREDITS + 1


def test_a_reference_is_granted_once_while_something_of_it_is_left() -> None:
    wallet = bought(EMPTY, 5)
    with pytest.raises(AlreadyRecorded, match="granted already"):
        bought(wallet, 5, kind=EntryKind.GRANT)


@pytest.mark.parametrize("amount", [0, -1])
def test_holds_and_claw_backs_are_at_least_one_credit(amount: int) -> None:
    with pytest.raises(ValueError, match="at least 1"):
        held(bought(EMPTY, 5), amount)
    with pytest.raises(ValueError, match="at least 1"):
        taken_back(bought(EMPTY, 5), amount)


def test_a_hold_of_more_than_is_available_says_how_much_there_is() -> None:
    wallet = held(bought(EMPTY, 10), 4, "first")
    with pytest.raises(InsufficientCredits, match="up to 7 credits, and 6 are available"):
        held(wallet, 7, "second")
    assert held(wallet, 6, "second").available == 0


def test_a_turn_has_one_hold() -> None:
    wallet = held(bought(EMPTY, 10), 4)
    with pytest.raises(Conflict, match="has a hold already"):
        held(wallet, 4)


def test_credits_are_spent_by_bucket_then_by_expiry_then_by_id() -> None:
    wallet = EMPTY
    for reference, bucket, expires_at in (
        ("g", Bucket.PURCHASED, NOW + MINUTE),
        ("f", Bucket.SUBSCRIPTION, None),
        ("e", Bucket.SUBSCRIPTION, NOW + MINUTE),
        ("d", Bucket.PROMO, NOW + 2 * MINUTE),
        ("c", Bucket.PROMO, NOW + MINUTE),
        ("b", Bucket.PROMO, NOW + MINUTE),
    ):
        wallet = bought(wallet, 1, reference, bucket=bucket, expires_at=expires_at)
    wallet = refresh(wallet, daily_credits=1, now=NOW)
    opened = held(wallet, 7).find_hold("turn")
    assert opened is not None
    assert [part.lot_id for part in opened.allocations] == [
        "daily:2026-03-10", "b", "c", "d", "e", "f", "g",
    ]  # fmt: skip


def test_a_lot_expires_at_its_very_moment() -> None:
    wallet = bought(EMPTY, 5, expires_at=NOW + MINUTE)
    just_before = NOW + MINUTE - timedelta(microseconds=1)
    assert expire_lots(wallet, just_before) == wallet
    assert held(wallet, 5, now=just_before).held == 5
    assert expire_lots(wallet, NOW + MINUTE).balance == 0
    with pytest.raises(InsufficientCredits):
        held(wallet, 5, now=NOW + MINUTE)


def test_a_hold_expires_at_its_very_moment() -> None:
    wallet = held(bought(EMPTY, 5), 5)
    just_before = NOW + 10 * MINUTE - timedelta(microseconds=1)
    assert expire_holds(wallet, just_before) == (wallet, ())
    swept, lapsed = expire_holds(wallet, NOW + 10 * MINUTE)
    assert (swept.available, swept.holds, lapsed) == (5, (), ("turn",))


def test_a_charge_is_within_the_hold() -> None:
    wallet = held(bought(EMPTY, 10), 4)
    for charge in (-1, 5):
        with pytest.raises(ValueError, match="not within the hold"):
            settled(wallet, charge)
    assert settled(wallet, 0).balance == 10
    assert settled(wallet, 4).balance == 6


def test_a_hold_is_resolved_once() -> None:
    wallet = held(bought(EMPTY, 10), 4)
    for done in (settled(wallet, 2), release(wallet, turn_id="turn", now=NOW)):
        with pytest.raises(Conflict, match="no open hold"):
            settled(done, 0)
        with pytest.raises(Conflict):
            release(done, turn_id="turn", now=NOW)


def test_a_charge_names_the_lots_that_paid() -> None:
    wallet = refresh(bought(EMPTY, 10), daily_credits=3, now=NOW)
    _, parts = settle(
        held(wallet, 9), turn_id="turn", charge=5, now=NOW, description="Reply by Luna"
    )
    assert parts == (
        Allocation("daily:2026-03-10", Bucket.DAILY, 3),
        Allocation("lot", Bucket.PURCHASED, 2),
    )
    assert credits_by_bucket(parts) == {Bucket.DAILY: 3, Bucket.PURCHASED: 2}
    assert list(credits_by_bucket(reversed(parts))) == [Bucket.DAILY, Bucket.PURCHASED]


def test_the_daily_credits_come_once_a_utc_day_and_do_not_pile_up() -> None:
    wallet = refresh(bought(EMPTY, 7), daily_credits=20, now=NOW)
    assert refresh(wallet, daily_credits=20, now=NOW + 11 * 60 * MINUTE) == wallet
    tomorrow = refresh(wallet, daily_credits=20, now=NOW + 12 * 60 * MINUTE)
    assert tomorrow.balance == 27
    assert refresh(tomorrow, daily_credits=20, now=NOW) == tomorrow
    late = refresh(tomorrow, daily_credits=20, now=NOW + timedelta(days=31))
    assert late.balance == 27


def test_days_are_utc_days_whatever_zone_the_time_comes_in() -> None:
    east = datetime.fromisoformat("2026-03-11T05:00:00+09:00")
    assert next_daily_refresh(east) == datetime(2026, 3, 11, tzinfo=UTC)
    assert refresh(EMPTY, daily_credits=1, now=east).daily_on == NOW.date()


def test_a_tier_without_daily_credits_has_its_day_all_the_same() -> None:
    wallet = refresh(EMPTY, daily_credits=0, now=NOW)
    assert (wallet.balance, wallet.daily_on, wallet.entries) == (0, NOW.date(), ())


def test_what_a_hold_has_of_yesterday_stays_until_it_is_resolved() -> None:
    wallet = held(refresh(EMPTY, daily_credits=20, now=NOW), 15)
    tomorrow = NOW + timedelta(days=1)
    wallet = refresh(wallet, daily_credits=20, now=tomorrow)
    assert (wallet.balance, wallet.available) == (35, 20)
    wallet = settled(wallet, 10, now=tomorrow)
    assert (wallet.balance, wallet.available) == (20, 20)
    verify(wallet)


def test_a_lot_whose_hold_ends_on_a_clock_behind_expires_again_under_another_reference() -> None:
    midnight = next_daily_refresh(NOW)
    wallet = expire_lots(held(refresh(EMPTY, daily_credits=20, now=NOW), 5), midnight)
    wallet = release(wallet, turn_id="turn", now=midnight - timedelta(microseconds=1))
    assert wallet.available == 5
    wallet = expire_lots(wallet, midnight)
    assert wallet.balance == 0
    keys = [(entry.kind, entry.reference, entry.lot_id) for entry in wallet.entries]
    assert len(set(keys)) == len(keys)


def test_a_refund_takes_what_is_left_and_the_rest_is_debt() -> None:
    wallet = taken_back(settled(held(bought(EMPTY, 100), 40), 30), 100)
    assert (wallet.balance, wallet.debt) == (0, 30)
    wallet = bought(wallet, 50, "next")
    assert (wallet.balance, wallet.debt) == (20, 0)


def test_only_what_is_paid_for_pays_debt() -> None:
    indebted = taken_back(EMPTY, 30)
    given = bought(indebted, 50, "gift", kind=EntryKind.GRANT, bucket=Bucket.PROMO)
    assert (given.balance, given.debt) == (50, 30)
    assert refresh(indebted, daily_credits=50, now=NOW).debt == 30
    for kind in (EntryKind.PURCHASE, EntryKind.SUBSCRIPTION, EntryKind.REINSTATEMENT):
        assert bought(indebted, 50, kind=kind).debt == 0
    assert bought(indebted, 10).debt == 20


def test_held_credits_that_were_refunded_are_burnt_when_let_go() -> None:
    wallet = taken_back(held(bought(EMPTY, 100), 100), 100)
    assert (wallet.balance, wallet.held, wallet.debt) == (100, 100, 100)
    released = release(wallet, turn_id="turn", now=NOW)
    assert (released.balance, released.debt) == (0, 0)
    charged = settled(wallet, 30)
    assert (charged.balance, charged.debt) == (0, 30)


def test_what_one_of_two_turns_spends_of_a_refunded_lot_is_not_burnt_by_the_other() -> None:
    wallet = held(held(bought(EMPTY, 20), 10, "first"), 10, "second")
    wallet = settled(taken_back(wallet, 20), 10, "first")
    assert (wallet.balance, wallet.held, wallet.debt) == (10, 10, 20)
    verify(wallet)
    wallet = release(wallet, turn_id="second", now=NOW)
    assert (wallet.balance, wallet.debt) == (0, 10)


def test_a_debt_that_was_paid_meanwhile_is_not_paid_again_when_the_hold_ends() -> None:
    wallet = taken_back(held(bought(EMPTY, 100), 100), 100)
    wallet = bought(wallet, 120, "next")
    assert (wallet.available, wallet.debt) == (20, 0)
    verify(wallet)
    wallet = release(wallet, turn_id="turn", now=NOW)
    assert (wallet.balance, wallet.available, wallet.debt) == (120, 120, 0)
    verify(wallet)


def test_a_repayment_saves_the_credits_that_last_longest() -> None:
    wallet = bought(EMPTY, 10, "promo", bucket=Bucket.PROMO)
    wallet = held(bought(wallet, 10, "bought"), 20)
    for lot_id in ("bought", "promo"):
        wallet = taken_back(wallet, 10, lot_id, reference=f"refund of {lot_id}")
    wallet = bought(wallet, 10, "next")
    assert {lot.id: lot.owed for lot in wallet.lots} == {"promo": 10, "bought": 0}


def test_a_refund_in_parts_adds_up() -> None:
    wallet = settled(held(bought(EMPTY, 100), 80), 80)
    wallet = taken_back(wallet, 30, reference="first")
    assert (wallet.balance, wallet.debt) == (0, 10)
    wallet = taken_back(wallet, 70, reference="second")
    assert (wallet.balance, wallet.debt) == (0, 80)


def test_each_change_adds_to_what_is_not_saved_yet() -> None:
    wallet = settled(held(bought(EMPTY, 10), 4), 3)
    assert [entry.seq for entry in wallet.entries] == [1, 2]
    saved = wallet.saved()
    assert (saved.version, saved.entries, saved.entry_count) == (1, (), 2)
    assert bought(saved, 1, "next").entries[0].seq == 3


@pytest.mark.parametrize(
    "broken",
    [
        {"lots": (Lot("lot", Bucket.PURCHASED, 10, held=3),)},
        {"lots": (Lot("lot", Bucket.PURCHASED, 3, held=4),)},
        {"lots": (Lot("lot", Bucket.PURCHASED, 10, held=4, owed=5),)},
        {"lots": (Lot("lot", Bucket.PURCHASED, 10, held=4, owed=-1),)},
        {"lots": (Lot("lot", Bucket.PURCHASED, 10, held=4, owed=1),)},
        {"lots": (Lot("lot", Bucket.PURCHASED, 10, held=4), Lot("lot", Bucket.PURCHASED, 1))},
        {"lots": ()},
        {"holds": ()},
        {"debt": -1},
    ],
)
def test_a_wallet_that_contradicts_itself_is_found(broken: dict[str, object]) -> None:
    wallet = held(bought(EMPTY, 10), 4)
    verify(wallet)
    with pytest.raises(AssertionError, match="contradicts"):
        verify(evolve(wallet, **broken))  # type: ignore[arg-type]  # one field of a wallet
