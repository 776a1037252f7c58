"""Decorators: what is read, what is ignored, and what the model never sees."""

import pytest

from domain.lorebook.decorators import Decorators, parse_decorators
from domain.lorebook.entries import Place, Position
from tests.domain.lorebook.tellings import book_of, entry, inserted, talk, told


@pytest.mark.parametrize(
    ("content", "decorators", "text"),
    [
        ("@@depth 4\n\nlore", Decorators(depth=4), "lore"),
        ("@@depth 4\r\nlore", Decorators(depth=4), "lore"),
        ("lore\n\n@@depth 4", Decorators(depth=4), "lore"),
        ("one\n@@depth 4\ntwo", Decorators(depth=4), "one\ntwo"),
        ("@@depth 4\n@@depth 9\nlore", Decorators(depth=4), "lore"),
        ("@@depth x\n@@depth 9\nlore", Decorators(depth=9), "lore"),
        ("@@role User\nlore", Decorators(role="user"), "lore"),
        ("@@role nobody\nlore", Decorators(), "lore"),
        ("@@activate\nlore", Decorators(activate=True), "lore"),
        ("@@activate false\nlore", Decorators(), "lore"),
        ("@@activate_only_every 0\nlore", Decorators(), "lore"),
        (
            "@@additional_keys a, b\n@@additional_keys c\n@@exclude_keys d\n@@exclude_keys e\nlore",
            Decorators(additional_keys=(("a", "b"), ("c",)), exclude_keys=("d",)),
            "lore",
        ),
        ("@@depth 99999999999\nlore", Decorators(), "lore"),
        ("mail me @@ home", Decorators(), "mail me @@ home"),
        ("@@ -1,2 +1,2 @@\nlore", Decorators(), "@@ -1,2 +1,2 @@\nlore"),
        ("@depth 4\nlore", Decorators(), "@depth 4\nlore"),
    ],
)
def test_decorators_are_read_and_taken_out(content: str, decorators: Decorators, text: str) -> None:
    assert parse_decorators(content) == (decorators, text)


@pytest.mark.parametrize(
    ("content", "decorators"),
    [
        ("@@theirs 4\n@@@depth 4", Decorators(depth=4)),
        ("@@theirs 4\n@@@also_theirs\n@@@a\n@@@b\n@@@c\n@@@depth 4", Decorators(depth=4)),
        ("@@depth 4\n@@@role user", Decorators(depth=4)),
        ("@@depth four\n@@@depth 4", Decorators(depth=4)),
        ("@@position nowhere\n@@@depth 4", Decorators(depth=4)),
        ("@@instruct_depth 4\n@@@depth 5", Decorators(depth=5)),
        ("@@theirs 4\n@@@depth 4\n@@@role user", Decorators(depth=4)),
        ("@@@depth 4", Decorators()),
        ("@@theirs\nlore\n@@@depth 4", Decorators()),
        ("@@theirs\n@@role user\n@@@depth 4", Decorators(role="user")),
    ],
)
def test_a_fallback_counts_where_the_decorator_above_is_ignored(
    content: str, decorators: Decorators
) -> None:
    found, text = parse_decorators(content + "\nlore")
    assert found == decorators
    assert text.split() == ["lore"] * len(text.split())


@pytest.mark.parametrize(
    ("content", "place"),
    [
        ("@@depth 2\n", Place(Position.AT_DEPTH, 2, "system")),
        ("@@depth -3\n", Place(Position.AT_DEPTH, 0, "system")),
        ("@@depth 2\n@@role assistant\n", Place(Position.AT_DEPTH, 2, "assistant")),
        ("@@reverse_depth 1\n", Place(Position.AT_DEPTH, 2, "system")),
        ("@@reverse_depth 9\n", Place(Position.AT_DEPTH, 0, "system")),
        ("@@depth 1\n@@reverse_depth 1\n", Place(Position.AT_DEPTH, 1, "system")),
        ("@@position before_desc\n@@depth 2\n", Place(Position.BEFORE_CHAR)),
        ("@@position after_desc\n@@reverse_depth 2\n", Place(Position.AFTER_CHAR)),
        ("@@position personality\n", Place(Position.AFTER_CHAR)),
        ("@@position scenario\n", Place(Position.AFTER_CHAR)),
        ("@@position nowhere\n@@depth 2\n", Place(Position.AT_DEPTH, 2, "system")),
        ("@@instruct_depth 2\n", Place(Position.BEFORE_CHAR)),
        ("@@role user\n", Place(Position.BEFORE_CHAR)),
        ("", Place(Position.BEFORE_CHAR)),
    ],
)
def test_where_decorators_put_an_entry(content: str, place: Place) -> None:
    book = book_of(entry(content + "lore", constant=True, position="before_char"))
    [one] = inserted(book, "a", "b", "c").entries
    assert (one.content, one.place) == ("lore", place)


