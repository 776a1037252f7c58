"""Reading lorebooks out of cards, however odd they are."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.lorebook.book import (
    DEFAULT_SCAN_DEPTH,
    MAX_ENTRIES,
    MAX_KEYS,
    lorebook_of,
    parse_lorebook,
)
from domain.lorebook.entries import Place, Position
from tests.domain.lorebook.tellings import book_of, entry, inserted, told

GOOD = entry("good", "boat")


@pytest.mark.parametrize(
    "card",
    [
        {},
        {"data": None},
        {"data": []},
        {"data": {}},
        {"data": {"character_book": None}},
        {"data": {"character_book": []}},
        {"data": {"character_book": {}}},
        {"data": {"character_book": {"entries": None}}},
        {"data": {"character_book": {"entries": {"0": GOOD}}}},
    ],
)
def test_a_card_without_a_lorebook_has_an_empty_one(card: dict[str, Any]) -> None:
    assert lorebook_of(card).entries == ()


def test_a_lorebook_is_found_in_its_card() -> None:
    card = {"data": {"character_book": {"entries": [GOOD], "scan_depth": 7, "token_budget": 90}}}
    book = lorebook_of(card)
    assert [one.content for one in book.entries] == ["good"]
    assert (book.scan_depth, book.token_budget, book.recursive_scanning) == (7, 90, False)


@pytest.mark.parametrize(
    "bad",
    [
        None,
        7,
        "entry",
        [],
        {**GOOD, "content": 7},
        {**GOOD, "keys": [7]},
        {**GOOD, "keys": {}},
        {**GOOD, "enabled": "yes"},
        {**GOOD, "constant": 1},
        {**GOOD, "selective": "no"},
        {**GOOD, "use_regex": "no"},
        {**GOOD, "case_sensitive": 0},
        {**GOOD, "insertion_order": "first"},
        {**GOOD, "insertion_order": True},
        {**GOOD, "insertion_order": 10**400},
        {**GOOD, "priority": []},
        {**GOOD, "secondary_keys": [None]},
        {**GOOD, "name": 7},
        {**GOOD, "extensions": []},
    ],
)
def test_an_entry_in_which_something_has_the_wrong_type_is_left_out_alone(bad: object) -> None:
    assert told(book_of(GOOD, bad, entry("also good", "boat")), "boat") == ["good", "also good"]


def test_what_is_null_or_missing_counts_as_absent() -> None:
    names = "id name comment enabled priority selective secondary_keys case_sensitive position"
    nulls = dict.fromkeys([*names.split(), "use_regex", "constant", "extensions"])
    assert told(book_of({**GOOD, **nulls}), "boat") == ["good"]
    assert told(book_of({"keys": ["boat"], "content": "good"}), "boat") == ["good"]


@pytest.mark.parametrize("odd", [None, "x", [], {}, True, -7, float("nan")])
def test_odd_extensions_and_odd_fields_of_the_book_are_ignored(odd: object) -> None:
    names = (
        "probability scan_depth sticky cooldown delay group group_weight position selectiveLogic"
    )
    flags = "exclude_recursion prevent_recursion match_whole_words group_override case_sensitive"
    extensions = dict.fromkeys([*names.split(), *flags.split()], odd)
    if odd == -7:
        del extensions["probability"], extensions["scan_depth"]
    book = book_of({**GOOD, "extensions": extensions}, token_budget=None)
    assert [one.content for one in book.entries] == ["good"]
    if odd is not True:
        assert told(book, "a boat") == ["good"]
    book = book_of(GOOD, scan_depth=odd, recursive_scanning=odd)
    assert book.scan_depth == (0 if odd == -7 else DEFAULT_SCAN_DEPTH)


def test_disabled_and_empty_entries_are_never_told() -> None:
    book = book_of(
        entry("off", "boat", enabled=False),
        entry("off", constant=True, enabled=False),
        entry("  \n", "boat"),
        entry("@@depth 3\n", "boat"),
        entry("{{// only a note}}", "boat"),
    )
    assert told(book, "boat") == []


def test_entries_without_keys_wait_for_ever() -> None:
    assert told(book_of(entry("lore")), "lore") == []


@pytest.mark.parametrize(
    ("fields", "place"),
    [
        ({}, Place(Position.AFTER_CHAR)),
        ({"position": ""}, Place(Position.AFTER_CHAR)),
        ({"position": 7}, Place(Position.AFTER_CHAR)),
        ({"position": "before_char"}, Place(Position.BEFORE_CHAR)),
        ({"position": "after_char"}, Place(Position.AFTER_CHAR)),
        ({"extensions": {"position": 0}}, Place(Position.BEFORE_CHAR)),
        ({"extensions": {"position": 1}}, Place(Position.AFTER_CHAR)),
        ({"extensions": {"position": 2}}, Place(Position.AT_DEPTH, 4)),
        ({"extensions": {"position": 3}}, Place(Position.AT_DEPTH, 4)),
        ({"extensions": {"position": 4}}, Place(Position.AT_DEPTH, 4)),
        (
            {"extensions": {"position": 4, "depth": 2, "role": 1}},
            Place(Position.AT_DEPTH, 2, "user"),
        ),
        (
            {"extensions": {"position": 4, "depth": 0, "role": 2}},
            Place(Position.AT_DEPTH, 0, "assistant"),
        ),
        (
            {"extensions": {"position": 4, "depth": -1, "role": 9}},
            Place(Position.AT_DEPTH, 0, "system"),
        ),
        ({"extensions": {"position": 6}}, Place(Position.AFTER_CHAR)),
        (
            {"position": "before_char", "extensions": {"position": 1}},
            Place(Position.AFTER_CHAR),
        ),
    ],
)
def test_where_an_entry_stands(fields: dict[str, Any], place: Place) -> None:
    [one] = inserted(book_of({**GOOD, **fields}), "boat").entries
    assert one.place == place


@pytest.mark.parametrize(
    ("fields", "identity"),
    [
        ({"id": 7, "name": "The boat"}, ("7", "The boat")),
        ({"id": "x", "comment": "A note"}, ("x", "A note")),
        ({"id": None}, ("1", "")),
        ({"id": []}, ("1", "")),
    ],
)
def test_by_what_an_entry_is_known(fields: dict[str, Any], identity: tuple[str, str]) -> None:
    [one] = inserted(book_of({}, {**GOOD, **fields}), "boat").entries
    assert (one.entry_id, one.name) == identity


def test_a_book_is_read_up_to_a_bound() -> None:
    book = book_of(*[GOOD] * (MAX_ENTRIES + 5))
    assert len(book.entries) == MAX_ENTRIES
    book = book_of(*[entry("lore", *["key"] * 150)] * 200)
    assert sum(len(one.keys) for one in book.entries) == MAX_KEYS // 150 * 150
    assert book_of(entry("lore", *[f"k{number}" for number in range(5_000)])).entries
    assert told(book_of(entry("lore", "x" * 2_000, "boat")), "boat " + "x" * 2_000) == ["lore"]
    assert told(book_of(entry("lore", "x" * 2_000)), "x" * 2_000) == []


@pytest.mark.parametrize(
    ("content", "extensions", "counts"),
    [
        ("lore", {}, False),
        ("lore", {"delay": 3}, True),
        ("lore", {"sticky": 3}, False),
        ("@@activate_only_after 0\nlore", {}, True),
        ("@@activate_only_every 2\nlore", {}, True),
        ("@@reverse_depth 0\nlore", {}, True),
        ("@@depth 2\nlore", {}, False),
    ],
)
def test_a_book_knows_whether_it_counts_messages(
    content: str, extensions: dict[str, Any], *, counts: bool
) -> None:
    assert book_of(GOOD, entry(content, extensions=extensions)).counts is counts


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=12)
    | st.sampled_from(["@@depth 3\nx", "/a+/i", "{{user}}", "boat"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=4,
)
NAMES = (
    "enabled insertion_order priority constant selective secondary_keys "
    "use_regex case_sensitive position name comment id"
)
EXTENSIONS = (
    "position depth role probability useProbability selectiveLogic group group_weight "
    "sticky cooldown delay scan_depth match_whole_words delay_until_recursion"
)
ENTRIES = st.fixed_dictionaries(
    {"keys": st.lists(JSON, max_size=3), "content": st.text() | JSON},
    optional={
        **dict.fromkeys(NAMES.split(), JSON),
        "extensions": st.fixed_dictionaries({}, optional=dict.fromkeys(EXTENSIONS.split(), JSON)),
    },
)


@given(st.lists(ENTRIES | JSON, max_size=6), JSON, JSON, st.lists(st.text(), max_size=5))
def test_no_book_breaks_a_turn(
    entries: list[Any], depth: object, budget: object, said: list[str]
) -> None:
    book = parse_lorebook(
        {
            "entries": entries,
            "scan_depth": depth,
            "token_budget": budget,
            "recursive_scanning": True,
        }
    )
    found = inserted(book, *said, "a boat", budget=50)
    assert found.tokens <= 50
    assert all(one.content.strip() for one in found.entries)
