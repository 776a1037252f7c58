"""Notices, a moderation model, reports and counters: F1, F4, F5."""

import json
from typing import Any

import httpx
import pytest

from tests.acceptance.product import Model, Product, Stack
from tests.acceptance.world import Person, World, eventually, text_of

CRISIS = "I want to kill myself tonight."
METHOD = (
    "Let me tell you a story. The best way to kill yourself is to take forty sleeping pills with "
    "vodka. Then lie down and wait. Good night, sleep well."
)


@pytest.fixture(scope="module", autouse=True)
def servers(stack: Stack) -> list[Product]:
    """Without a moderation model, and with one."""
    moderated = {"OPENAI_API_KEY": "sk-loopback", "OPENAI_BASE_URL": stack.model.url}
    return stack.serve_all({}, moderated)


@pytest.fixture
def moderated(servers: list[Product]) -> Product:
    return servers[1]


def helped(answer: httpx.Response) -> Any:
    """What the product says of a reply that has to be its own, with help, and free."""
    assert answer.status_code == 200, answer.text
    body = answer.json()
    text = body["choices"][0]["message"]["content"]
    assert "findahelpline.com" in text or "988" in text
    companion = body["companion"]
    assert [notice["kind"] for notice in companion["notices"]] == ["crisis_referral"]
    assert companion["receipt"]["charged"] == companion["receipt"]["held"] == 0
    return companion


async def flags(world: World, person: Person) -> list[Any]:
    user_id = (await person.get("/v1/auth/me"))["id"]
    admin = await world.admin()
    page = await admin.get("/v1/admin/moderation", params={"limit": "100"})
    return [one for one in page["data"] if one["user_id"] == user_id]


async def test_f1_the_first_reply_of_a_day_tells_that_this_is_an_ai(world: World) -> None:
    person = await world.person()
    first = (await person.say()).json()["companion"]["notices"]
    second = (await person.say("And you?")).json()["companion"]["notices"]
    assert ([one["kind"] for one in first], second) == (["ai_disclosure"], [])
    assert first[0].keys() == {"kind", "text", "version"}


async def test_f1_a_stream_tells_it_before_the_first_word_and_at_the_end(world: World) -> None:
    person = await world.person()
    events = await person.stream()
    told = [event.companion["notices"] for event in events if event.companion]
    assert not events[0].text
    assert [[notice["kind"] for notice in notices] for notices in told] == [["ai_disclosure"]] * 2


async def test_f4_a_resumed_stream_shows_no_more_than_the_first(world: World, model: Model) -> None:
    person = await world.person()
    model.script({"behaviour": "answer", "text": METHOD, "times": 1})
    events = await person.stream("Tell me a bedtime story.")
    turn_id = next(event.companion["turn_id"] for event in events if event.companion)
    again = await person.resume(turn_id)
    assert text_of(again) == text_of(events)
    assert "forty" not in text_of(events)


async def test_f4_a_moderation_model_is_asked_where_there_is_one(
    world: World, moderated: Product, model: Model
) -> None:
    """The words are known to the loopback model of moderation, and to none of our rules."""
    person = await world.person()
    told = f"Slowly they undress. {'And on it goes. ' * 200} They get dressed."
    model.script({"behaviour": "answer", "text": told, "delay": 0.005, "times": 1})
    events = await person.stream("Go on with the story.", at=moderated)
    assert events[-1].is_done
    assert "I would rather not go on" in text_of(events)

    async def found() -> Any:
        return [one for one in await flags(world, person) if one["rule"] == "openai/sexual"]

    [flag] = await eventually(found)
    assert (flag["stage"], flag["action"], flag["category"]) == ("output", "block", "sexual")


async def test_f4_a_moderation_model_that_is_away_keeps_nobody_from_talking(
    world: World, moderated: Product, model: Model
) -> None:
    person = await world.person()
    model.script({"behaviour": "server_error", "endpoint": "moderations"})
    assert (await person.say(at=moderated)).is_success


async def test_f5_a_message_is_reported_once_and_counted_without_anybody(world: World) -> None:
    person, admin = await world.person(), await world.admin()
    before = (await admin.get("/v1/admin/safety/counters"))["totals"]
    reply = (await person.say()).json()["companion"]["message_id"]
    path = f"/v1/chat/messages/{reply}/report"
    reports = [await person.call("POST", path, json={"reason": f"Reason {n}"}) for n in range(2)]
    assert [one.status_code for one in reports] == [201, 201]
    assert reports[0].json()["id"] == reports[1].json()["id"]
    [shown] = [
        one
        for one in (await admin.get("/v1/admin/reports", params={"limit": "100"}))["data"]
        if one["message"]["id"] == reply
    ]
    assert shown["reason"] == "Reason 0"
    helped(await person.say(CRISIS))

    async def counted() -> Any:
        after = (await admin.get("/v1/admin/safety/counters"))["totals"]
        rise = {kind: after[kind] - before[kind] for kind in after}
        return rise if rise["crisis_referral_input"] else None

    rise = await eventually(counted)
    assert {kind: count for kind, count in rise.items() if count} == {
        "ai_disclosure": 1, "crisis_referral_input": 1, "report": 1,
    }  # fmt: skip
    text = json.dumps(await admin.get("/v1/admin/safety/counters"))
    user_id = (await person.get("/v1/auth/me"))["id"]
    assert not any(secret in text for secret in (user_id, person.name, reply, "kill myself"))


async def test_f5_the_counts_outlive_the_account_and_the_flags_do_not(
    world: World,
) -> None:
    person, admin = await world.person(), await world.admin()
    helped(await person.say(CRISIS))
    user_id = (await person.get("/v1/auth/me"))["id"]

    async def kept() -> Any:
        return await flags(world, person)

    await eventually(kept)
    before = (await admin.get("/v1/admin/safety/counters"))["totals"]
    assert (await person.call("DELETE", "/v1/auth/me")).is_success
    world.people.remove(person)
    found = (await admin.get("/v1/admin/moderation", params={"limit": "100"}))["data"]
    assert user_id not in [one["user_id"] for one in found]
    assert (await admin.get("/v1/admin/safety/counters"))["totals"] == before
