"""What every search for strangers' patterns promises."""

import pytest

from adapters.in_memory.pattern_search import InMemoryPatternSearch
from adapters.regex.pattern_search import RegexPatternSearch
from application.ports.pattern_search import PatternSearch

SLOW = ["(a+)+$", "(a|a)*$", "(a*)*b", "(.*,){21}P", "(?:(?:a+)+)+b", "(a|aa)+$"]
TEXT = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!\n" * 20
GREEDY = ["a{1000000000}", "(((a{1000}){1000}){1000}){1000}", "(" * 200 + "a" + "){50}" * 200]


@pytest.fixture(params=["in_memory", "regex"])
def patterns(request: pytest.FixtureRequest) -> PatternSearch:
    return InMemoryPatternSearch() if request.param == "in_memory" else RegexPatternSearch()


@pytest.mark.parametrize(
    ("pattern", "flags", "text"),
    [
        ("drag(on|ake)", "", "a dragon"),
        ("DRAGON", "i", "a dragon"),
        ("^dragon", "m", "a\ndragon"),
        ("a.dragon", "s", "a\ndragon"),
        ("dragon", "gimsuy", "DRAGON"),
        ("dragon", "v", "dragon"),
        (r"\bdragons?\b", "", "two dragons."),
        (r"(?<beast>dragon)", "", "dragon"),
        (r"(?<=red )dragon", "", "red dragon"),
        (r"and\/or", "", "and/or"),
        (r"\d{4}-\d{2}", "", "in 2026-03"),
        ("[ßé龙]", "", "小龙女"),
        ("", "", "anything"),
    ],
)
def test_a_pattern_is_found(patterns: PatternSearch, pattern: str, flags: str, text: str) -> None:
    assert patterns.budget()(pattern, flags, text) is True


@pytest.mark.parametrize(
    ("pattern", "flags", "text"),
    [
        ("dragon", "", "DRAGON"),
        ("^dragon", "", "a\ndragon"),
        ("a.dragon", "", "a\ndragon"),
        (r"\bdragon\b", "", "dragons"),
        ("dragon", "", ""),
    ],
)
def test_a_pattern_is_not_found(
    patterns: PatternSearch, pattern: str, flags: str, text: str
) -> None:
    assert patterns.budget()(pattern, flags, text) is False


@pytest.mark.parametrize(
    ("pattern", "flags"),
    [
        ("(", ""),
        ("[", ""),
        ("*", ""),
        ("a**", ""),
        ("(?<n>a", ""),
        (r"(a)\2", ""),
        ("a", "x"),
        ("a", "ii"),
        ("a", "I"),
        ("a" * 1_001, ""),
        ("(" * 400 + "a" + ")" * 400, ""),
        *((pattern, "") for pattern in GREEDY),
    ],
    ids=lambda value: value[:20],
)
def test_what_is_no_pattern_is_told_from_what_is_not_found(
    patterns: PatternSearch, pattern: str, flags: str
) -> None:
    budget = patterns.budget()
    assert budget(pattern, flags, "a") is None
    assert budget(pattern, flags, "a") is None
    assert budget("a", "", "a") is True


@pytest.mark.parametrize("pattern", SLOW)
def test_a_pattern_that_takes_too_long_finds_nothing_and_leaves_time_for_others(
    patterns: PatternSearch, pattern: str
) -> None:
    budget = patterns.budget()
    assert budget(pattern, "", TEXT) is False
    assert all(budget(pattern, "", f"{TEXT}{number}") is False for number in range(100))
    assert budget("a!", "", TEXT) is True


def test_when_the_time_of_a_turn_is_gone_nothing_is_found_any_more(patterns: PatternSearch) -> None:
    budget = patterns.budget()
    assert budget("known", "", "known") is True
    assert not any(budget(f"(a+)+${number}", "", TEXT) for number in range(40))
    assert budget("new", "", "new") is False
    assert budget("known", "", "known") is True
    assert patterns.budget()("new", "", "new") is True


def test_many_patterns_can_be_asked_for(patterns: PatternSearch) -> None:
    for number in range(60):
        budget = patterns.budget()
        for more in range(8):
            assert budget(f"{number}x{more}" + "y?" * 60, "", f"a {number}x{more}") is True
