"""Bodies that nobody should send, on every route that takes one: B2."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping

import httpx
import pytest

from tests.acceptance.operations import BODIES, Operation, operations
from tests.acceptance.product import Product, Stack
from tests.acceptance.world import Person, World

JSON = "application/json"
OPTIONAL = {"suspend_user", "regenerate_reply", "report_message", "open_portal"}
"""Operations that need no body."""
MEGABYTE = 1024 * 1024
DEEP = 100_000


def _first_field(body: Mapping[str, object]) -> str:
    return next((name for name, value in body.items() if isinstance(value, str)), next(iter(body)))


def _with_raw(body: Mapping[str, object], raw: str) -> bytes:
    """The body as JSON, with a field replaced by raw JSON."""
    marked = json.dumps({**body, _first_field(body): "@@@"})
    return marked.replace('"@@@"', raw).encode()


def _made(body: Mapping[str, object]) -> dict[str, tuple[bytes, str]]:
    """Bodies by what is wrong with them, each with its content type."""
    good = json.dumps(body).encode()
    first = _first_field(body)
    return {
        "text/plain": (good, "text/plain"),
        "a form": (b"a=b", "application/x-www-form-urlencoded"),
        "another charset": (good, f"{JSON}; charset=utf-16"),
        "empty": (b"", JSON),
        "space": (b" \n ", JSON),
        "an array": (b"[]", JSON),
        "an array around it": (b"[" + good + b"]", JSON),
        "null": (b"null", JSON),
        "a text": (b'"text"', JSON),
        "a number": (b"17", JSON),
        "cut": (good[:-1], JSON),
        "two of them": (good + good, JSON),
        "a comma too many": (good[:-1] + b",}", JSON),
        "single quotes": (good.replace(b'"', b"'"), JSON),
        "bad UTF-8": (_with_raw(body, '"@@"').replace(b"@@", b"\xff\xfe\xc3("), JSON),
        "bad UTF-8 where nobody looks": (good[:-1] + b', "unknown": "\xff"}', JSON),
        "UTF-16": (json.dumps(body).encode("utf-16"), JSON),
        "UTF-32": (json.dumps(body).encode("utf-32"), JSON),
        "a lone surrogate": (_with_raw(body, '"\\ud800"'), JSON),
        "NUL": (_with_raw(body, '"a\\u0000b"'), JSON),
        "NUL where nobody looks": (good[:-1] + b', "unknown": ["a\\u0000b"]}', JSON),
        "NaN": (_with_raw(body, "NaN"), JSON),
        "Infinity": (_with_raw(body, "-Infinity"), JSON),
        "2^63": (_with_raw(body, str(2**63)), JSON),
        "2^63 where nobody looks": (good[:-1] + b', "unknown": [9223372036854775808]}', JSON),
        "a number of 5000 digits": (_with_raw(body, "9" * 5_000), JSON),
        "1e400": (_with_raw(body, "1e400"), JSON),
        "an object for a text": (_with_raw(body, "{}"), JSON),
        "nested 100,000 deep": (b"[" * DEEP + b"]" * DEEP, JSON),
        "nested 100,000 deep inside": (_with_raw(body, "[" * DEEP + "]" * DEEP), JSON),
        "objects 50,000 deep": (_with_raw(body, '{"a":' * 50_000 + "1" + "}" * 50_000), JSON),
        "a text of a megabyte": (_with_raw(body, f'"{"x" * MEGABYTE}"'), JSON),
        "a field twice, then wrong": (
            good[:-1] + f", {json.dumps(first)}: [1]}}".encode(),
            JSON,
        ),
    }


# These are JSON objects to any reader, and what is odd in them a route may well ignore.
IGNORABLE = {"2^63 where nobody looks", "1e400", "2^63", "a number of 5000 digits"}
WRONG = sorted(_made({"text": "x"}))


@pytest.fixture(scope="module", autouse=True)
def server(stack: Stack) -> Product:
    return stack.serve()


@pytest.fixture(scope="module")
def with_bodies(server: Product) -> list[Operation]:
    # Messages of stores are judged by their signature first; that is tested with each store.
    found = [
        one
        for one in operations(server.url)
        if one.has_body and not one.name.startswith("receive_")
    ]
    assert {one.name for one in found} == BODIES.keys()
    return found


@pytest.fixture
async def admin(world: World) -> Person:
    return await world.admin()


async def send(
    admin: Person, operation: Operation, content: bytes, kind: str | None
) -> httpx.Response:
    # A body that is taken after all must not hit anybody.
    ids = dict.fromkeys(operation.variables, "nobody")
    headers = {"Idempotency-Key": "one"} if operation.needs_key else {}
    if kind is not None:
        headers["Content-Type"] = kind
    return await admin.call(operation.method, operation.at(**ids), content=content, headers=headers)


def assert_refused(answer: httpx.Response, about: str) -> None:
    assert 400 <= answer.status_code < 500, f"{about}: {answer.status_code} {answer.text}"
    error = answer.json()["error"]
    assert error.keys() == {"type", "code", "message", "param", "request_id"}, about
    assert answer.headers["content-type"] == JSON, about
    assert len(answer.content) < 2_000, f"{about}: says more than is good"


@pytest.mark.parametrize("wrong", WRONG)
async def test_b2_wrong_body_on_every_route(
    admin: Person, with_bodies: list[Operation], wrong: str
) -> None:
    for operation in with_bodies:
        content, kind = _made(BODIES[operation.name])[wrong]
        if not content and operation.name in OPTIONAL:
            continue  # their body is optional
        answer = await send(admin, operation, content, kind)
        assert answer.status_code < 500, f"{operation}: {answer.text}"
        if wrong not in IGNORABLE or answer.is_error:
            assert_refused(answer, f"{operation.name} with {wrong}")
        if wrong not in IGNORABLE:
            assert answer.status_code in {400, 413, 422}, f"{operation}: {answer.text}"
    assert (await admin.call("GET", "/v1/auth/me")).is_success


async def test_b2_no_content_type(admin: Person, with_bodies: list[Operation]) -> None:
    for operation in with_bodies:
        content = json.dumps(operation.body).encode()
        assert_refused(await send(admin, operation, content, None), operation.name)


async def test_b2_more_than_17_megabytes(
    admin: Person, with_bodies: list[Operation], server: Product
) -> None:
    content = b'{"text": "' + b"x" * (17 * MEGABYTE) + b'"}'
    for operation in with_bodies:
        if operation.name in {"create_completion", "login", "correct_memory"}:
            answer = await send(admin, operation, content, JSON)
            assert answer.status_code == 413, f"{operation}: {answer.text}"
            assert answer.json()["error"]["code"] == "payload_too_large"


async def test_b2_chunks_without_an_end(admin: Person, server: Product) -> None:
    """Somebody who never stops sending is answered, and costs nobody else anything."""
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        yield b'{"text": "'
        while sent < 1_000 * MEGABYTE:
            sent += 65_536
            yield b"x" * 65_536

    async def flood() -> int | None:
        url = f"{server.url}/v1/chat/completions"
        headers = {"Authorization": f"Bearer {admin.token}", "Content-Type": JSON}
        try:
            answer = await admin.world.http.post(url, content=endless(), headers=headers)
        except httpx.TransportError:
            return None  # cut off, which is an answer too
        return answer.status_code

    async with asyncio.timeout(60):
        flooding = asyncio.create_task(flood())
        while not flooding.done():
            assert (await admin.call("GET", "/healthz")).is_success
            await asyncio.sleep(0.02)
    assert flooding.result() in {None, 413}
    assert sent < 1_000 * MEGABYTE


async def test_b2_duplicate_keys_have_one_meaning(admin: Person, server: Product) -> None:
    """Whichever of them counts, it is the same one for what is checked and what is done."""
    answer = await admin.call(
        "PATCH",
        "/v1/auth/me",
        content=b'{"display_name": "First", "display_name": "Second"}',
        headers={"Content-Type": JSON},
    )
    assert answer.status_code in {200, 400, 422}, answer.text
    if answer.is_success:
        assert answer.json()["display_name"] in {"First", "Second"}
        assert await admin.get("/v1/auth/me") == answer.json()


@pytest.mark.parametrize(
    "path",
    [
        "/v1/chat/sessions/%00",
        "/v1/chat/sessions/%ff%fe",
        "/v1/chat/sessions/" + "x" * 5_000,
        "/v1/chat/sessions/..%2f..%2fetc%2fpasswd",
        "/v1/chat/turns/%ed%a0%80",
        "/v1/admin/users/%0d%0aX-Injected:%20yes",
        "/v1/chat/sessions/x'%20OR%20'1'='1",
        "/v1/nothing",
        "/V1/auth/me",
    ],
)
async def test_b2_odd_addresses(admin: Person, path: str) -> None:
    answer = await admin.call("GET", path)
    assert_refused(answer, path)
    assert "x-injected" not in answer.headers


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=-1",
        "limit=101",
        "limit=abc",
        "limit=1e1",
        "limit=9223372036854775808",
        "limit=%00",
        "cursor=%00",
        "cursor=%ff",
        "cursor=" + "x" * 1_000,
        "limit=",
    ],
)
async def test_b2_odd_queries(admin: Person, server: Product, query: str) -> None:
    for operation in operations(server.url):
        if operation.method != "GET" or operation.variables or operation.name.startswith("get_"):
            continue
        if operation.path in {"/docs", "/v1/config/characters", "/v1/models", "/", "/admin"}:
            continue
        answer = await admin.call("GET", f"{operation.path}?{query}")
        assert answer.status_code < 500, f"{operation}: {answer.text}"


@pytest.mark.parametrize("amount", ["0", "-1", str(2**63), "1.5", '"1e3"', "NaN", "null", "true"])
async def test_m11_no_such_amount_can_be_granted(admin: Person, amount: str) -> None:
    person = await admin.world.person()
    answer = await admin.call(
        "POST",
        f"/v1/admin/users/{person.name}/credits",
        content=f'{{"amount": {amount}, "bucket": "promo", "reason": "test"}}'.encode(),
        headers={"Content-Type": JSON, "Idempotency-Key": "grant"},
    )
    assert answer.status_code == 422, answer.text
