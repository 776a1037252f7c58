"""Odd ids, queries, headers and keys on every route, and requests that are hardly requests."""

import asyncio
import random
import re
import uuid

import httpx
import pytest

from tests.acceptance.operations import operations
from tests.acceptance.product import Product, Stack
from tests.acceptance.world import Person, World
from tests.fuzz.asking import JSON, asker, check_error
from tests.fuzz.cast import PLENTY
from tests.fuzz.hostile import IDS, KEYS, QUERIES
from tests.fuzz.pace import SEED, paced
from tests.fuzz.raw import SMUGGLED, STRANGE, exchange, statuses_of
from tests.fuzz.tally import SERVER_ERROR, TALLY, UNKNOWN_ENCODING

EVERY = paced(1, 4)
"""Every so manyth of what there is to try."""
LEAVES = {"erase_account", "log_out"}
NOT_LISTED = {404, 405}
"""What the router answers when an odd id makes another address of it."""


@pytest.fixture(scope="module", autouse=True)
def server(stack: Stack) -> Product:
    return stack.serve()


async def somebody(world: World, role: str) -> Person:
    person = await world.person()
    person.keeps_replies = False
    await person.grant(PLENTY)
    return person if role == "user" else await world.admin()


@pytest.mark.timeout(300)
@pytest.mark.parametrize("role", ["user", "admin"])
async def test_no_id_is_a_fault(world: World, server: Product, role: str) -> None:
    chance = random.Random(SEED)
    async with asker(world, await somebody(world, role), role) as who:
        for operation in operations(server.url):
            allowed = who.statuses[operation.name] | NOT_LISTED
            for variable in operation.variables:
                for name, id_ in IDS.items():
                    if chance.randrange(EVERY):
                        continue
                    path = operation.at(
                        **{**dict.fromkeys(operation.variables, "x"), variable: id_}
                    )
                    url = f"{server.url}{path}"
                    headers = {"Authorization": f"Bearer {who.token}", "Idempotency-Key": "one"}
                    body = operation.body if operation.has_body else None
                    answer = await who.http.request(
                        operation.method, url, headers=headers, json=body
                    )
                    route = f"{operation.method} {operation.path}"
                    TALLY.add(role, route, answer.status_code)
                    who.check(answer, f"{role} {route} {name}", allowed)
                    assert "x-injected" not in answer.headers
        await who.check_next()


@pytest.mark.timeout(300)
@pytest.mark.parametrize("role", ["user", "admin"])
async def test_no_query_is_a_fault(world: World, server: Product, role: str) -> None:
    chance = random.Random(SEED)
    async with asker(world, await somebody(world, role), role) as who:
        for operation in operations(server.url):
            if operation.method != "GET":
                continue
            for query in QUERIES:
                if chance.randrange(EVERY):
                    continue
                path = operation.at(**dict.fromkeys(operation.variables, "mira"))
                answer = await who.ask(operation, f"{path}?{query}", about=query[:30])
                assert "x-injected" not in answer.headers
        await who.check_next()


async def test_a_cursor_that_was_tampered_with_is_a_place_or_none(
    world: World, server: Product
) -> None:
    person = await somebody(world, "user")
    for _ in range(3):
        await person.call("POST", "/v1/chat/sessions", json={"character_id": "mira"})
    async with asker(world, person, "user") as who:
        for operation in operations(server.url):
            if operation.method != "GET" or operation.variables or "admin" in operation.path:
                continue
            first = await who.ask(operation, f"{operation.path}?limit=1")
            shown = first.json() if first.headers["content-type"] == JSON else {}
            cursor = shown.get("next_cursor") if first.is_success else None
            if not cursor:
                continue
            chance = random.Random(SEED)
            for _ in range(paced(60, 15)):
                at = chance.randrange(len(cursor))
                odd = cursor[:at] + chance.choice("0zZ~_-%.'\u00e9") + cursor[at + 1 :]
                params = {"limit": "1", "cursor": odd}
                await who.ask(operation, operation.path, about=odd, params=params)


