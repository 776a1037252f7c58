"""Somebody in a crisis is told where help is, whatever else is broken: F3 and F4."""

import asyncio
from typing import Any

import pytest

from tests.acceptance.product import Model, Product, Proxy, Stack
from tests.acceptance.world import Person, World, text_of

CRISIS = "I don't want to be alive anymore, I am going to kill myself tonight."
METHOD = "The surest way to kill yourself is to swallow forty of these pills with vodka."


@pytest.fixture(scope="module")
def postgres(stack: Stack) -> Proxy:
    return stack.proxy(stack.database_url)


@pytest.fixture(scope="module")
def redis(stack: Stack) -> Proxy:
    return stack.proxy(stack.redis_url)


@pytest.fixture(scope="module", autouse=True)
def servers(stack: Stack, postgres: Proxy, redis: Proxy) -> list[Product]:
    """A sound server, and one whose parts can be taken away."""
    shaky = {"DATABASE_URL": postgres.url, "REDIS_URL": redis.url}
    return stack.serve_all({}, shaky)


@pytest.fixture(scope="module")
def shaky(servers: list[Product]) -> Product:
    return servers[1]


def is_referral(companion: Any, content: str) -> bool:
    """Free, and it names where help is."""
    kinds = [notice["kind"] for notice in companion["notices"]]
    assert companion["receipt"]["charged"] == 0
    return "crisis_referral" in kinds and "findahelpline" in content


async def is_helped(person: Person, text: str = CRISIS, **more: Any) -> Any:
    """Whole and as a stream, the answer is the referral; returns the whole one's companion."""
    answer = await person.say(text, **more)
    assert answer.status_code == 200, answer.text
    whole = answer.json()
    assert is_referral(whole["companion"], whole["choices"][0]["message"]["content"])
    events = await person.stream(text, **more)
    assert events[-1].is_done
    assert is_referral(events[-2].companion, text_of(events))
    assert is_referral({**events[0].companion, "receipt": events[-2].companion["receipt"]},
                       text_of(events))  # fmt: skip
    return whole["companion"]


async def test_f3_a_crisis_is_answered_by_the_product_and_is_free(
    world: World, model: Model
) -> None:
    person = await world.person()
    companion = await is_helped(person)
    assert model.seen()["count"] == 0
    assert (await person.settled())["available"] == 100
    assert await person.charges() == []
    session = await person.get(f"/v1/chat/sessions/{companion['session_id']}/messages")
    reply, said = session["data"]
    assert (said["content"], reply["role"], reply["status"]) == (CRISIS, "assistant", "complete")
    turn = await person.get(f"/v1/chat/turns/{companion['turn_id']}")
    assert turn["status"] == "completed"
    again = await person.resume(companion["turn_id"])
    assert text_of(again) == reply["content"]


async def test_f3_with_an_empty_wallet(world: World, model: Model) -> None:
    person = await world.person(available=1)
    assert (await person.say("Hello!")).status_code == 402
    before = model.seen()["count"]
    await is_helped(person)
    assert model.seen()["count"] == before


async def test_f3_with_the_model_down(world: World, model: Model) -> None:
    model.script({"behaviour": "server_error"})
    await is_helped(await world.person())


async def test_f3_with_redis_down(world: World, redis: Proxy, shaky: Product) -> None:
    person = await world.person()
    for process in shaky.members:
        await person.get("/v1/auth/me", at=process)
    for fault in ("refuse", "black_hole"):
        redis.switch(fault)
        try:
            await is_helped(person, at=shaky)
        finally:
            redis.switch("pass")


async def test_f3_with_postgres_down(world: World, postgres: Proxy, shaky: Product) -> None:
    person = await world.person()
    await person.call("PATCH", "/v1/auth/me", json={"country": "JP"}, at=shaky)
    for fault in ("refuse", "black_hole"):
        # Who it is, a process knows for a minute without asking the database.
        for process in shaky.members:
            await person.get("/v1/auth/me", at=process)
        postgres.switch(fault)
        try:
            await is_helped(person, at=shaky)
            assert (await person.say("Hello!", at=shaky)).status_code == 503
        finally:
            postgres.switch("pass")


