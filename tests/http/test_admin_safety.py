"""Administration: what was flagged and reported, and the counts for the yearly report."""

import json
from datetime import timedelta

import pytest
from attrs import evolve

from domain.safety.reviews import FlagRecord
from domain.safety.verdicts import Action, Category, Flag, Stage
from tests.http.api import FREE_CHARACTER, Api

FLAG = Flag(Category.SELF_HARM, Action.REFER, "en/wants-to-die", "2026.1", "i want to die", "en")


async def flag(api: Api, number: int = 1, *, by: str = "ann", found: Flag = FLAG) -> str:
    """Something is flagged; returns the flag's id."""
    user_id = await api.user_id(by)
    record = FlagRecord(
        id=f"flg_{number}",
        user_id=user_id,
        stage=Stage.INPUT,
        flag=found,
        created_at=api.adapters.clock.now(),
        character_id=FREE_CHARACTER,
        session_id="ses_1",
    )
    await api.adapters.safety_log.record(
        user_id, [record], ["crisis_referral_input"], record.created_at
    )
    return record.id


async def report(api: Api, reason: str = "rude") -> tuple[str, str]:
    """A greeting is reported; returns the ids of the report and of the message."""
    session = (await api("POST", "/v1/chat/sessions", body={"character_id": FREE_CHARACTER})).json[
        "id"
    ]
    [greeting] = (await api("GET", f"/v1/chat/sessions/{session}/messages")).json["data"]
    path = f"/v1/chat/messages/{greeting['id']}/report"
    reply = await api("POST", path, body={"reason": reason})
    assert reply.status == 201
    return reply.json["id"], greeting["id"]


async def test_flags_of_all_people_wait_for_review(api: Api) -> None:
    await flag(api, 1)
    blocked = evolve(FLAG, category=Category.WEAPONS, action=Action.BLOCK, language=None)
    await flag(api, 2, by="bob", found=blocked)
    second, first = (await api("GET", "/v1/admin/moderation", by="root")).json["data"]
    assert first == {
        "id": "flg_1",
        "user_id": await api.user_id("ann"),
        "stage": "input",
        "category": "self_harm",
        "action": "refer",
        "rule": "en/wants-to-die",
        "rules_version": "2026.1",
        "language": "en",
        "excerpt": "i want to die",
        "character_id": FREE_CHARACTER,
        "session_id": "ses_1",
        "message_id": None,
        "turn_id": None,
        "created_at": first["created_at"],
        "status": "open",
        "review": None,
    }
    assert (second["category"], second["action"]) == ("weapons", "block")


async def test_a_reviewed_flag_says_who_decided_what(api: Api) -> None:
    await flag(api, 1)
    await flag(api, 2)
    path = f"/v1/admin/moderation/{await api.user_id()}/flg_1/review"
    body = {"decision": "dismissed", "note": "about a game"}
    reviewed = (await api("POST", path, by="root", body=body)).json
    review = reviewed["review"]
    assert reviewed["status"] == "reviewed"
    assert (review["decision"], review["note"]) == ("dismissed", "about a game")
    assert review["reviewer"] == await api.user_id("root")
    for status, expected in (("open", ["flg_2"]), ("reviewed", ["flg_1"])):
        listed = await api("GET", f"/v1/admin/moderation?status={status}", by="root")
        assert [one["id"] for one in listed.json["data"]] == expected


async def test_the_queue_is_read_page_by_page(api: Api) -> None:
    for number in range(5):
        await flag(api, number)
    ids: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        query = f"?limit=2&cursor={cursor}" if cursor else "?limit=2"
        page = (await api("GET", f"/v1/admin/moderation{query}", by="root")).json
        ids += [one["id"] for one in page["data"]]
        cursor = page["next_cursor"]
    assert ids == [f"flg_{number}" for number in range(4, -1, -1)]


async def test_a_report_shows_the_message_that_it_is_about(api: Api) -> None:
    report_id, message_id = await report(api)
    [shown] = (await api("GET", "/v1/admin/reports?status=open", by="root")).json["data"]
    assert (shown["id"], shown["reason"], shown["status"]) == (report_id, "rude", "open")
    assert shown["user_id"] == await api.user_id()
    message = shown["message"]
    assert message["id"] == message_id
    assert (message["character_id"], message["role"]) == (FREE_CHARACTER, "assistant")
    assert message["content"]
    path = f"/v1/admin/reports/{shown['user_id']}/{report_id}/review"
    reviewed = await api("POST", path, by="root", body={"decision": "upheld"})
    assert (reviewed.json["status"], reviewed.json["review"]["note"]) == ("reviewed", "")
    assert (await api("GET", "/v1/admin/reports?status=open", by="root")).json["data"] == []
    listed = (await api("GET", "/v1/admin/reports?status=reviewed", by="root")).json["data"]
    assert listed == [reviewed.json]


