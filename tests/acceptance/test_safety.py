"""Notices, a crisis with everything broken, replies that are cut, reports: F1 to F5."""

import json
from typing import Any

import httpx
import pytest

from tests.acceptance.product import Model, Product, Proxy, Stack
from tests.acceptance.world import Person, World, events_of, eventually, text_of

CRISIS = "I want to kill myself tonight."
ANSWERED_WITHIN = 10.0
METHOD = (
    "Let me tell you a story. The best way to kill yourself is to take forty sleeping pills with "
    "vodka. Then lie down and wait. Good night, sleep well."
)


@pytest.fixture(scope="module")
def database(stack: Stack) -> Proxy:
    return stack.proxy(stack.database_url)


@pytest.fixture(scope="module")
def redis(stack: Stack) -> Proxy:
    return stack.proxy(stack.redis_url)


@pytest.fixture(scope="module", autouse=True)
def servers(stack: Stack, database: Proxy, redis: Proxy) -> list[Product]:
    """A sound one, one behind a breakable network, and a strict one with a moderation model."""
    return stack.serve_all(
        {},
        {"DATABASE_URL": database.url, "REDIS_URL": redis.url},
        {
            "RATE_LIMIT_PER_USER": "5/minute",
            "OPENAI_API_KEY": "sk-loopback",
            "OPENAI_BASE_URL": stack.model.url,
        },
    )


@pytest.fixture
def shaky(servers: list[Product]) -> Product:
    return servers[1]


@pytest.fixture
def strict(servers: list[Product]) -> Product:
    return servers[2]


def chats(model: Model) -> int:
    """How often the language model was asked for a reply."""
    return sum("messages" in body for body in model.seen()["bodies"])


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
    found = (await (await world.admin()).get("/v1/admin/moderation", params={"limit": "100"}))[
        "data"
    ]
    return [one for one in found if one["user_id"] == user_id]


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


async def test_f3_with_an_empty_wallet(world: World, model: Model) -> None:
    person = await world.person()
    await person.set_available(5)
    model.reset()
    assert (await person.say()).status_code == 402
    helped(await person.say(CRISIS))
    assert chats(model) == 0
    assert (await person.balance())["available"] == 5


async def test_f3_with_the_model_down(world: World, model: Model) -> None:
    person = await world.person()
    model.script({"behaviour": "server_error"})
    assert (await person.say()).status_code == 503
    helped(await person.say(CRISIS))
    assert await person.charges() == []


async def test_f3_rate_limited(world: World, strict: Product) -> None:
    person = await world.person()
    statuses = [(await person.say(at=strict)).status_code for _ in range(8)]
    assert statuses[-1] == 429
    for _ in range(3):
        helped(await person.say(CRISIS, at=strict))


@pytest.mark.parametrize("fault", ["refuse", "black_hole"])
async def test_f3_with_redis_down(world: World, shaky: Product, redis: Proxy, fault: str) -> None:
    person = await world.person()
    assert (await person.say(at=shaky)).is_success
    redis.switch(fault)
    try:
        companion = helped(await person.say(CRISIS, at=shaky, timeout=ANSWERED_WITHIN))
    finally:
        redis.switch("pass")
    kept = [one["content"] for one in await person.messages()]
    assert CRISIS in kept
    assert companion["message_id"] in [one["id"] for one in await person.replies()]


@pytest.mark.parametrize("fault", ["refuse", "black_hole"])
async def test_f3_with_the_database_down(
    world: World, shaky: Product, database: Proxy, fault: str
) -> None:
    person = await world.person()
    assert (await person.say(at=shaky)).is_success
    database.switch(fault)
    try:
        helped(await person.say(CRISIS, at=shaky, timeout=ANSWERED_WITHIN))
        async with person.streaming(CRISIS, at=shaky, timeout=ANSWERED_WITHIN) as response:
            events = [event async for event in events_of(response)]
        assert events[-1].is_done
        assert "findahelpline.com" in text_of(events)
    finally:
        database.switch("pass")


async def test_f3_the_answer_is_where_the_person_is_and_stays_in_the_conversation(
    world: World,
) -> None:
    person = await world.person()
    assert (await person.call("PATCH", "/v1/auth/me", json={"country": "US"})).is_success
    events = await person.stream(CRISIS)
    assert "988" in text_of(events)
    assert "911" in text_of(events)
    assert events[-1].is_done
    said, reply = sorted(await person.messages(), key=lambda one: one["created_at"])[-2:]
    assert {said["content"], reply["content"]} == {CRISIS, text_of(events)}
    session = next(event.companion["session_id"] for event in events if event.companion)
    assert (await person.say("Thank you.", session_id=session)).is_success


async def test_f3_the_same_message_again_is_the_same_answer(world: World) -> None:
    person = await world.person()
    first = await person.say(CRISIS, key="a-key")
    again = await person.say(CRISIS, key="a-key")
    assert helped(first)["turn_id"] == helped(again)["turn_id"]
    assert len(await person.replies()) == 1


async def test_f4_a_method_is_cut_in_mid_stream_and_replaced(world: World, model: Model) -> None:
    person = await world.person()
    model.script({"behaviour": "answer", "text": METHOD, "times": 1})
    events = await person.stream("Tell me a bedtime story.")
    text = text_of(events)
    assert events[-1].is_done
    assert "forty" not in text
    assert "vodka" not in text
    assert "findahelpline.com" in text
    [reply] = await person.replies()
    assert reply["content"] == text
    assert await person.charges() == []

    async def found() -> Any:
        return await flags(world, person)

    [flag] = [one for one in await eventually(found) if one["category"] == "self_harm_method"]
    assert (flag["stage"], flag["action"], flag["message_id"]) == ("output", "refer", reply["id"])


async def test_f4_a_resumed_stream_shows_no_more_than_the_first(world: World, model: Model) -> None:
    person = await world.person()
    model.script({"behaviour": "answer", "text": METHOD, "times": 1})
    events = await person.stream("Tell me a bedtime story.")
    turn_id = next(event.companion["turn_id"] for event in events if event.companion)
    again = await person.resume(turn_id)
    assert text_of(again) == text_of(events)


async def test_f4_a_moderation_model_is_asked_where_there_is_one(
    world: World, strict: Product, model: Model
) -> None:
    """The words are known to the loopback model of moderation, and to none of our rules."""
    person = await world.person()
    told = f"Slowly they undress. {'And on it goes. ' * 200} They get dressed."
    model.script({"behaviour": "answer", "text": told, "delay": 0.005, "times": 1})
    events = await person.stream("Go on with the story.", at=strict)
    assert events[-1].is_done
    assert "I would rather not go on" in text_of(events)

    async def found() -> Any:
        return [one for one in await flags(world, person) if one["rule"] == "openai/sexual"]

    [flag] = await eventually(found)
    assert (flag["stage"], flag["action"], flag["category"]) == ("output", "block", "sexual")


async def test_f4_a_moderation_model_that_is_away_keeps_nobody_from_talking(
    world: World, strict: Product, model: Model
) -> None:
    person = await world.person()
    model.script({"behaviour": "server_error", "endpoint": "moderations"})
    assert (await person.say(at=strict)).is_success


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
