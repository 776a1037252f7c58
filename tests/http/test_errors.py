"""One shape and one table of errors."""

import logging

import pytest
from quart.testing.connections import WebsocketResponseError

from domain import errors
from domain.errors import DomainError, RateLimited, Unavailable
from entrypoints.http.errors import BY_CODE, TABLE, error_answer, outcome_of
from tests.http.api import Api

REFUSALS = [
    thing
    for thing in vars(errors).values()
    if isinstance(thing, type) and issubclass(thing, DomainError)
]
STATUSES = {
    "invalid_request": 422,
    "unauthenticated": 401,
    "token_expired": 401,
    "forbidden": 403,
    "account_suspended": 403,
    "tier_required": 403,
    "not_found": 404,
    "conflict": 409,
    "idempotency_key_reused": 422,
    "insufficient_credits": 402,
    "content_blocked": 400,
    "payload_too_large": 413,
    "rate_limited": 429,
    "model_unavailable": 503,
    "unavailable": 503,
    "internal": 500,
}


@pytest.mark.parametrize("kind", REFUSALS)
def test_each_refusal_has_the_status_of_its_code(kind: type[DomainError]) -> None:
    malformed = 400  # the status that the contract has for what is not even well formed
    wanted = malformed if kind is errors.NotGenuine else STATUSES[kind.code]
    assert outcome_of(kind).status == wanted


def test_each_code_is_in_the_table_itself_and_not_only_what_it_derives_from() -> None:
    assert BY_CODE.keys() == STATUSES.keys()
    assert {code: outcome.status for code, outcome in BY_CODE.items()} == STATUSES


def test_a_refusal_below_one_of_the_table_is_answered_alike() -> None:
    assert errors.AlreadyRecorded not in TABLE
    assert outcome_of(errors.AlreadyRecorded) == TABLE[errors.Conflict]


def test_waiting_times_are_headers() -> None:
    limited = error_answer(RateLimited("slow down", retry_after=7), "req_1")
    assert limited.headers["Retry-After"] == "7"
    assert "Retry-After" in error_answer(Unavailable("away"), "req_1").headers


async def test_an_unknown_route_is_not_found(api: Api) -> None:
    reply = await api("GET", "/v1/nowhere")
    assert (reply.status, reply.error["code"]) == (404, "not_found")


async def test_no_route_is_answered_with_a_redirect(api: Api) -> None:
    for path in ("/v1//models", "/v1/models/", "/v1/chat//sessions"):
        assert (await api("GET", path)).status == 404


async def test_a_wrong_method_is_told_the_right_ones(api: Api) -> None:
    reply = await api("DELETE", "/v1/models")
    assert (reply.status, reply.error["code"]) == (405, "invalid_request")
    assert "GET" in reply.headers["allow"]


async def test_a_websocket_finds_nothing(api: Api) -> None:
    async with api.app.test_app() as running:
        client = running.test_client()
        with pytest.raises(WebsocketResponseError) as refused:
            async with client.websocket("/v1/models") as socket:
                await socket.receive()
    assert refused.value.response.status_code == 404


async def test_a_fault_tells_the_client_nothing_and_the_log_where_it_was(
    api: Api, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object, **__: object) -> None:
        raise RuntimeError("the secret words of ann") from ValueError("more of them")

    monkeypatch.setattr(api.adapters.sessions, "get", broken)
    with caplog.at_level(logging.ERROR):
        reply = await api("GET", "/v1/chat/sessions/ses_1")
    assert (reply.status, reply.error["code"]) == (500, "internal")
    assert b"secret" not in reply.body
    assert reply.headers["x-request-id"] in caplog.text
    assert "builtins.RuntimeError" in caplog.text
    assert "builtins.ValueError" in caplog.text
    assert "test_errors.py" in caplog.text
    assert "secret words of ann" not in caplog.text.replace('"the secret words of ann"', "")
    assert "more of them" not in caplog.text.replace('"more of them"', "")


async def test_a_store_that_is_away_is_unavailable(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: object, **__: object) -> None:
        raise Unavailable("The database does not answer.")

    monkeypatch.setattr(api.adapters.sessions, "get", away)
    reply = await api("GET", "/v1/chat/sessions/ses_1")
    assert (reply.status, reply.error["code"]) == (503, "unavailable")
    assert reply.error["type"] == "api_error"
    assert int(reply.headers["retry-after"]) > 0
