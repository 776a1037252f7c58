"""What is told: by what the talk comes to, within the budget, in its order."""

from collections.abc import Sequence

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from domain.lorebook.book import Lorebook
from domain.lorebook.entries import Position
from domain.lorebook.index import KeyIndex
from domain.lorebook.insertion import NOTHING
from domain.tokens import PER_MESSAGE, estimate_tokens
from tests.domain.lorebook.tellings import book_of, entry, inserted, talk, told


def test_an_entry_is_told_when_one_of_its_keys_is_said_by_anybody() -> None:
    book = book_of(entry("lore", "ferry", "boat"))
    assert told(book, "The boat!") == ["lore"]
    assert told(book, "hi", "My ferry leaves.", "oh") == ["lore"]
    assert told(book, "hi") == []


def test_keys_are_looked_for_in_the_latest_messages_only() -> None:
    book = book_of(entry("lore", "boat"), scan_depth=2)
    assert told(book, "boat", "b") == ["lore"]
    assert told(book, "boat", "b", "c") == []
    own = book_of(entry("lore", "boat", extensions={"scan_depth": 3}), scan_depth=2)
    assert told(own, "boat", "b", "c") == ["lore"]
    assert told(book_of(entry("lore", "boat"), scan_depth=0), "boat") == []
    assert told(book_of(entry("lore", constant=True), scan_depth=0), "boat") == ["lore"]


def test_a_constant_entry_is_always_told() -> None:
    assert told(book_of(entry("lore", "boat", constant=True)), "hi") == ["lore"]
    assert told(book_of(entry("lore", constant=True)), "hi") == ["lore"]


@pytest.mark.parametrize(
    ("logic", "text", "active"),
    [
        (0, "boat red", True),
        (0, "boat red blue", True),
        (0, "boat", False),
        (0, "red", False),
        (1, "boat", True),
        (1, "boat red", True),
        (1, "boat red blue", False),
        (2, "boat", True),
        (2, "boat red", False),
        (3, "boat red", False),
        (3, "boat red blue", True),
        (9, "boat red", True),
        (9, "boat", False),
    ],
)
def test_secondary_keys_are_needed_as_the_entry_says(
    logic: int, text: str, *, active: bool
) -> None:
    more = {"secondary_keys": ["red", "blue"], "extensions": {"selectiveLogic": logic}}
    assert (told(book_of(entry("lore", "boat", selective=True, **more)), text) != []) is active
    assert (told(book_of(entry("lore", "boat", **more)), text) != []) is text.startswith("boat")


def test_secondary_keys_may_be_one_text_with_commas_and_none_are_none() -> None:
    selective = {"selective": True, "extensions": {"selectiveLogic": 0}}
    book = book_of(entry("lore", "boat", secondary_keys="red, blue", **selective))
    assert told(book, "blue boat") == ["lore"]
    assert told(book, "boat") == []
    assert told(book_of(entry("lore", "boat", secondary_keys=[], **selective)), "boat") == ["lore"]


def test_entries_are_told_in_the_order_of_insertion_then_of_the_card() -> None:
    book = book_of(
        entry("third", constant=True, insertion_order=20),
        entry("first", constant=True, insertion_order=-5),
        entry("fourth", constant=True, insertion_order=20.5),
        entry("second", constant=True, insertion_order=3),
        entry("also third", constant=True, insertion_order=20),
    )
    assert told(book, "hi") == ["first", "second", "third", "also third", "fourth"]


def test_an_entry_is_told_once_however_often_it_matches() -> None:
    book = book_of(entry("boat lore", "boat", "ferry"), recursive_scanning=True)
    assert told(book, "boat boat", "ferry", "boat") == ["boat lore"]


