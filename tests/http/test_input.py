"""Nothing but sound JSON gets in, whatever clients send (B2)."""

from typing import Annotated, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Meta, Struct
from werkzeug.exceptions import HTTPException

from domain.errors import InvalidRequest
from entrypoints.config import Settings
from entrypoints.http.json_input import JsonReader, canonical
from entrypoints.http.services import HttpSettings
from tests.http.api import Api, api_with

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


def test_fields_that_nobody_knows_are_ignored() -> None:
    read = READER.parse(b'{"amount": 2, "tier": "premium", "admin": true, "x": [[[]]]}')
    assert read == Body(amount=2)


def test_an_escaped_backslash_before_u0000_is_only_text() -> None:
    assert READER.parse(rb'{"free": {"a": "\\u0000"}}').free == {"a": r"\u0000"}


def test_many_brackets_are_no_depth() -> None:
    items = b",".join([b'{"text": "a"}'] * 500)
    assert len(READER.parse(b'{"items": [' + items + b"]}").items) == 500


@given(st.binary(max_size=60))
def test_no_bytes_are_answered_with_a_fault(data: bytes) -> None:
    try:
        READER.parse(data)
    except InvalidRequest:
        return
    except HTTPException as refused:
        assert refused.code == 400


@given(st.recursive(st.none() | st.booleans() | st.text(), lambda inner: st.lists(inner)))
def test_no_json_is_answered_with_a_fault(value: Any) -> None:
    import json

    try:
        READER.parse(json.dumps({"free": {"a": value}, "items": value}).encode())
    except InvalidRequest:
        return
    except HTTPException as refused:
        assert refused.code == 400


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


@pytest.mark.parametrize("name", ["%00", "a%0Ab", "x" * 129])
async def test_an_id_that_cannot_be_is_not_found(api: Api, name: str) -> None:
    reply = await api("GET", f"/v1/config/characters/{name}")
    assert (reply.status, reply.error["code"]) == (404, "not_found")
