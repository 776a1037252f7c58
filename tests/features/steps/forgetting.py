"""Taking back what was said."""

from pytest_bdd import parsers, then, when

from tests.features.steps.words import character_id, messages_of, sessions_of
from tests.features.world import World


@then(parsers.parse("the last turn of {name:w} cannot be followed any more"))
def turn_is_gone(world: World, name: str) -> None:
    path = f"/v1/chat/turns/{world.person(name).companion['turn_id']}"
    assert world.send(name, "GET", path).status == 404
    assert world.send(name, "GET", f"{path}/stream").status == 404


@then(parsers.parse('the conversation of {name:w} ends with "{text}"'))
def ends_with(world: World, name: str, text: str) -> None:
    assert messages_of(world, name)[-1]["content"] == text


@then(parsers.parse("the conversation of {name:w} is named after {character:w}"))
def named_after(world: World, name: str, character: str) -> None:
    shown = world.ask(name, "GET", f"/v1/config/characters/{character_id(character)}")
    assert sessions_of(world, name)[0]["title"] == shown["name"]


@when(parsers.parse("{other:w} tries to delete what {name:w} said last"))
def tries_to_delete(world: World, other: str, name: str) -> None:
    said = world.person(name).companion["user_message_id"]
    world.answer = world.send(other, "DELETE", f"/v1/chat/messages/{said}")
