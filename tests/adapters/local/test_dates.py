"""Which day is meant by a day of the week."""

from datetime import UTC, date, datetime

import pytest

from adapters.local.fact_rules.dates import find_when

MONDAY = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("We moved to York on Saturday, and the new place has a garden.", date(2026, 11, 21)),
        ("Emil had his first gig on Friday.", date(2026, 11, 20)),
        ("I had the baby on Thursday!", date(2026, 11, 19)),
        ("my dog died on monday", date(2026, 11, 16)),
    ],
)
def test_what_has_happened_was_on_the_day_before(text: str, day: date) -> None:
    found = find_when(text, MONDAY)
    assert found is not None
    assert found.day == day


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("I'm moving on Saturday.", date(2026, 11, 28)),
        ("My exam was moved, it's on Saturday.", date(2026, 11, 28)),
        ("They moved the exam and it is on Friday now.", date(2026, 11, 27)),
        ("I had to promise that I would sing on Friday.", date(2026, 11, 27)),
        ("I bought tickets for the concert on Friday.", date(2026, 11, 27)),
        ("I have an interview on Tuesday.", date(2026, 11, 24)),
    ],
)
def test_what_is_to_come_is_on_the_next_such_day(text: str, day: date) -> None:
    found = find_when(text, MONDAY)
    assert found is not None
    assert found.day == day
