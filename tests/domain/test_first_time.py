"""Ids that are the same each time that a request comes."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from adapters.system.id_generator import SortableIdGenerator
from domain.first_time import FirstTime

MOMENT = datetime(2026, 1, 5, 12, 0, 0, 123_456, tzinfo=UTC)
MOMENTS = st.timedeltas(timedelta(0), timedelta(days=50_000)).map(MOMENT.__add__)


def test_it_looks_like_every_other_id() -> None:
    made = FirstTime(MOMENT, "ann k").new_id("ses")
    milliseconds = int(MOMENT.timestamp() * 1000)
    other = SortableIdGenerator(lambda: milliseconds).new("ses")
    assert len(made) == len(other)
    assert made[:17] == other[:17], "time and version"
    assert made[20] in "89ab", "the variant"


@given(MOMENTS, st.text(), st.text())
def test_it_is_the_same_for_the_same_request_only(at: datetime, one: str, other: str) -> None:
    made = FirstTime(at, one).new_id("ses")
    assert made == FirstTime(at, one).new_id("ses")
    assert (made == FirstTime(at, other).new_id("ses")) is (one == other)
    assert made[4:] != FirstTime(at, one).new_id("mem")[4:]
    assert made != FirstTime(at + timedelta(milliseconds=1), one).new_id("ses")


@given(MOMENTS, MOMENTS)
def test_it_sorts_by_the_time_of_the_first(one: datetime, other: datetime) -> None:
    first, second = sorted((one, other))
    ids = [FirstTime(at, "ann k").new_id("ses") for at in (first, second)]
    assert ids == sorted(ids)
