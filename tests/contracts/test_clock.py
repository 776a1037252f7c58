"""What every clock and every maker of identifiers promises."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

import pytest

from adapters.in_memory.clock import InMemoryClock, InMemoryIdGenerator
from adapters.system.clock import SystemClock
from adapters.system.id_generator import SortableIdGenerator
from application.ports.clock import Clock, IdGenerator


@pytest.mark.parametrize("make_clock", [InMemoryClock, SystemClock])
def test_the_time_is_aware_and_in_utc(make_clock: Callable[[], Clock]) -> None:
    assert make_clock().now().tzinfo is UTC


@pytest.fixture(params=[InMemoryIdGenerator, SortableIdGenerator])
def ids(request: pytest.FixtureRequest) -> IdGenerator:
    made: IdGenerator = request.param()
    return made


def test_an_id_is_its_prefix_and_32_hex_digits(ids: IdGenerator) -> None:
    assert re.fullmatch(r"msg_[0-9a-f]{32}", ids.new("msg"))


def test_ids_never_repeat_and_sort_in_the_order_they_were_made(ids: IdGenerator) -> None:
    made = [ids.new("msg") for _ in range(20_000)]
    assert sorted(set(made)) == made


def test_the_system_clock_is_right() -> None:
    assert abs(SystemClock().now() - datetime.now(UTC)) < timedelta(minutes=1)


def test_a_set_clock_stands_still_and_moves_when_told() -> None:
    start = datetime(2026, 3, 29, 3, 0, tzinfo=timezone(timedelta(hours=2)))
    clock = InMemoryClock(start)
    assert clock.now() == clock.now() == start
    clock.advance(timedelta(days=1))
    assert clock.now() == start + timedelta(days=1)
    clock.set(start - timedelta(days=1))
    assert clock.now() == start - timedelta(days=1)
    assert clock.now().tzinfo is UTC


def test_ids_keep_their_order_when_the_clock_is_set_back() -> None:
    times = iter([5_000, 5_000, 1_000, 4_999, 5_001])
    ids = SortableIdGenerator(lambda: next(times))
    made = [ids.new("msg") for _ in range(5)]
    assert sorted(made) == made


def test_more_ids_than_a_millisecond_has_room_for_stay_in_order() -> None:
    ids = SortableIdGenerator(lambda: 5_000)
    made = [ids.new("msg") for _ in range(10_000)]
    assert sorted(set(made)) == made


def test_an_id_has_the_bits_of_a_uuid_of_version_7() -> None:
    digits = SortableIdGenerator(lambda: 0x0199_1234_5678).new("x").removeprefix("x_")
    assert digits.startswith("019912345678" + "7")
    assert digits[16] in "89ab"


def test_ids_of_two_processes_do_not_meet() -> None:
    one, other = SortableIdGenerator(lambda: 5_000), SortableIdGenerator(lambda: 5_000)
    mine = {one.new("msg") for _ in range(1_000)}
    assert mine.isdisjoint(other.new("msg") for _ in range(1_000))
