"""Nothing but sound JSON gets in, whatever clients send (B2)."""

import asyncio
import json
from typing import Annotated, Any, cast
from urllib.parse import urlsplit

import httpx
import pytest
from hypercorn.typing import HTTPScope
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Meta, Struct
from werkzeug.exceptions import BadRequest, HTTPException

from domain.errors import InvalidRequest
from entrypoints.config import Settings
from entrypoints.http.json_input import JsonReader, canonical
from entrypoints.http.services import HttpSettings
from tests.http.api import Api, api_with, serving

LOGIN = "/v1/auth/login"


class Inner(Struct):
    text: Annotated[str, Meta(max_length=5)] = ""


class Body(Struct):
    amount: Annotated[int, Meta(ge=1, le=100)] = 1
    items: list[Inner] = []
    free: dict[str, Any] = {}


READER = JsonReader(Body)


async def test_plain_text_is_refused(api: Api) -> None:
    reply = await api("POST", LOGIN, data=b"{}", headers={"Content-Type": "text/plain"})
    assert (reply.status, reply.error["code"]) == (400, "invalid_request")


@pytest.mark.parametrize(
    "content_type",
    ["application/json; charset=utf-8", "application/json;charset=UTF-8", "Application/JSON"],
)
async def test_json_may_say_that_it_is_utf8(api: Api, content_type: str) -> None:
    reply = await api("POST", LOGIN, data=b"{}", headers={"Content-Type": content_type})
    assert reply.error["param"] == "id_token"


async def test_another_charset_is_refused(api: Api) -> None:
    headers = {"Content-Type": "application/json; charset=utf-16"}
    reply = await api("POST", LOGIN, data="{}".encode("utf-16"), headers=headers)
    assert reply.status == 400


async def test_an_empty_body_is_refused(api: Api) -> None:
    reply = await api("POST", LOGIN, data=b"")
    assert (reply.status, reply.error["code"]) == (400, "invalid_request")


async def test_an_array_is_refused(api: Api) -> None:
    reply = await api("POST", LOGIN, data=b"[]")
    assert (reply.status, reply.error["code"]) == (422, "invalid_request")


async def test_a_body_of_17_megabytes_is_too_large(api: Api) -> None:
    data = b'{"id_token": "' + b"x" * (17 << 20) + b'"}'
    reply = await api("POST", LOGIN, data=data)
    assert (reply.status, reply.error["code"]) == (413, "payload_too_large")


async def test_a_body_may_be_as_large_as_the_limit() -> None:
    async with api_with(Settings(), HttpSettings(max_body_bytes=100)) as api:
        head, tail = b'{"id_token": "', b'"}'
        fits = head + b"x" * (100 - len(head) - len(tail)) + tail
        assert (await api("POST", LOGIN, data=fits)).status == 401
        assert (await api("POST", LOGIN, data=fits + b" ")).status == 413


@pytest.mark.parametrize(
    "data",
    [
        b"{",
        b"{}{}",
        b"{'amount': 1}",
        b'{"amount": 01}',
        b'{"items": [{"text": "\\ud800"}]}',
        b'{"unknown": "\\udc00"}',
        b'{"items": [{"text": "\xff"}]}',
        b'{"unknown": "\xff"}',
        b'{"items": [{"text": "a\x00"}]}',
        b"\xef\xbb\xbf{}",
        b"[" * 100_000,
        b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
        b'{"unknown": ' + b"[" * 64 + b"]" * 64 + b"}",
    ],
    ids=lambda data: repr(data[:30]),
)
def test_what_is_no_json_is_400(data: bytes) -> None:
    with pytest.raises(HTTPException) as refused:
        READER.parse(data)
    assert refused.value.code == 400


