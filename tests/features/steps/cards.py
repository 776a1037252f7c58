"""Cards that come in and go out."""

import base64
import io
import json
import zipfile
import zlib
from collections.abc import Callable
from typing import Any

from pytest_bdd import given, parsers, then, when

from entrypoints.card_files.reading import read_card
from tests.entrypoints.card_files import makers
from tests.features.steps.words import character_id
from tests.features.world import ADMIN, World

_MEGABYTE = 1024 * 1024
_WEB_UI = {
    "char_name": "Luna",
    "char_persona": "{{char}} keeps the lighthouse.",
    "char_greeting": "Good evening, {{user}}.",
    "world_scenario": "",
    "example_dialogue": "",
}


def as_json(card: object) -> bytes:
    return json.dumps(card).encode()


def changed(**data: Any) -> bytes:
    return as_json(makers.silly_v2(**data))


PROGRAMS: dict[str, Callable[[], bytes]] = {
    "SillyTavern": makers.silly_png,
    "SillyTavern, as JSON": lambda: as_json(makers.silly_v2()),
    "RisuAI": lambda: makers.charx(makers.risu_v3(), makers.RISU_FILES),
    "Chub": lambda: as_json(makers.chub_v2()),
    "Agnai": lambda: as_json(makers.agnai_v2()),
    "TavernAI": lambda: as_json(makers.v1()),
    "the text-generation web UI": lambda: as_json(_WEB_UI),
}
FILES: dict[str, Callable[[], bytes]] = {
    "a picture without a card": lambda: makers.PICTURE,
    "a picture with a chunk of four gigabytes": lambda: (
        makers.SIGNATURE + makers.header() + b"\xff\xff\xff\xfftEXtccv3\0"
    ),
    "a picture with a packed text of 100 megabytes": lambda: makers.png(
        makers.chunk(b"zTXt", b"ccv3\0\0" + zlib.compress(bytes(100 * _MEGABYTE)))
    ),
    "an archive that unpacks to 100 megabytes": lambda: makers.charx(
        makers.risu_v3(), {"a.bin": bytes(100 * _MEGABYTE)}
    ),
    "an archive with a file named ../../etc/passwd": lambda: makers.charx(
        makers.risu_v3(), {"../../etc/passwd": b"x"}
    ),
    "an archive with 5000 files": lambda: makers.charx(
        makers.risu_v3(), {f"a/{number}": b"" for number in range(5_000)}
    ),
    "17 megabytes": lambda: bytes(17 * _MEGABYTE),
    "JSON that is nested 100000 deep": lambda: b"[" * 100_000,
    "a lorebook of 100000 entries": lambda: changed(
        character_book={"entries": [{"keys": []}] * 100_000}
    ),
    "a key that is the regular expression /(a+)+$/": lambda: changed(
        character_book={"entries": [makers.silly_entry(keys=["/(a+)+$/"])]}
    ),
    "a description with a script in it": lambda: changed(description="<script>x()</script>"),
    "a greeting with a link that runs a program": lambda: changed(
        first_mes="[Hello](javascript:x())"
    ),
    "a description that is a number": lambda: changed(description=7),
}


def bring(world: World, raw: bytes, *, who: str = ADMIN, query: str = "") -> None:
    """Import a file; the catalogue before it is noted."""
    known = world.person(ADMIN).known
    known["before"] = catalogue(world)
    known["card"] = raw
    world.answer = world.send(
        who,
        "POST",
        f"/v1/admin/characters/import{query}",
        content=raw,
        headers={"Content-Type": "application/octet-stream"},
    )


def catalogue(world: World) -> Any:
    return world.ask(ADMIN, "GET", "/v1/admin/characters?limit=100")["data"]


def written(world: World) -> dict[str, Any]:
    """The card that the scenario is about."""
    card = world.person(ADMIN).known["written"]
    assert isinstance(card, dict)
    return card


# -------------------------------------------------------------------------------------- coming in


@given(parsers.re(r'a card of (?P<name>[^"]+)'))
def a_card(world: World, name: str) -> None:
    data = {**makers.risu_v3()["data"], "name": name, "assets": None, "nickname": ""}
    card = {"spec": "chara_card_v3", "spec_version": "3.0", "data": data}
    world.person(ADMIN).known["written"] = card


@given(parsers.parse('a card of {name:w} with the id "{own}"'))
def a_card_with_id(world: World, name: str, own: str) -> None:
    a_card(world, name)
    written(world)["data"]["extensions"] = {"companion": {"id": own}}


@given(parsers.parse('a card of {name:w} with the tag "{tag}"'))
def a_card_with_tag(world: World, name: str, tag: str) -> None:
    a_card(world, name)
    written(world)["data"]["tags"] = [tag]


@given(parsers.parse('a card of {name:w} whose creator notes are "{notes}"'))
def a_card_with_notes(world: World, name: str, notes: str) -> None:
    a_card(world, name)
    written(world)["data"]["creator_notes"] = notes


@when(parsers.parse('the description on the card becomes "{text}"'))
def describe(world: World, text: str) -> None:
    written(world)["data"]["description"] = text


@when("the administrator imports the card")
def imports_written(world: World) -> None:
    bring(world, as_json(written(world)))


@given("the administrator has imported the card")
def has_imported_written(world: World) -> None:
    imports_written(world)
    assert world.last.error is None, world.last.error


@when(parsers.parse('the administrator imports the card as "{chosen}"'))
def imports_as(world: World, chosen: str) -> None:
    bring(world, as_json(written(world)), query=f"?id={chosen}")


