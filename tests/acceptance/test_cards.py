"""Cards on a running server: what other programs write round-trips, and bombs do no harm."""

import asyncio
import json
from random import randbytes
from typing import Any

import psutil
import pytest

from entrypoints.card_files.reading import read_card
from tests.acceptance.lone import lone
from tests.acceptance.product import Model, Product, Stack
from tests.acceptance.world import Person, World
from tests.entrypoints.card_files import makers
from tests.entrypoints.card_files.test_hostile import HOSTILE

MEGABYTE = 1024 * 1024
IMPORT = "/v1/admin/characters/import"


@pytest.fixture(scope="module", autouse=True)
def server(stack: Stack) -> Product:
    return stack.serve()


@pytest.fixture
async def admin(world: World) -> Person:
    return await world.admin()


async def bring(admin: Person, raw: bytes, query: str = "") -> Any:
    answer = await admin.call("POST", IMPORT + query, content=raw)
    assert answer.status_code == 201, answer.text
    return answer.json()


def taken(server: Product) -> tuple[int, float]:
    """What its processes have: bytes of memory, and seconds of a processor so far."""
    processes = [psutil.Process(one) for one in server.processes]
    times = [one.cpu_times() for one in processes]
    return (
        sum(one.memory_info().rss for one in processes),
        sum(one.user + one.system for one in times),
    )


@pytest.mark.parametrize("name", HOSTILE)
async def test_a_hostile_file_is_refused_within_a_second_and_some_memory(
    admin: Person, server: Product, name: str
) -> None:
    raw = HOSTILE[name]()
    memory, before = taken(server)
    answer = await admin.call("POST", IMPORT, content=raw)
    memory_after, after = taken(server)
    assert answer.status_code in {400, 413, 422}, answer.text
    assert answer.json()["error"]["code"] in {"invalid_request", "payload_too_large"}
    assert len(answer.content) < 2_000
    assert after - before < 1.0
    assert memory_after - memory < 160 * MEGABYTE


async def test_the_server_answers_others_while_it_reads(admin: Person) -> None:
    slow = makers.silly_v2(
        character_book={
            "entries": [makers.silly_entry(n, content="word " * 200) for n in range(2_000)]
        }
    )
    raw = json.dumps(slow).encode()
    # Characters of their own: they wait for the server only, not for each other's transaction.
    imports = [
        asyncio.create_task(admin.call("POST", f"{IMPORT}?id=slow-{number}", content=raw))
        for number in range(4)
    ]
    answered = 0
    while not all(one.done() for one in imports):
        assert (await admin.call("GET", "/healthz")).is_success
        answered += 1
    assert {one.result().status_code for one in imports} == {201}
    assert answered > len(imports)


@pytest.mark.parametrize("format_", ["json", "png", "charx"])
@pytest.mark.parametrize(
    "raw",
    [
        makers.silly_png(),
        makers.charx(makers.risu_v3(), makers.RISU_FILES),
        makers.JPEG + makers.charx(makers.risu_v3()),
        json.dumps(makers.chub_v2()).encode(),
        json.dumps(makers.agnai_v2()).encode(),
        json.dumps(makers.v1()).encode(),
    ],
    ids=["SillyTavern", "RisuAI", "JPEG", "Chub", "Agnai", "TavernAI"],
)
async def test_a_card_of_another_program_round_trips(
    admin: Person, raw: bytes, format_: str
) -> None:
    first = await bring(admin, raw, "?id=round-trip")
    out = await admin.call("GET", f"/v1/config/characters/round-trip/card?format={format_}")
    assert read_card(out.content).card == read_card(raw).card
    again = await bring(admin, out.content, "?id=round-trip")
    assert (again["version"], again["files"]) == (first["version"], first["files"])


async def test_a_card_of_the_largest_size_is_kept_whole(admin: Person) -> None:
    files = {f"assets/other/{n}.bin": randbytes(5 * MEGABYTE) for n in range(3)}
    made = await bring(admin, makers.charx(makers.risu_v3(), files), "?id=large")
    assert sum(file["size"] for file in made["files"]) == 15 * MEGABYTE
    out = await admin.call("GET", "/v1/admin/characters/large/export?format=charx")
    assert read_card(out.content).files == files
    assert (await bring(admin, out.content, "?id=large"))["version"] == made["version"]


async def test_the_same_card_20_times_at_once_is_one_character(admin: Person) -> None:
    raw = makers.silly_png(makers.silly_v2(name="Twenty Times"))
    answers = await asyncio.gather(
        *(admin.call("POST", IMPORT, content=raw) for _ in range(18)), return_exceptions=False
    )
    made = [answer.json() for answer in answers]
    assert {(one["id"], one["version"]) for one in made} == {("twenty-times", 1)}


async def test_people_talk_to_an_imported_character(world: World, admin: Person) -> None:
    await bring(admin, makers.silly_png(makers.silly_v2(name="Talker", creator_notes="canary-77")))
    person = await world.person()
    answer = await person.say("Good evening!", model="talker")
    assert answer.is_success, answer.text
    told = json.dumps(world.stack.model.seen()["bodies"])
    assert "Talker keeps the lighthouse." in told
    assert "canary-77" not in told


def test_the_command_line_takes_cards_in_and_out(scripted_model: Model) -> None:
    with lone(scripted_model) as alone:
        alone.start()
        (alone.folder / "luna.png").write_bytes(makers.silly_png())
        (alone.folder / "bomb.charx").write_bytes(HOSTILE["a bomb that says its size"]())
        said = alone.command("import-card", "luna.png")
        assert (said.returncode, "luna, version 1" in said.stdout) == (0, True), said.stderr
        out = alone.command("export-card", "luna", "--format", "charx")
        assert out.returncode == 0, out.stderr
        exported = read_card((alone.folder / "luna.charx").read_bytes())
        assert exported.card == read_card(makers.silly_png()).card
        printed = alone.command("export-card", "luna", "--version", "1", "--output", "-")
        assert json.loads(printed.stdout) == exported.card
        for wrong in (
            ("import-card", "bomb.charx"),
            ("import-card", "missing.png"),
            ("import-card", "luna.png", "--id", "No Slug"),
            ("export-card", "nobody"),
        ):
            refused = alone.command(*wrong)
            assert refused.returncode == 1, wrong
            assert refused.stderr.strip()
            assert "Traceback" not in refused.stderr
