"""What only this package can get wrong: its time, its memory, and what it lets through."""

from time import thread_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.regex.pattern_search import RegexPatternSearch
from application.pattern_limits import pattern_size

TEXT = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!" * 50


def test_all_searches_of_a_turn_together_take_a_bounded_time() -> None:
    search = RegexPatternSearch()
    began = thread_time()
    budget = search.budget()
    for number in range(300):
        assert budget(f"(a+)+${number}", "", TEXT) is False
    # Each search ends some milliseconds late at most; without a bound these take for ever.
    assert thread_time() - began < 2


def test_patterns_that_are_new_do_not_take_all_day() -> None:
    budget = RegexPatternSearch(compile_seconds=0.01).budget()
    found = [budget(f"({'|'.join(f'{n}x{m}' for m in range(40))})", "", "x") for n in range(300)]
    assert found == [False] * 300
    assert budget("x", "", "x") is False


def test_once_compiled_a_pattern_is_known_to_every_turn() -> None:
    search = RegexPatternSearch(compile_seconds=0)
    assert search.budget()("x", "", "x") is False
    search = RegexPatternSearch(compile_seconds=1e-9)
    assert search.budget()("x", "", "x") is True
    budget = search.budget()
    assert budget("y", "", "y") is True
    assert budget("z", "", "z") is False
    assert budget("x", "", "ax") is True


@pytest.mark.parametrize(("cache_size", "kept"), [(100, False), (1_000, True)])
def test_compiled_patterns_are_not_kept_without_end(cache_size: int, *, kept: bool) -> None:
    search = RegexPatternSearch(compile_seconds=1e-9, cache_size=cache_size)
    for pattern in ("used", "x" * 45):
        assert search.budget()(pattern, "", "used x") is (pattern == "used")
    budget = search.budget()
    assert budget("another", "", "used") is False
    # There is no time left to compile: it is found only if it was kept.
    assert budget("used", "", "used") is kept


@pytest.mark.parametrize(
    "pattern",
    [
        r"(?R)",
        r"((?1))",
        r"(a|(?R))*b",
        r"(?:foo){e<=30}bar",
        r"(?e)(?:aaaaaaaaaaaaaaaaa){e}x",
        r"\L<names>",
        r"\p{" + "L" * 900 + "}",
        r"(?(DEFINE)(?<a>a))(?&a)",
        r"\k<a>",
        r"[^]",
        r"\u{1F600}",
        r"(?V1)[[a-z]--[b]]",
        "\x00",
        "\ud800",
        "(?i" + ":(" * 300,
    ],
)
def test_what_the_package_has_beyond_javascript_does_no_harm(pattern: str) -> None:
    budget = RegexPatternSearch().budget()
    assert budget(pattern, "", TEXT) in {True, False, None}
    assert budget("a!", "", TEXT) is True


PARTS = st.sampled_from([*"()[]{}|*+?^$.\\-,:<>=!0129abpPkLuxR#&", "{1000}", "{1,}", "(?:", "\\b"])


@given(st.lists(PARTS, max_size=30).map("".join), st.text("dgimsuvyx", max_size=3))
def test_no_pattern_is_too_odd(pattern: str, flags: str) -> None:
    assert RegexPatternSearch().budget()(pattern, flags, "ab01-") in {True, False, None}


@pytest.mark.parametrize(
    ("pattern", "size"),
    [
        ("", 0),
        ("abc", 3),
        ("a{5}", 5),
        ("a{5,}", 5),
        ("a{0,5}", 1),
        (r"\d{4}-\d{2}", 7),
        ("[abc]{3}", 3),
        ("[]]{3}", 3),
        ("(ab){3}", 9),
        ("((ab){3}c){2}", 22),
        ("(?:a{10}){10}b", 131),
        (r"\({3}", 3),
        ("a{x}", 4),
        (")))", 0),
        ("(((", 0),
    ],
)
def test_the_size_of_a_pattern_is_what_it_grows_to(pattern: str, size: int) -> None:
    # A group costs one more, and so does what opens it.
    assert abs((pattern_size(pattern) or 0) - size) <= 2


@pytest.mark.parametrize(
    "pattern",
    ["a" * 1_001, "a{2001}", "(a{50}){50}", "((((a{9}){9}){9}){9})", "(" * 60, "a{99999999999999}"],
)
def test_a_pattern_that_grows_too_large_is_not_compiled(pattern: str) -> None:
    assert pattern_size(pattern) is None
