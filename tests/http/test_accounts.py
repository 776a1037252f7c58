"""Signing in and one's own account."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest
from attrs import evolve

from entrypoints.config import Settings
from entrypoints.http.services import HttpSettings
from tests.http.api import Api, api_with


async def sign_in(api: Api, name: str = "ann") -> tuple[int, dict[str, Any]]:
    token = await api.token(name)
    reply = await api("POST", "/v1/auth/login", by=None, body={"id_token": token})
    return reply.status, reply.json


async def test_the_first_sign_in_creates_the_account(api: Api) -> None:
    status, first = await sign_in(api)
    _, second = await sign_in(api)
    assert status == 200
    assert first["created"] is True
    assert second == {**first, "created": False}
    assert [notice["kind"] for notice in first["notices"]] == ["ai_disclosure"]
    assert first["user"] == (await api("GET", "/v1/auth/me")).json


async def test_a_profile_is_what_the_contract_says(api: Api) -> None:
    profile = (await api("GET", "/v1/auth/me")).json
    assert profile.keys() == {
        "id", "subject", "display_name", "country", "tier", "age_band", "created_at",
        "app_account_token",
    }  # fmt: skip
    assert profile["id"].startswith("usr_")
    assert profile["subject"] == "ann"
    assert profile["created_at"].endswith("Z")
    assert datetime.fromisoformat(profile["created_at"]).utcoffset() == timedelta(0)


async def test_a_profile_is_as_another_process_has_left_it(api: Api) -> None:
    known = await api.adapters.accounts.get(await api.user_id())
    await api.adapters.accounts.save(evolve(known, display_name="Zed"))
    assert (await api("GET", "/v1/auth/me")).json["display_name"] == "Zed"


async def test_twenty_first_requests_at_once_create_one_account(api: Api) -> None:
    token = await api.token("ann")
    body = {"id_token": token}
    replies = await asyncio.gather(
        *(api("POST", "/v1/auth/login", by=None, body=body) for _ in range(20))
    )
    assert {reply.status for reply in replies} == {200}
    assert len({reply.json["user"]["id"] for reply in replies}) == 1
    assert sum(reply.json["created"] for reply in replies) == 1
    entries = (await api("GET", "/v1/wallet/transactions")).json["data"]
    assert len(entries) <= 1


@pytest.mark.parametrize("token", ["nonsense", "tëst", "a\tb", "x" * 8_192])
async def test_a_bad_token_signs_nobody_in(api: Api, token: str) -> None:
    reply = await api("POST", "/v1/auth/login", by=None, body={"id_token": token})
    assert (reply.status, reply.error["code"]) == (401, "unauthenticated")


@pytest.mark.parametrize("body", [{}, {"id_token": ""}, {"id_token": None}, {"id_token": 5}])
async def test_no_token_is_no_request(api: Api, body: object) -> None:
    reply = await api("POST", "/v1/auth/login", by=None, body=body)
    assert (reply.status, reply.error["param"]) == (422, "id_token")


async def test_a_profile_can_be_changed(api: Api) -> None:
    body = {"display_name": "  Ann  Lee ", "country": "de", "age_band": "16_17"}
    changed = (await api("PATCH", "/v1/auth/me", body=body)).json
    assert changed["display_name"] == "Ann Lee"
    assert changed["country"] == "DE"
    assert changed["age_band"] == "16_17"
    cleared = (await api("PATCH", "/v1/auth/me", body={"display_name": ""})).json
    assert cleared["display_name"] is None
    assert cleared["country"] == "DE"
    assert (await api("GET", "/v1/auth/me")).json == cleared


@pytest.mark.parametrize(
    ("body", "param"),
    [
        ({"display_name": "x" * 81}, "display_name"),
        ({"country": "DEU"}, "country"),
        ({"country": "1a"}, "country"),
        ({"age_band": "old"}, "age_band"),
    ],
)
async def test_a_profile_has_rules(api: Api, body: object, param: str) -> None:
    reply = await api("PATCH", "/v1/auth/me", body=body)
    assert (reply.status, reply.error["param"]) == (422, param)


async def test_logging_out_ends_the_tokens_that_there_are(api: Api) -> None:
    await api("GET", "/v1/auth/me")
    assert (await api("POST", "/v1/auth/logout")).status == 204
    assert (await api("GET", "/v1/wallet/balance")).status == 401
    assert (await api("GET", "/v1/auth/me")).status == 401
    del api.tokens["ann"]
    assert (await api("GET", "/v1/auth/me")).status == 200


async def test_an_erased_account_begins_anew(api: Api) -> None:
    await api.say("I keep bees on the roof of my house.")
    before = await api.user_id()
    erased = await api("DELETE", "/v1/auth/me")
    assert (erased.status, erased.body) == (204, b"")
    assert (await api("GET", "/v1/wallet/balance")).status == 401
    del api.tokens["ann"]
    assert await api.user_id() != before
    assert (await api("GET", "/v1/chat/sessions")).json["data"] == []
    assert (await api("GET", "/v1/chat/memories")).json["data"] == []
    assert (await api("GET", f"/v1/admin/users/{before}", by="root")).status == 404


async def test_an_export_holds_all_that_was_said(api: Api) -> None:
    said = await api.say("I keep bees on the roof of my house.")
    export = (await api("GET", "/v1/auth/me/export")).json
    assert export["profile"] == (await api("GET", "/v1/auth/me")).json
    assert export.keys() == {
        "profile", "standing", "sessions", "memories", "reports", "moderation_flags", "wallet",
        "transactions", "purchases",
    }  # fmt: skip
    contents = [message["content"] for message in export["sessions"][0]["messages"]]
    assert "I keep bees on the roof of my house." in contents
    assert said.json["choices"][0]["message"]["content"] in contents
    assert len(export["memories"]) == 1
    assert export["standing"]["noticed_at"].keys() == {"ai_disclosure"}
    assert export["standing"]["age_band_source"] is None
    await api("PATCH", "/v1/auth/me", body={"age_band": "16_17"})
    standing = (await api("GET", "/v1/auth/me/export")).json["standing"]
    assert standing["age_band_source"] == "declared"
    assert standing["age_band_at"] is not None


async def test_the_local_issuer_hands_out_tokens(api: Api) -> None:
    body = {"user_id": "eve", "claims": {"admin": True, "name": "Eve"}}
    issued = await api("POST", "/v1/auth/dev-token", by=None, body=body)
    assert issued.status == 200
    assert issued.json["expires_in"] == 3600
    headers = {"Authorization": f"Bearer {issued.json['id_token']}"}
    assert (await api("GET", "/v1/admin/jobs", by=None, headers=headers)).status == 200
    me = await api("GET", "/v1/auth/me", by=None, headers=headers)
    assert (me.json["subject"], me.json["display_name"]) == ("eve", "Eve")


@pytest.mark.parametrize(
    ("body", "param"),
    [
        ({}, "user_id"),
        ({"user_id": ""}, "user_id"),
        ({"user_id": "x" * 129}, "user_id"),
        ({"user_id": "eve", "claims": []}, "claims"),
        ({"user_id": "eve", "claims": {"sub": "bob"}}, "claims"),
        ({"user_id": "eve", "claims": {"n": 2**63}}, None),
    ],
)
async def test_tokens_have_rules(api: Api, body: object, param: str | None) -> None:
    reply = await api("POST", "/v1/auth/dev-token", by=None, body=body)
    assert (reply.status, reply.error["param"]) == (422, param)


async def test_without_a_local_issuer_there_is_no_such_route() -> None:
    async with api_with(Settings(), HttpSettings()) as api:
        reply = await api("POST", "/v1/auth/dev-token", by=None, body={"user_id": "eve"})
    assert (reply.status, reply.error["code"]) == (404, "not_found")
