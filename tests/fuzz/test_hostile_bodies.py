"""Whatever stands in a body: it is refused or ignored, at once, and harms nothing."""

import json
import random
from typing import Any

import httpx
import pytest

from tests.acceptance.operations import BODIES, Operation
from tests.acceptance.product import Product, Stack
from tests.acceptance.world import Person, World
from tests.fuzz.asking import JSON, MEGABYTE, Asker, asker, memory_of, with_json
from tests.fuzz.cast import PLENTY, check_money
from tests.fuzz.hostile import PRIVILEGES, RAW, TEXTS, document_of, places, put, sound, wholes
from tests.fuzz.pace import SEED, paced

ROUTES = paced(1, 4)
"""Every so manyth of the places is tried in each route."""
BIG_ONES = paced(3, 9)
"""Every so manyth of the routes gets bodies of many megabytes."""
MOST_MEMORY = 256 * MEGABYTE


@pytest.fixture(scope="module", autouse=True)
def server(stack: Stack) -> Product:
    return stack.serve()


@pytest.fixture(scope="module")
def bodies(server: Product) -> list[tuple[Operation, Any]]:
    """Each operation that takes JSON, and a body with each field of it."""
    document = document_of(server.url)
    found = []
    for operation in with_json(server):
        told = document["paths"][operation.path][operation.method.lower()]
        if operation.name not in BODIES:
            continue  # stores' messages, which have a test of their own
        schema = told["requestBody"]["content"][JSON]["schema"]
        found.append((operation, sound(schema, document, BODIES[operation.name])))
    assert len(found) == len(BODIES)
    return found


async def someone(world: World, role: str) -> Person | None:
    if role == "anonymous":
        return None
    person = await world.person()
    person.keeps_replies = False
    await person.grant(PLENTY)
    return person if role == "user" else await world.admin()


async def send(who: Asker, operation: Operation, content: bytes, **more: Any) -> httpx.Response:
    # What is taken after all must not hit anybody.
    path = operation.at(**dict.fromkeys(operation.variables, "nobody"))
    headers = {"Content-Type": JSON, **({"Idempotency-Key": "one"} if operation.needs_key else {})}
    headers |= more.pop("headers", {})
    return await who.ask(operation, path, content=content, headers=headers, **more)


@pytest.mark.timeout(600)
@pytest.mark.parametrize("role", ["anonymous", "user", "admin"])
async def test_nothing_in_any_place_of_a_body_is_a_fault(
    world: World, bodies: list[tuple[Operation, Any]], role: str
) -> None:
    raws = {**{name: json.dumps(text) for name, text in TEXTS.items()}, **RAW}
    chance = random.Random(SEED)
    person = await someone(world, role)
    async with asker(world, person, role) as who:
        for operation, body in bodies:
            for at in places(body):
                for name, raw in raws.items():
                    if chance.randrange(ROUTES) or (role == "anonymous" and chance.randrange(10)):
                        continue
                    answer = await send(who, operation, put(body, at, raw), about=f"{at} {name}")
                    if role == "anonymous" and not operation.is_open:
                        assert answer.status_code == httpx.codes.UNAUTHORIZED
            await who.check_next()
    if role == "user":
        assert person is not None
        await check_money(person)
        assert person.world.people.pop() is person  # a dispute at the sandbox may freeze credits


@pytest.mark.timeout(300)
async def test_no_body_as_a_whole_is_a_fault_or_fills_the_memory(
    world: World, server: Product, bodies: list[tuple[Operation, Any]]
) -> None:
    await world.person()
    before = memory_of(server)
    async with asker(world, await someone(world, "user"), "user") as who:
        for number, (operation, _) in enumerate(bodies[:: paced(1, 3)]):
            for name, (content, headers) in wholes(BODIES[operation.name]).items():
                if len(content) > MEGABYTE and number % BIG_ONES:
                    continue
                path = operation.at(**dict.fromkeys(operation.variables, "nobody"))
                key = {"Idempotency-Key": "one"} if operation.needs_key else {}
                answer = await who.ask(
                    operation, path, about=name, content=content, headers={**headers, **key}
                )
                if len(content) > MEGABYTE and answer.status_code not in {401, 403}:
                    assert answer.status_code == httpx.codes.REQUEST_ENTITY_TOO_LARGE, name
            await who.check_next()
    assert memory_of(server) - before < MOST_MEMORY


async def test_a_body_that_names_privileges_has_none(
    world: World, bodies: list[tuple[Operation, Any]]
) -> None:
    person = await world.person()
    before = await person.get("/v1/auth/me")
    async with asker(world, person, "user") as who:
        for operation, body in bodies:
            if operation.name in {"issue_token", "login", "place_order", "update_profile"}:
                continue  # what they take may change what is compared
            await send(who, operation, json.dumps({**PRIVILEGES, **body}).encode())
    assert await person.get("/v1/auth/me") == before
    rows = await person.transactions()
    assert {row["kind"] for row in rows if row["amount"] > 0} == {"daily_refresh"}
    assert (await person.call("GET", "/v1/admin/users")).status_code == httpx.codes.FORBIDDEN


@pytest.mark.parametrize("name", TEXTS)
async def test_a_text_that_is_taken_can_be_read_again(world: World, name: str) -> None:
    """Names, titles and memories are kept, their space made one, or they are refused."""
    person, text = await world.person(), TEXTS[name]
    made = await person.call("POST", "/v1/chat/sessions", json={"character_id": "mira"})
    session = f"/v1/chat/sessions/{made.json()['id']}"
    tried = (
        ("PATCH", "/v1/auth/me", "display_name", "/v1/auth/me"),
        ("POST", "/v1/chat/memories", "text", "/v1/chat/memories"),
        ("PATCH", session, "title", session),
    )
    for method, path, field, shown_at in tried:
        answer = await person.call(
            method,
            path,
            content=json.dumps({"character_id": "mira", field: text}).encode(),
            headers={"Content-Type": JSON},
        )
        assert answer.status_code in {200, 201, 400, 413, 422}, answer.text
        shown = await person.get(shown_at)
        if answer.is_success:
            kept = answer.json()[field]
            assert " ".join((kept or "").split()) == " ".join(text.split())
            assert [one[field] for one in shown.get("data", [shown])] == [kept]