def test_a_depth_from_the_beginning_counts_what_was_said_before() -> None:
    book = book_of(entry("@@reverse_depth 1\nlore", constant=True))
    [one] = inserted(book, "a", earlier_messages=4).entries
    assert one.place.depth == 4


def test_an_own_scan_depth_counts_instead_of_the_books() -> None:
    book = book_of(
        entry("@@scan_depth 1\nnear", "boat"),
        entry("@@scan_depth 3\nfar", "boat"),
        entry("@@scan_depth 0\nnever", "boat"),
        entry("book", "boat"),
        scan_depth=2,
    )
    assert told(book, "a boat", "yes", "and?") == ["far"]
    assert told(book, "yes", "a boat", "and?") == ["far", "book"]
    assert told(book, "yes", "and?", "a boat") == ["near", "far", "book"]


@pytest.mark.parametrize(("replies", "active"), [(0, False), (1, False), (2, True), (3, True)])
def test_an_entry_can_wait_for_a_number_of_replies(replies: int, *, active: bool) -> None:
    book = book_of(entry("@@activate_only_after 2\nlore", "boat"))
    said = [*["hm", "yes"] * replies, "a boat"]
    assert (told(book, *said) == ["lore"]) is active
    assert (told(book, "a boat", earlier_replies=replies) == ["lore"]) is active


@pytest.mark.parametrize(
    ("replies", "active"), [(0, True), (1, False), (2, True), (3, False), (4, True)]
)
def test_an_entry_can_come_every_few_replies(replies: int, *, active: bool) -> None:
    book = book_of(entry("@@activate_only_every 2\nlore", constant=True))
    said = [*["hm", "yes"] * replies, "a boat"]
    assert (told(book, *said) == ["lore"]) is active


@pytest.mark.parametrize(("greeting", "active"), [(0, False), (1, True), (2, False), (None, True)])
def test_an_entry_can_belong_to_a_greeting(greeting: int | None, *, active: bool) -> None:
    book = book_of(entry("@@is_greeting 1\nlore", constant=True))
    assert (told(book, "hi", greeting=greeting) == ["lore"]) is active


def test_activate_and_dont_activate() -> None:
    assert told(book_of(entry("@@activate\nlore", "boat")), "hi") == ["lore"]
    assert told(book_of(entry("@@activate\n@@is_greeting 4\nlore")), "hi") == ["lore"]
    assert told(book_of(entry("@@dont_activate\nlore", constant=True)), "hi") == []
    assert told(book_of(entry("@@dont_activate\n@@activate\nlore")), "hi") == ["lore"]
    assert told(book_of(entry("@@activate\nlore", enabled=False)), "hi") == []


def test_additional_keys_must_all_be_met_and_excluded_ones_must_not() -> None:
    book = book_of(
        entry("@@additional_keys red, blue\n@@additional_keys old\nboth", "boat"),
        entry("@@exclude_keys red, blue\nneither", "boat"),
        entry("@@additional_keys red\nalways", constant=True),
    )
    assert told(book, "an old red boat") == ["both", "always"]
    assert told(book, "a red boat") == ["always"]
    assert told(book, "an old boat") == ["neither"]
    assert told(book, "red") == ["always"]


@pytest.mark.parametrize("keys", [["boat"], []])
def test_once_matched_an_entry_can_stay(keys: list[str]) -> None:
    keeping = entry("@@keep_activate_after_match\nlore", *keys, constant=not keys)
    book = book_of(keeping, scan_depth=1)
    assert told(book, "a boat", "yes", "and?", "no", "bye") == ["lore"]
    assert (told(book, "hello", "a boat", "and?") == ["lore"]) is (not keys)


def test_once_matched_an_entry_can_be_spent() -> None:
    book = book_of(entry("@@dont_activate_after_match\nlore", "boat"), scan_depth=1)
    assert told(book, "hi", "yes", "a boat") == ["lore"]
    assert told(book, "a boat", "yes", "a boat") == []


def test_an_entry_can_give_way_first_when_the_room_is_short() -> None:
    book = book_of(
        entry("@@ignore_on_max_context\nfirst of all", constant=True, priority=9),
        entry("less important", constant=True, priority=1),
    )
    assert told(book, "hi") == ["first of all", "less important"]
    assert told(book, "hi", budget=8) == ["less important"]


@pytest.mark.parametrize(
    "name",
    ["instruct_scan_depth 3", "is_user_icon x", "disable_ui_prompt system_prompt", "theirs", "x 1"],
)
def test_what_makes_no_sense_here_changes_nothing_and_is_not_told(name: str) -> None:
    assert told(book_of(entry(f"@@{name}\nlore", "boat")), "a boat") == ["lore"]


def test_conversations_of_tests_end_with_the_user() -> None:
    assert [role for role, _ in talk("a", "b", "c").messages] == ["user", "assistant", "user"]
