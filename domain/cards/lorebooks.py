"""Lorebooks that come alone, in the forms of several programs, told as V3's ``character_book``.

What a form has beyond V3 goes into ``extensions``, where SillyTavern itself puts it when it writes
a card, so that nothing is lost and a lorebook behaves the same whichever way it came.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from domain.cards.forms import LOREBOOK, V2, V3
from domain.cards.parts import object_in
from domain.errors import InvalidRequest

_SILLY_NAMES: Final = {
    "excludeRecursion": "exclude_recursion",
    "preventRecursion": "prevent_recursion",
    "delayUntilRecursion": "delay_until_recursion",
    "displayIndex": "display_index",
    "groupOverride": "group_override",
    "groupWeight": "group_weight",
    "scanDepth": "scan_depth",
    "caseSensitive": "case_sensitive",
    "matchWholeWords": "match_whole_words",
    "useGroupScoring": "use_group_scoring",
    "automationId": "automation_id",
    "outletName": "outlet_name",
    "ignoreBudget": "ignore_budget",
    "matchPersonaDescription": "match_persona_description",
    "matchCharacterDescription": "match_character_description",
    "matchCharacterPersonality": "match_character_personality",
    "matchCharacterDepthPrompt": "match_character_depth_prompt",
    "matchScenario": "match_scenario",
    "matchCreatorNotes": "match_creator_notes",
}
"""SillyTavern's world info calls these so, its cards the other."""
_SILLY_TAKEN = frozenset(
    {
        "uid",
        "key",
        "keysecondary",
        "comment",
        "content",
        "constant",
        "selective",
        "order",
        "disable",
        "extensions",
    }
)
_BEFORE_CHAR = 0


def lorebook_from(document: Mapping[str, Any]) -> dict[str, Any]:
    """The lorebook in this document; raises ``InvalidRequest`` when it is none.

    It may be V3's own form, a card that has a lorebook, the bare object, SillyTavern's world info,
    or a memory book of Agnai.
    """
    spec = document.get("spec")
    if spec == LOREBOOK:
        book: Any = document.get("data")
    elif spec in (V2, V3):
        book = object_in(document, "data").get("character_book")
    elif spec in (None, ""):
        book = document
    else:
        raise InvalidRequest(f"spec must be {LOREBOOK}.", param="spec")
    if not isinstance(book, Mapping) or "entries" not in book:
        raise InvalidRequest("This is not a lorebook: it has no entries.", param="entries")
    entries = book["entries"]
    # The keys of SillyTavern's map are numbers that its entries repeat.
    listed = list(entries.values()) if isinstance(entries, Mapping) else entries
    if not isinstance(listed, list) or not all(isinstance(one, Mapping) for one in listed):
        message = "entries must be a list of objects, or an object of them."
        raise InvalidRequest(message, param="entries")
    if isinstance(entries, Mapping) or any(_is_silly(entry) for entry in listed):
        return {**_book(book), "entries": [_from_silly(entry) for entry in listed]}
    if any(_is_agnai(entry) for entry in listed):
        return {**_book(book), "entries": [_from_agnai(entry) for entry in listed]}
    return {**book, "extensions": book.get("extensions") or {}, "entries": listed}


def _book(book: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **{key: value for key, value in book.items() if key != "entries"},
        "extensions": book.get("extensions") or {},
    }


def _is_silly(entry: Mapping[str, Any]) -> bool:
    return "key" in entry and "keys" not in entry


def _is_agnai(entry: Mapping[str, Any]) -> bool:
    return "keywords" in entry and "entry" in entry


def _from_silly(entry: Mapping[str, Any]) -> dict[str, Any]:
    if not _is_silly(entry):
        return dict(entry)
    extensions = {_SILLY_NAMES.get(key, key): value for key, value in _others(entry, _SILLY_TAKEN)}
    made = {
        "keys": entry["key"],
        "secondary_keys": entry.get("keysecondary") or [],
        "comment": entry.get("comment") or "",
        "content": entry.get("content", ""),
        "constant": bool(entry.get("constant")),
        "selective": bool(entry.get("selective")),
        "insertion_order": entry.get("order", 100),
        "enabled": not entry.get("disable"),
        "position": "before_char" if entry.get("position") == _BEFORE_CHAR else "after_char",
        "use_regex": False,
        "extensions": {**extensions, **object_in(entry, "extensions")},
    }
    return made if entry.get("uid") is None else {"id": entry["uid"], **made}


_AGNAI_TAKEN = frozenset({"name", "entry", "keywords", "priority", "weight", "enabled"})


def _from_agnai(entry: Mapping[str, Any]) -> dict[str, Any]:
    if not _is_agnai(entry):
        return dict(entry)
    return {
        "keys": entry["keywords"],
        "name": entry.get("name") or "",
        "content": entry["entry"],
        "priority": entry.get("priority", 0),
        "insertion_order": entry.get("weight", 0),
        "enabled": entry.get("enabled", True),
        "use_regex": False,
        "extensions": dict(_others(entry, _AGNAI_TAKEN)),
    }


def _others(entry: Mapping[str, Any], taken: frozenset[str]) -> Iterable[tuple[str, Any]]:
    return ((key, value) for key, value in entry.items() if key not in taken)
