"""The fixed sentences that judge crisis detection: whom it must find, whom it must leave alone."""

import json
from collections import Counter
from pathlib import Path
from typing import TypedDict

import pytest

from domain.safety.verdicts import Action, Stage
from entrypoints.safety.rules import load_rules

DATA = Path(__file__).parent / "data"
LANGUAGES = ("de", "en", "es", "fr", "it", "ja", "pt", "ru")
ALLOWED_FALSE_ALARMS = 0.02
ALLOWED_FALSE_ALARMS_PER_LANGUAGE = 0.04


class Sentence(TypedDict):
    """One sentence as somebody would write it, its language, and what kind it is."""

    text: str
    language: str
    note: str


def read(name: str) -> list[Sentence]:
    sentences: list[Sentence] = json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))
    return sentences


CRISIS = read("crisis")
BENIGN = read("benign")


def in_language(sentences: list[Sentence], language: str) -> list[Sentence]:
    return [sentence for sentence in sentences if sentence["language"] == language]


def is_referred(sentence: Sentence) -> bool:
    verdict = load_rules().check(sentence["text"], Stage.INPUT, is_minor=True)
    return verdict.action is Action.REFER


def listing(sentences: list[Sentence]) -> str:
    return "\n".join(f"{one['language']} ({one['note']}): {one['text']}" for one in sentences)


def test_the_sets_are_large_and_in_eight_languages() -> None:
    assert len(CRISIS) >= 240
    assert len(BENIGN) >= 560
    for sentences, least in ((CRISIS, 30), (BENIGN, 40)):
        assert {sentence["language"] for sentence in sentences} == set(LANGUAGES)
        counts = Counter(sentence["language"] for sentence in sentences)
        assert min(counts.values()) >= least
    assert len(in_language(BENIGN, "en")) >= 250


def test_no_sentence_is_there_twice() -> None:
    counts = Counter(sentence["text"].casefold() for sentence in [*CRISIS, *BENIGN])
    assert [text for text, count in counts.items() if count > 1] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_crisis_is_referred(language: str) -> None:
    missed = [one for one in in_language(CRISIS, language) if not is_referred(one)]
    assert not missed, listing(missed)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_looks_alike_is_left_alone_in_each_language(language: str) -> None:
    sentences = in_language(BENIGN, language)
    alarms = [one for one in sentences if is_referred(one)]
    assert len(alarms) <= ALLOWED_FALSE_ALARMS_PER_LANGUAGE * len(sentences), listing(alarms)


def test_what_looks_alike_is_left_alone_on_the_whole() -> None:
    alarms = [one for one in BENIGN if is_referred(one)]
    assert len(alarms) <= ALLOWED_FALSE_ALARMS * len(BENIGN), listing(alarms)


@pytest.mark.parametrize("is_minor", [True, False])
def test_a_crisis_is_referred_at_any_age(*, is_minor: bool) -> None:
    rules = load_rules()
    missed = [
        one
        for one in CRISIS
        if rules.check(one["text"], Stage.INPUT, is_minor=is_minor).action is not Action.REFER
    ]
    assert not missed, listing(missed)
