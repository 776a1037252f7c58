"""Somebody else and nobody at all, at everything that an owner has, in every place an id may be.

No answer may have a word of the owner's in it, and nothing of the owner's may change.
"""

import itertools
import json
import random
import uuid
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import pytest

from tests.acceptance.operations import BODIES, Operation, operations
from tests.acceptance.product import Product, Stack
from tests.acceptance.world import Person, World
from tests.fuzz.asking import asker
from tests.fuzz.cast import PLENTY, Owner, an_owner
from tests.fuzz.pace import SEED, paced

LEAVES = {"erase_account", "log_out"}


@pytest.fixture(scope="module", autouse=True)
def server(stack: Stack) -> Product:
    return stack.serve()


@pytest.fixture
async def owner(world: World) -> AsyncIterator[Owner]:
    """Somebody who is afterwards as before."""
    made = await an_owner(world)
    before = await made.state()
    yield made
    assert await made.state() == before


async def other(world: World) -> Person:
    person = await world.person()
    person.keeps_replies = False
    await person.grant(PLENTY)
    return person


def targets(operation: Operation, owner: Owner) -> Iterator[str]:
    """Its path with each of the owner's ids in each place, those of other kinds too."""
    known = {**owner.ids, "character_id": ["mira"], "name": ["sweep-holds"], "event_id": ["x"]}
    for chosen in itertools.product(*(known[name] for name in operation.variables)):
        yield operation.at(**dict(zip(operation.variables, chosen, strict=True)))
    for variable in operation.variables:
        first = {name: known[name][0] for name in operation.variables}
        for kind in owner.ids.values():
            yield operation.at(**{**first, variable: kind[0]})


def bodies(operation: Operation, owner: Owner) -> Iterator[dict[str, Any] | None]:
    """Its body, and the same with the owner's ids wherever one could stand."""
    if operation.name not in BODIES:
        yield None
        return
    yield dict(BODIES[operation.name])
    for name, ids in owner.ids.items():
        yield {**BODIES[operation.name], name: ids[0], "user": owner.ids["user_id"][0]}


@pytest.mark.timeout(300)
@pytest.mark.parametrize("role", ["anonymous", "other"])
async def test_no_id_of_an_owner_gets_anything_of_it(
    world: World, server: Product, owner: Owner, role: str
) -> None:
    person = None if role == "anonymous" else await other(world)
    chance = random.Random(SEED)
    async with asker(world, person, role, owner) as who:
        for operation in operations(server.url):
            if operation.name in LEAVES or operation.name.startswith("receive_"):
                continue
            seen = set()
            for path, body in itertools.product(
                targets(operation, owner), bodies(operation, owner)
            ):
                if (path, json.dumps(body)) in seen or operation.name == "place_order":
                    continue
                seen.add((path, json.dumps(body)))
                if len(seen) > 1 and chance.randrange(paced(1, 4)):
                    continue
                answer = await who.ask(
                    operation, path, json=body, headers={"Idempotency-Key": uuid.uuid4().hex}
                )
                if role == "anonymous" and not operation.is_open:
                    assert answer.status_code == httpx.codes.UNAUTHORIZED
        await who.check_next()


@pytest.mark.timeout(300)
async def test_no_query_of_an_owners_gets_anything_of_it(
    world: World, server: Product, owner: Owner
) -> None:
    """Cursors of the owner's own lists among them."""
    cursors = [ids[0] for ids in owner.ids.values()]
    for path in ("/v1/chat/sessions", "/v1/chat/memories", "/v1/market/purchases"):
        shown = await owner.person.get(path, params={"limit": "1"})
        cursors += [one for one in [shown["next_cursor"]] if one]
    chance = random.Random(SEED)
    async with asker(world, await other(world), "other", owner) as who:
        for operation in operations(server.url):
            if operation.method != "GET" or operation.variables:
                continue
            for name, value in itertools.product(
                ("cursor", "character_id", "user_id", "search", "session_id", "id"), cursors
            ):
                if chance.randrange(paced(1, 5)):
                    continue
                await who.ask(operation, operation.path, params={name: value})


async def test_a_stream_of_an_owners_is_not_resumed_by_somebody_else(
    world: World, owner: Owner, server: Product
) -> None:
    [resume] = [one for one in operations(server.url) if one.name == "resume_stream"]
    async with asker(world, await other(world), "other", owner) as who:
        for turn_id in owner.ids["turn_id"]:
            for seen in ("0-0", "1-0", "2-5", "9-9-finish"):
                headers = {"Last-Event-ID": seen}
                answer = await who.ask(resume, resume.at(turn_id=turn_id), headers=headers)
                assert answer.status_code == httpx.codes.NOT_FOUND


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/v1/chat/sessions", {"character_id": "mira", "title": "{mark} title"}),
        ("POST", "/v1/chat/memories", {"character_id": "mira", "text": "{mark} likes rain"}),
        ("PATCH", "/v1/auth/me", {"display_name": "{mark} name"}),
        ("POST", "/v1/market/purchases", {"product_id": "credits_500", "provider": "sandbox"}),
        (
            "POST",
            "/v1/chat/completions",
            {"model": "mira", "messages": [{"role": "user", "content": "{mark} said"}]},
        ),
    ],
)
async def test_the_key_of_an_owner_is_nothing_to_somebody_else(
    world: World, method: str, path: str, body: dict[str, Any]
) -> None:
    """The same key with the same body is another person's own request."""
    mark = f"canary{uuid.uuid4().hex[:10]}"
    content = json.dumps(body).replace("{mark}", mark).encode()
    headers = {"Idempotency-Key": f"key-{mark}", "Content-Type": "application/json"}
    owner, somebody = await world.person(), await world.person()
    first = await owner.call(method, path, content=content, headers=headers)
    again = await owner.call(method, path, content=content, headers=headers)
    theirs = await somebody.call(method, path, content=content, headers=headers)
    assert first.is_success, first.text
    assert _ids(again) == _ids(first)
    assert theirs.is_success, theirs.text
    assert _ids(theirs).isdisjoint(_ids(first) - {mark})


def _ids(answer: httpx.Response) -> set[str]:
    found: set[str] = set()

    def look(value: object) -> None:
        if isinstance(value, dict):
            ids = (inner for name, inner in value.items() if name == "id" or name.endswith("_id"))
            found.update(one for one in ids if isinstance(one, str) and "_" in one)
            for inner in value.values():
                look(inner)
        elif isinstance(value, list):
            for inner in value:
                look(inner)

    look(answer.json())
    return found - {"credits_500"}
