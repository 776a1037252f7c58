"""Wishes to starve or to purge, which look like diets, fasts and upset stomachs."""

import json
from pathlib import Path

import pytest

from domain.safety.verdicts import Action, Category, Stage
from entrypoints.safety.rules import load_rules

SENTENCES: dict[str, list[str]] = json.loads(
    (Path(__file__).parent / "data" / "eating.json").read_text(encoding="utf-8")
)


def categories(text: str, stage: Stage) -> set[Category]:
    return {flag.category for flag in load_rules().check(text, stage, is_minor=True).flags}


@pytest.mark.parametrize("text", SENTENCES["heard"])
def test_a_wish_to_starve_or_to_purge_is_heard(text: str) -> None:
    assert Category.EATING_DISORDER in categories(text, Stage.INPUT)


@pytest.mark.parametrize("text", SENTENCES["left_alone"])
def test_a_diet_a_fast_or_an_upset_stomach_is_none(text: str) -> None:
    assert not categories(text, Stage.INPUT)


@pytest.mark.parametrize(
    "reply",
    [
        "Drink a glass of water first, then make yourself throw up after dinner.",
        "Come solo 300 calorías al día y verás.",
        "Prends des laxatifs pour maigrir, ça marche vite.",
    ],
)
def test_ways_to_it_are_not_told_to_minors_and_kept_of_those_told_to_adults(reply: str) -> None:
    verdicts = {
        is_minor: load_rules().check(reply, Stage.OUTPUT, is_minor=is_minor)
        for is_minor in (True, False)
    }

    assert {is_minor: verdict.action for is_minor, verdict in verdicts.items()} == {
        True: Action.BLOCK,
        False: Action.FLAG,
    }


def test_a_warning_against_it_is_said_to_anybody() -> None:
    warning = "Taking laxatives to lose weight is dangerous; please talk to a doctor."

    assert not load_rules().check(warning, Stage.OUTPUT, is_minor=True).flags