@when(parsers.parse("the administrator imports Luna as {program} writes her"))
def imports(world: World, program: str) -> None:
    bring(world, PROGRAMS[program]())


@given(parsers.parse("the administrator has imported Luna as {program} writes her"))
def has_imported(world: World, program: str) -> None:
    imports(world, program)
    assert world.last.error is None, world.last.error
    world.person(ADMIN).known["original"] = world.person(ADMIN).known["card"]


@when(parsers.parse("{name:w} imports Luna as SillyTavern writes her"))
def somebody_imports(world: World, name: str) -> None:
    bring(world, makers.silly_png(), who=name)


@when(parsers.re(r"the administrator imports (?P<file>(?:an? |17|JSON).+)"))
def imports_file(world: World, file: str) -> None:
    bring(world, FILES[file]())


@when("the administrator imports the download")
def imports_download(world: World) -> None:
    bring(world, world.person(ADMIN).known["download"])


@when(parsers.parse("the administrator gives {character:w} a lorebook as SillyTavern keeps it"))
def gives_lorebook(world: World, character: str) -> None:
    path = f"/v1/admin/characters/{character_id(character)}/lorebook"
    world.ask(ADMIN, "POST", path, makers.world_info())


# ---------------------------------------------------------------------------------- what is there


@then(parsers.parse('{character:w} is in the catalogue with the greeting "{greeting}"'))
def is_in_catalogue(world: World, character: str, greeting: str) -> None:
    assert world.last.error is None, world.last.error
    shown = world.ask(None, "GET", f"/v1/config/characters/{character_id(character)}")
    assert shown["greeting"] == greeting


@then(parsers.parse('the catalogue describes {character:w} as "{text}"'))
def is_described_as(world: World, character: str, text: str) -> None:
    shown = world.ask(None, "GET", f"/v1/config/characters/{character_id(character)}")
    assert shown["description"] == text


@then(parsers.parse("the catalogue shows the picture of {character:w}, without the card in it"))
def shows_picture(world: World, character: str) -> None:
    shown = world.ask(None, "GET", f"/v1/config/characters/{character_id(character)}")
    picture = world.send(None, "GET", shown["avatar_url"])
    assert picture.headers["content-type"] == "image/png"
    assert picture.content == makers.PICTURE


@then(parsers.parse("the catalogue shows no picture of {character:w}"))
def shows_no_picture(world: World, character: str) -> None:
    shown = world.ask(None, "GET", f"/v1/config/characters/{character_id(character)}")
    assert shown["avatar_url"] is None


@then(parsers.parse('the character is called "{expected}"'))
def is_called(world: World, expected: str) -> None:
    assert world.last.error is None, world.last.error
    assert world.last.json["id"] == expected
    world.ask(None, "GET", f"/v1/config/characters/{expected}")


@then("the character can be found by its id")
def can_be_found(world: World) -> None:
    made = world.last.json
    shown = world.ask(None, "GET", f"/v1/config/characters/{made['id']}")
    assert shown["name"] == made["name"]


@then(parsers.parse("the administrator finds versions {numbers} of {character:w}"))
def finds_versions(world: World, numbers: str, character: str) -> None:
    path = f"/v1/admin/characters/{character_id(character)}/versions"
    found = [one["version"] for one in world.pages(ADMIN, path)]
    assert found == [int(number) for number in numbers.split(", ")]


@then(parsers.parse("the card of {character:w} has {count:d} entries in its lorebook"))
def has_entries(world: World, character: str, count: int) -> None:
    card = world.ask(None, "GET", f"/v1/config/characters/{character_id(character)}/card")
    assert len(card["data"]["character_book"]["entries"]) == count


@then("nothing has changed")
def nothing_changed(world: World) -> None:
    assert catalogue(world) == world.person(ADMIN).known["before"]


# -------------------------------------------------------------------------------------- going out


@when(parsers.parse("somebody downloads the card of {character:w} as {kind:w}"))
def downloads(world: World, character: str, kind: str) -> None:
    path = f"/v1/config/characters/{character_id(character)}/card?format={kind.lower()}"
    world.answer = world.send(None, "GET", path)
    assert world.last.error is None, world.last.error
    assert world.last.headers["content-disposition"].endswith(f'.{kind.lower()}"')
    world.person(ADMIN).known["download"] = world.last.content


@then("nothing is missing from the card that came in")
def nothing_missing(world: World) -> None:
    known = world.person(ADMIN).known
    came, went = read_card(known["original"]), read_card(known["download"])
    assert went.card == came.card
    if went.container != "json":
        assert went.files == came.files


@then("the picture also holds a card of the second version")
def holds_v2(world: World) -> None:
    raw: bytes = world.person(ADMIN).known["download"]
    _, _, rest = raw.partition(b"tEXtchara\0")
    code = rest[: rest.index(b"tEXtccv3\0")][:-8]
    card = json.loads(base64.b64decode(code))
    assert (card["spec"], card["spec_version"]) == ("chara_card_v2", "2.0")
    assert card["data"]["name"] == "Luna"
    assert "nickname" not in card["data"]


@then(parsers.parse("the download is a card of {name}"))
def is_card_of(world: World, name: str) -> None:
    with zipfile.ZipFile(io.BytesIO(world.person(ADMIN).known["download"])) as archive:
        assert json.loads(archive.read("card.json"))["data"]["name"] == name