def test_macros_are_replaced_and_follow_the_turn_and_the_conversation() -> None:
    text = "{{user}} owes {{char}}. {{random:a,b,c,d}} {{pick:e,f,g,h}} {{// hidden}}"
    book = book_of(entry(text, constant=True))
    turns = [told(book, "hi", seed=f"turn {n}", id="ses")[0] for n in range(40)]
    assert all(one.startswith("Ann owes Luna. ") and "hidden" not in one for one in turns)
    assert len({one.split()[-2] for one in turns}) == 4
    assert len({one.split()[-1] for one in turns}) == 1
    talks = {told(book, "hi", id=f"ses {n}")[0].split()[-1] for n in range(40)}
    assert talks == set("efgh")
    assert told(book, "hi", seed="x") == told(book, "hi", seed="x")


# ------------------------------------------------------------------------------------- recursion


CHAIN = [
    entry("The boat is green.", "ferry"),
    entry("Green is a colour.", "green", insertion_order=1),
    entry("A colour is light.", "colour", insertion_order=2),
]


def test_entries_call_each_other_where_the_book_says_so() -> None:
    assert told(book_of(*CHAIN), "a ferry") == ["The boat is green."]
    assert told(book_of(*CHAIN, recursive_scanning=True), "a ferry", budget=99) == [
        "The boat is green.",
        "Green is a colour.",
        "A colour is light.",
    ]
    assert told(book_of(*CHAIN, recursive_scanning=True, scan_depth=0), "a ferry") == []


@pytest.mark.parametrize(
    ("number", "flag", "called", "said"),
    [
        (1, "exclude_recursion", 1, 3),
        (0, "prevent_recursion", 1, 3),
        (1, "prevent_recursion", 2, 2),
    ],
)
def test_an_entry_can_keep_out_of_it(number: int, flag: str, called: int, said: int) -> None:
    entries = [dict(one) for one in CHAIN]
    entries[number]["extensions"] = {flag: True}
    book = book_of(*entries, recursive_scanning=True)
    assert len(told(book, "a ferry")) == called
    assert len(told(book, "a ferry, green")) == said


def test_an_entry_can_wait_to_be_called_by_others() -> None:
    waiting = entry("lore", "boat", "green", extensions={"delay_until_recursion": True})
    book = book_of(waiting, CHAIN[0], recursive_scanning=True)
    assert told(book, "a boat") == []
    assert told(book, "a ferry") == ["lore", "The boat is green."]
    assert told(book_of(waiting, CHAIN[0]), "a ferry") == ["The boat is green."]


def test_waiting_entries_come_level_by_level() -> None:
    def waiting(content: str, level: int, **more: object) -> dict[str, object]:
        extensions = {"delay_until_recursion": level, **more}
        return entry(content, "green", insertion_order=level, extensions=extensions)

    book = book_of(
        CHAIN[0],
        waiting("one", 1, group="g"),
        waiting("two", 2, group="g", group_override=True),
        waiting("five", 5),
        recursive_scanning=True,
    )
    # Were they asked at once, the second would win the group.
    assert told(book, "a ferry") == ["The boat is green.", "one", "five"]


def test_the_choice_that_is_told_is_the_one_that_calls_others() -> None:
    book = book_of(
        entry("{{random:red,blue}}", "boat"),
        entry("was red", "red", insertion_order=1),
        entry("was blue", "blue", insertion_order=1),
        recursive_scanning=True,
    )
    for number in range(20):
        colour, other = told(book, "boat", seed=str(number))
        assert other == f"was {colour}"


def test_hidden_keys_call_others_and_notes_do_not() -> None:
    book = book_of(
        entry("lore {{hidden_key:red}}{{// blue}}{{comment: blue}}", "boat"),
        entry("was red", "red", insertion_order=1),
        entry("was blue", "blue", insertion_order=1),
        recursive_scanning=True,
    )
    assert told(book, "boat") == ["lore", "was red"]


def test_a_silent_entry_may_call_others() -> None:
    book = book_of(
        entry("{{hidden_key:red}}", "boat"), entry("was red", "red"), recursive_scanning=True
    )
    assert told(book, "boat") == ["was red"]


def test_calling_each_other_ends() -> None:
    round_trip = book_of(entry("b", "a"), entry("a", "b"), recursive_scanning=True)
    assert told(round_trip, "a") == ["b", "a"]
    chain = [entry(f"w{n + 1}", f"w{n}", insertion_order=n) for n in range(60)]
    assert 10 <= len(told(book_of(*chain, recursive_scanning=True), "w0")) < 30