@pytest.mark.parametrize(
    ("data", "param"),
    [
        (b'{"amount": 1.5}', "amount"),
        (b'{"amount": 1.0}', "amount"),
        (b'{"amount": 1e2}', "amount"),
        (b'{"amount": "1e2"}', "amount"),
        (b'{"amount": true}', "amount"),
        (b'{"amount": null}', "amount"),
        (b'{"amount": 0}', "amount"),
        (b'{"amount": 9223372036854775808}', "amount"),
        (b'{"amount": 123456789012345678901234567890}', "amount"),
        (b'{"amount": NaN}', None),
        (b'{"amount": -Infinity}', None),
        (b'{"items": [{"text": "longer"}]}', "items[0].text"),
        (b'{"items": [{}, {"text": 1}]}', "items[1].text"),
        (b'{"items": [{"text": "\\u0000"}]}', None),
        (b'{"unknown": "\\u0000"}', None),
        (b'{"free": {"a": 1e999}}', "free"),
        (b'"text"', None),
        (b"null", None),
    ],
    ids=repr,
)
def test_what_breaks_a_rule_names_the_field(data: bytes, param: str | None) -> None:
    with pytest.raises(InvalidRequest) as refused:
        READER.parse(data)
    assert refused.value.param == param


@pytest.mark.parametrize(
    "value",
    ["w" * 50_000, "x - at `$.evil`", "x - at `$.evil` - at `$.worse", "required field `y`"],
)
async def test_a_complaint_repeats_little_and_names_the_right_field(api: Api, value: str) -> None:
    body = {"product_id": "credits_500", "provider": value}
    reply = await api("POST", "/v1/market/purchases", body=body, headers={"Idempotency-Key": "one"})
    assert reply.status == 422
    assert reply.error["param"] == "provider"
    assert len(reply.error["message"]) < 300
    listed = await api("GET", f"/v1/chat/memories?history={value[:5_000]}")
    assert (listed.status, listed.error["param"]) == (422, "history")
    assert len(listed.error["message"]) < 300


def test_fields_that_nobody_knows_are_ignored() -> None:
    read = READER.parse(b'{"amount": 2, "tier": "premium", "admin": true, "x": [[[]]]}')
    assert read == Body(amount=2)


def test_an_escaped_backslash_before_u0000_is_only_text() -> None:
    assert READER.parse(rb'{"free": {"a": "\\u0000"}}').free == {"a": r"\u0000"}


def test_many_brackets_are_no_depth() -> None:
    items = b",".join([b'{"text": "a"}'] * 500)
    assert len(READER.parse(b'{"items": [' + items + b"]}").items) == 500


def is_sound(data: bytes) -> bool:
    """Whether it is read, or refused as it should be; anything else comes out."""
    try:
        READER.parse(data)
    except (InvalidRequest, BadRequest):
        return False
    return True


@given(st.binary(max_size=60))
def test_no_bytes_are_a_fault(data: bytes) -> None:
    is_sound(data)


TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))


@given(st.recursive(st.none() | st.booleans() | TEXTS, st.lists))
def test_all_sound_json_is_read(value: Any) -> None:
    assert is_sound(json.dumps({"free": {"a": value}}).encode())
    is_sound(json.dumps({"items": value}).encode())


def test_the_same_json_is_the_same_bytes() -> None:
    assert canonical(b'{"b": [1, 2], "a": "\\u00e9"}') == canonical('{"a":"é","b":[1,2]}'.encode())
    assert canonical(b'{"a": [1, 2]}') != canonical(b'{"a": [2, 1]}')
    assert canonical(b"") == b""


@pytest.mark.parametrize("limit", ["0", "101", "1.5", "1e1", "", " 5", "many", "NaN", "9" * 40])
async def test_a_page_has_a_whole_size_from_1_to_100(api: Api, limit: str) -> None:
    reply = await api("GET", f"/v1/chat/sessions?limit={limit}")
    assert (reply.status, reply.error["param"]) == (422, "limit")


@pytest.mark.parametrize("path", ["/v1/chat/sessions", "/v1/config/characters"])
async def test_a_cursor_that_no_database_takes_is_refused(api: Api, path: str) -> None:
    reply = await api("GET", f"{path}?cursor=%00")
    assert (reply.status, reply.error["param"]) == (422, "cursor")


@pytest.mark.parametrize("cursor", ["abc", "-1", "9" * 30])
async def test_a_foreign_cursor_is_refused(api: Api, cursor: str) -> None:
    reply = await api("GET", f"/v1/wallet/transactions?cursor={cursor}")
    assert (reply.status, reply.error["param"]) == (422, "cursor")


