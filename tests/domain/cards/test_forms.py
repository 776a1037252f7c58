"""Which form a card has, and what it is in the others."""

from typing import Any

import pytest

from domain.cards.forms import BACKFILL_NOTE, card_form, to_v2, to_v3
from domain.errors import InvalidRequest

DATA = {"name": "Luna", "description": "Calm."}


@pytest.mark.parametrize(
    ("document", "form"),
    [
        ({"spec": "chara_card_v3", "data": DATA}, "v3"),
        ({"spec": "chara_card_v2", "data": DATA}, "v2"),
        ({"spec": "", "data": DATA}, "v2"),
        ({"data": DATA}, "v2"),
        (DATA, "v1"),
        ({"char_name": "Luna"}, "v1"),
    ],
)
def test_a_card_is_told_by_what_it_says_or_else_by_its_shape(
    document: dict[str, Any], form: str
) -> None:
    assert card_form(document) == form


@pytest.mark.parametrize(
    ("document", "why"),
    [
        ({"spec": "lorebook_v3", "data": {"entries": []}}, "lorebook"),
        ({"spec": "chara_card_v9", "data": DATA}, "chara_card_v2 or chara_card_v3"),
        ({"data": {"entries": []}}, "lorebook"),
        ({"entries": []}, "lorebook"),
        ({"data": 1}, "lorebook"),
        ({"name": "Luna"}, "no spec and no name"),
        ({}, "no spec and no name"),
    ],
)
def test_what_is_no_card_is_refused(document: dict[str, Any], why: str) -> None:
    with pytest.raises(InvalidRequest, match=why) as error:
        to_v3(document)
    assert error.value.param == "spec"


@pytest.mark.parametrize("spec", ["chara_card_v2", "chara_card_v3"])
def test_a_card_needs_its_data(spec: str) -> None:
    with pytest.raises(InvalidRequest, match="must be an object") as error:
        to_v3({"spec": spec, "data": []})
    assert error.value.param == "data"


def test_the_version_is_a_number_and_3_0_if_nobody_says_it() -> None:
    card = {"spec": "chara_card_v3", "data": DATA}
    assert to_v3(card) == {**card, "spec_version": "3.0"}
    assert to_v3({**card, "spec_version": "3.1"})["spec_version"] == "3.1"
    with pytest.raises(InvalidRequest) as error:
        to_v3({**card, "spec_version": "three"})
    assert error.value.param == "spec_version"


def test_an_older_card_gets_what_v3_demands_and_keeps_the_rest() -> None:
    made = to_v3({"spec": "chara_card_v2", "data": {**DATA, "odd": 1}, "beside": 2})
    assert (made["spec"], made["beside"]) == ("chara_card_v3", 2)
    assert (made["data"]["odd"], made["data"]["tags"]) == (1, [])
    assert made["data"]["extensions"] == {}


def test_the_oldest_names_are_read_where_the_new_ones_are_missing() -> None:
    made = to_v3(
        {
            "char_name": "Luna",
            "char_persona": "Calm.",
            "char_greeting": "Hi",
            "first_mes": "Good evening",
            "creatorcomment": "Mine",
            "chat": "2023",
        }
    )
    data = made["data"]
    assert (data["name"], data["description"]) == ("Luna", "Calm.")
    assert (data["first_mes"], data["creator_notes"]) == ("Good evening", "Mine")
    assert made["chat"] == "2023"


@pytest.mark.parametrize(
    ("notes", "said"), [("", BACKFILL_NOTE), ("Be kind.", f"{BACKFILL_NOTE}\n\nBe kind.")]
)
def test_a_v2_card_of_a_v3_one_says_so(notes: str, said: str) -> None:
    card = to_v3({"spec": "chara_card_v3", "data": {**DATA, "creator_notes": notes, "assets": []}})
    old = to_v2(card)
    assert (old["spec"], old["spec_version"]) == ("chara_card_v2", "2.0")
    assert old["data"]["creator_notes"] == said
    assert "assets" not in old["data"]


def test_a_v2_lorebook_has_no_decorators_and_no_regular_expressions() -> None:
    entries = [
        {"keys": ["a"], "content": "@@depth 4\n@@@role user\nIt is deep.", "use_regex": True},
        {"keys": ["b"], "content": "Mail a@b.c"},
        {"keys": ["c"]},
    ]
    card = {"spec": "chara_card_v3", "data": {**DATA, "character_book": {"entries": entries}}}
    assert to_v2(card)["data"]["character_book"]["entries"] == [
        {"keys": ["a"], "content": "It is deep."},
        {"keys": ["b"], "content": "Mail a@b.c"},
        {"keys": ["c"]},
    ]