# ---------------------------------------------------------------------------------------- budget


def sized(letter: str, tokens: int, **more: object) -> dict[str, object]:
    return entry(letter * (3 * tokens), constant=True, **more)


def names(found: Sequence[str]) -> str:
    return "".join(one[0] for one in found)


def test_what_has_the_lowest_priority_is_left_out_first() -> None:
    book = book_of(
        sized("a", 20, priority=5),
        sized("b", 20, priority=1),
        sized("c", 20, priority=9),
        token_budget=60,
    )
    for budget, left in [(60, "abc"), (59, "ac"), (40, "ac"), (39, "c"), (20, "c"), (19, "")]:
        assert names(told(evolve(book, token_budget=budget), "hi")) == left


def test_nothing_of_lower_priority_takes_the_room_of_what_was_left_out() -> None:
    book = book_of(
        sized("a", 20, priority=9), sized("b", 15, priority=5), sized("c", 5, priority=1)
    )
    assert names(told(book, "hi", budget=30)) == "a"


def test_an_entry_longer_than_all_the_room_takes_it_from_nobody() -> None:
    book = book_of(sized("a", 90, priority=9), sized("b", 20, priority=1), token_budget=50)
    found = inserted(book, "hi")
    assert names([one.content for one in found.entries]) == "b"
    assert names([one.content for one in found.left_out]) == "a"


def test_without_a_priority_the_order_of_insertion_is_one() -> None:
    book = book_of(
        sized("a", 20, insertion_order=1), sized("b", 20, insertion_order=2), token_budget=20
    )
    assert names(told(book, "hi")) == "b"


def test_at_one_priority_what_is_always_told_stays_and_what_others_called_goes() -> None:
    book = book_of(
        entry("of the sea", "sea", priority=1),
        entry("by the sea", "boat", priority=1),
        entry("always so!", constant=True, priority=1),
        entry("as boats!!", "boat", priority=1),
        recursive_scanning=True,
    )
    everything = ["of the sea", "by the sea", "always so!", "as boats!!"]
    for budget, left in [
        (20, everything),
        (19, everything[1:]),
        (14, ["by the sea", "always so!"]),
        (9, ["always so!"]),
    ]:
        assert told(book, "boat", budget=budget) == left


def test_both_budgets_hold() -> None:
    book = book_of(sized("a", 20), token_budget=500)
    assert told(book, "hi", budget=20) == []
    assert names(told(book, "hi", budget=21)) == "a"
    assert told(evolve(book, token_budget=0), "hi") == []
    assert names(told(evolve(book, token_budget=None), "hi")) == "a"
    assert told(book, "hi", budget=0) == []
    assert told(book, "hi", budget=-5) == []


def test_what_was_left_out_is_known() -> None:
    book = book_of(
        sized("b", 20, priority=1, insertion_order=2, id="low", name="Low"),
        sized("a", 20, priority=2, insertion_order=1, id="high"),
        token_budget=20,
    )
    found = inserted(book, "hi")
    assert [one.entry_id for one in found.entries] == ["high"]
    assert [(one.entry_id, one.name, one.tokens) for one in found.left_out] == [("low", "Low", 21)]


def test_more_than_any_prompt_has_room_for_is_not_even_called_up() -> None:
    book = book_of(
        entry("a" * 50_000, constant=True, priority=5),
        entry("b" * 25_000, constant=True, priority=9),
        entry("c" * 25_000, constant=True, priority=7),
        entry("d", constant=True, priority=1),
    )
    found = inserted(book, "hi")
    assert [one.content for one in found.entries] == ["d"]
    assert names([one.content for one in found.left_out]) == "bc"


