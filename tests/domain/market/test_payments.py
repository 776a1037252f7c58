"""What was paid for, and how much of it is left."""

from itertools import permutations

import pytest
from attrs import evolve

from domain.market.facts import NOTHING, Share, chronological
from domain.market.payments import Payment
from domain.market.standing import standing
from tests.domain.market.stories import DAY, OFFER, START, day, pack, paid


def lasting(days: float | None) -> Payment:
    until = None if days is None else day(days)
    return Payment(id="pay", at=START, product_id="plus", starts_at=START, ends_at=until)


def test_what_is_left_of_a_period_is_counted_in_seconds() -> None:
    month = int(30 * DAY.total_seconds())
    assert lasting(30).share_left(day(10)) == Share(month * 2 // 3, month)
    assert lasting(30).share_left(day(-5)) == Share(month, month)
    assert lasting(30).share_left(day(31)) == Share(0, month)


def test_of_what_has_no_period_nothing_is_left() -> None:
    assert lasting(None).share_left(day(10)) is NOTHING


def test_of_a_period_of_no_length_nothing_is_left() -> None:
    assert lasting(0).share_left(START) == Share(0, 1)


def test_what_is_said_of_one_moment_has_one_order_however_it_came() -> None:
    told = [paid(), paid(quantity=2), paid(product=OFFER), evolve(paid(), ends_at=day(3))]
    orders = [sorted(one, key=chronological) for one in permutations(told)]
    assert all(one == orders[0] for one in orders)


def test_what_was_paid_for_is_what_was_bought_whatever_was_ordered() -> None:
    assert pack().learn((paid(product=OFFER),), START).product_id == "offer"


def test_a_payment_that_nobody_names_is_for_what_was_ordered_if_anything() -> None:
    nameless = evolve(paid(), product_id=None)
    assert standing([nameless], is_subscription=False, now=START).product_id is None
    assert pack().learn((nameless,), START).product_id == "pack"


def test_shares_of_one_thing_add_up_to_at_most_all_of_it() -> None:
    assert Share(1, 3).plus(Share(1, 6)) == Share(3, 6)
    assert Share(2, 3).plus(Share(1, 2)) == Share(6, 6)
    with pytest.raises(ValueError, match="part of something"):
        Share(-1, 2)
    with pytest.raises(ValueError, match="part of something"):
        Share(1, 0)
    assert Share(5, 2).of(7) == 7
