"""Pages, and the size of patterns that people write."""

import pytest

from application.pages import Page, id_cursor, number_cursor, page_of
from application.pattern_limits import MAX_CHARACTERS, MAX_SIZE, are_flags, pattern_size
from domain.errors import InvalidRequest


def test_a_page_says_where_the_next_begins_only_when_there_is_one() -> None:
    assert page_of([1, 2, 3], 2, str) == Page([1, 2], "2")
    assert page_of([1, 2], 2, str) == Page([1, 2], None)


def test_a_cursor_of_numbers_is_a_number() -> None:
    assert number_cursor(None) is None
    assert number_cursor("12") == 12
    assert number_cursor("9" * 18) == 10**18 - 1


@pytest.mark.parametrize("cursor", ["", "-1", "1.5", "x", "\u0661", "9" * 19])
def test_whatever_else_is_no_cursor(cursor: str) -> None:
    with pytest.raises(InvalidRequest, match="not a cursor") as error:
        number_cursor(cursor)
    assert error.value.param == "cursor"


def test_a_cursor_of_ids_is_an_id_of_that_kind() -> None:
    assert id_cursor("ses", None) is None
    assert id_cursor("ses", "ses_01a2") == "ses_01a2"


@pytest.mark.parametrize(
    "cursor", ["", "ses", "ses_", "01a2", "mem_01a2", "ses_01 2", "ses_\u0661", "ses_'--", "SES_1"]
)
def test_whatever_else_is_no_cursor_of_ids(cursor: str) -> None:
    with pytest.raises(InvalidRequest, match="not a cursor") as error:
        id_cursor("ses", cursor)
    assert error.value.param == "cursor"


@pytest.mark.parametrize(
    ("pattern", "size"),
    [
        ("abc", 3),
        ("a{3}", 3),
        ("a{3,9}b", 4),
        ("(ab){2}", 6),
        ("a{0}b", 2),
        ("[a]]|\\d", 4),
        ("a)b", 2),
        ("(a", 1),
        ("a{2}" * 1_000, None),
        ("a" * MAX_CHARACTERS, MAX_CHARACTERS),
        ("a" * (MAX_CHARACTERS + 1), None),
        (f"a{{{MAX_SIZE}}}", MAX_SIZE),
        (f"a{{{MAX_SIZE + 1}}}", None),
        ("(((a{1000}){1000}){1000}", None),
        ("(" * 49, 0),
        ("(" * 50, None),
    ],
)
def test_a_pattern_is_as_large_as_it_is_written_out(pattern: str, size: int | None) -> None:
    assert pattern_size(pattern) == size


def test_flags_are_those_of_javascript_once_each() -> None:
    assert are_flags("")
    assert are_flags("gimsuy")
    assert not are_flags("ii")
    assert not are_flags("x")