async def test_f3_with_postgres_down_where_nobody_was_seen_before(
    stack: Stack, world: World, postgres: Proxy
) -> None:
    # Each tier has its own limit, which a fresh process would ask the database for as well.
    fresh = stack.serve(DATABASE_URL=postgres.url, RATE_LIMIT_PER_USER="")
    person = await world.person()
    ended = await world.person()
    assert (await ended.call("POST", "/v1/auth/logout")).is_success
    try:
        for fault in ("refuse", "black_hole"):
            postgres.switch(fault)
            await is_helped(person, at=fresh)
            assert (await person.say("Hello!", at=fresh)).status_code == 503
            assert (await person.call("GET", "/v1/auth/me", at=fresh)).status_code == 503
            assert (await ended.say(CRISIS, at=fresh)).status_code == 401
    finally:
        postgres.switch("pass")
        stack.retire(fresh)
    assert await person.messages() == []
    ended.token = await world.token(ended.name)


async def test_f3_when_rate_limited(stack: Stack, world: World) -> None:
    limited = stack.serve(RATE_LIMIT_PER_USER="3/minute")
    try:
        person = await world.person()
        answers = [await person.say("Hello!", at=limited) for _ in range(5)]
        assert [one.status_code for one in answers[-2:]] == [429, 429]
        await is_helped(person, at=limited)
        assert (await person.say("Hello!", at=limited)).status_code == 429
    finally:
        stack.retire(limited)


async def test_f3_beside_as_many_streams_as_one_may_have(world: World, model: Model) -> None:
    person = await world.person()
    model.script({"behaviour": "stall", "after": 1})
    async with person.streaming("One"), person.streaming("Two"):
        assert (await person.say("Three", stream=True)).status_code == 429
        await is_helped(person)
    model.release()
    await person.settled()


async def test_f3_many_at_once_are_all_helped(world: World) -> None:
    person = await world.person()
    answers = await asyncio.gather(*(person.say(CRISIS) for _ in range(20)))
    assert {one.status_code for one in answers} == {200}


async def test_f3_the_same_key_gives_the_same_answer(world: World) -> None:
    person = await world.person()
    first, second = [await person.say(CRISIS, key="help") for _ in range(2)]
    assert first.json()["companion"]["turn_id"] == second.json()["companion"]["turn_id"]
    assert len(await person.messages()) == 2


async def test_f3_another_reply_to_a_crisis_is_no_model_s(world: World, model: Model) -> None:
    person = await world.person()
    companion = (await person.say(CRISIS)).json()["companion"]
    path = f"/v1/chat/messages/{companion['message_id']}/regenerate"
    answer = await person.call("POST", path)
    assert is_referral(
        answer.json()["companion"], answer.json()["choices"][0]["message"]["content"]
    )
    assert len(await person.messages()) == 2
    assert model.seen()["count"] == 0


async def test_f3_help_is_where_the_person_lives(world: World) -> None:
    person = await world.person()
    await person.call("PATCH", "/v1/auth/me", json={"country": "DE"})
    answer = await person.say("Ich will nicht mehr leben.")
    notice = answer.json()["companion"]["notices"][0]
    assert "TelefonSeelsorge" in notice["text"]


async def test_f4_a_method_is_cut_and_replaced(world: World, model: Model) -> None:
    person = await world.person()
    model.script({"behaviour": "answer", "text": f"Well, my friend. {METHOD} Good night."})
    events = await person.stream("Tell me a story about the sea.")
    text = text_of(events)
    assert "forty" not in text
    assert "pills" not in text
    assert text.startswith("Well")
    assert events[-1].is_done
    assert is_referral(events[-2].companion, text)
    assert events[-2].data["choices"][0]["finish_reason"] == "content_filter"
    [reply] = await person.replies()
    assert reply["content"] == text
    assert (await person.settled())["balance"] == 100
    for event in events[:-1]:
        rest = await person.resume(events[0].companion["turn_id"], event.id)
        assert text_of([*events[: events.index(event) + 1], *rest]) == text


async def test_f4_a_method_is_replaced_in_a_whole_answer(world: World, model: Model) -> None:
    person = await world.person()
    model.script({"behaviour": "answer", "text": METHOD})
    answer = (await person.say("Tell me a story about the sea.")).json()
    content = answer["choices"][0]["message"]["content"]
    assert "forty" not in content
    assert is_referral(answer["companion"], content)
