"""How what rules find and what the wording tells go together."""

from array import array
from typing import Any

from domain.safety.rules import BY_WORDING, SafetyRules
from domain.safety.verdicts import Action, Category, Stage
from domain.safety.wording import BUCKETS, SHORT, Wording, signs_of

ACTIONS: dict[str, Any] = {
    category: {"input": "refer" if category == "self_harm" else "flag", "output": "refer"}
    for category in Category
}
FILES: dict[str, Any] = {
    "a.toml": {
        "language": "en",
        "common": ["i", "my"],
        "rules": [
            {"id": "dying", "category": "self_harm", "patterns": ["want to die"]},
            {"id": "rude", "category": "harassment", "patterns": ["you fool"]},
        ],
    }
}
HARMLESS = "when the battery is low"


def made(**weights: int) -> SafetyRules:
    return SafetyRules.from_data("7", ACTIONS, FILES, wording_of(**weights))


def wording_of(**weights: int) -> Wording:
    table = array("b", bytes(BUCKETS))
    told = {"dark": "the light goes out for me", "harmless": HARMLESS}
    for name, weight in weights.items():
        for sign in signs_of(told[name]).words:
            table[sign] = weight
    return Wording(table, step=0.1, bias=0.0, sure=3.0, doubtful=-3.0, languages=["en"])


def test_wording_alone_is_a_flag_of_its_own() -> None:
    verdict = made(dark=10).check("My day: the light goes out for me.", Stage.INPUT, is_minor=True)
    assert verdict.action is Action.REFER
    (flag,) = verdict.flags
    assert (flag.rule, flag.version, flag.category) == (BY_WORDING, "7", Category.SELF_HARM)
    assert flag.language == "en"
    assert flag.excerpt == "My day: the light goes out for me."


def test_what_a_rule_found_is_not_said_twice() -> None:
    text = "I want to die, the light goes out for me"
    verdict = made(dark=10).check(text, Stage.INPUT, is_minor=True)
    assert [flag.rule for flag in verdict.flags] == ["en/dying"]
    assert verdict.action is Action.REFER


def test_what_the_wording_contradicts_is_left_to_reviewers() -> None:
    text = f"My phones want to die {HARMLESS}, you fool"
    verdict = made(harmless=-10).check(text, Stage.INPUT, is_minor=True)
    assert {flag.rule: flag.action for flag in verdict.flags} == {
        "en/dying": Action.FLAG,
        "en/rude": Action.FLAG,
    }
    rules_alone = SafetyRules.from_data("7", ACTIONS, FILES)
    assert rules_alone.check(text, Stage.INPUT, is_minor=True).action is Action.REFER


def test_nothing_is_denied_in_a_language_that_was_not_learnt() -> None:
    dutch = {"a.toml": {**FILES["a.toml"], "language": "nl"}}
    rules = SafetyRules.from_data("7", ACTIONS, dutch, wording_of(harmless=-10))
    text = f"My phones want to die {HARMLESS}"
    assert rules.check(text, Stage.INPUT, is_minor=True).action is Action.REFER


def test_nothing_is_denied_of_a_long_message() -> None:
    text = f"I want to die {HARMLESS}, " + "and so we went home by bus " * 5
    assert len(text) > SHORT
    verdict = made(harmless=-10).check(text, Stage.INPUT, is_minor=True)
    assert verdict.action is Action.REFER


def test_nothing_is_denied_where_one_sentence_leaves_a_doubt() -> None:
    verdict = made(harmless=-10).check(f"I want to die. {HARMLESS}.", Stage.INPUT, is_minor=True)
    assert verdict.action is Action.REFER


def test_a_rule_counts_where_the_wording_tells_nothing() -> None:
    verdict = made(dark=10, harmless=-10).check("i want to die", Stage.INPUT, is_minor=True)
    assert verdict.action is Action.REFER


def test_replies_are_judged_by_rules_alone() -> None:
    rules = made(dark=10, harmless=-10)
    assert not rules.check("the light goes out for me", Stage.OUTPUT, is_minor=True).flags
    found = rules.check(f"want to die {HARMLESS}", Stage.OUTPUT, is_minor=True)
    assert found.action is Action.REFER


def test_a_crisis_of_wording_is_a_crisis() -> None:
    rules = made(dark=10, harmless=-10)
    assert rules.crisis_in("the light goes out for me") is not None
    assert rules.crisis_in(f"i want to die {HARMLESS}") is None
