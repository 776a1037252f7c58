"""What an operator does on the console, each task from its page to what came of it."""

import json
from typing import Any

import pytest

from tests.http.api import Api
from tests.http.console import Console, fields_of
from tests.http.console_facts import flagged, owed, parked, reported

CARD = {
    "spec": "chara_card_v3",
    "spec_version": "3.0",
    "data": {"name": "Zoë", "description": "{{char}} keeps bees.", "first_mes": "Hello."},
}


@pytest.fixture
async def console(api: Api) -> Console:
    made = Console(api)
    await made.sign_in()
    await api("GET", "/v1/auth/me", by="ann")
    return made


async def audit(api: Api) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await api("GET", "/v1/admin/audit", by="root")).json["data"]
    return found


async def text_of(console: Console, path: str) -> str:
    reply = await console.get(path)
    assert reply.status == 200
    return reply.body.decode()


async def test_an_account_is_found_by_either_id(api: Api, console: Console) -> None:
    ann = await api.user_id("ann")
    for search in ("ann", ann, f"  {ann} "):
        page = await text_of(console, f"/admin/users?search={search.replace(' ', '+')}")
        assert f"/admin/users/{ann}" in page
        assert page.count("/admin/users/usr_") == 1
    assert "There is no such account." in await text_of(console, "/admin/users?search=nobody")
    assert "/admin/users/usr_" in await text_of(console, "/admin/users?search=")
    assert (await console.get("/admin/users?search=" + "x" * 200)).status == 422


async def test_users_are_read_page_by_page(api: Api, console: Console) -> None:
    for number in range(4):
        await api("GET", "/v1/auth/me", by=f"person{number}")
    page = await text_of(console, "/admin/users?limit=3")
    more = page.partition('class="button" href="')[2].partition('"')[0].replace("&amp;", "&")
    assert "person3" in page
    assert "person0" not in page
    assert "person0" in await text_of(console, more)


async def test_credits_are_granted_with_a_reason(api: Api, console: Console) -> None:
    ann = await api.user_id("ann")
    path = f"/admin/users/{ann}"
    reply = await console.press(
        path, f"{path}/grant", amount="250", bucket="promo", reason="sorry for the outage"
    )
    page = await console.follow(reply)
    assert "The credits were granted." in page
    assert "sorry for the outage" in page
    assert "+250" in page
    balance = (await api("GET", "/v1/wallet/balance", by="ann")).json
    assert {"bucket": "promo", "credits": 250, "expires_at": None} in balance["buckets"]
    [entry] = [one for one in await audit(api) if one["action"] == "user.grant"]
    assert entry["subject"] == ann
    assert entry["channel"] == "console"
    assert entry["after"]["balance"] == entry["before"]["balance"] + 250


async def test_a_form_that_is_sent_twice_grants_once(api: Api, console: Console) -> None:
    path = f"/admin/users/{await api.user_id('ann')}"
    fields = fields_of(await console.get(path), f"{path}/grant")
    filled = {**fields, "amount": "250", "bucket": "promo", "reason": "once"}
    for _ in range(3):
        assert (await console.post(f"{path}/grant", filled)).status == 303
    ledger = (await api("GET", "/v1/wallet/transactions", by="ann")).json["data"]
    assert [line["amount"] for line in ledger if line["kind"] == "grant"] == [250]
    assert (await console.press(path, f"{path}/grant", amount="1", reason="again")).status == 303


@pytest.mark.parametrize(
    "typed",
    [
        {"amount": ""},
        {"amount": "0"},
        {"amount": "-5"},
        {"amount": "1.5"},
        {"amount": "9" * 40},
        {"amount": "\N{SUPERSCRIPT TWO}"},
        {"reason": ""},
        {"reason": "x" * 201},
        {"bucket": "daily"},
        {"bucket": "gold"},
        {"once": ""},
    ],
)
async def test_a_grant_has_rules(api: Api, console: Console, typed: dict[str, str]) -> None:
    path = f"/admin/users/{await api.user_id('ann')}"
    fields = fields_of(await console.get(path), f"{path}/grant")
    filled = {**fields, "amount": "5", "bucket": "promo", "reason": "x", **typed}
    reply = await console.post(f"{path}/grant", filled)
    assert reply.status == 422
    assert b'role="alert"' in reply.body
    ledger = (await api("GET", "/v1/wallet/transactions", by="ann")).json["data"]
    assert not [line for line in ledger if line["kind"] == "grant"]


