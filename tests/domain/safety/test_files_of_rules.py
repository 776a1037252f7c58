"""What files of rules say to each other, and what each says for itself alone."""

from typing import Any

import pytest

from domain.safety.rulebook import WITHIN
from domain.safety.rules import MOST_EXCERPT, SafetyRules
from domain.safety.verdicts import Category, Stage

ACTIONS: dict[str, Any] = {category: {"input": "refer", "output": "block"} for category in Category}


def file(language: str | None, *patterns: str, **changes: Any) -> dict[str, Any]:
    rules = [{"id": "found", "category": "self_harm", "patterns": list(patterns)}]
    said = {"language": language, "rules": rules, **changes}
    return {key: value for key, value in said.items() if value is not None}


def made(*files: dict[str, Any], actions: dict[str, Any] = ACTIONS) -> SafetyRules:
    named = {f"{'abcdef'[at]}.toml": one for at, one in enumerate(files)}
    return SafetyRules.from_data("1", actions, named)


def found(rules: SafetyRules, text: str, stage: Stage = Stage.INPUT) -> list[str]:
    return [flag.rule for flag in rules.check(text, stage, is_minor=False).flags]


def idioms(language: str, *written: str, **changes: Any) -> dict[str, Any]:
    return {"language": language, "idioms": list(written), **changes}


class TestFilesTogether:
    def test_a_group_is_known_in_its_own_file(self) -> None:
        other = file("en", "{die}", groups={"die": "perish"})
        other["rules"][0]["id"] = "other"
        rules = made(file("en", "{die}", groups={"die": "vanish"}), other)
        assert found(rules, "vanish") == ["en/found"]
        assert found(rules, "perish") == ["en/other"]
        assert found(rules, "die") == []

    def test_a_word_is_spelt_as_its_language_does(self) -> None:
        rules = made(file("de", "schön"), file("sv", "schön"))
        assert found(rules, "schön") == ["de/found", "sv/found"]
        assert found(rules, "schoen") == ["de/found"]

    def test_an_idiom_is_spelt_as_its_language_does(self) -> None:
        rules = made(
            idioms("de", "tot schön"),
            idioms("sv", "tot schön"),
            file("de", "tot"),
            file("sv", "tot"),
        )
        assert found(rules, "tot schön") == []
        assert found(rules, "tot schoen") == ["sv/found"]

    def test_a_word_is_looked_for_as_the_script_of_its_file_has_it(self) -> None:
        dense = file("ja", "死亡", script="dense")
        dense["rules"][0]["id"] = "dense"
        rules = made(file("ja", "死亡"), dense)
        assert found(rules, "死亡") == ["ja/found", "ja/dense"]
        assert found(rules, "我死亡了") == ["ja/dense"]

    def test_an_idiom_is_looked_for_as_the_script_of_its_file_has_it(self) -> None:
        rules = made(
            idioms("ja", "死亡遊戯"),
            idioms("ja", "死亡遊戯", script="dense"),
            file("ja", "死亡", script="dense"),
        )
        assert found(rules, "我死亡了") == ["ja/found"]
        assert found(rules, "我死亡遊戯了") == []

    def test_idioms_of_a_file_with_rules_are_its_own(self) -> None:
        other = file("en", "want to die")
        other["rules"][0]["id"] = "other"
        rules = made(file("en", "want to die", idioms=["die laughing"]), other)
        assert found(rules, "I want to die laughing") == ["en/other"]

    def test_idioms_of_all_files_without_rules_count(self) -> None:
        own = file("en", "want to die", idioms=["die of shame"])
        rules = made(idioms("en", "die laughing"), idioms("en", "die of envy"), own)
        for harmless in ("laughing", "of envy", "of shame"):
            assert found(rules, f"I want to die {harmless}") == []
        assert found(rules, "I want to die of hunger") == ["en/found"]

    @pytest.mark.parametrize("other", [{"common": ["No", "more"]}, {"idioms": []}])
    def test_ordinary_words_are_so_in_all_files_of_the_language(
        self, other: dict[str, Any]
    ) -> None:
        rules = made(file("en", "no more"), {"language": "en", **other})
        assert rules.has_stem("no more", Stage.INPUT)
        assert rules.has_stem("more and more", Stage.INPUT) is ("common" not in other)
        assert made(file("nl", "no more"), {"language": "en", **other}).has_stem(
            "more and more", Stage.INPUT
        )

    def test_what_negates_is_said_by_the_file(self) -> None:
        rules = made(file("en", "i ~2 die", negations=["Never"]))
        assert found(rules, "I will die") == ["en/found"]
        assert found(rules, "I never die") == []

    def test_a_file_of_no_language_speaks_of_any(self) -> None:
        rules = made(file(None, "kys"))
        assert found(rules, "kys", Stage.OUTPUT) == ["any/found"]
        assert rules.check("kys", Stage.INPUT, is_minor=True).flags[0].language is None


class TestRulesBesideEachOther:
    def test_rules_with_the_same_rare_word_are_each_looked_for(self) -> None:
        rules = made(file("en", "kill time"), file("nl", "kill now"), file("sv", "kill anyone"))
        assert found(rules, "kill anyone") == ["sv/found"]
        # Also beside one that was found already.
        assert found(rules, "Kill now. Kill anyone now.") == ["nl/found", "sv/found"]

    def test_parts_are_looked_for_beside_a_pattern(self) -> None:
        parts = {"id": "near", "category": "self_harm", "together": ["alpha", "beta"]}
        rules = made(file("en", "able now"), file("nl", rules=[parts]))
        assert found(rules, "Able now, alpha and beta.") == ["en/found", "nl/near"]


