"""What excuses a finding, and what a pattern may say of the words around it."""

from typing import Any

import pytest

from domain.safety.normalise import plain
from domain.safety.patterns import Dialect, compiled
from domain.safety.rulebook import UNLESS_WITHIN
from domain.safety.rules import SafetyRules
from domain.safety.verdicts import Category, Stage

ACTIONS: dict[str, Any] = {category: {"input": "refer", "output": "block"} for category in Category}
RULE = {
    "id": "no-life",
    "category": "self_harm",
    "patterns": ["dont want to live"],
    "unless": ["in the game"],
}
RULES: dict[str, Any] = {"language": "en", "rules": [RULE]}
HARMLESS: dict[str, Any] = {"language": "en", "idioms": ["live in !(pain|fear) _"]}


def is_found(text: str, **files: dict[str, Any]) -> bool:
    rules = SafetyRules.from_data("1", ACTIONS, {"a.toml": RULES, **files})
    return bool(rules.check(text, Stage.INPUT, is_minor=False).flags)


def matches(pattern: str, text: str) -> bool:
    return compiled(pattern, Dialect(groups={})).expression.search(plain(text)) is not None


def test_a_file_without_rules_speaks_for_its_language() -> None:
    assert is_found("I don't want to live in this town.")
    assert not is_found("I don't want to live in this town.", b=HARMLESS)
    assert is_found("I don't want to live.", b=HARMLESS)


def test_it_does_not_speak_for_others() -> None:
    assert is_found("I don't want to live in this town.", b={**HARMLESS, "language": "nl"})


def test_what_comes_next_may_be_barred() -> None:
    assert is_found("I don't want to live in pain.", b=HARMLESS)
    assert is_found("I don't want to live in fear any more.", b=HARMLESS)


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("die !(hard|laughing)", "I die", True),
        ("die !(hard|laughing)", "I die hardly ever", True),
        ("die !(hard|laughing)", "I die laughing", False),
        ("a _ of hope", "a ray of hope", True),
        ("a _ of hope", "a of hope", False),
        ("a _ of hope", "a small ray of hope", False),
    ],
)
def test_words_around_are_asked_for(pattern: str, text: str, *, expected: bool) -> None:
    assert matches(pattern, text) is expected


@pytest.mark.parametrize("pattern", ["die !", "die !?", "die !~2 now", "(die !)"])
def test_nothing_cannot_be_barred(pattern: str) -> None:
    with pytest.raises(ValueError, match="a ! before nothing"):
        compiled(pattern, Dialect(groups={}))


def test_an_excuse_holds_only_near_what_it_excuses() -> None:
    between = "and so on " * (UNLESS_WITHIN // 5)
    assert not is_found("in the game i dont want to live")
    assert is_found(f"in the game {between} i dont want to live")
    assert not is_found("i dont want to live in the game")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("i w a n t t o d i e", "i want to die"),
        ("I W A N T  T O  D I E", "i want to die"),
        ("q w r t z", "qwrtz"),
        ("vitamin b c", "vitamin b c"),
        ("хочу ум3реть", "хочу умереть"),  # noqa: RUF001 - it is Russian
        ("3 дня", "3 дня"),
        ("i wannnt it", "i want it"),
        ("i wannna", "i wanna"),
    ],
)
def test_letters_and_figures_are_read_as_they_are_meant(written: str, read: str) -> None:
    assert plain(written).strip() == read