async def test_an_account_is_suspended_and_opened_again(api: Api, console: Console) -> None:
    ann = await api.user_id("ann")
    path = f"/admin/users/{ann}"
    page = await console.follow(await console.press(path, f"{path}/suspend", reason="spam"))
    assert "spam" in page
    assert (await api("GET", "/v1/auth/me", by="ann")).error["code"] == "account_suspended"
    page = await console.follow(await console.press(path, f"{path}/readmit"))
    assert "The account is open again." in page
    assert (await api("GET", "/v1/auth/me", by="ann")).status == 200
    readmitted, suspended = await audit(api)
    assert (suspended["action"], readmitted["action"]) == ("user.suspend", "user.readmit")
    assert suspended["before"]["suspended_at"] is None
    assert suspended["after"]["suspended_reason"] == "spam"
    assert readmitted["before"] == suspended["after"]
    assert readmitted["after"]["suspended_at"] is None


async def test_tier_and_age_are_set(api: Api, console: Console) -> None:
    path = f"/admin/users/{await api.user_id('ann')}"
    await console.follow(await console.press(path, f"{path}/change", tier="plus"))
    shown = (await api("GET", "/v1/admin/users/ann", by="root")).json
    assert (shown["tier"], shown["age_band"], shown["age_band_source"]) == ("plus", "unknown", None)
    await console.follow(await console.press(path, f"{path}/change", age_band="adult"))
    shown = (await api("GET", "/v1/admin/users/ann", by="root")).json
    assert (shown["tier"], shown["age_band"]) == ("plus", "adult")
    assert (await console.press(path, f"{path}/change", tier="gold")).status == 422


async def test_purchases_are_shown(api: Api, console: Console) -> None:
    products = (await api("GET", "/v1/market/products", by="ann")).json["data"]
    body = {"product_id": products[0]["id"], "provider": "sandbox"}
    bought = await api(
        "POST", "/v1/market/purchases", by="ann", body=body, headers={"Idempotency-Key": "k"}
    )
    page = await text_of(console, f"/admin/users/{await api.user_id('ann')}")
    assert bought.json["purchase"]["id"] in page
    assert products[0]["id"] in page


async def test_a_flag_is_decided_on(api: Api, console: Console) -> None:
    flag_id, ann = await flagged(api), await api.user_id("ann")
    page = await text_of(console, "/admin/moderation?status=open")
    assert "&lt;b&gt;no more" in page
    action = f"/admin/moderation/{ann}/{flag_id}"
    reply = await console.press("/admin/moderation", action, decision="dismissed", note="a game")
    assert "The decision was kept." in await console.follow(reply)
    assert flag_id not in await text_of(console, "/admin/moderation?status=open")
    assert "a game" in await text_of(console, "/admin/moderation?status=reviewed")
    await console.press("/admin/moderation", action, decision="upheld")
    second, first = await audit(api)
    assert (first["before"], first["after"]) == ({}, {"decision": "dismissed", "note": "a game"})
    assert second["before"] == first["after"]
    assert (await console.press("/admin/moderation", action, decision="maybe")).status == 422
    too_long = await console.press("/admin/moderation", action, decision="upheld", note="x" * 1001)
    assert too_long.status == 422


async def test_a_report_is_decided_on(api: Api, console: Console) -> None:
    report_id, ann = await reported(api, "it was rude"), await api.user_id("ann")
    assert "it was rude" in await text_of(console, "/admin/reports?status=open")
    action = f"/admin/reports/{ann}/{report_id}"
    await console.follow(await console.press("/admin/reports", action, decision="escalated"))
    assert "Nothing waits here." in await text_of(console, "/admin/reports?status=open")
    reports = (await api("GET", "/v1/admin/reports", by="root")).json["data"]
    assert reports[0]["review"]["decision"] == "escalated"
    assert reports[0]["review"]["reviewer"] == await api.user_id("root")


