"""How much of what was paid for is left."""

from domain.market.facts import NOTHING, Share
from domain.market.payments import Payment
from tests.domain.market.stories import DAY, START, day


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
