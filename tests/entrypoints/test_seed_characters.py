import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parents[2] / "entrypoints" / "seed" / "characters"
FILES = sorted(FOLDER.glob("*.json"))

REQUIRED_FIELDS: dict[str, type] = {
    "name": str,
    "description": str,
    "personality": str,
    "scenario": str,
    "first_mes": str,
    "mes_example": str,
    "creator_notes": str,
    "system_prompt": str,
    "post_history_instructions": str,
    "creator": str,
    "character_version": str,
    "alternate_greetings": list,
    "group_only_greetings": list,
    "tags": list,
    "extensions": dict,
}
ENTRY_FIELDS: dict[str, type] = {
    "keys": list,
    "content": str,
    "extensions": dict,
    "enabled": bool,
    "insertion_order": int,
    "use_regex": bool,
    "constant": bool,
    "selective": bool,
    "secondary_keys": list,
    "priority": int,
}
PERSONA_FIELDS = ("system_prompt", "description", "personality", "scenario")
# About 700 tokens: the persona is sent with every turn and shares the budget with the talk.
PERSONA_CHARACTERS = 2600
NAMES = {"{{char}}", "{{user}}"}
MACROS = {
    "system_prompt": NAMES | {"{{original}}"},
    "description": NAMES,
    "personality": NAMES,
    "scenario": NAMES,
    "mes_example": NAMES,
    "post_history_instructions": NAMES | {"{{original}}"},
}
each_card = pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)


def data_of(path: Path) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(path.read_text("utf-8"))["data"]
    return data


def companion_of(path: Path) -> dict[str, Any]:
    companion: dict[str, Any] = data_of(path)["extensions"]["companion"]
    return companion


def entries_of(path: Path) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = data_of(path).get("character_book", {}).get("entries", [])
    return entries


def texts_of(path: Path) -> Iterator[tuple[str, str]]:
    """Every text of a card, however deep, with the name of the top-level field it is in."""

    def walk(value: object) -> Iterator[str]:
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            for item in value.values():
                yield from walk(item)
        elif isinstance(value, list):
            for item in value:
                yield from walk(item)

    for field, value in data_of(path).items():
        for text in walk(value):
            yield field, text


def words(text: str) -> int:
    return len(text.split())


def test_the_catalogue_has_characters_for_every_tier_and_a_default() -> None:
    tiers = Counter(companion_of(path)["min_tier"] for path in FILES)
    assert set(tiers) == {"free", "plus", "premium"}
    assert tiers["free"] >= 4
    assert tiers["plus"] >= 2
    assert tiers["premium"] >= 2
    assert companion_of(FOLDER / "mira.json")["min_tier"] == "free"


def test_no_two_characters_share_a_name_or_a_first_word() -> None:
    for field in ("name", "tagline", "first_mes"):
        texts = [str({**companion_of(path), **data_of(path)}[field]) for path in FILES]
        assert len(set(texts)) == len(texts), field
    assert len({data_of(path)["first_mes"].split()[0] for path in FILES}) == len(FILES)


def test_at_least_two_characters_carry_a_lorebook() -> None:
    assert sum(bool(entries_of(path)) for path in FILES) >= 2


@each_card
def test_a_card_is_a_complete_character_card_v3(path: Path) -> None:
    card = json.loads(path.read_text("utf-8"))
    assert (card["spec"], card["spec_version"]) == ("chara_card_v3", "3.0")
    found = {field: type(card["data"].get(field)) for field in REQUIRED_FIELDS}
    assert found == REQUIRED_FIELDS
    for field in ("alternate_greetings", "group_only_greetings", "tags"):
        assert all(isinstance(item, str) and item for item in card["data"][field]), field
    for field in ("name", *PERSONA_FIELDS, "first_mes", "mes_example", "creator_notes"):
        assert card["data"][field].strip(), field


@each_card
def test_its_id_is_its_file_name(path: Path) -> None:
    assert companion_of(path)["id"] == path.stem
    assert re.fullmatch(r"[a-z][a-z0-9-]*", path.stem)


@each_card
def test_its_catalogue_entry_is_short(path: Path) -> None:
    companion = companion_of(path)
    assert set(companion) == {"id", "tagline", "min_tier", "summary"}
    assert 1 <= len(companion["tagline"]) <= 80
    assert 1 <= len(re.findall(r"[.?!](?=\s|$)", companion["summary"])) <= 3
    tags = data_of(path)["tags"]
    assert 3 <= len(tags) <= 6
    assert tags == sorted({tag.lower() for tag in tags})


@each_card
def test_its_persona_fits_a_small_context(path: Path) -> None:
    data = data_of(path)
    assert len("\n".join(data[field] for field in PERSONA_FIELDS)) <= PERSONA_CHARACTERS
    assert 120 <= words(data["description"]) <= 220
    assert "\n" not in data["personality"]
    assert len(data["mes_example"]) <= 600
    assert data["mes_example"].count("<START>\n") == 2


@each_card
def test_each_greeting_is_short_and_asks_something(path: Path) -> None:
    data = data_of(path)
    assert len(data["alternate_greetings"]) == 2
    for greeting in (data["first_mes"], *data["alternate_greetings"]):
        assert 30 <= words(greeting) <= 70
        assert greeting.endswith("?")


@each_card
def test_macros_are_known_and_texts_shown_to_strangers_have_none(path: Path) -> None:
    for field, text in texts_of(path):
        allowed = NAMES if field == "character_book" else MACROS.get(field, set())
        assert set(re.findall(r"\{\{.*?\}\}", text)) <= allowed, field
        rest = re.sub(r"\{\{.*?\}\}", "", text)
        assert not re.search(r"\{\{|\}\}|<(?:char|bot|user)>", rest, re.IGNORECASE), field


@each_card
def test_its_lorebook_entries_are_complete(path: Path) -> None:
    entries = entries_of(path)
    for entry in entries:
        assert {field: type(entry.get(field)) for field in ENTRY_FIELDS} == ENTRY_FIELDS
        assert entry["content"].strip()
        assert entry["keys"]
        assert all(isinstance(key, str) and key for key in entry["keys"] + entry["secondary_keys"])
        assert entry["selective"] == bool(entry["secondary_keys"])
        if entry["use_regex"]:
            for key in entry["keys"]:
                re.compile(key)
    assert len({entry["insertion_order"] for entry in entries}) == len(entries)
    if entries:
        book = data_of(path)["character_book"]
        assert type(book["extensions"]) is dict
        assert book["scan_depth"] > 0
        assert book["token_budget"] > 0
