"""Each change that an administrator makes is on record, by the API as well."""

import json
from typing import Any

import pytest

from domain.errors import Unavailable
from entrypoints.http.app import HttpApp
from entrypoints.http.routing import Route
from tests.http.api import Api, Reply
from tests.http.console_facts import flagged, parked, reported

CARD = {
    "spec": "chara_card_v3",
    "spec_version": "3.0",
    "data": {"name": "Zoe", "description": "Keeps bees.", "first_mes": "Hello."},
}
BODIES: dict[str, Any] = {
    "assign_store_event": None,
    "change_user": {"tier": "plus"},
    "grant_credits": {"amount": 5, "bucket": "promo", "reason": "x"},
    "import_character": CARD,
    "import_lorebook": {"spec": "lorebook_v3", "data": {"entries": [], "extensions": {}}},
    "replace_card": CARD,
    "replay_store_event": None,
    "review_flag": {"decision": "upheld"},
    "review_report": {"decision": "upheld"},
    "run_job": None,
    "suspend_user": {"reason": "spam"},
    "unsuspend_user": None,
}


async def audit(api: Api, query: str = "") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await api("GET", f"/v1/admin/audit{query}", by="root")).json[
        "data"
    ]
    return found


def changing(api: Api) -> list[Route]:
    assert isinstance(api.app, HttpApp)
    return [
        one for one in api.app.routes if one.path.startswith("/v1/admin/") and not one.is_reading
    ]


async def call_each(api: Api) -> dict[str, Reply]:
    """Each route that changes something, as it is meant to be called."""
    variables = {
        "user_id": await api.user_id("ann"),
        "flag_id": await flagged(api),
        "report_id": await reported(api),
        "event_id": await parked(api),
        "character_id": "mira",
        "name": "sweep-holds",
    }
    replies: dict[str, Reply] = {}
    for number, route in enumerate(changing(api)):
        path = route.path
        for name, value in variables.items():
            path = path.replace(f"<{name}>", value)
        headers = {"Idempotency-Key": f"key-{number}", "X-Request-ID": f"request-{route.name}"}
        replies[route.name] = await api(
            route.method, path, by="root", body=BODIES[route.name], headers=headers
        )
    return replies


async def test_every_route_that_changes_something_leaves_an_entry(api: Api) -> None:
    replies = await call_each(api)
    assert len(replies) >= 12
    assert {name: one.status for name, one in replies.items() if one.status >= 300} == {}
    entries = {one["request_id"]: one for one in await audit(api, "?limit=100")}
    assert entries.keys() == {f"request-{name}" for name in replies}
    root = await api.user_id("root")
    for entry in entries.values():
        assert entry["actor_id"] == root
        assert entry["channel"] == "api"
        assert entry["error"] is None
        assert isinstance(entry["before"], dict)
        assert entry["after"]
        assert entry["finished_at"] >= entry["at"]
    changed = entries["request-change_user"]
    assert (changed["before"]["tier"], changed["after"]["tier"]) == ("free", "plus")


async def test_reading_leaves_none(api: Api) -> None:
    for path in ("users", "users/root", "jobs", "invariants", "moderation", "characters", "audit"):
        assert (await api("GET", f"/v1/admin/{path}", by="root")).status == 200
    assert await audit(api) == []


async def test_a_repeated_request_leaves_one(api: Api) -> None:
    for _ in range(2):
        await api.grant(100)
    entries = await audit(api)
    assert [one["action"] for one in entries] == ["user.grant"]
    assert entries[0]["after"]["balance"] - entries[0]["before"]["balance"] == 100


async def test_a_refusal_is_on_record_too(api: Api) -> None:
    reply = await api(
        "POST", "/v1/admin/moderation/usr_1/flg_9/review", by="root", body={"decision": "upheld"}
    )
    assert reply.status == 404
    [entry] = await audit(api)
    assert (entry["error"], entry["after"]) == ("not_found", None)
    assert entry["finished_at"] is not None


async def test_what_cannot_be_written_down_is_not_done(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    await api("GET", "/v1/auth/me", by="ann")

    async def away(*_: object) -> None:
        raise Unavailable("away")

    monkeypatch.setattr(api.adapters.audit_log, "begin", away)
    reply = await api("POST", "/v1/admin/users/ann/suspend", by="root")
    assert reply.status == 503
    assert (await api("GET", "/v1/auth/me", by="ann")).status == 200


async def test_what_was_done_is_answered_even_if_its_end_cannot_be_written(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    await api("GET", "/v1/auth/me", by="ann")

    async def away(*_: object) -> None:
        raise Unavailable("away")

    monkeypatch.setattr(api.adapters.audit_log, "finish", away)
    assert (await api("POST", "/v1/admin/users/ann/suspend", by="root")).status == 200
    [entry] = await audit(api)
    assert (entry["finished_at"], entry["after"]) == (None, None)
    assert entry["before"]["suspended_at"] is None


async def test_it_is_read_page_by_page_and_for_one_thing(api: Api) -> None:
    await api("GET", "/v1/auth/me", by="ann")
    for verb in ("suspend", "unsuspend", "suspend"):
        await api("POST", f"/v1/admin/users/ann/{verb}", by="root")
    await api("POST", "/v1/admin/jobs/sweep-holds/run", by="root")
    first = (await api("GET", "/v1/admin/audit?limit=3", by="root")).json
    rest = await audit(api, f"?limit=3&cursor={first['next_cursor']}")
    actions = [one["action"] for one in first["data"] + rest]
    assert actions == ["job.run", "user.suspend", "user.readmit", "user.suspend"]
    ann = (await audit(api, "?about=sweep-holds"))[0]["actor_id"]
    assert len(await audit(api, f"?actor_id={ann}")) == 4
    assert await audit(api, "?actor_id=usr_nobody") == []


async def test_it_holds_no_words_of_conversations(api: Api) -> None:
    await call_each(api)
    kept = json.dumps(await audit(api, "?limit=100"))
    assert "no more" not in kept
    assert "Hello." not in kept