@pytest.mark.parametrize(
    "path",
    [
        "/v1/chat/sessions",
        "/v1/chat/memories",
        "/v1/market/purchases",
        "/v1/admin/users",
        "/v1/admin/reports",
        "/v1/admin/moderation",
        "/v1/admin/audit",
    ],
)
@pytest.mark.parametrize("cursor", ["abc", "-1", "msg_01a2"])
async def test_a_cursor_of_another_list_is_refused(api: Api, path: str, cursor: str) -> None:
    """An empty page would be taken for the end of the list."""
    reply = await api("GET", f"{path}?cursor={cursor}", by="root")
    assert (reply.status, reply.error["param"]) == (422, "cursor")


@pytest.mark.parametrize("name", ["%00", "a%0Ab", "x" * 129])
async def test_an_id_that_cannot_be_is_not_looked_for(
    api: Api, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    async def broken(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(api.adapters.characters, "get", broken)
    reply = await api("GET", f"/v1/config/characters/{name}")
    assert (reply.status, reply.error["code"]) == (404, "not_found")


# ------------------------------------------------------------------------------ on a real socket


@pytest.mark.parametrize(("path", "status"), [(LOGIN, 413), ("/v1/auth/me", 401)])
async def test_whoever_sends_too_much_still_reads_why(
    base_url: str, path: str, status: int
) -> None:
    async with httpx.AsyncClient(base_url=base_url, timeout=20) as client:
        method = "POST" if status == 413 else "PATCH"
        headers = {"Content-Type": "application/json"}
        response = await client.request(method, path, content=b"x" * (17 << 20), headers=headers)
    assert response.status_code == status
    assert response.json()["error"]["request_id"]


async def test_a_body_without_an_end_is_too_large(api: Api) -> None:
    sent: list[dict[str, Any]] = []
    received = 0

    async def receive() -> dict[str, Any]:
        nonlocal received
        received += 1 << 16
        await asyncio.sleep(0)
        return {"type": "http.request", "body": b" " * (1 << 16), "more_body": True}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": LOGIN,
        "query_string": b"",
        "root_path": "",
        "headers": [
            (b"content-type", b"application/json"),
            (b"transfer-encoding", b"chunked"),
        ],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 2),
    }
    await api.app(cast("HTTPScope", scope), cast("Any", receive), send)
    assert sent[0]["status"] == 413
    assert received < 1 << 28


async def test_a_body_that_never_comes_is_waited_for_so_long() -> None:
    http = HttpSettings(body_seconds=0.05)
    async with api_with(Settings(), http) as api, serving(api.app) as url:
        answer = await sending(
            url,
            b"POST /v1/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
            b"Connection: close\r\nContent-Length: 10\r\n\r\n{",
        )
    assert b" 408 " in answer.splitlines()[0]


async def test_a_request_line_without_a_path_is_for_the_root(base_url: str) -> None:
    request = b"GET ?x=1 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    assert b" 200 " in (await sending(base_url, request)).splitlines()[0]


@pytest.mark.parametrize("target", ["http://[::1", "*", "a b"])
async def test_a_request_line_with_no_address_is_no_fault(base_url: str, target: str) -> None:
    request = f"GET {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode()
    assert b" 40" in (await sending(base_url, request)).splitlines()[0]


async def test_a_body_with_two_lengths_is_refused_and_nothing_behind_it_heard(
    base_url: str,
) -> None:
    hidden = b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    request = (
        b"POST /v1/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        b"Content-Length: %d\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" % (len(hidden) + 5)
    )
    answers = await sending(base_url, request + hidden)
    assert answers.startswith(b"HTTP/1.1 400 ")
    assert answers.count(b"HTTP/1.1 ") == 1
    assert b"connection: close" in answers.lower()
    assert b"A body has one length." in answers


async def sending(url: str, request: bytes) -> bytes:
    """What comes back for these very bytes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", urlsplit(url).port)
    writer.write(request)
    answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    return answer
