"""What no card may have: wrong types, sizes beyond measure, and addresses that lead elsewhere."""

from typing import Any

import pytest

from domain.cards.check import (
    MAX_ASSETS,
    MAX_ENTRIES,
    MAX_NAME,
    MAX_TEXT,
    check_book,
    check_card,
)
from domain.errors import InvalidRequest


def card(**data: Any) -> dict[str, Any]:
    return {"spec": "chara_card_v3", "spec_version": "3.0", "data": {"name": "Luna", **data}}


def entry(**more: Any) -> dict[str, Any]:
    return {"keys": ["sea"], "content": "It is deep.", **more}


def book(*entries: Any, **more: Any) -> dict[str, Any]:
    return {"entries": list(entries), "extensions": {}, **more}


def asset(**more: Any) -> dict[str, Any]:
    return {"type": "icon", "name": "main", "ext": "png", "uri": "embeded://a.png", **more}


def refusal(data: dict[str, Any]) -> tuple[str | None, str]:
    with pytest.raises(InvalidRequest) as error:
        check_card(card(**data))
    return error.value.param, error.value.message


def test_a_card_with_all_that_is_allowed_is_taken() -> None:
    check_card(
        card(
            nickname="Lu",
            tags=["calm"] * 200,
            creation_date=1.5,
            creator_notes_multilingual={"de": "Ruhig"},
            assets=[asset(), asset(name="x" * MAX_NAME)],
            character_book=book(entry(), entry(secondary_keys=["wave"], position="after_char")),
            description="x" * MAX_TEXT,
        )
    )
    check_card(card(assets=None, character_book=None))
    check_card(card(assets=[asset()] * MAX_ASSETS, character_book=book(*[entry()] * MAX_ENTRIES)))


@pytest.mark.parametrize(
    ("data", "param", "why"),
    [
        ({"name": "Lu\x00na"}, "data.name", "one line"),
        ({"name": "x" * (MAX_NAME + 1)}, "data.name", "more than 200"),
        ({"description": "x" * (MAX_TEXT + 1)}, "data.description", "more than 100000"),
        ({"tags": ["a"] * 201}, "data.tags", "more than 200 items"),
        ({"tags": ["x" * 201]}, "data.tags", "more than 200 characters"),
        ({"creation_date": "today"}, "data.creation_date", "must be a number"),
        ({"creation_date": True}, "data.creation_date", "must be a number"),
        ({"assets": {}}, "data.assets", "list of objects"),
        ({"assets": ["a.png"]}, "data.assets", "list of objects"),
        ({"assets": [asset()] * (MAX_ASSETS + 1)}, "data.assets", "at most 500"),
        ({"assets": [asset(), asset(name="x" * 201)]}, "data.assets[1].name", "more than 200"),
        ({"assets": [asset(uri="file:///etc/x")]}, "data.assets[0].uri", "out of the card"),
        ({"assets": [asset(uri="embeded://../x")]}, "data.assets[0].uri", "out of the card"),
    ],
)
def test_a_card_is_refused_by_its_first_bad_part(
    data: dict[str, Any], param: str, why: str
) -> None:
    where, message = refusal(data)
    assert where == param
    assert why in message


@pytest.mark.parametrize(
    ("bad", "param", "why"),
    [
        ({"entries": {}}, "entries", "must be a list"),
        ({"entries": [entry()] * (MAX_ENTRIES + 1)}, "entries", "at most 2000 entries"),
        ({"entries": [entry(keys=["a"] * 200)] * 101}, "entries[100].keys", "at most 20000 keys"),
        ({"entries": [1]}, "entries[0]", "must be an object"),
        ({"entries": [entry(keys=None)]}, "entries[0].keys", "list of texts"),
        ({"entries": [entry(content=None)]}, "entries[0].content", "must be a text"),
        ({"entries": [entry(enabled=1)]}, "entries[0].enabled", "true or false"),
        ({"entries": [entry(), entry(keys=["x" * 1_001])]}, "entries[1].keys", "more than 1000"),
        ({"entries": [], "scan_depth": "deep"}, "scan_depth", "must be a number"),
        (
            {"entries": [entry(extensions={"probability": "often"})]},
            "entries[0].extensions.probability",
            "must be a number",
        ),
    ],
)
def test_a_lorebook_is_refused_by_its_first_bad_part(
    bad: dict[str, Any], param: str, why: str
) -> None:
    with pytest.raises(InvalidRequest) as error:
        check_book(bad)
    assert error.value.param == f"data.character_book.{param}"
    assert why in error.value.message
