"""What is never said or never written about, in whatever language and whatever it is dressed as."""

import json
from pathlib import Path

import pytest

from domain.safety.verdicts import Action, Category, Stage
from entrypoints.safety.rules import load_rules

DATA = Path(__file__).parent / "data"


def read(name: str) -> dict[str, list[str]]:
    texts: dict[str, list[str]] = json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))
    return texts


REPLIES = read("replies")
MINORS = read("minors")


@pytest.mark.parametrize("text", REPLIES["cut"])
def test_a_way_to_die_or_a_push_to_it_is_never_said(text: str) -> None:
    assert load_rules().check(text, Stage.OUTPUT, is_minor=False).action is Action.REFER


@pytest.mark.parametrize("text", REPLIES["said"])
def test_cooking_ropes_pills_and_comfort_are_said(text: str) -> None:
    assert load_rules().check(text, Stage.OUTPUT, is_minor=True).action < Action.BLOCK


@pytest.mark.parametrize("text", MINORS["refused"])
def test_sex_with_the_young_is_refused_to_adults_as_well(text: str) -> None:
    verdict = load_rules().check(text, Stage.INPUT, is_minor=False)

    assert verdict.action is Action.BLOCK
    assert Category.SEXUAL_MINORS in {flag.category for flag in verdict.flags}


@pytest.mark.parametrize("text", MINORS["let_pass"])
def test_the_young_without_sex_and_sex_without_the_young_pass(text: str) -> None:
    assert load_rules().check(text, Stage.INPUT, is_minor=False).action < Action.BLOCK
