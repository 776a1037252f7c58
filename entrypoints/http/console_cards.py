"""A card as a form of the console: its texts as fields, all else as it was."""

import copy
from collections.abc import Mapping
from typing import Any, Final

import msgspec
from attrs import frozen

from domain.cards.character import character_from_card, companion_part
from domain.characters import Character
from domain.errors import InvalidRequest
from domain.macros import replace_macros
from domain.tokens import estimate_tokens
from entrypoints.card_files.reading import read_v3
from entrypoints.http.forms import Form

_OURS: Final = frozenset({"tagline", "summary", "min_tier", "rating"})
"""What stands in the card's extension that is ours."""


@frozen
class Field:
    """A text of a card, as the form shows it."""

    name: str
    label: str
    hint: str = ""
    rows: int = 0
    """0: one line."""


FIELDS: Final = (
    Field("name", "Name"),
    Field("tagline", "Tagline", "One line for the catalogue"),
    Field("summary", "Summary", "For the catalogue; the model never sees it", 3),
    Field("description", "Description", "Who the character is, for the model", 8),
    Field("personality", "Personality", "", 3),
    Field("scenario", "Scenario", "", 3),
    Field("first_mes", "First message", "How the character greets", 4),
    Field("mes_example", "Examples of talk", "", 5),
    Field("system_prompt", "System prompt", "{{original}} stands for ours", 4),
    Field("post_history_instructions", "Last instructions", "After the conversation", 3),
    Field("creator_notes", "Notes", "Never part of a prompt", 3),
    Field("tags", "Tags", "With commas in between"),
    Field("min_tier", "Lowest tier"),
    Field("rating", "Rating"),
)


@frozen
class Preview:
    """What would be published."""

    name: str
    tagline: str
    summary: str
    greeting: str
    persona: str
    persona_tokens: int
    """About how much of each prompt it takes."""
    tags: tuple[str, ...]
    min_tier: str
    rating: str
    is_same: bool


def filled_in(card: Mapping[str, Any]) -> dict[str, str]:
    """The values of the form's fields."""
    data, ours = card.get("data", {}), companion_part(card)
    character = character_from_card(card, character_id="x")
    values = {
        field.name: str((ours if field.name in _OURS else data).get(field.name) or "")
        for field in FIELDS
    }
    return {
        **values,
        "tags": ", ".join(character.tags),
        "min_tier": character.min_tier,
        "rating": character.rating,
    }


def edited_card(card: Mapping[str, Any], form: Form) -> dict[str, Any]:
    """The card with what was typed; a field that is as it was leaves the card as it was."""
    before = filled_in(card)
    changed: dict[str, Any] = copy.deepcopy(dict(card))
    data = changed["data"]
    ours = data.setdefault("extensions", {}).setdefault("companion", {})
    for field in FIELDS:
        if field.name not in form.fields:
            raise InvalidRequest("The form is incomplete: load it again.", param=field.name)
        value = form.lines(field.name)
        if value.strip() == before[field.name].strip():
            continue
        if field.name == "tags":
            data["tags"] = [one.strip() for one in value.split(",") if one.strip()]
        else:
            (ours if field.name in _OURS else data)[field.name] = value
    if not ours:
        del data["extensions"]["companion"]
    return changed


def preview_of(card: Mapping[str, Any], current: Character) -> Preview:
    """What this card would make of the character; raises ``InvalidRequest``."""
    checked = read_v3(encoded(card)).card
    made = character_from_card(checked, character_id=current.id, files=current.files)
    return Preview(
        name=made.name,
        tagline=made.tagline,
        summary=made.description,
        greeting=replace_macros(
            made.greeting, char=made.name, user="you", seed=made.id, pick_seed=made.id
        ),
        persona=made.persona,
        persona_tokens=estimate_tokens(made.persona),
        tags=made.tags,
        min_tier=made.min_tier,
        rating=made.rating,
        is_same=checked == current.card,
    )


def encoded(card: Mapping[str, Any], *, indent: int = 0) -> bytes:
    """The card as JSON."""
    raw = msgspec.json.encode(card)
    return msgspec.json.format(raw, indent=indent) if indent else raw
