"""The forms that cards come in, all told as Character Card V3, and V2 for those who read no V3.

Nothing is dropped on the way to V3: what a form has beyond the specification stays where it was.
"""

import re
from collections.abc import Mapping
from typing import Any, Final, Literal

from domain.cards.parts import object_in, text_in
from domain.errors import InvalidRequest

V2: Final = "chara_card_v2"
V3: Final = "chara_card_v3"
LOREBOOK: Final = "lorebook_v3"

_REQUIRED: Final[Mapping[str, Any]] = {
    "name": "",
    "description": "",
    "personality": "",
    "scenario": "",
    "first_mes": "",
    "mes_example": "",
    "creator_notes": "",
    "system_prompt": "",
    "post_history_instructions": "",
    "alternate_greetings": (),
    "group_only_greetings": (),
    "tags": (),
    "creator": "",
    "character_version": "",
    "extensions": {},
}
_ONLY_V3 = (
    "assets",
    "nickname",
    "creator_notes_multilingual",
    "source",
    "group_only_greetings",
    "creation_date",
    "modification_date",
)
_FIELDS = frozenset({*_REQUIRED, *_ONLY_V3, "character_book"})
_V1_FIELDS = frozenset(
    {"description", "personality", "scenario", "first_mes", "mes_example", "character_book"}
)
_OLD_NAMES = {
    "char_name": "name",
    "char_persona": "description",
    "char_greeting": "first_mes",
    "world_scenario": "scenario",
    "example_dialogue": "mes_example",
}
"""How Pygmalion and the text-generation web UI name what V1 has."""
_IS_LOREBOOK = "This is a lorebook, or no card at all; lorebooks are imported into a character."
_VERSION = re.compile(r"[0-9]{1,4}(\.[0-9]{1,4}){0,3}")
_DECORATOR = re.compile(r"^@@@?[a-zA-Z_]+.*\n?", re.MULTILINE)
BACKFILL_NOTE: Final = (
    "This character card is Character Card V3, but it is loaded as a Character Card V2. Please "
    "use a Character Card V3 compatible application to use this character card properly."
)
"""What the specification wants a V2 card to say that stands beside the real one."""


def card_form(document: Mapping[str, Any]) -> Literal["v1", "v2", "v3"]:
    """Which version of card this is; raises ``InvalidRequest`` for what is none."""
    spec = document.get("spec")
    if spec == V3:
        return "v3"
    if spec == V2:
        return "v2"
    if spec == LOREBOOK:
        raise InvalidRequest(_IS_LOREBOOK, param="spec")
    if spec not in (None, ""):
        message = f"spec must be {V2} or {V3}."
        raise InvalidRequest(message, param="spec")
    if isinstance(document.get("data"), Mapping) and "entries" not in document["data"]:
        return "v2"
    if "data" not in document and (
        "char_name" in document or ("name" in document and _V1_FIELDS & document.keys())
    ):
        return "v1"
    if "entries" in document or "data" in document:
        raise InvalidRequest(_IS_LOREBOOK, param="spec")
    raise InvalidRequest("This is not a character card: it has no spec and no name.", param="spec")


def to_v3(document: Mapping[str, Any]) -> dict[str, Any]:
    """The same card as V3; one that is V3 already and says which comes back unchanged.

    Raises ``InvalidRequest`` for what is no card.
    """
    form = card_form(document)
    if form == "v3":
        version = text_in(document, "spec_version", "spec_version") or "3.0"
        if _VERSION.fullmatch(version) is None:
            message = "spec_version must be a number such as 3.0."
            raise InvalidRequest(message, param="spec_version")
        _check_data(document)
        return {**document, "spec_version": version}
    if form == "v2":
        _check_data(document)
        rest, data = dict(document), dict(object_in(document, "data"))
    else:
        rest, data = _from_v1(document)
    return {**rest, "spec": V3, "spec_version": "3.0", "data": {**data, **_missing(data)}}


def to_v2(card: Mapping[str, Any]) -> dict[str, Any]:
    """A V2 card that says as much of a V3 one as V2 can."""
    data = {key: value for key, value in card["data"].items() if key not in _ONLY_V3}
    notes = data.get("creator_notes")
    data["creator_notes"] = f"{BACKFILL_NOTE}\n\n{notes}" if notes else BACKFILL_NOTE
    book = data.get("character_book")
    if isinstance(book, Mapping):
        data["character_book"] = {
            **book,
            "entries": [_entry_to_v2(entry) for entry in book.get("entries", ())],
        }
    return {**card, "spec": V2, "spec_version": "2.0", "data": data}


def _check_data(document: Mapping[str, Any]) -> None:
    if not isinstance(document.get("data"), Mapping):
        raise InvalidRequest("data must be an object.", param="data")


def _from_v1(document: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """What stays beside the data, and the data."""
    data = {key: value for key, value in document.items() if key in _FIELDS}
    for old, new in _OLD_NAMES.items():
        if old in document:
            data.setdefault(new, document[old])
    if "creatorcomment" in document:
        data.setdefault("creator_notes", document["creatorcomment"])
    return {key: value for key, value in document.items() if key not in data}, data


def _missing(data: Mapping[str, Any]) -> dict[str, Any]:
    """What V3 demands and the data lack, as new values."""
    return {
        key: list(value) if isinstance(value, tuple) else dict(value) if value == {} else value
        for key, value in _REQUIRED.items()
        if key not in data
    }


def _entry_to_v2(entry: Mapping[str, Any]) -> dict[str, Any]:
    kept = {key: value for key, value in entry.items() if key != "use_regex"}
    if isinstance(kept.get("content"), str) and "@@" in kept["content"]:
        kept["content"] = _DECORATOR.sub("", kept["content"]).lstrip("\n")
    return kept