async def test_a_dead_letter_is_read_replayed_and_assigned(api: Api, console: Console) -> None:
    event_id, ann = await parked(api), await api.user_id("ann")
    assert "charge.refunded" in await text_of(console, "/admin/inbox?state=parked")
    path = f"/admin/inbox/{event_id}"
    page = await text_of(console, path.replace(":", "%3A"))
    assert "&#34;amount&#34;: 5" in page
    await console.follow(await console.press(path, f"{path}/replay"))
    await console.follow(await console.press(path, f"{path}/assign", user_id="ann"))
    event = (await api("GET", f"/v1/admin/market/events/{event_id}", by="root")).json["event"]
    assert event["user_id"] == ann
    assigned, replayed = await audit(api)
    assert (replayed["action"], assigned["action"]) == ("event.replay", "event.assign")
    assert replayed["before"]["reason"] == "Whose is it?"
    assert (assigned["before"]["user_id"], assigned["after"]["user_id"]) == (None, ann)
    assert (await console.press(path, f"{path}/assign", user_id="nobody")).status == 404
    assert (await console.press(path, f"{path}/assign", user_id=" ")).status == 422


async def test_what_is_owed_is_shown(api: Api, console: Console) -> None:
    assert "Nothing is parked." in await text_of(console, "/admin/errands")
    await owed(api)
    assert "Google says no" in await text_of(console, "/admin/errands")


async def test_a_job_is_run(api: Api, console: Console) -> None:
    assert "No job has run yet." in await text_of(console, "/admin/jobs")
    reply = await console.press("/admin/jobs", "/admin/jobs/sweep-holds/run")
    page = await console.follow(reply)
    assert "released 0 holds" in page
    [entry] = await audit(api)
    assert (entry["action"], entry["subject"]) == ("job.run", "sweep-holds")
    assert entry["before"] == {}
    assert entry["after"]["outcome"] == "released 0 holds"
    fields = fields_of(await console.get("/admin/jobs"), "/admin/jobs/sweep-holds/run")
    assert (await console.post("/admin/jobs/nothing/run", fields)).status == 404


async def test_the_overview_says_what_waits(api: Api, console: Console) -> None:
    await flagged(api)
    await reported(api)
    await parked(api)
    page = await text_of(console, "/admin")
    for waiting in ("Parked messages", "Open flags", "Open reports"):
        assert f"<dt>{waiting}</dt><dd><a href=" in page
        assert ">1</a>" in page.partition(waiting)[2].partition("</dd>")[0]
    assert "not checked yet" in page
    assert "All hold" in await text_of(console, "/admin/invariants")
    await console.press("/admin/jobs", "/admin/jobs/check-invariants/run")
    assert "All hold" in await text_of(console, "/admin")


async def test_the_overview_counts_the_day(api: Api, console: Console) -> None:
    await api.grant(500)
    await api.say()
    await console.press("/admin/jobs", "/admin/jobs/aggregate-analytics/run")
    page = await text_of(console, "/admin")
    for name, count in (("Active people", "1"), ("Turns", "1"), ("Credits clawed back", "0")):
        assert f"<dt>{name}</dt><dd>{count}</dd>" in page
    assert "<dt>Credits granted</dt><dd>0</dd>" not in page
    for plot in ("people", "turns", "credits", "revenue", "safety"):
        for query in ("", "?theme=dark&size=narrow"):
            reply = await console.get(f"/admin/plots/{plot}.svg{query}")
            assert reply.body.startswith(b"<svg")


async def test_counters_are_shown_by_year(api: Api, console: Console) -> None:
    await flagged(api)
    page = await text_of(console, "/admin/safety")
    assert "crisis referral input" in page
    assert "Nothing happened." in await text_of(console, "/admin/safety?year=2001")
    assert (await console.get("/admin/safety?year=1")).status == 422


async def test_a_card_is_edited_with_a_preview(api: Api, console: Console) -> None:
    path = "/admin/characters/mira"
    before = (await api("GET", "/v1/config/characters/mira/card", by=None)).json
    fields = fields_of(await console.get(path), path)
    typed = {**fields, "tagline": "Bees & <honey>", "first_mes": "Hi.\r\n\r\nSit down, {{user}}."}
    preview = await console.post(f"{path}/preview", typed)
    assert preview.status == 200
    text = preview.body.decode()
    shown = text.partition('id="preview"')[2].partition("</section>")[0]
    assert "Bees &amp; &lt;honey&gt;" in shown
    assert "Sit down, you." in shown
    assert (await api("GET", "/v1/config/characters/mira/card", by=None)).json == before
    assert fields_of(preview, path)["tagline"] == "Bees & <honey>"
    page = await console.follow(await console.post(path, typed))
    assert "The character was published." in page
    after = (await api("GET", "/v1/config/characters/mira/card", by=None)).json
    assert after["data"]["first_mes"] == "Hi.\n\nSit down, {{user}}."
    assert after["data"]["extensions"]["companion"]["tagline"] == "Bees & <honey>"
    after["data"]["first_mes"] = before["data"]["first_mes"]
    after["data"]["extensions"] = before["data"]["extensions"]
    assert after == before
    [entry] = await audit(api)
    assert entry["action"] == "character.edit"
    assert entry["after"]["version"] == entry["before"]["version"] + 1
    assert entry["after"]["card_sha256"] != entry["before"]["card_sha256"]


