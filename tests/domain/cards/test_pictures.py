"""Which of a card's files shows the character."""

from typing import Any

import pytest

from domain.cards.pictures import (
    OWN_PICTURE,
    embedded_name,
    leads_elsewhere,
    main_picture,
    main_picture_address,
)
from domain.characters import CardFile
from domain.errors import NotFound
from tests.contracts.builders import make_character


def icon(name: str, uri: object) -> dict[str, Any]:
    return {"type": "icon", "name": name, "uri": uri}


def card(*assets: Any) -> dict[str, Any]:
    return {"data": {"assets": list(assets)}}


def test_the_main_icon_is_shown_wherever_it_stands() -> None:
    two = card(icon("other", "embeded://b.png"), icon("main", "embedded://a.png"))
    assert main_picture(two, ["a.png", "b.png"]) == "a.png"
    assert main_picture(two, ["b.png"]) == "b.png"


def test_without_an_icon_it_is_the_picture_that_the_card_came_in() -> None:
    elsewhere = card(icon("main", "https://example.com/a.png"), {"type": "emotion"}, 1)
    own, other = f"{OWN_PICTURE}.png", "assets/icon/other.png"
    assert main_picture(elsewhere, ["x.png", other, own]) == own
    assert main_picture(elsewhere, ["x.png", other]) == other
    assert main_picture(elsewhere, ["x.png"]) is None
    assert main_picture({"data": None}, []) is None


def test_the_address_is_that_of_the_main_icon() -> None:
    other = icon("other", "https://example.com/b.png")
    assert main_picture_address(card(other, icon("main", "https://example.com/a.png"))) == (
        "https://example.com/a.png"
    )
    assert main_picture_address(card(icon("main", 1))) is None
    assert main_picture_address(card(other)) is None


def test_an_embedded_file_has_a_name_and_others_have_none() -> None:
    assert embedded_name("__asset:a.png") == "a.png"
    assert embedded_name("https://example.com/a.png") is None
    assert embedded_name(None) is None


@pytest.mark.parametrize("uri", [" FILE:///etc/x", "embeded:///x", "embeded://a/../x",
                                 "__asset:a\\x", "__asset:a\x00"])  # fmt: skip
def test_an_address_may_not_lead_out_of_the_card(uri: str) -> None:
    assert leads_elsewhere(uri)


@pytest.mark.parametrize("uri", ["embeded://a/b..png", "https://example.com/../a", ""])
def test_the_web_and_the_card_itself_are_no_elsewhere(uri: str) -> None:
    assert not leads_elsewhere(uri)


def test_a_file_of_a_character_is_found_by_its_name() -> None:
    files = tuple(CardFile(name, "image/png", 1, "00") for name in ("a.png", "b.png"))
    character = make_character(files=files)
    assert character.file("b.png") is files[1]
    with pytest.raises(NotFound):
        character.file("c.png")
