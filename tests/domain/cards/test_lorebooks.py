"""Lorebooks that come alone, from several programs."""

from typing import Any

import pytest

from domain.cards.check import check_book
from domain.cards.lorebooks import lorebook_from
from domain.errors import InvalidRequest
from tests.entrypoints.card_files.makers import agnai_v2, silly_v2, world_info


def test_world_info_becomes_what_silly_tavern_itself_writes_into_cards() -> None:
    book = lorebook_from(world_info())
    check_book(book)
    assert book["name"] == "Sea"
    first, second = book["entries"]
    assert first == {
        "id": 0,
        "keys": ["lighthouse"],
        "secondary_keys": ["lamp"],
        "comment": "The lighthouse",
        "content": "It was built in 1871.",
        "constant": False,
        "selective": True,
        "insertion_order": 50,
        "enabled": True,
        "position": "before_char",
        "use_regex": False,
        "extensions": {
            "position": 0,
            "vectorized": False,
            "selectiveLogic": 3,
            "addMemo": True,
            "exclude_recursion": True,
            "prevent_recursion": False,
            "delay_until_recursion": 0,
            "probability": 40,
            "useProbability": True,
            "depth": 4,
            "group": "",
            "scan_depth": 3,
            "case_sensitive": None,
            "match_whole_words": True,
            "automation_id": "",
            "role": None,
            "sticky": 2,
            "display_index": 0,
            "characterFilter": {"isExclude": False, "names": [], "tags": []},
        },
    }
    assert (second["enabled"], second["constant"], second["insertion_order"]) == (False, True, 1)
    assert second["position"] == "after_char"
    assert second["extensions"] == {"position": 4}


def test_the_standard_form_is_kept_as_it_is() -> None:
    data = {"name": "Sea", "entries": [{"keys": ["a"], "content": "b", "x": 1}], "y": {"z": []},
            "extensions": {"q": 1}}  # fmt: skip
    assert lorebook_from({"spec": "lorebook_v3", "data": data}) == data
    assert lorebook_from(data) == data


def test_a_memory_book_of_agnai_is_read() -> None:
    document = {
        "kind": "memory", "name": "Sea", "description": "",
        "entries": [{"name": "Light", "entry": "1871.", "keywords": ["light"], "priority": 3,
                     "weight": 5, "enabled": False, "odd": 1}],
    }  # fmt: skip
    book = lorebook_from(document)
    check_book(book)
    assert book["kind"] == "memory"
    assert book["entries"] == [
        {"keys": ["light"], "name": "Light", "content": "1871.", "priority": 3,
         "insertion_order": 5, "enabled": False, "use_regex": False, "extensions": {"odd": 1}}
    ]  # fmt: skip


@pytest.mark.parametrize("card", [silly_v2(), agnai_v2()])
def test_the_lorebook_of_a_card_will_do(card: dict[str, Any]) -> None:
    book = lorebook_from(card)
    assert book["entries"] == card["data"]["character_book"]["entries"]


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"entries": 1},
        {"entries": [1]},
        {"entries": {"0": "x"}},
        {"entries": None},
        {"spec": "lorebook_v3"},
        {"spec": "lorebook_v3", "data": []},
        {"spec": "lorebook_v9", "data": {"entries": []}},
        {"spec": "chara_card_v2", "data": {"name": "x"}},
        {"spec": "chara_card_v2", "data": {"name": "x", "character_book": None}},
        {"spec": "chara_card_v2", "data": 1},
    ],
    ids=repr,
)
def test_what_is_no_lorebook_is_refused(document: dict[str, Any]) -> None:
    with pytest.raises(InvalidRequest):
        lorebook_from(document)


@pytest.mark.parametrize(
    "entry", [{"key": "a", "content": "x"}, {"key": [1], "content": "x"}, {"key": ["a"]} | {
        "content": 3}, {"key": ["a"], "content": "<script>"}, {"key": ["a"], "order": "1"}]
)  # fmt: skip
def test_an_entry_that_makes_no_sense_is_refused(entry: dict[str, Any]) -> None:
    with pytest.raises(InvalidRequest):
        check_book(lorebook_from({"entries": {"0": entry}}))


def test_an_entry_in_the_standard_form_among_others_is_kept_as_it_is() -> None:
    plain = {"keys": ["a"], "content": "b", "x": 1}
    silly = {"entries": {"0": {"key": ["light"], "content": "1871."}, "1": plain}}
    agnai = {"entries": [{"entry": "1871.", "keywords": ["light"]}, plain]}
    for document in (silly, agnai):
        first, second = lorebook_from(document)["entries"]
        assert (first["keys"], first["content"]) == (["light"], "1871.")
        assert second == plain
