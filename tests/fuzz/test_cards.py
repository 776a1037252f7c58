"""Card files with anything in any place: taken or refused, and what is taken can be shown."""

import json
import random
from collections.abc import Callable, Mapping

import pytest

from tests.acceptance.operations import operations
from tests.acceptance.product import Product, Stack
from tests.acceptance.world import World
from tests.entrypoints.card_files import makers
from tests.entrypoints.card_files.test_hostile import HOSTILE
from tests.fuzz.asking import MEGABYTE, asker, memory_of
from tests.fuzz.mutation import flipped, mutated
from tests.fuzz.pace import SEED, paced

ROUNDS = paced(300, 40)
MOST_MEMORY = 300 * MEGABYTE

SOUND: Mapping[str, Callable[[], bytes]] = {
    "PNG": makers.silly_png,
    "CHARX": lambda: makers.charx(makers.risu_v3(), makers.RISU_FILES),
    "V1": lambda: json.dumps(makers.v1()).encode(),
    "V2": lambda: json.dumps(makers.chub_v2()).encode(),
    "V3": lambda: json.dumps(makers.risu_v3()).encode(),
}


@pytest.fixture(scope="module", autouse=True)
def server(stack: Stack) -> Product:
    return stack.serve()


@pytest.mark.timeout(400)
@pytest.mark.parametrize("kind", SOUND)
async def test_no_card_is_a_fault_and_what_is_taken_can_be_shown(
    world: World, server: Product, kind: str
) -> None:
    chance, raw = random.Random(f"{SEED} {kind}"), SOUND[kind]()
    known = {one.name: one for one in operations(server.url)}
    imports, shows = known["import_character"], known["get_character"]
    before = memory_of(server)
    async with asker(world, await world.admin(), "admin") as who:
        for number in range(ROUNDS):
            if raw[:1] == b"{" and chance.random() < 0.7:
                body = json.dumps(mutated(json.loads(raw), chance)).encode()
            else:
                body = flipped(raw, chance)
            query = f"?id=fuzzed-{kind.lower()}-{number % 5}"
            answer = await who.ask(imports, imports.path + query, content=body)
            if answer.is_success:
                path = shows.at(character_id=answer.json()["id"])
                await who.ask(shows, path)
                await who.ask(known["get_card"], f"{path}/card?format=png")
        for name in ("list_characters", "list_models", "list_managed_characters"):
            await who.ask(known[name], known[name].path)
        await who.check_next()
    assert memory_of(server) - before < MOST_MEMORY


async def test_no_hostile_file_is_a_fault_on_any_route_that_takes_one(
    world: World, server: Product
) -> None:
    chance = random.Random(SEED)
    known = {one.name: one for one in operations(server.url)}
    async with asker(world, await world.admin(), "admin") as who:
        for name in ("replace_card", "import_lorebook"):
            for make in HOSTILE.values():
                if not chance.randrange(paced(1, 3)):
                    await who.ask(known[name], known[name].at(character_id="mira"), content=make())
        await who.check_next()
