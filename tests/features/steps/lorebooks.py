"""What a character knows, and what of it the model is told."""

import re
from typing import Any

from attrs import evolve
from pytest_bdd import given, parsers, then, when

from tests.features.steps.chat import message, prompt, remember, say
from tests.features.steps.words import character_id, quoted
from tests.features.world import ADMIN, World

_FIELDS = {
    "tells": "content",
    "constant": "constant",
    "selective": "selective",
    "enabled": "enabled",
    "use regex": "use_regex",
    "case sensitive": "case_sensitive",
    "priority": "priority",
    "insertion order": "insertion_order",
    "position": "position",
    "name": "name",
    "comment": "comment",
}
_EXTENSIONS = {"selective logic": "selectiveLogic", "use probability": "useProbability"}
_LOGICS = ["AND ANY", "NOT ALL", "NOT ANY", "AND ALL"]


def card_of(world: World, character: str) -> Any:
    """The card that the scenario has written so far."""
    cards = world.person(ADMIN).known.setdefault("cards", {})
    if character not in cards:
        book: dict[str, Any] = {"entries": [], "extensions": {}}
        data = {"name": character, "description": "A friend.", "character_book": book}
        cards[character] = {"spec": "chara_card_v3", "spec_version": "3.0", "data": data}
    return cards[character]


def publish(world: World, character: str) -> None:
    """Import the card as it is now."""
    path = f"/v1/admin/characters/import?id={character_id(character)}"
    world.ask(ADMIN, "POST", path, card_of(world, character))


def change_book(world: World, character: str, **fields: object) -> None:
    card_of(world, character)["data"]["character_book"].update(fields)
    publish(world, character)


def learn(world: World, character: str, entries: list[dict[str, Any]]) -> None:
    """Add entries to the lorebook."""
    card_of(world, character)["data"]["character_book"]["entries"] += entries
    publish(world, character)


def entries_of(table: list[list[str]]) -> list[dict[str, Any]]:
    names, *rows = table
    return [_entry(dict(zip(names, row, strict=True))) for row in rows]


def _entry(cells: dict[str, str]) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "keys": _list(cells.pop("keys", "")),
        "secondary_keys": _list(cells.pop("secondary keys", "")),
        "enabled": True,
        "insertion_order": 100,
        "use_regex": False,
        "extensions": {},
    }
    entry["selective"] = bool(entry["secondary_keys"])
    for name, cell in cells.items():
        if not cell:
            continue
        if name in _FIELDS:
            entry[_FIELDS[name]] = cell if name == "tells" else _value(cell)
        else:
            plain = name.removeprefix("extensions.")
            entry["extensions"][_EXTENSIONS.get(plain, plain.replace(" ", "_"))] = _value(cell)
    return entry


def _list(cell: str) -> list[str]:
    return [one for one in cell.split(", ") if one]


def _value(cell: str) -> Any:
    if cell in _LOGICS:
        return _LOGICS.index(cell)
    if cell in {"yes", "no"}:
        return cell == "yes"
    return int(cell) if re.fullmatch(r"-?\d+", cell) else cell


# ----------------------------------------------------------------------------------- the lorebook


@given(parsers.parse("{character:w} knows"))
def knows(world: World, character: str, datatable: list[list[str]]) -> None:
    learn(world, character, entries_of(datatable))


@given(parsers.parse("{character:w} knows, without the checks of an import"))
def knows_unchecked(world: World, character: str, datatable: list[list[str]]) -> None:
    publish(world, character)
    card_of(world, character)["data"]["character_book"]["entries"] += entries_of(datatable)
    world.local.publish_character(
        character_id(character), lambda one: evolve(one, card=card_of(world, character))
    )


@given(parsers.parse("{character:w} knows, as SillyTavern writes it"))
def knows_as_sillytavern(world: World, character: str, datatable: list[list[str]]) -> None:
    entries = entries_of(datatable)
    for number, entry in enumerate(entries):
        entry.update(id=number, use_regex=True, selective=True)
        entry["extensions"] = {"selectiveLogic": 0, "display_index": number, "position": 1}
    learn(world, character, entries)


