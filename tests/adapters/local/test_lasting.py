"""Which sentences look as if a friend would remember them, and what is kept together."""

import math

import pytest

from adapters.local.fact_extractor import RuleFactExtractor
from adapters.local.fact_rules.lasting_weights import WEIGHTS, WITHOUT_ANY
from adapters.local.fact_rules.signs import NAMES
from bench.memory.learn_lasting import Example, examples, learnt
from tests.contracts.builders import make_exchange

LEAST_RIGHT = 0.83


async def texts_in(text: str, *earlier: tuple[str, str]) -> list[str]:
    facts = await RuleFactExtractor().extract(make_exchange(text, earlier=earlier))
    return [one.text for one in facts]


def share_right(weights: list[float], bias: float, told: list[Example]) -> float:
    right = [(bias + sum(weights[sign] for sign in signs) > 0) == is_so for signs, is_so in told]
    return sum(right) / len(right)


def test_the_weights_are_those_that_the_sentences_teach() -> None:
    bias, weights = learnt(examples())
    assert math.isclose(bias, WITHOUT_ANY, abs_tol=0.006)
    for name, weight in zip(NAMES, weights, strict=True):
        assert math.isclose(weight, WEIGHTS[name], abs_tol=0.006), name


@pytest.mark.parametrize("part", range(4))
def test_sentences_that_were_not_learnt_from_are_mostly_told_apart(part: int) -> None:
    every = examples()
    bias, weights = learnt([one for place, one in enumerate(every) if place % 4 != part])
    assert share_right(weights, bias, every[part::4]) >= LEAST_RIGHT


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (
            "Pixel. She's my neighbour's old cat and blind in one eye.",
            ["Pixel. She's my neighbour's old cat and blind in one eye."],
        ),
        (
            "I'm yawning. My cousin Edda breeds llamas in Chile.",
            ["My cousin Edda breeds llamas in"],
        ),
    ],
)
async def test_sentences_that_lean_on_each_other_stay_together(text: str, kept: list[str]) -> None:
    found = await texts_in(text)
    assert len(found) == len(kept)
    assert all(
        one.startswith(start) or start in one for one, start in zip(found, kept, strict=True)
    )


@pytest.mark.parametrize(
    "text",
    [
        "lol my soup just exploded",
        "I begin with plum.",
        "Then let us count geese: six.",
        "The pavement is wet again and so am I.",
        "Mount Fuji is a volcano.",
        "He laughed for an hour.",
        "I'm stirring the soup with a pen.",
    ],
)
async def test_chatter_is_not_kept(text: str) -> None:
    assert await texts_in(text) == []


@pytest.mark.parametrize(
    ("before", "text", "told"),
    [
        ("my flatmate joanna snores", "shes a baker in hull", "My flatmate joanna's a baker"),
        ("There's Ulrike from the choir.", "She teaches chemistry.", "Ulrike teaches chemistry."),
        ("My brother says hello.", "He's a judge in Cork.", "My brother's a judge in Cork."),
    ],
)
async def test_who_is_meant_was_named_in_the_message_before(
    before: str, text: str, told: str
) -> None:
    [found] = await texts_in(text, ("user", before), ("assistant", "I see."))
    assert found.startswith(told)


async def test_somebody_with_a_title_is_meant_rather_than_whom_an_earlier_message_named() -> None:
    earlier = [("user", "Ben and I never told anyone."), ("assistant", "I see.")]
    told = await texts_in("That's about what Dr. Amari said. She's my therapist.", *earlier)
    assert "Dr. Amari's my therapist" in " ".join(told)
    assert "Ben" not in " ".join(told)


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("moved 2 york last wk", "home"),
        ("Home's Dundee.", "home"),
        ("my fav colours teal", "favourite:colour"),
        ("name's Bo", "name"),
        ("im 22, third year at uni in kent", "age"),
    ],
)
async def test_sloppy_spelling_is_read(text: str, topic: str) -> None:
    facts = await RuleFactExtractor().extract(make_exchange(text))
    assert topic in [one.topic for one in facts]


@pytest.mark.parametrize(
    "text",
    [
        "We sold the motorbike to a boy from Leeds.",
        "I got the sack.",
        "Luca and I are finished.",
        "We've shelved the plan to open a café.",
        "The book club has folded.",
    ],
)
async def test_what_has_ended_is_kept(text: str) -> None:
    """Or what it ends would go on."""
    assert await texts_in(text)
