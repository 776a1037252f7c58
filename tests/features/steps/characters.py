"""Who one can talk to."""

from attrs import evolve
from pytest_bdd import parsers, then, when

from tests.features.steps.words import character_id, sessions_of
from tests.features.world import World


def catalogue(world: World, who: str | None) -> None:
    """Look at all characters."""
    world.answer = world.send(who, "GET", "/v1/config/characters?limit=100")
    assert world.last.error is None, world.last.error


@when("a visitor looks at the catalogue")
def visitor_looks(world: World) -> None:
    catalogue(world, None)


@when(parsers.parse("{name:w} looks at the catalogue"))
def looks(world: World, name: str) -> None:
    catalogue(world, name)


@then(parsers.parse("it shows {names}"))
def shows(world: World, names: str) -> None:
    shown = {one["id"] for one in world.last.json["data"]}
    assert {character_id(name) for name in names.split(", ")} <= shown


@then("every character has a name, a tagline, a description and a greeting")
def is_described(world: World) -> None:
    for one in world.last.json["data"]:
        assert all(one[field] for field in ("name", "tagline", "description", "greeting")), one


@then(parsers.re(r"(?P<character>\w+) is (?P<state>open|locked)"))
def is_open(world: World, character: str, state: str) -> None:
    shown = next(one for one in world.last.json["data"] if one["id"] == character_id(character))
    assert shown["locked"] is (state == "locked")


@then("the list of models names the same characters")
def same_models(world: World) -> None:
    models = world.ask(None, "GET", "/v1/models")["data"]
    assert {one["id"] for one in models} == {one["id"] for one in world.last.json["data"]}


@when(parsers.parse('a new version of {character:w} is published who "{trait}"'))
def publishes(world: World, character: str, trait: str) -> None:
    world.local.publish_character(
        character_id(character),
        lambda one: evolve(one, persona=f"{one.persona} {{{{char}}}} {trait}."),
    )


@when(parsers.parse("{character:w} is published again without a change"))
def publishes_same(world: World, character: str) -> None:
    world.local.publish_character(character_id(character), lambda one: one)


@then(parsers.parse("the conversation of {name:w} is with version {version:d}"))
def has_version(world: World, name: str, version: int) -> None:
    assert sessions_of(world, name)[0]["character_version"] == version


@then(parsers.parse("the catalogue shows version {version:d} of {character:w}"))
def shows_version(world: World, version: int, character: str) -> None:
    shown = world.ask(None, "GET", f"/v1/config/characters/{character_id(character)}")
    assert shown["version"] == version