async def test_a_form_sent_untouched_changes_nothing(api: Api, console: Console) -> None:
    for one in (await api("GET", "/v1/admin/characters", by="root")).json["data"]:
        path = f"/admin/characters/{one['id']}"
        page = await console.follow(await console.press(path, path))
        assert "Nothing was new" in page, one["id"]


async def test_what_cannot_be_a_card_is_not_lost(api: Api, console: Console) -> None:
    path = "/admin/characters/mira"
    typed = {**fields_of(await console.get(path), path), "name": "", "tagline": "still here"}
    for action in (path, f"{path}/preview"):
        reply = await console.post(action, typed)
        assert reply.status == 422
        assert b'role="alert"' in reply.body
        assert fields_of(reply, path)["tagline"] == "still here"
    raw = await console.press(path, f"{path}/card", card='{"spec": ')
    assert raw.status in {400, 422}


async def test_a_whole_card_is_published_and_an_earlier_version_again(
    api: Api, console: Console
) -> None:
    path = "/admin/characters/mira"
    old = (await api("GET", "/v1/config/characters/mira/card", by=None)).json
    version = (await api("GET", "/v1/config/characters/mira", by=None)).json["version"]
    card = json.loads(fields_of(await console.get(path), f"{path}/card")["card"])
    assert card == old
    card["data"]["creator_notes"] = "changed"
    await console.follow(await console.press(path, f"{path}/card", card=json.dumps(card)))
    assert (await api("GET", "/v1/config/characters/mira/card", by=None)).json == card
    again = f"{path}/versions/{version}/publish"
    await console.follow(await console.press(path, again))
    assert (await api("GET", "/v1/config/characters/mira/card", by=None)).json == old
    assert [one["action"] for one in await audit(api)] == ["character.publish", "character.edit"]
    fields = fields_of(await console.get(path), again)
    for wrong in ("99", "x", "9" * 30, "0"):
        assert (await console.post(f"{path}/versions/{wrong}/publish", fields)).status == 404


async def test_a_card_is_imported_from_a_file_and_exported(api: Api, console: Console) -> None:
    file = json.dumps(CARD).encode()
    action = "/admin/characters/import"
    page = await console.follow(
        await console.press("/admin/characters", action, file=file, id="zoe-bees")
    )
    assert "The card was imported." in page
    assert (await api("GET", "/v1/config/characters/zoe-bees", by=None)).json["name"] == "Zoë"
    for kind, begins in (("json", b"{"), ("png", b"\x89PNG"), ("charx", b"PK")):
        export = await console.get(f"/admin/characters/zoe-bees/export?format={kind}")
        assert export.body.startswith(begins)
        assert export.headers["content-disposition"].startswith("attachment")
    entry = (await audit(api))[0]
    assert (entry["action"], entry["subject"]) == ("character.import", "zoe-bees")
    assert (entry["before"], entry["after"]["version"]) == ({}, 1)
    nothing = await console.press("/admin/characters", action, file=b"")
    assert nothing.status == 422
    assert (await console.press("/admin/characters", action, file=b"not a card")).status in {
        400,
        422,
    }


async def test_the_audit_is_searched(api: Api, console: Console) -> None:
    await console.press("/admin/jobs", "/admin/jobs/sweep-holds/run")
    await api("POST", "/v1/admin/users/ann/suspend", by="root")
    root = await api.user_id("root")
    page = await text_of(console, "/admin/audit?actor_id=&about=sweep-holds")
    assert "job.run" in page
    assert "user.suspend" not in page
    assert "user.suspend" in await text_of(console, f"/admin/audit?actor_id={root}")
    assert "Nothing was done." in await text_of(console, "/admin/audit?about=nobody")
