"""The language that rules are written in, and what a rule finds."""

from typing import Any

import pytest

from domain.safety.patterns import Dialect, compiled, keys_of_words
from domain.safety.rules import MOST_EXCERPT, SafetyRules
from domain.safety.verdicts import Action, Category, Stage

ACTIONS: dict[str, Any] = {
    category: {"input": "flag", "output": {"minor": "block", "adult": "allow"}}
    for category in Category
}
FILE: dict[str, Any] = {
    "language": "en",
    "negations": ["not"],
    "idioms": ["want to die of laughter"],
    "groups": {"die": "die|be dead"},
    "rules": [
        {
            "id": "wants-to-die",
            "category": "self_harm",
            "stages": ["input"],
            "patterns": ["i ~2 want to {die}"],
            "unless": ["in the game"],
            "actions": {"input": "refer"},
        },
        {
            "id": "near",
            "category": "sexual_minors",
            "together": ["alpha", "beta"],
            "within": 30,
        },
    ],
}


def made(**changes: Any) -> SafetyRules:
    return SafetyRules.from_data("1", ACTIONS, {"a.toml": {**FILE, **changes}})


def found(rules: SafetyRules, text: str, stage: Stage = Stage.INPUT) -> list[str]:
    return [flag.rule for flag in rules.check(text, stage, is_minor=True).flags]


def matches(pattern: str, text: str, **dialect: Any) -> bool:
    ready = compiled(pattern, Dialect(groups=dialect.pop("groups", {}), **dialect))
    is_found = ready.expression.search(f" {text} ") is not None
    assert not is_found or ready.may_be_in(keys_of_words(text))
    return is_found


class TestPatterns:
    def test_words_stand_one_after_the_other(self) -> None:
        assert matches("want to die", "i want to die now")
        assert not matches("want to die", "i want to diet")

    def test_a_star_takes_any_end(self) -> None:
        assert matches("suicid*", "so suicidal")

    def test_a_gap_is_bounded_and_steps_over_no_negation(self) -> None:
        assert matches("i ~2 want", "i do really want", negations=frozenset(["not"]))
        assert not matches("i ~2 want", "i do not want", negations=frozenset(["not"]))
        assert matches("i ~~2 want", "i do not want", negations=frozenset(["not"]))
        assert not matches("i ~2 want", "i do so very want")

    def test_groups_brackets_and_what_may_be_left_out(self) -> None:
        assert matches("{die} (now|right away)?", "die right away", groups={"die": "die|go"})
        assert matches("go (now)? please", "go please")

    def test_the_beginning_and_the_end_of_a_sentence(self) -> None:
        assert matches("^ kill me $", "kill me")
        assert not matches("^ kill me $", "they kill me")
        assert not matches("^ kill me $", "kill me softly")

    def test_an_apostrophe_may_be_left_out_or_be_a_space(self) -> None:
        assert matches("j'ai mal", "jai mal")
        assert matches("j'ai mal", "j ai mal")

    def test_an_umlaut_may_be_spelt_out(self) -> None:
        assert matches("möchte", "moechte", umlauts=True)
        assert matches("möchte", "mochte", umlauts=True)

    def test_dense_scripts_are_read_without_spaces(self) -> None:
        ready = compiled("消え(たい|ちゃいたい) ~3 (です)?", Dialect(groups={}, is_dense=True))
        assert ready.expression.search("もう消えたいな")

    @pytest.mark.parametrize(
        "pattern",
        ["", "a (b", "a b)", "{none}", "?", "~99 a", "(a)?", "a|", "~2", "{", "a *", "a ."],
    )
    def test_what_cannot_be_read_is_refused(self, pattern: str) -> None:
        with pytest.raises(ValueError, match=r"pattern|group"):
            compiled(pattern, Dialect(groups={}))

    def test_a_group_that_contains_itself_is_refused(self) -> None:
        with pytest.raises(ValueError, match="contains itself"):
            compiled("{a}", Dialect(groups={"a": "b|{a}"}))