class TestRulesOfParts:
    def test_parts_are_near_within_three_hundred_characters(self) -> None:
        parts = {"id": "near", "category": "self_harm", "together": ["alpha", "beta"]}
        rules = made(file("en", rules=[parts]))
        for fits, filler in ((True, WITHIN - 1), (False, WITHIN)):
            text = f"alpha {('or' * WITHIN)[:filler]} beta"
            assert (found(rules, text) == ["en/near"]) is fits

    def test_of_three_parts_all_are_needed_and_the_first_tells(self) -> None:
        parts = {"id": "near", "category": "self_harm", "together": ["alpha", "beta", "gamma"]}
        rules = made(file("en", rules=[parts]))
        assert found(rules, "alpha beta") == []
        assert found(rules, "gamma. beta. alpha") == ["en/near"]
        assert not rules.has_stem("beta gamma", Stage.INPUT)
        awaited = rules.awaited("alpha", Stage.INPUT)
        assert rules.has_stem("beta", Stage.INPUT, awaited)
        assert rules.has_stem("gamma", Stage.INPUT, awaited)

    def test_dense_parts_are_told_and_awaited(self) -> None:
        parts = {"id": "near", "category": "self_harm", "together": ["中学生", "裸体"]}
        rules = made(file("ja", rules=[parts], script="dense"))
        assert found(rules, "她是中学生。裸体") == ["ja/near"]
        assert rules.has_stem("她是中学生", Stage.OUTPUT)
        assert not rules.has_stem("她的裸体", Stage.OUTPUT)
        awaited = rules.awaited("她是中学生", Stage.OUTPUT)
        assert rules.has_stem("她的裸体", Stage.OUTPUT, awaited)
        assert rules.awaited("她的裸体", Stage.OUTPUT) == ()

    def test_a_rule_for_one_stage_is_worth_a_look_there_only(self) -> None:
        stages = {"category": "self_harm", "stages": ["input"]}
        rules = made(
            file(
                "en",
                rules=[
                    {"id": "word", "patterns": ["die"], **stages},
                    {"id": "near", "together": ["alpha", "beta"], **stages},
                ],
            )
        )
        assert rules.has_stem("die", Stage.INPUT)
        assert not rules.has_stem("die", Stage.OUTPUT)
        assert rules.awaited("alpha", Stage.INPUT) != ()
        assert rules.awaited("alpha", Stage.OUTPUT) == ()
        assert rules.awaited("die", Stage.INPUT) == ()


class TestExcerpts:
    def test_a_text_as_long_as_an_excerpt_is_shown_whole(self) -> None:
        text = "All is well. I want to die.".ljust(MOST_EXCERPT, "!")
        flags = made(file("en", "want to die")).check(text, Stage.INPUT, is_minor=False).flags
        assert flags[0].excerpt == text

    def test_a_sentence_in_a_dense_script_is_shown_though_it_has_spaces(self) -> None:
        text = "今日はいい天気です。" * 30 + "もう 死に たい。"
        rules = made(file("ja", "もう死にたい", script="dense"))
        flags = rules.check(text, Stage.INPUT, is_minor=False).flags
        assert flags[0].excerpt == "もう 死に たい。"


@pytest.mark.parametrize(
    ("written", "complaint"),
    [
        (
            file("en", rules=[{"id": "x", "category": "hate", "together": ["(a", "b"]}]),
            "rule 'x': p",
        ),
        (
            file(
                "en", rules=[{"id": "x", "category": "hate", "patterns": ["a"], "unless": ["(a"]}]
            ),
            "rule 'x': pattern",
        ),
        (
            file(
                "en",
                rules=[
                    {"id": "x", "category": "hate", "patterns": ["a"], "actions": {"in": "flag"}}
                ],
            ),
            "rule 'x': 'in'",
        ),
        (
            file(
                "en",
                rules=[
                    {
                        "id": "x",
                        "category": "hate",
                        "patterns": ["a"],
                        "actions": {"input": {"child": "flag"}},
                    }
                ],
            ),
            "rule 'x': 'child'",
        ),
        (
            file(
                "en", rules=[{"id": "x", "category": "hate", "patterns": ["a"], "together": ["a"]}]
            ),
            "rule 'x': either",
        ),
        (file("en", "a", idioms=["(a"]), "pattern"),
        (idioms("en", "(a"), "pattern"),
        (idioms("en", "a", words=[]), "nobody reads"),
        (file("en", "{none}"), "rule 'found': pattern '{none}': no group"),
        (file("en", "a", script="dense", words=[]), "nobody reads"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(written: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ValueError, match="toml") as error:
        made(file("nl", "fine"), written)
    assert str(error.value).startswith(f"b.toml: {complaint}")


@pytest.mark.parametrize(
    "said", [{"input": "shout", "output": "flag"}, {"input": "flag"}, {"in": "flag"}]
)
def test_wrong_actions_of_a_category_are_named(said: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"^actions of hate: "):
        made(actions={**ACTIONS, Category.HATE: said})


def test_a_category_without_actions_is_named() -> None:
    with pytest.raises(ValueError, match=r"^actions of hate: "):
        made(actions={key: said for key, said in ACTIONS.items() if key is not Category.HATE})
