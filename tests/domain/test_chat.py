"""Positions and titles of conversations."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from domain.chat import MAX_TITLE_CHARACTERS, checked_title, next_position, title_from
from domain.errors import InvalidRequest

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MOMENTS = st.builds(
    lambda microseconds: EPOCH + timedelta(microseconds=microseconds),
    st.integers(600_000_000_000_000, 7_000_000_000_000_000),
)
LAST = st.integers(0, 8_000_000_000_000_000)


@given(MOMENTS, LAST)
def test_the_next_position_is_even_and_past_the_last_one(now: datetime, last: int) -> None:
    position = next_position(now, last)
    assert position % 2 == 0
    assert position > last


@given(MOMENTS, LAST)
def test_there_is_room_for_the_reply_to_the_last_message(now: datetime, last: int) -> None:
    user_message = last & ~1
    reply = user_message + 1
    assert next_position(now, user_message) > reply


@given(MOMENTS)
def test_a_first_position_tells_the_time(now: datetime) -> None:
    moment = EPOCH + timedelta(microseconds=next_position(now, 0))
    assert abs(moment - now) <= timedelta(microseconds=2)


@given(st.lists(st.tuples(MOMENTS, st.booleans()), min_size=1, max_size=20))
def test_a_session_never_goes_back_also_when_the_clock_does(
    turns: list[tuple[datetime, bool]],
) -> None:
    positions = [0]
    for now, is_answered in turns:
        positions.append(next_position(now, positions[-1]))
        if is_answered:
            positions.append(positions[-1] + 1)
    assert positions == sorted(set(positions))
    assert positions[-1] < 2**63


def test_a_position_is_no_further_than_it_must_be_when_the_clock_is_behind() -> None:
    long_ago = datetime(1990, 1, 1, tzinfo=UTC)
    last = 2_000_000_000_000_000
    assert next_position(long_ago, last) == last + 2
    assert next_position(long_ago, last + 1) == last + 2


@given(st.text())
@example("word " * 100)
@example("x" * 61)
@example("x" * 60)
def test_a_title_is_one_line_of_at_most_60_characters(text: str) -> None:
    title = title_from(text)
    assert len(title) <= 60
    assert title == " ".join(title.split())
    line = " ".join(text.split())
    assert title == line or (len(line) > 60 and line.startswith(title.removesuffix("…")))


def test_a_title_ends_with_a_whole_word() -> None:
    text = "I would like to talk about the long walk that we took last summer in the hills"
    assert title_from(text) == "I would like to talk about the long walk that we took last…"
    assert title_from(" Hi\n there ") == "Hi there"


@given(st.text(max_size=200))
def test_a_checked_title_is_one_line_that_is_neither_empty_nor_too_long(text: str) -> None:
    line = " ".join(text.split())
    if 1 <= len(line) <= MAX_TITLE_CHARACTERS:
        assert checked_title(text) == line
        return
    with pytest.raises(InvalidRequest):
        checked_title(text)
