"""The character that a card describes."""

from typing import Any

import pytest

from domain.accounts import Tier
from domain.cards.character import DEFAULT_PROMPT, MAX_PERSONA_TOKENS, character_from_card
from domain.characters import CardFile, Character, Rating
from domain.errors import InvalidRequest
from domain.tokens import estimate_tokens

NEVER_PROMPTED = {
    "creator_notes": "canary-notes",
    "creator_notes_multilingual": {"en": "canary-notes-en"},
    "creator": "canary-creator",
    "character_version": "canary-version",
    "tags": ["canary-tag"],
    "source": ["canary-source"],
    "alternate_greetings": ["canary-greeting"],
    "extensions": {"other": "canary-extension"},
}


def card_of(**data: Any) -> dict[str, Any]:
    return {"spec": "chara_card_v3", "spec_version": "3.0", "data": {"name": "Luna", **data}}


def character(**data: Any) -> Character:
    return character_from_card(card_of(**data), character_id="luna")


def ours(**part: Any) -> dict[str, Any]:
    return {"extensions": {"companion": part}}


def test_notes_tags_creator_and_version_never_reach_the_prompt() -> None:
    made = character(**NEVER_PROMPTED, description="Calm.", character_book={"name": "canary-book",
                     "description": "canary-book", "entries": []})  # fmt: skip
    assert "canary" not in made.persona
    assert "canary" not in made.greeting


def test_the_parts_of_the_prompt_stand_in_order() -> None:
    made = character(
        system_prompt="S {{original}}",
        description="D",
        personality="P",
        scenario="C",
        mes_example="E",
        post_history_instructions="{{original}} H",
    )
    parts = [f"S {DEFAULT_PROMPT}".replace("{{char}}", "Luna"), "D", "Personality: P",
             "Scenario: C", "How Luna talks: E", "H"]  # fmt: skip
    assert made.persona == "\n\n".join(parts)


@pytest.mark.parametrize("prompt", [None, "", " \n"])
def test_without_a_prompt_of_its_own_a_card_has_ours(prompt: str | None) -> None:
    assert character(system_prompt=prompt).persona == DEFAULT_PROMPT.replace("{{char}}", "Luna")


def test_a_long_card_leaves_room_for_the_conversation() -> None:
    sentence = "She keeps the light. "
    examples = "<START>\n{{char}}: canary-example\n" * 50
    short = character(description=sentence * 100, mes_example="canary-example")
    assert "canary-example" in short.persona
    long = character(description=sentence * 350, mes_example=examples, personality="Calm.")
    assert long.persona.count("keeps") == 350
    assert "canary-example" not in long.persona
    longer = character(description=sentence * 4_000, personality="Calm.",
                       post_history_instructions="canary-end")  # fmt: skip
    assert MAX_PERSONA_TOKENS - 20 < estimate_tokens(longer.persona) <= MAX_PERSONA_TOKENS
    assert "keeps the light.\n\nPersonality: Calm." in longer.persona
    assert longer.persona.endswith("canary-end")
    assert longer.card["data"]["description"] == sentence * 4_000
    dense = character(description="月" * 90_000)
    assert estimate_tokens(dense.persona) <= MAX_PERSONA_TOKENS
    full = character(description="x", system_prompt="y" * 90_000)
    assert "x" not in full.persona


@pytest.mark.parametrize(
    "field",
    ["description", "scenario", "personality", "post_history_instructions", "system_prompt"],
)
@pytest.mark.parametrize("text", ["She keeps the light. ", "{{char}} {{original}} ", "word "])
def test_no_text_of_a_card_leaves_the_person_without_room(field: str, text: str) -> None:
    made = character(**{field: text * 4_000}, name="Canary")
    assert estimate_tokens(made.persona) <= MAX_PERSONA_TOKENS
    assert made.card["data"][field] == text * 4_000


def test_of_two_long_texts_the_description_is_cut_first() -> None:
    sentence = "She keeps the light. "
    made = character(description=sentence * 2_000, scenario="A tower. " * 700)
    assert 0 < made.persona.count("keeps") < 200
    assert made.persona.count("A tower.") == 700


def test_a_nickname_is_what_the_character_goes_by() -> None:
    made = character(nickname="Lu", description="{{char}}, <BOT>, <char>, {{CHAR}}, {{user}}",
                     first_mes="I am {{char}}.")  # fmt: skip
    assert "Lu, Lu, Lu, Lu, {{user}}" in made.persona
    assert made.greeting == "I am Lu."
    assert made.name == "Luna"
    assert "I am Luna." in character(nickname=" ", first_mes="I am {{char}}.").greeting


def test_what_is_shown_to_people_is_ours_or_the_first_of_the_notes() -> None:
    notes = "<b>A quiet\none.</b>\n\nSecond paragraph."
    assert character(creator_notes=notes).description == "A quiet one."
    assert character(creator_notes=notes, **ours(summary="Ours.")).description == "Ours."
    assert character().description == ""
    assert len(character(creator_notes="x" * 5_000).description) == 600


@pytest.mark.parametrize("tag", ["nsfw", "NSFW", " Adult ", "18+", "#nsfw", "r18"])
def test_tags_may_say_that_a_card_is_for_adults(tag: str) -> None:
    assert character(tags=["calm", tag]).rating is Rating.ADULT
    assert character(tags=[tag], **ours(rating="general")).rating is Rating.GENERAL


def test_a_card_is_for_everybody_unless_it_says_otherwise() -> None:
    assert character(tags=["adulthood", "calm"]).rating is Rating.GENERAL
    assert character(**ours(rating="adult")).rating is Rating.ADULT


def test_what_is_ours_stands_in_the_extensions() -> None:
    part = {"id": "lu-2", "tagline": "Calm.", "summary": "Sum.", "min_tier": "plus"}
    made = character(**ours(**part))
    assert (made.id, made.tagline, made.description) == ("lu-2", "Calm.", "Sum.")
    assert made.min_tier is Tier.PLUS


@pytest.mark.parametrize(
    ("part", "param"),
    [
        ({"id": "No Slug"}, "id"),
        ({"id": 7}, "id"),
        ({"min_tier": "gold"}, "min_tier"),
        ({"rating": "x"}, "rating"),
        ({"rating": 18}, "rating"),
        ({"tagline": ["x"]}, "tagline"),
        ({"summary": {}}, "summary"),
    ],
)
def test_what_is_ours_must_be_right(part: dict[str, Any], param: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        character(**ours(**part))
    assert refused.value.param == f"data.extensions.companion.{param}"


def test_the_main_icon_is_the_picture() -> None:
    files = [CardFile(name, kind, 1, "d") for name, kind in (
        ("b.png", "image/png"), ("a.png", "image/png"), ("c.html", "application/octet-stream"),
    )]  # fmt: skip

    def picture(*assets: dict[str, str]) -> str | None:
        made = character_from_card(card_of(assets=list(assets)), character_id="x", files=files)
        assert [file.name for file in made.files] == ["a.png", "b.png", "c.html"]
        return made.picture

    main = {"type": "icon", "name": "main", "uri": "embeded://b.png"}
    assert picture({"type": "icon", "name": "sad", "uri": "embeded://a.png"}, main) == "b.png"
    assert picture({"type": "icon", "name": "x", "uri": "__asset:a.png"}) == "a.png"
    assert picture({"type": "background", "name": "main", "uri": "embeded://a.png"}) is None
    assert picture({"type": "icon", "name": "main", "uri": "embeded://c.html"}) is None
    assert picture({"type": "icon", "name": "main", "uri": "https://example.org/b.png"}) is None
    assert picture() is None