WORDS = ["boat", "ferry", "green", "light", "island", "龙", "ö"]
TEXTS = st.lists(st.sampled_from([*WORDS, "and", "boats"]), max_size=8).map(" ".join)
ENTRIES = st.lists(
    st.fixed_dictionaries(
        {
            "keys": st.lists(st.sampled_from([*WORDS, "green light", "/b.at/", "{{user}}"])),
            "content": TEXTS,
            "insertion_order": st.integers(0, 5),
            "constant": st.sampled_from([False, False, False, True]),
        },
        optional={
            "priority": st.integers(0, 5),
            "selective": st.booleans(),
            "secondary_keys": st.lists(st.sampled_from(WORDS), max_size=2),
            "case_sensitive": st.booleans(),
            "extensions": st.fixed_dictionaries(
                {},
                optional={
                    "selectiveLogic": st.integers(0, 3),
                    "probability": st.sampled_from([0, 50, 100]),
                    "group": st.sampled_from(["g", "h", "g, h"]),
                    "scan_depth": st.integers(0, 6),
                    "sticky": st.integers(0, 3),
                    "position": st.integers(0, 6),
                    "delay_until_recursion": st.integers(0, 2),
                    "match_whole_words": st.booleans(),
                },
            ),
        },
    ),
    max_size=12,
)
BOOKS = st.builds(
    lambda entries, depth, recursive: book_of(
        *entries, scan_depth=depth, recursive_scanning=recursive
    ),
    ENTRIES,
    st.integers(0, 4),
    st.booleans(),
)


@given(BOOKS, st.lists(TEXTS, min_size=1, max_size=6), st.integers(0, 60))
def test_what_is_told_and_what_is_left_out_is_what_matched(
    book: Lorebook, said: list[str], budget: int
) -> None:
    everything = inserted(book, *said, budget=10_000)
    found = inserted(book, *said, budget=budget)
    assert everything.left_out == ()
    assert found.tokens <= budget
    assert found.tokens == sum(one.tokens for one in found.entries)
    both = [*found.entries, *found.left_out]
    assert sorted(map(repr, both)) == sorted(map(repr, everything.entries))
    kept = [one for one in everything.entries if one in found.entries]
    assert list(found.entries) == kept


@given(BOOKS, st.lists(TEXTS, min_size=1, max_size=6))
def test_the_index_leads_to_every_entry_that_matches(book: Lorebook, said: list[str]) -> None:
    unindexed = evolve(book)
    object.__setattr__(unindexed, "index", KeyIndex({}, {}, book.entries))
    assert inserted(unindexed, *said) == inserted(book, *said)


@given(BOOKS, st.lists(TEXTS, min_size=1, max_size=6))
def test_tokens_bound_what_a_prompt_grows_by(book: Lorebook, said: list[str]) -> None:
    found = inserted(book, *said)
    grown = sum(
        estimate_tokens("persona\n\n" + found.text_at(position)) - estimate_tokens("persona")
        for position in (Position.BEFORE_CHAR, Position.AFTER_CHAR)
        if found.text_at(position)
    )
    grown += sum(estimate_tokens(one.content) + PER_MESSAGE for one in found.at(Position.AT_DEPTH))
    assert grown <= found.tokens + 2


def test_without_a_book_or_a_conversation_nothing_is_told() -> None:
    assert inserted(book_of(), "hi") is NOTHING
    assert inserted(book_of(entry("lore", constant=True)), messages=[]) is NOTHING
    assert NOTHING.tokens == 0
    assert NOTHING.text_at(Position.AFTER_CHAR) == ""


def test_texts_of_one_position_are_lines_in_their_order() -> None:
    book = book_of(
        entry("two", constant=True, insertion_order=2),
        entry("one", constant=True, insertion_order=1),
        entry("before", constant=True, position="before_char"),
        entry("@@depth 1\nbetween", constant=True),
    )
    found = inserted(book, "hi")
    assert found.text_at(Position.BEFORE_CHAR) == "before"
    assert found.text_at(Position.AFTER_CHAR) == "one\ntwo"
    assert [one.content for one in found.at(Position.AT_DEPTH)] == ["between"]


def test_a_conversation_is_as_long_as_all_that_was_said() -> None:
    assert talk("a", "b", "c", earlier_messages=40).length == 43
