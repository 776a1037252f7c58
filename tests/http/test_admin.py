"""Administration: accounts, jobs, invariants."""

import asyncio

import pytest

from application.ports.wallet_store import Violation
from domain.errors import Unavailable
from tests.http.api import PREMIUM_CHARACTER, Api


async def test_accounts_are_found_by_either_id(api: Api) -> None:
    for name in ("ann", "bob"):
        await api("GET", "/v1/auth/me", by=name)
    ann = await api.user_id("ann")
    listed = (await api("GET", "/v1/admin/users", by="root")).json["data"]
    assert [one["subject"] for one in listed] == ["root", "bob", "ann"]
    shown: dict[str, object] = {}
    for name in ("ann", ann):
        found = (await api("GET", f"/v1/admin/users?search={name}", by="root")).json["data"]
        assert [one["id"] for one in found] == [ann]
        shown = (await api("GET", f"/v1/admin/users/{name}", by="root")).json
        assert shown == found[0]
    assert shown.keys() == {
        "id", "subject", "display_name", "country", "tier", "age_band", "age_band_source",
        "age_band_at", "suspended_at", "suspended_reason", "created_at",
    }  # fmt: skip
    nobody = await api("GET", "/v1/admin/users/nobody", by="root")
    assert (nobody.status, nobody.error["code"]) == (404, "not_found")


async def test_accounts_are_read_page_by_page(api: Api) -> None:
    for name in ("ann", "bob", "cid"):
        await api("GET", "/v1/auth/me", by=name)
    first = (await api("GET", "/v1/admin/users?limit=2", by="root")).json
    path = f"/v1/admin/users?limit=2&cursor={first['next_cursor']}"
    second = (await api("GET", path, by="root")).json
    names = [one["subject"] for one in first["data"] + second["data"]]
    assert names == ["root", "cid", "bob", "ann"]


async def test_tier_and_age_band_are_an_administrators_word(api: Api) -> None:
    assert (await api.say(model=PREMIUM_CHARACTER)).error["code"] == "tier_required"
    body = {"tier": "premium", "age_band": "adult"}
    changed = (await api("PATCH", "/v1/admin/users/ann", by="root", body=body)).json
    assert (changed["tier"], changed["age_band"]) == ("premium", "adult")
    assert changed["age_band_source"] == "administrator"
    assert changed["age_band_at"].endswith("Z")
    assert (await api("GET", "/v1/auth/me")).json["tier"] == "premium"
    assert (await api.say(model=PREMIUM_CHARACTER)).status == 200


async def test_suspending_by_change_is_the_same(api: Api) -> None:
    await api("GET", "/v1/auth/me")
    body = {"suspended": True, "reason": "spam"}
    changed = (await api("PATCH", "/v1/admin/users/ann", by="root", body=body)).json
    assert changed["suspended_at"] is not None
    assert changed["suspended_reason"] == "spam"
    assert (await api.say()).error["code"] == "account_suspended"
    again = await api("PATCH", "/v1/admin/users/ann", by="root", body={"suspended": False})
    assert again.json["suspended_at"] is None
    assert (await api.say()).status == 200


async def test_a_suspension_needs_no_reason(api: Api) -> None:
    await api("GET", "/v1/auth/me")
    reply = await api("POST", "/v1/admin/users/ann/suspend", by="root")
    assert reply.status == 200
    assert reply.json["suspended_reason"] is None


@pytest.mark.parametrize(
    ("body", "param"),
    [
        ({"tier": "gold"}, "tier"),
        ({"suspended": "yes"}, "suspended"),
        ({"age_band": 5}, "age_band"),
    ],
)
async def test_a_change_has_rules(api: Api, body: object, param: str) -> None:
    await api("GET", "/v1/auth/me")
    reply = await api("PATCH", "/v1/admin/users/ann", by="root", body=body)
    assert (reply.status, reply.error["param"]) == (422, param)


async def test_jobs_are_listed_and_run(api: Api) -> None:
    listed = (await api("GET", "/v1/admin/jobs", by="root")).json
    assert listed["next_cursor"] is None
    names = [job["name"] for job in listed["data"]]
    assert names == sorted(names)
    assert "sweep-holds" in names
    run = await api("POST", "/v1/admin/jobs/sweep-holds/run", by="root")
    assert run.status == 200
    assert run.json["outcome"] == "released 0 holds"
    assert run.json["error"] is None
    jobs = (await api("GET", "/v1/admin/jobs", by="root")).json["data"]
    last = {job["name"]: job["last_run"] for job in jobs}
    assert last["sweep-holds"] == run.json
    unknown = await api("POST", "/v1/admin/jobs/nothing/run", by="root")
    assert unknown.status == 404


async def test_a_job_that_is_running_is_not_run_again(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def slow(*_: object, **__: object) -> list[str]:
        begun.set()
        await go_on.wait()
        return []

    monkeypatch.setattr(api.adapters.wallets, "find_overdue", slow)
    path = "/v1/admin/jobs/sweep-holds/run"
    first = asyncio.create_task(api("POST", path, by="root"))
    await begun.wait()
    second = await api("POST", path, by="root")
    assert (second.status, second.error["code"]) == (409, "conflict")
    go_on.set()
    assert (await first).status == 200


async def test_the_books_add_up(api: Api) -> None:
    await api.grant(10_000)
    await api.say()
    reply = await api("GET", "/v1/admin/invariants", by="root")
    assert reply.json == {"ok": True, "violations": []}


async def test_books_that_do_not_are_shown(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken() -> list[Violation]:
        return [Violation("ledger-sum", "usr_1", "5 is not 6")]

    monkeypatch.setattr(api.adapters.wallets, "audit", broken)
    reply = await api("GET", "/v1/admin/invariants", by="root")
    violation = {"invariant": "ledger-sum", "subject": "usr_1", "detail": "5 is not 6"}
    assert reply.json == {"ok": False, "violations": [violation]}


async def test_a_part_that_is_away_makes_a_process_unready(api: Api) -> None:
    ready = await api("GET", "/readyz", by=None)
    assert ready.status == 200
    assert ready.json["status"] == "ready"
    probe = api.adapters.probes[0]

    async def away() -> None:
        raise Unavailable("away")

    object.__setattr__(probe, "check", away)
    unready = await api("GET", "/readyz", by=None)
    assert unready.status == 503
    assert unready.json == {
        "status": "unavailable",
        "checks": {"postgres": False, "redis": True, "turns": True},
    }
    assert (await api("GET", "/healthz", by=None)).json == {"status": "ok"}


async def test_a_process_that_shuts_down_is_unready(api: Api) -> None:
    await api.use_cases.runner().drain(0)
    unready = await api("GET", "/readyz", by=None)
    assert unready.status == 503
    assert unready.json["checks"]["turns"] is False


async def test_metrics_count_by_route_and_not_by_id(api: Api) -> None:
    await api("GET", "/v1/chat/sessions/ses_1")
    await api("GET", "/v1/chat/sessions/ses_2")
    await api("GET", "/v1/nowhere/5")
    reply = await api("GET", "/metrics", by=None)
    assert reply.headers["content-type"].startswith("text/plain")
    text = reply.body.decode()
    series = 'method="GET",route="/v1/chat/sessions/<session_id>",status="404"'
    assert f"http_requests_total{{{series}}} 2.0" in text
    assert 'method="unmatched",route="unmatched",status="404"' in text
    assert "http_request_duration_seconds_bucket" in text
    assert "chat_turns_in_flight 0.0" in text
    assert "ses_1" not in text
    assert "nowhere" not in text