@given(
    parsers.parse(
        "{character:w} knows {count:d} things about the {key:w}, each with a probability of "
        "{percent:d}"
    )
)
def knows_much(world: World, character: str, count: int, key: str, percent: int) -> None:
    entries = [
        {
            "keys": [key],
            "content": f"Thing {number}.",
            "extensions": {"probability": percent, "useProbability": True},
            "enabled": True,
            "insertion_order": 100,
            "use_regex": False,
        }
        for number in range(count)
    ]
    learn(world, character, entries)


@given(parsers.parse("the lorebook of {character:w} looks at the latest {depth:d} messages"))
def looks_at(world: World, character: str, depth: int) -> None:
    change_book(world, character, scan_depth=depth)


@given(parsers.parse("the lorebook of {character:w} may take {tokens:d} tokens"))
def may_take(world: World, character: str, tokens: int) -> None:
    change_book(world, character, token_budget=tokens)


@given(parsers.re(r"the lorebook of (?P<character>\w+) is searched (?P<how>once|recursively)"))
def is_searched(world: World, character: str, how: str) -> None:
    change_book(world, character, recursive_scanning=how == "recursively")


@given(parsers.parse('{character:w} is described as "{text}"'))
def is_described_as(world: World, character: str, text: str) -> None:
    card_of(world, character)["data"]["description"] = text
    publish(world, character)


@given(parsers.parse('{character:w} goes by the name of "{nickname}"'))
def goes_by(world: World, character: str, nickname: str) -> None:
    card_of(world, character)["data"]["nickname"] = nickname
    publish(world, character)


@given(parsers.parse('{name:w} is called "{called}"'))
def is_called(world: World, name: str, called: str) -> None:
    world.ask(name, "PATCH", "/v1/auth/me", {"display_name": called})


@given(
    parsers.parse(
        '{name:w} has said "{text}" to {character:w}, after {count:d} replies that her app knows of'
    )
)
def has_said_after(world: World, name: str, text: str, character: str, count: int) -> None:
    body = message(world, name, text, character)
    earlier = [{"role": "user", "content": "Hm?"}, {"role": "assistant", "content": "Well."}]
    body["messages"] = [*earlier * count, *body["messages"]]
    world.answer = world.send(name, "POST", "/v1/chat/completions", body)
    assert world.last.error is None, world.last.error
    remember(world, name, world.last.json)


# --------------------------------------------------------------------------- what the model is told


@then(parsers.parse('the model was told once "{text}"'))
def told_once(world: World, text: str) -> None:
    assert prompt(world).count(text) == 1


@then(parsers.re(r"the model was told (?P<texts>.+) in this order"))
def told_in_order(world: World, texts: str) -> None:
    places = [prompt(world).find(text) for text in quoted(texts)]
    assert -1 not in places, prompt(world)
    assert places == sorted(places)


@then(parsers.parse("the model was told between {least:d} and {most:d} of these things"))
def told_some(world: World, least: int, most: int) -> None:
    assert least <= len(set(re.findall(r"Thing \d+\.", prompt(world)))) <= most


@then("the model was told the same flag both times")
def told_the_same(world: World) -> None:
    flags = [
        re.findall(r"The flag is \w+\.", "\n".join(one.content for one in request.messages))
        for request in world.local.model.requests
    ]
    assert len(flags) == 2
    assert flags[0] == flags[1] != []


@then("the model read these messages last")
def read_last(world: World, datatable: list[list[str]]) -> None:
    messages = world.local.model.requests[-1].messages
    expected = datatable[1:]
    assert [[one.role, one.content] for one in messages[-len(expected) :]] == expected


@when(parsers.parse("{name:w} says to {character:w}"))
def says_in_turn(world: World, name: str, character: str, datatable: list[list[str]]) -> None:
    entries = card_of(world, character)["data"]["character_book"]["entries"]
    known = {entry["content"].splitlines()[-1] for entry in entries}
    for text, expected in datatable[1:]:
        say(world, name, text, character)
        assert world.last.error is None, world.last.error
        told = {one for one in known if one in prompt(world)}
        assert told == set(expected.split(", ")), text
