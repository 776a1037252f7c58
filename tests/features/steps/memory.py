"""What companions remember, in the hands of the person it is about."""

from typing import Any

from pytest_bdd import given, parsers, then, when

from tests.features.steps.words import character_id, sessions_of
from tests.features.world import World


def memories(world: World, name: str) -> list[Any]:
    """All that is remembered of this person."""
    return world.pages(name, "/v1/chat/memories")


def path_of(world: World, name: str, text: str) -> str:
    """Where the memory with this text is."""
    found = next(one for one in memories(world, name) if one["text"] == text)
    return f"/v1/chat/memories/{found['id']}"


@then(parsers.parse('{name:w} is told that "{text}" was remembered'))
def told_of_memory(world: World, name: str, text: str) -> None:
    assert text in [one["text"] for one in world.person(name).companion["memories"]]


@given(parsers.parse('{name:w} lets {character:w} forget "{text}"'))
def forgets(world: World, name: str, text: str) -> None:
    world.ask(name, "DELETE", path_of(world, name, text))


@given(parsers.parse("{name:w} lets {character:w} forget everything"))
def forgets_all(world: World, name: str, character: str) -> None:
    world.ask(name, "DELETE", f"/v1/chat/memories?character_id={character_id(character)}")


@given(parsers.parse('{name:w} corrects "{text}" to "{better}"'))
def corrects(world: World, name: str, text: str, better: str) -> None:
    world.ask(name, "PATCH", path_of(world, name, text), {"text": better})


@given(parsers.parse('{name:w} asks {character:w} to remember "{text}"'))
def asks_to_remember(world: World, name: str, character: str, text: str) -> None:
    body = {"character_id": character_id(character), "text": text}
    world.ask(name, "POST", "/v1/chat/memories", body)


@given(parsers.parse("{name:w} deletes her only conversation"))
def deletes_only_session(world: World, name: str) -> None:
    (only,) = sessions_of(world, name)
    world.ask(name, "DELETE", f"/v1/chat/sessions/{only['id']}")
    world.person(name).session_id = None


@then(parsers.parse('nothing is remembered of {name:w} except "{text}"'))
def only_remembered(world: World, name: str, text: str) -> None:
    assert [one["text"] for one in memories(world, name)] == [text]


@then(parsers.parse("nothing is remembered of {name:w}"))
def nothing_remembered(world: World, name: str) -> None:
    assert memories(world, name) == []


@when(parsers.parse("{other:w} tries to {do:w} what {_:w} remembers of {name:w}"))
def tries_with_other(world: World, other: str, do: str, name: str) -> None:
    path = f"/v1/chat/memories/{memories(world, name)[0]['id']}"
    if do == "correct":
        world.answer = world.send(other, "PATCH", path, {"text": "Something else entirely."})
    else:
        world.answer = world.send(other, "DELETE", path)