class TestRules:
    def test_a_finding_says_which_rule_on_which_words(self) -> None:
        flag = made().check("Well. I really want to die!", Stage.INPUT, is_minor=False).flags[0]
        assert (flag.rule, flag.language, flag.version) == ("en/wants-to-die", "en", "1")
        assert (flag.category, flag.action) == (Category.SELF_HARM, Action.REFER)
        assert "want to die" in flag.excerpt

    def test_an_excerpt_shows_the_sentence_of_a_long_text(self) -> None:
        text = "Nothing at all happens here. " * 40 + "I want to die! " + "More follows. " * 40
        excerpt = made().check(text, Stage.INPUT, is_minor=False).flags[0].excerpt
        assert excerpt.startswith("I want to die")
        assert len(excerpt) <= MOST_EXCERPT

    def test_words_across_two_sentences_show_the_beginning(self) -> None:
        text = "Some alpha! " + "A beta. " * 40
        excerpt = made().check(text, Stage.INPUT, is_minor=True).flags[0].excerpt
        assert excerpt.startswith("Some alpha! A beta.")
        assert len(excerpt) <= MOST_EXCERPT

    def test_a_file_has_nothing_that_nobody_reads(self) -> None:
        with pytest.raises(ValueError, match=r"a\.toml: nobody reads \['rule'\]"):
            made(rule=[])

    def test_an_idiom_on_the_same_words_makes_it_none(self) -> None:
        assert found(made(), "i want to die of laughter") == []
        assert found(made(), "i want to die of laughter and i want to die") == ["en/wants-to-die"]
        # Next to it is not on it.
        assert found(made(), "i want to die of laughter i want to die") == ["en/wants-to-die"]
        assert found(made(), "i want to die want to die of laughter") == ["en/wants-to-die"]

    def test_an_exception_counts_in_its_own_sentence_only(self) -> None:
        assert found(made(), "i want to die in the game") == []
        assert found(made(), "We lost in the game. I want to die.") == ["en/wants-to-die"]

    def test_parts_that_stand_together_may_stand_in_several_sentences(self) -> None:
        assert found(made(), "One alpha. Then a beta.") == ["en/near"]
        assert found(made(), "beta, and alpha") == ["en/near"]
        assert found(made(), f"alpha {'and ' * 20} beta") == []

    def test_a_part_in_an_idiom_is_no_part(self) -> None:
        rules = made(idioms=["alpha centauri", "beta test"])
        assert found(rules, "alpha centauri and a beta") == []
        assert found(rules, "alpha and a beta test") == []
        assert found(rules, "alpha centauri, an alpha and a beta") == ["en/near"]

    def test_parts_are_near_as_far_as_the_rule_says_and_excused_as_near(self) -> None:
        near = {**FILE["rules"][1], "within": 12, "unless": ["in jest"]}
        rules = made(rules=[near])
        assert found(rules, "alpha lorem ipsum beta") == ["en/near"]
        assert found(rules, "alpha lorems ipsum beta") == []
        assert found(rules, "beta lorem alpha") == ["en/near"]
        assert found(rules, "beta lorem ipsum alpha") == []
        assert found(rules, "alpha in jest beta") == []
        assert found(rules, "in jest alpha beta") == []
        assert found(rules, "in jest and nothing else alpha beta") == ["en/near"]
        assert found(rules, "alpha beta and nothing else in jest") == ["en/near"]

    def test_parts_that_are_near_later_on_count_though_the_first_are_not(self) -> None:
        far = "and " * 20
        assert found(made(), f"alpha {far} alpha beta") == ["en/near"]
        assert found(made(), f"alpha {far} beta {far} beta alpha") == ["en/near"]
        assert found(made(), f"beta {far} alpha {far} beta") == []

    def test_a_first_part_makes_the_others_worth_a_look(self) -> None:
        rules = made()
        assert not rules.has_stem("a beta", Stage.OUTPUT)
        awaited = rules.awaited("an alpha", Stage.OUTPUT)
        assert rules.has_stem("a beta", Stage.OUTPUT, awaited)
        assert rules.awaited("a beta", Stage.OUTPUT) == ()

    def test_a_rule_is_found_once_however_often_and_on_whatever_words(self) -> None:
        assert found(made(), "i want to die. i want to die!") == ["en/wants-to-die"]
        twice = {**FILE["rules"][0], "patterns": ["want to {die}", "tired of life"]}
        text = "I want to die, I am so tired of life."
        assert found(made(rules=[twice]), text) == ["en/wants-to-die"]

    def test_a_crisis_is_one_at_any_age_and_nothing_else_is(self) -> None:
        for_minors = {"input": {"minor": "refer", "adult": "flag"}}
        rules = made(rules=[{**FILE["rules"][0], "actions": for_minors}, FILE["rules"][1]])
        crisis = rules.crisis_in("I want to die")
        assert crisis is not None
        assert crisis.action is Action.REFER
        assert [flag.rule for flag in crisis.flags] == ["en/wants-to-die"]
        assert rules.crisis_in("alpha and beta") is None
        assert rules.crisis_in("Good morning") is None

    def test_the_rules_can_be_listed(self) -> None:
        assert [rule.name for rule in made().rules] == ["en/wants-to-die", "en/near"]

    def test_a_rule_is_for_its_stages(self) -> None:
        assert found(made(), "i want to die", Stage.OUTPUT) == []

    def test_actions_depend_on_stage_and_audience(self) -> None:
        rules = made()
        assert rules.check("alpha beta", Stage.OUTPUT, is_minor=True).action is Action.BLOCK
        assert rules.check("alpha beta", Stage.OUTPUT, is_minor=False).flags == ()
        assert rules.check("alpha beta", Stage.INPUT, is_minor=False).action is Action.FLAG

    @pytest.mark.parametrize(
        ("rule", "complaint"),
        [
            ({"id": "a", "category": "none", "patterns": ["x"]}, "none"),
            ({"id": "a", "category": "hate"}, "either patterns or together"),
            ({"id": "a", "category": "hate", "patterns": ["(x"]}, "never closed"),
            ({"id": "a", "category": "hate", "patterns": ["x"], "stage": "input"}, "nobody reads"),
            ({"id": "a", "category": "hate", "patterns": ["x"], "stages": ["in"]}, "in"),
            (
                {"id": "a", "category": "hate", "patterns": ["x"], "actions": {"input": "shout"}},
                "no action",
            ),
        ],
    )
    def test_a_bad_rule_is_named(self, rule: dict[str, Any], complaint: str) -> None:
        with pytest.raises(ValueError, match=complaint) as error:
            made(rules=[rule])
        assert str(error.value).startswith("a.toml: rule 'a'")

    def test_names_are_unique(self) -> None:
        with pytest.raises(ValueError, match="two rules"):
            made(rules=FILE["rules"] * 2)

    def test_each_category_has_its_actions(self) -> None:
        with pytest.raises(ValueError, match="actions of hate"):
            SafetyRules.from_data("1", {**ACTIONS, "hate": {"input": "flag"}}, {})
