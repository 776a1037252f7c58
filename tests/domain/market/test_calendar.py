"""Months, as the stores count them."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.market.calendar import add_months


@pytest.mark.parametrize(
    ("start", "months", "expected"),
    [
        ((2026, 1, 31), 1, (2026, 2, 28)),
        ((2026, 1, 31), 2, (2026, 3, 31)),
        ((2027, 12, 31), 2, (2028, 2, 29)),
        ((2028, 2, 29), 12, (2029, 2, 28)),
        ((2028, 2, 29), 48, (2032, 2, 29)),
        ((2026, 12, 15), 1, (2027, 1, 15)),
        ((2026, 11, 30), 3, (2027, 2, 28)),
        ((2026, 3, 31), -1, (2026, 2, 28)),
        ((2026, 1, 10), -1, (2025, 12, 10)),
        ((2026, 5, 5), 0, (2026, 5, 5)),
    ],
)
def test_a_month_later_is_the_same_day_or_the_last_one(
    start: tuple[int, int, int], months: int, expected: tuple[int, int, int]
) -> None:
    assert add_months(datetime(*start, 9, 30, tzinfo=UTC), months) == datetime(
        *expected, 9, 30, tzinfo=UTC
    )


@given(
    st.datetimes(datetime(2020, 1, 1), datetime(2090, 1, 1)).map(lambda at: at.replace(tzinfo=UTC))  # noqa: DTZ001 - what hypothesis takes
)
def test_thirteen_months_counted_from_the_first_day_leave_no_gap_and_no_doubt(
    start: datetime,
) -> None:
    ends = [add_months(start, number) for number in range(14)]
    assert ends == sorted(set(ends))
    assert all(
        timedelta(days=28) <= later - earlier <= timedelta(days=31)
        for earlier, later in pairwise(ends)
    )
    assert ends[12].year == start.year + 1
    assert ends[12].month == start.month
    assert timedelta(days=365) <= ends[12] - start <= timedelta(days=366)
