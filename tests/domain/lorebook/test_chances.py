"""Luck, groups and time, as SillyTavern writes them."""

from collections import Counter

import pytest

from domain.lorebook.book import Lorebook
from tests.domain.lorebook.tellings import book_of, entry, told


def shares(book: Lorebook, text: str = "boat", turns: int = 600) -> Counter[str]:
    found: Counter[str] = Counter()
    for number in range(turns):
        found.update(told(book, text, seed=f"turn {number}"))
    return found


@pytest.mark.parametrize(
    ("extensions", "least", "most"),
    [
        ({"probability": 0}, 0, 0),
        ({"probability": 100}, 600, 600),
        ({"probability": 25}, 100, 200),
        ({"probability": 25, "useProbability": True}, 100, 200),
        ({"probability": 25, "useProbability": False}, 600, 600),
        ({"probability": 0, "useProbability": False}, 600, 600),
        ({"probability": "often"}, 600, 600),
        ({}, 600, 600),
    ],
)
def test_an_entry_comes_as_often_as_it_says(
    extensions: dict[str, object], least: int, most: int
) -> None:
    assert least <= shares(book_of(entry("lore", "boat", extensions=extensions)))["lore"] <= most


def test_luck_is_the_same_for_the_same_turn_and_each_entrys_own() -> None:
    half = {"extensions": {"probability": 50}}
    book = book_of(entry("a", "boat", **half), entry("b", "boat", **half))
    assert all(told(book, "boat", seed=str(n)) == told(book, "boat", seed=str(n)) for n in range(9))
    together = Counter(tuple(told(book, "boat", seed=str(n))) for n in range(400))
    assert len(together) == 4
    assert min(together.values()) > 50


def test_a_constant_entry_is_rolled_for_as_well() -> None:
    book = book_of(entry("lore", constant=True, extensions={"probability": 50}))
    assert 200 < shares(book)["lore"] < 400


def test_what_was_unlucky_is_not_called_by_others_after_all() -> None:
    book = book_of(
        entry("lore", "boat", "green", extensions={"probability": 30}),
        entry("green", "boat", insertion_order=1),
        recursive_scanning=True,
    )
    assert 120 < shares(book)["lore"] < 240


# ---------------------------------------------------------------------------------------- groups


def grouped(content: str, *, group: str = "weather", **more: object) -> dict[str, object]:
    return entry(content, "boat", extensions={"group": group, **more})


def test_of_a_group_only_one_is_told_by_its_weight() -> None:
    book = book_of(
        grouped("sun", group_weight=300), grouped("rain"), grouped("none", group_weight=0)
    )
    found = shares(book)
    assert found["sun"] + found["rain"] == 600
    assert 390 < found["sun"] < 510


def test_without_any_weight_the_last_of_a_group_is_told() -> None:
    book = book_of(grouped("sun", group_weight=0), grouped("rain", group_weight=0))
    assert shares(book, turns=9) == {"rain": 9}


def test_the_one_that_is_to_win_wins() -> None:
    book = book_of(
        grouped("sun"),
        grouped("rain", group_override=True),
        {**grouped("hail", group_override=True), "insertion_order": 5},
    )
    assert shares(book, turns=50) == {"hail": 50}


def test_only_those_that_match_compete() -> None:
    book = book_of(grouped("sun"), {**grouped("rain"), "keys": ["never said"]})
    assert shares(book, turns=50) == {"sun": 50}


def test_an_entry_of_several_groups_must_win_them_all() -> None:
    book = book_of(
        grouped("both", group="weather, mood"),
        grouped("sun", group="weather", group_override=True),
        grouped("glad", group="mood"),
    )
    assert shares(book, turns=50) == {"sun": 50, "glad": 50}


def test_a_group_of_which_one_was_told_is_closed_for_those_that_others_call() -> None:
    book = book_of(
        grouped("sun and green"),
        entry("rain", "green", extensions={"group": "weather"}, insertion_order=1),
        entry("snow", "sun", insertion_order=2),
        recursive_scanning=True,
    )
    assert told(book, "boat") == ["sun and green", "snow"]


def test_entries_without_a_group_do_not_compete() -> None:
    book = book_of(grouped("sun", group=""), grouped("rain", group=" , "))
    assert shares(book, turns=20) == {"sun": 20, "rain": 20}


# ------------------------------------------------------------------------------------------ time


def timed(*said: str, **extensions: int) -> str:
    """For each turn whether the entry is told: ``+`` or ``-``."""
    book = book_of(entry("lore", "boat", extensions=extensions), scan_depth=1)
    messages: list[str] = []
    signs = ""
    for text in said:
        messages.append(text)
        signs += "+" if told(book, *messages) else "-"
        messages.append("I see.")
    return signs


@pytest.mark.parametrize(
    ("extensions", "signs"),
    [
        ({}, "-+---+--"),
        # Each turn is two messages: the user's, and the reply.
        ({"sticky": 1}, "-+---+--"),
        ({"sticky": 3}, "-++--++-"),
        ({"sticky": 4}, "-++--++-"),
        ({"sticky": 5}, "-+++-+++"),
        ({"sticky": 9}, "-+++++--"),
        ({"cooldown": 8}, "-+---+--"),
        ({"cooldown": 9}, "-+------"),
        ({"sticky": 3, "cooldown": 5}, "-++-----"),
        ({"delay": 3}, "-+---+--"),
        ({"delay": 4}, "-----+--"),
        ({"delay": 11}, "-----+--"),
        ({"delay": 12}, "--------"),
    ],
)
def test_an_entry_can_stay_rest_and_wait(extensions: dict[str, int], signs: str) -> None:
    said = ["hi", "a boat", "hm", "yes", "no", "a boat", "hm", "bye"]
    assert timed(*said, **extensions) == signs


def test_what_was_said_before_counts_for_the_delay() -> None:
    book = book_of(entry("lore", "boat", extensions={"delay": 40}))
    assert told(book, "boat", earlier_messages=38) == []
    assert told(book, "boat", earlier_messages=39) == ["lore"]


def test_what_stays_needs_no_luck_and_wins_its_group() -> None:
    book = book_of(
        entry("stays", "boat", extensions={"sticky": 5, "probability": 0, "group": "g"}),
        entry("wins else", "sea", extensions={"group": "g", "group_override": True}),
        scan_depth=1,
    )
    assert told(book, "sea and boat") == ["wins else"]
    assert told(book, "a boat", "yes", "the sea") == ["stays"]