async def test_what_is_not_there_cannot_be_reviewed(api: Api) -> None:
    await flag(api)
    user_id, other = await api.user_id(), await api.user_id("bob")
    for path in (
        f"moderation/{user_id}/flg_9/review",
        f"moderation/{other}/flg_1/review",
        f"reports/{user_id}/rep_9/review",
    ):
        reply = await api("POST", f"/v1/admin/{path}", by="root", body={"decision": "upheld"})
        assert (reply.status, reply.error["code"]) == (404, "not_found")


@pytest.mark.parametrize(
    "body", [{}, {"decision": "maybe"}, {"decision": "upheld", "note": "x" * 1_001}]
)
async def test_a_decision_is_one_of_three_words(api: Api, body: object) -> None:
    await flag(api)
    path = f"/v1/admin/moderation/{await api.user_id()}/flg_1/review"
    reply = await api("POST", path, by="root", body=body)
    assert (reply.status, reply.error["code"]) == (422, "invalid_request")


async def test_a_message_that_is_reported_twice_counts_once(api: Api) -> None:
    _, message_id = await report(api)
    again = await api("POST", f"/v1/chat/messages/{message_id}/report", body={"reason": "again"})
    assert again.status == 201
    counters = (await api("GET", "/v1/admin/safety/counters", by="root")).json
    assert counters["totals"]["report"] == 1


async def test_counters_name_kinds_and_days_and_nothing_else(api: Api) -> None:
    await flag(api)
    await report(api)
    now = api.adapters.clock.now()
    await api.adapters.safety_log.count(["break_reminder"], now - timedelta(days=800))
    shown = (await api("GET", "/v1/admin/safety/counters", by="root")).json
    assert (shown["from"], shown["to"]) == (f"{now:%Y}-01-01", f"{now:%Y}-12-31")
    assert shown["days"] == [
        {"day": f"{now:%Y-%m-%d}", "counts": {"crisis_referral_input": 1, "report": 1}}
    ]
    assert shown["totals"]["crisis_referral_input"] == 1
    assert shown["totals"]["break_reminder"] == 0
    text = json.dumps(shown)
    for secret in (await api.user_id(), "want to die", "rude", "flg_1"):
        assert secret not in text


@pytest.mark.parametrize(
    ("query", "days"),
    [
        ("?year=2025", ("2025-01-01", "2025-12-31")),
        ("?from=2025-03-01&to=2025-03-01", ("2025-03-01", "2025-03-01")),
        ("?from=2025-03-01", ("2025-03-01", "2025-12-31")),
        ("?to=2025-03-01", ("2025-01-01", "2025-03-01")),
    ],
)
async def test_the_days_to_count_can_be_chosen(api: Api, query: str, days: tuple[str, str]) -> None:
    shown = (await api("GET", f"/v1/admin/safety/counters{query}", by="root")).json
    assert (shown["from"], shown["to"]) == days


@pytest.mark.parametrize(
    ("query", "param"),
    [
        ("?year=1999", "year"),
        ("?year=soon", "year"),
        ("?year=2026&from=2026-01-01", "year"),
        ("?from=yesterday", "from"),
        ("?from=2026-02-30", "from"),
        ("?from=2026-02-02&to=2026-02-01", "to"),
        ("?from=2000-01-01&to=2026-01-01", "to"),
    ],
)
async def test_days_that_make_no_sense_are_refused(api: Api, query: str, param: str) -> None:
    reply = await api("GET", f"/v1/admin/safety/counters{query}", by="root")
    assert reply.status in {400, 422}
    assert (reply.error["code"], reply.error["param"]) == ("invalid_request", param)


@pytest.mark.parametrize("path", ["moderation", "reports", "safety/counters"])
async def test_only_administrators_see_any_of_it(api: Api, path: str) -> None:
    reply = await api("GET", f"/v1/admin/{path}")
    assert (reply.status, reply.error["code"]) == (403, "forbidden")


async def test_people_get_what_was_flagged_of_theirs_with_the_rest(api: Api) -> None:
    await flag(api)
    [exported] = (await api("GET", "/v1/auth/me/export")).json["moderation_flags"]
    assert (exported["id"], exported["excerpt"]) == ("flg_1", "i want to die")


async def test_a_report_needs_no_reason(api: Api) -> None:
    said = (await api.say()).json["companion"]["message_id"]
    assert (await api("POST", f"/v1/chat/messages/{said}/report")).status == 201
    [shown] = (await api("GET", "/v1/admin/reports", by="root")).json["data"]
    assert shown["reason"] == ""
