"""Anonymous, the wrong person, the right person: on every route (U4)."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from entrypoints.http.app import HttpApp
from entrypoints.http.routing import Access, Route
from tests.http.api import FREE_CHARACTER, Api, Reply

KEY = {"Idempotency-Key": "some-key"}


def routes_of(api: Api) -> tuple[Route, ...]:
    assert isinstance(api.app, HttpApp)
    return api.app.routes


def path_of(route: Route, name: str = "nobody") -> str:
    return "/".join(name if part.startswith("<") else part for part in route.path.split("/"))


async def call_each(
    api: Api, wanted: Callable[[Route], bool], call: Callable[[Route], Awaitable[Reply]]
) -> dict[str, int]:
    """The status of each route that is wanted, by name."""
    return {route.name: (await call(route)).status for route in routes_of(api) if wanted(route)}


def is_guarded(route: Route) -> bool:
    return route.access not in {Access.PUBLIC, Access.OPTIONAL, Access.CONSOLE}


@pytest.mark.parametrize(
    "authorization",
    [
        None,
        "",
        "Bearer",
        "Bearer ",
        "Bearer x.y.z",
        "Basic YTpi",
        "x.y.z",
        "Bearer " + "a" * 8_193,
        "Bearer tëst",
        "Bearer a b",
    ],
)
async def test_without_a_token_nobody_comes_in(api: Api, authorization: str | None) -> None:
    headers = {} if authorization is None else {"Authorization": authorization}
    replies: list[Reply] = []

    async def call(route: Route) -> Reply:
        reply = await api(route.method, path_of(route), by=None, headers=headers)
        replies.append(reply)
        return reply

    statuses = await call_each(api, is_guarded, call)
    assert len(statuses) > 25
    assert set(statuses.values()) == {401}
    assert {reply.error["code"] for reply in replies} == {"unauthenticated"}
    assert {reply.headers["www-authenticate"] for reply in replies} == {"Bearer"}


async def test_where_a_token_may_be_sent_it_must_be_a_good_one(api: Api) -> None:
    headers = {"Authorization": "Bearer x.y.z"}
    statuses = await call_each(
        api,
        lambda route: route.access is Access.OPTIONAL,
        lambda route: api(route.method, path_of(route), by=None, headers=headers),
    )
    assert len(statuses) == 3
    assert set(statuses.values()) == {401}


async def test_administration_is_for_administrators(api: Api) -> None:
    statuses = await call_each(
        api,
        lambda route: route.path.startswith("/v1/admin/"),
        lambda route: api(route.method, path_of(route), headers=KEY),
    )
    assert len(statuses) >= 10
    assert set(statuses.values()) == {403}


async def test_a_claim_that_is_taken_away_opens_nothing_any_more(api: Api) -> None:
    assert (await api("GET", "/v1/admin/jobs", by="root")).status == 200
    old = api.tokens["root"]
    await api.identities.issue("root", {"admin": False})
    headers = {"Authorization": f"Bearer {old}"}
    assert (await api("GET", "/v1/admin/jobs", by=None, headers=headers)).status == 403


async def test_administration_closes_while_the_shared_counter_is_away(api: Api) -> None:
    await api("GET", "/v1/admin/jobs", by="root")
    await api("GET", "/v1/auth/me")
    api.limiter.is_shared = False
    assert (await api("GET", "/v1/admin/jobs", by="root")).status == 503
    assert (await api("GET", "/v1/auth/me")).status == 200


async def test_a_suspended_account_is_told_so_everywhere(api: Api) -> None:
    await api("GET", "/v1/auth/me")
    suspended = await api("POST", "/v1/admin/users/ann/suspend", by="root", body={"reason": "x"})
    assert suspended.json["suspended_reason"] == "x"
    statuses = await call_each(
        api, is_guarded, lambda route: api(route.method, path_of(route), headers=KEY)
    )
    assert set(statuses.values()) == {403}
    assert (await api("GET", "/v1/auth/me")).error["code"] == "account_suspended"
    await api("POST", "/v1/admin/users/ann/unsuspend", by="root")
    assert (await api("GET", "/v1/auth/me")).status == 200


@pytest.mark.parametrize("what", ["disabled", "deleted", "revoked"])
async def test_money_and_administration_hear_at_once_of_a_sign_in_that_ended(
    api: Api, what: str
) -> None:
    assert (await api("GET", "/v1/wallet/balance", by="root")).status == 200
    if what == "disabled":
        await api.identities.disable("root")
    elif what == "deleted":
        await api.identities.delete("root")
    else:
        await api.identities.revoke("root")
    headers = {"Authorization": f"Bearer {api.tokens['root']}"}
    for path in ("/v1/wallet/balance", "/v1/wallet/transactions", "/v1/admin/users"):
        assert (await api("GET", path, by=None, headers=headers)).status == 401


async def test_what_is_anns_is_not_found_for_bob(api: Api) -> None:
    said = (await api.say("I keep bees on the roof of my house.")).json["companion"]
    memories = (await api("GET", "/v1/chat/memories")).json["data"]
    ids = {
        "session_id": said["session_id"],
        "message_id": said["message_id"],
        "turn_id": said["turn_id"],
        "memory_id": memories[0]["id"],
    }
    bodies: dict[str, Any] = {
        "rename_session": {"title": "mine"},
        "report_message": {"reason": "mine"},
        "correct_memory": {"text": "mine"},
    }
    before = (await api("GET", "/v1/auth/me/export")).json
    statuses = {}
    for route in routes_of(api):
        variable = next((part[1:-1] for part in route.path.split("/") if part[:1] == "<"), "")
        if variable in ids:
            reply = await api(
                route.method, path_of(route, ids[variable]), by="bob", body=bodies.get(route.name)
            )
            statuses[route.name] = reply.status
    assert len(statuses) == 12
    assert set(statuses.values()) == {404}
    session = await api.say(by="bob", session_id=ids["session_id"])
    assert session.status == 404
    assert (await api("GET", "/v1/auth/me/export")).json == before


async def test_what_is_anns_is_found_by_ann(api: Api) -> None:
    said = (await api.say("I keep bees on the roof of my house.")).json["companion"]
    session, turn, message = said["session_id"], said["turn_id"], said["message_id"]
    for method, path, body in (
        ("GET", f"/v1/chat/sessions/{session}", None),
        ("GET", f"/v1/chat/sessions/{session}/messages", None),
        ("PATCH", f"/v1/chat/sessions/{session}", {"title": "Bees"}),
        ("GET", f"/v1/chat/turns/{turn}", None),
        ("GET", f"/v1/chat/turns/{turn}/stream", None),
        ("POST", f"/v1/chat/turns/{turn}/stop", None),
        ("POST", f"/v1/chat/messages/{message}/report", {"reason": "rude"}),
        ("POST", f"/v1/chat/messages/{message}/regenerate", None),
        ("DELETE", f"/v1/chat/messages/{message}", None),
        ("DELETE", f"/v1/chat/sessions/{session}", None),
    ):
        assert (await api(method, path, body=body)).status in {200, 201, 204}, path


async def test_one_cannot_raise_oneself_by_extra_fields(api: Api) -> None:
    extra: dict[str, Any] = {
        "tier": "premium",
        "admin": True,
        "credits": 10**6,
        "balance": 10**6,
        "id": "usr_x",
    }
    changed = await api("PATCH", "/v1/auth/me", body={**extra, "age_band": "adult"})
    assert changed.status == 200
    assert changed.json["tier"] == "free"
    assert changed.json["age_band"] == "unknown"
    said = await api.say(user_id="usr_x", **extra)
    assert said.status == 200
    session = await api(
        "POST",
        "/v1/chat/sessions",
        body={"character_id": FREE_CHARACTER, "user_id": "usr_x", **extra},
    )
    assert session.status == 201
    assert (await api("GET", "/v1/wallet/balance")).json["balance"] < 101
