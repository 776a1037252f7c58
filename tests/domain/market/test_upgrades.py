"""What counts as an upgrade, which period it ended, and how much of a period it paid."""

from typing import Any

import pytest
from attrs import evolve

from domain.market.facts import FactKind, Share
from domain.market.payments import find_upgraded
from domain.market.products import Catalogue
from domain.market.purchases import Purchase
from domain.market.standing import Status
from domain.wallet import MAX_CREDITS
from tests.domain.market.books import Books
from tests.domain.market.stories import (
    CATALOGUE,
    PACK,
    PLUS,
    PREMIUM,
    START,
    YEAR,
    day,
    refunded,
    renewed,
    said,
    subscription,
    upgraded,
)


@pytest.fixture
def books() -> Books:
    return Books(CATALOGUE, START)


def taken_back(purchase: Purchase) -> dict[str, int]:
    return {lot.payment: lot.clawed_back for lot in purchase.lots}


def test_more_or_the_same_for_longer_is_an_upgrade_and_nothing_else_is() -> None:
    assert PREMIUM.is_upgrade_of(PLUS)
    assert YEAR.is_upgrade_of(PLUS)
    assert PREMIUM.is_upgrade_of(YEAR)
    assert PLUS.is_upgrade_of(PACK)
    for same in (PACK, PLUS, PREMIUM, YEAR):
        assert not same.is_upgrade_of(same)
    assert not PLUS.is_upgrade_of(PREMIUM)
    assert not PLUS.is_upgrade_of(YEAR)
    assert not YEAR.is_upgrade_of(PREMIUM)


def test_what_was_running_as_an_upgrade_begins_is_what_it_ended(books: Books) -> None:
    """Not what was running when it was paid: that may be told hours later."""
    first = renewed(0, 10.5)
    late = upgraded(10, 41, at=11)
    payments = books.tell(subscription(), first, late).standing.payments
    assert find_upgraded(payments, payments[1]) is payments[0]
    assert payments[0].refunded == Share(43_200, 907_200)


def test_a_period_that_was_over_as_an_upgrade_began_was_not_ended_by_it(books: Books) -> None:
    """But the one that it stood in was."""
    long, short = renewed(0, 40), renewed(5, 10, "p1")
    purchase = books.tell(subscription(), long, short, upgraded(10, 41))
    assert taken_back(purchase) == {"p0": 225, "p1": 0, "u0": 0}


@pytest.mark.parametrize("unsaid", [{"ends_at": None}, {"starts_at": None}, {"product_id": "pack"}])
def test_an_upgrade_whose_length_nobody_can_tell_is_whole(
    books: Books, unsaid: dict[str, Any]
) -> None:
    purchase = books.tell(subscription(PREMIUM), evolve(upgraded(0, 5), **unsaid))
    assert purchase.credits == CATALOGUE.get(unsaid.get("product_id", "premium")).credits


def test_a_whole_period_may_be_a_day_shorter_than_ours_and_not_more(books: Books) -> None:
    """Of January's 31 days: 30 are whole, and a second less is what it is of them all."""
    enough = books.tell(subscription(PREMIUM, id="pur_1"), upgraded(0, 30))
    assert enough.credits == 900
    less = books.tell(subscription(PREMIUM, id="pur_2"), upgraded(0, 30 - 1 / 86_400))
    assert less.credits == 900 * 30 // 31


def test_an_upgrade_that_was_over_before_it_began_brings_the_least(books: Books) -> None:
    books.catalogue = Catalogue(2, (evolve(PREMIUM, credits=MAX_CREDITS),))
    assert books.tell(subscription(PREMIUM), upgraded(1, 0)).credits == 1


def test_what_gave_way_is_over_whatever_its_store_still_tries(books: Books) -> None:
    to_come = said(FactKind.ON_HOLD, 20, starts_at=day(31))
    purchase = books.tell(subscription(), renewed(0, 31), to_come)
    purchase = books.apply(purchase.give_way("pur_2", day(21), day(22)))
    stands = purchase.standing
    assert stands.status is Status.EXPIRED
    assert (stands.access_until, stands.changes_at, stands.renews) == (None, None, False)


def test_an_upgrade_gives_back_what_was_left_and_brings_a_whole_new_period(books: Books) -> None:
    purchase = books.tell(subscription(), renewed(0, 30))
    books.spend(250)
    purchase = books.tell(purchase, upgraded(10, 41))
    assert purchase.product_id == "premium"
    assert [(lot.credits, lot.clawed_back) for lot in purchase.lots] == [(300, 200), (900, 0)]
    # 50 were left to take; the other 150 the new period paid at once.
    assert (books.wallet.balance, books.wallet.debt) == (750, 0)
    # Only the latest period is left to be upgraded again.
    purchase = books.tell(purchase, upgraded(10, 375, "u1", product_id="year"))
    assert [lot.clawed_back for lot in purchase.lots] == [200, 900, 0]


def test_an_upgrade_within_the_period_is_a_part_of_one(books: Books) -> None:
    purchase = books.tell(subscription(), renewed(0, 30), upgraded(10, 30))
    assert [(lot.credits, lot.clawed_back) for lot in purchase.lots] == [(300, 200), (600, 0)]


def test_an_upgrade_of_another_purchase_goes_by_the_calendar(books: Books) -> None:
    part = books.tell(subscription(PREMIUM), upgraded(0, 15.5))
    assert part.credits == 450
    # Seen to, though the product is gone before the next look.
    least = books.tell(subscription(PREMIUM, id="pur_least"), upgraded(0, 0.01))
    assert least.credits == 1
    for days in (30.96, 31, 59):
        whole = subscription(PREMIUM, id=f"pur_{days}")
        assert books.tell(whole, upgraded(0, days)).credits == 900


def test_an_upgrade_with_nothing_running_is_a_beginning(books: Books) -> None:
    """However short the period is: stores let time fly where nobody pays."""
    purchase = books.tell(subscription(), renewed(0, 0.004), upgraded(1, 1.004))
    assert [lot.credits for lot in purchase.lots] == [300, 900]
    assert purchase.credits_taken_back == 0


def test_an_upgrade_that_comes_before_what_it_upgrades(books: Books) -> None:
    purchase = books.tell(subscription(), upgraded(10, 41))
    purchase = books.tell(purchase, renewed(0, 30))
    assert {(lot.credits, lot.clawed_back) for lot in purchase.lots} == {(300, 200), (900, 0)}
    assert purchase.product_id == "premium"


def test_whoever_knows_that_it_was_an_upgrade_is_believed(books: Books) -> None:
    purchase = books.tell(subscription(), renewed(0, 30), upgraded(10, 41))
    plain = evolve(upgraded(10, 41), kind=FactKind.RENEWED)
    assert books.tell(purchase, plain, evolve(plain, at=day(9))).credits_taken_back == 200


def test_a_refund_and_an_upgrade_give_back_no_more_than_the_whole(books: Books) -> None:
    purchase = books.tell(subscription(), renewed(0, 30), refunded(5, 600, "p0"))
    purchase = books.tell(purchase, upgraded(10, 41))
    assert purchase.lots[0].clawed_back == 300