@pytest.mark.parametrize("name", KEYS)
async def test_an_odd_key_is_refused_where_keys_count_and_ends_nothing(
    world: World, server: Product, name: str
) -> None:
    person = await somebody(world, "user")
    key = {b"Idempotency-Key": KEYS[name].encode("latin-1")}
    async with asker(world, person, "user") as who:
        for operation in operations(server.url):
            if operation.method == "GET" or operation.name in LEAVES or operation.is_open:
                continue
            path = operation.at(**dict.fromkeys(operation.variables, "x"))
            headers = {b"Authorization": f"Bearer {who.token}".encode(), **key}
            body = operation.body if operation.has_body else None
            answer = await who.http.request(
                operation.method, server.url + path, headers=headers, json=body
            )
            told = f"{operation.method} {operation.path}"
            TALLY.add("user", told, answer.status_code)
            who.check(answer, f"{told} {name}", who.statuses[operation.name])
        await who.check_next()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Authorization", "Bearer"),
        ("Authorization", "Bearer " + "x" * 7_000),
        ("Authorization", "Basic YTpi"),
        ("Authorization", "Bearer a b"),
        ("Authorization", "bearer \xe9"),
        ("X-Request-ID", "x" * 5_000),
        ("X-Request-ID", "a b;c"),
        ("X-Request-ID", "\xff"),
        ("X-Forwarded-For", "1.2.3.4, ::1, unknown, " + "1," * 1_000),
        ("X-Forwarded-For", "\xff\xfe"),
        ("Forwarded", 'for="[::1"'),
        ("X-Forwarded-Host", "evil.example"),
        ("Host", "evil.example:99999"),
        ("Accept", "a/b;q=9" * 500),
        ("Accept-Encoding", "\xff"),
        ("Origin", "null"),
        ("Origin", "http://\xff"),
        ("Cookie", "companion_console=" + "x" * 6_000),
        ("Cookie", ";;;=\xff;=;a"),
        ("Last-Event-ID", "\xff"),
        ("Last-Event-ID", "9" * 5_000),
        ("If-None-Match", '"' * 3_000),
        ("Range", "bytes=99999999999-0,-1"),
        ("Expect", "something"),
        ("traceparent", "00-" + "z" * 300),
        ("Content-Length", "0"),
        ("Connection", "keep-alive, Authorization"),
        ("X-HTTP-Method-Override", "DELETE"),
    ],
)
async def test_no_header_is_a_fault(world: World, server: Product, name: str, value: str) -> None:
    person = await somebody(world, "user")
    async with asker(world, person, "user") as who:
        for operation in operations(server.url):
            if operation.method != "GET":
                continue
            path = operation.at(**dict.fromkeys(operation.variables, "mira"))
            sent = {b"Authorization": f"Bearer {who.token}".encode()}
            sent[name.encode()] = value.encode("latin-1")
            try:
                answer = await who.http.get(server.url + path, headers=sent)
            except httpx.RemoteProtocolError:
                TALLY.add("user", f"GET {operation.path}", 0)
                continue  # cut off, which is an answer too
            TALLY.add("user", f"GET {operation.path}", answer.status_code)
            allowed = who.statuses[operation.name] | {400, 401, 417}
            who.check(answer, f"{operation.name} {name}: {value[:30]!r}", allowed)
        await who.check_next()


@pytest.mark.parametrize("name", STRANGE)
async def test_what_is_hardly_a_request_is_refused_or_cut_off(
    world: World, server: Product, name: str
) -> None:
    answers = await exchange(server.port, STRANGE[name])
    found = statuses_of(answers)
    for status in found or [0]:
        TALLY.add("anonymous", "(hardly a request)", status)
    assert all(status < SERVER_ERROR or status == UNKNOWN_ENCODING for status in found), answers
    assert (await world.http.get(f"{server.url}/healthz")).is_success


@pytest.mark.parametrize("name", SMUGGLED)
async def test_nothing_is_smuggled_in_behind_another_request(
    world: World, server: Product, name: str
) -> None:
    """What one request hides in its body is not done as the next one."""
    person = await world.person()
    title = f"smuggled {uuid.uuid4().hex}"
    body = f'{{"character_id": "mira", "title": "{title}"}}'
    hidden = (
        f"POST /v1/chat/sessions HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {person.token}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n{body}"
    )
    answers = await exchange(server.port, SMUGGLED[name](hidden.encode()))
    for status in statuses_of(answers) or [0]:
        TALLY.add("anonymous", "(hardly a request)", status)
        assert status < SERVER_ERROR or status == UNKNOWN_ENCODING, answers
    assert (await person.get("/v1/chat/sessions"))["data"] == [], answers[:500]


async def test_requests_in_one_go_are_answered_in_their_order(server: Product) -> None:
    marks = [f"mark-{n}" for n in range(20)]
    asked = "".join(
        f"GET /healthz HTTP/1.1\r\nHost: a\r\nX-Request-ID: {mark}\r\n\r\n" for mark in marks
    )
    answers = await exchange(server.port, asked.encode())
    assert re.findall(rb"(?i)x-request-id: ([\w-]+)", answers) == [one.encode() for one in marks]


async def test_methods_that_there_are_not_are_405_or_404(world: World, server: Product) -> None:
    paths = {one.path for one in operations(server.url)}
    known = {(one.method, one.path) for one in operations(server.url)}
    for path in sorted(paths):
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE", "TRACE", "LOCK", "CONNECTED"):
            if (method, path) in known:
                continue
            url = server.url + re.sub(r"\{\w+\}", "x", path)
            answer = await world.http.request(method, url)
            TALLY.add("anonymous", "(methods that a route does not have)", answer.status_code)
            # Another route may have this shape: ``/v1/admin/characters/import`` as an id.
            assert answer.status_code in {401, *NOT_LISTED}, f"{method} {path}: {answer.text}"
            check_error(answer, f"{method} {path}")


async def test_a_slow_sender_keeps_nobody_waiting(world: World, server: Product) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(b"POST /v1/auth/login HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n")
    await writer.drain()
    for _ in range(20):
        assert (await world.http.get(f"{server.url}/healthz")).is_success
    writer.close()
    await reader.read()
