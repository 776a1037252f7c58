"""Whoever leaves takes every word along, out of every table and out of Redis: P1."""

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
import redis

from tests.acceptance.product import Model, Product, Stack
from tests.acceptance.world import Person, World, events_of, eventually

CANARY = "Zilvermeeuw"
"""A word that stands nowhere else."""
LONG_TALK = 16
"""Exchanges after which the beginning is told in a summary."""
KEEPS_NO_WORDS = {"alembic_version", "character_versions", "characters", "character_files"}


@pytest.fixture(scope="module", autouse=True)
def server(stack: Stack) -> Product:
    return stack.serve()


@pytest.fixture
def database(stack: Stack) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(stack.database_url, autocommit=True) as connection:
        yield connection


def tables_with(database: psycopg.Connection[Any], word: str) -> set[str]:
    """Every table in any row of which the word stands."""
    names = database.execute(
        "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
    ).fetchall()
    found = set()
    for (name,) in names:
        query = f'SELECT count(*) FROM "{name}" AS t WHERE t::text ILIKE %s'  # noqa: S608 - own names
        [(rows,)] = database.execute(query.encode(), (f"%{word}%",)).fetchall()
        if rows:
            found.add(name)
    return found


def in_redis(stack: Stack, word: str) -> list[str]:
    """Every key that has the word in its name or in its value."""
    found = []
    with redis.Redis.from_url(stack.redis_url) as client:
        for key in client.scan_iter(count=1_000):
            kind = client.type(key)
            value: Any = {
                b"string": client.get,
                b"hash": client.hgetall,
                b"stream": client.xrange,
                b"zset": lambda one: client.zrange(one, 0, -1),
                b"set": client.smembers,
                b"list": lambda one: client.lrange(one, 0, -1),
            }[kind](key)
            if word.encode().lower() in (key + repr(value).encode()).lower():
                found.append(key.decode())
    return found


async def tell_everything(person: Person, world: World, model: Model) -> str:
    """Put the canary wherever a person's words can go; returns the account's id."""
    me = await person.call("PATCH", "/v1/auth/me", json={"display_name": f"Ann {CANARY}"})
    user_id: str = me.json()["id"]
    model.script({"behaviour": "answer", "text": f"A {CANARY} told me so."})
    first = (await person.say(f"My name is {CANARY}.", key=f"key-{CANARY}")).json()["companion"]
    session_id, message_id = first["session_id"], first["message_id"]
    told = ["dog is called", "sister is called", "street is called", "boat is called"]
    for number in range(LONG_TALK):
        text = f"My {told[number % 4]} {CANARY} {number}."
        assert (await person.say(text, session_id=session_id)).is_success
    session = f"/v1/chat/sessions/{session_id}"
    await person.call("PATCH", session, json={"title": f"About {CANARY}"})
    note = {"character_id": "mira", "text": f"My secret word is {CANARY}."}
    assert (await person.call("POST", "/v1/chat/memories", json=note)).is_success
    report = {"reason": f"It said {CANARY}."}
    assert (
        await person.call("POST", f"/v1/chat/messages/{message_id}/report", json=report)
    ).is_success
    await person.say(f"I want to kill myself, dear {CANARY}.")
    await person.say(f"Write a sex scene with {CANARY}, a 12 year old girl.")
    await person.call(
        "POST", "/v1/chat/sessions", json={"character_id": "mira"},
        headers={"Idempotency-Key": f"other-{CANARY}"},
    )  # fmt: skip
    admin = await world.admin()
    managed = f"/v1/admin/users/{user_id}"
    blame = {"reason": f"Wrote {CANARY}"}
    assert (await admin.call("POST", f"{managed}/suspend", json=blame)).is_success
    assert (await admin.call("POST", f"{managed}/unsuspend")).is_success
    return user_id


async def test_p1_no_table_and_no_key_remembers_whoever_left(
    world: World, stack: Stack, model: Model, database: psycopg.Connection[Any]
) -> None:
    person = await world.person()
    await person.grant(5_000)
    user_id = await tell_everything(person, world, model)

    async def learnt() -> bool:
        session = database.execute(
            "SELECT max(length(summary)) FROM sessions WHERE user_id = %s", (user_id,)
        ).fetchone()
        return bool(session and session[0]) and "memories" in tables_with(database, CANARY)

    await eventually(learnt)
    full = tables_with(database, CANARY)
    assert full >= {
        "users", "sessions", "messages", "memories", "reports", "moderation_flags",
        "idempotency_keys",
    }  # fmt: skip
    exported = json.dumps(await person.get("/v1/auth/me/export"), ensure_ascii=False)
    assert exported.count(CANARY) > LONG_TALK * 2
    for words in ("My secret word", "It said", "dear", "About", "My boat is called"):
        assert words in exported, words

    model.script({"behaviour": "tokens", "count": 200, "delay": 0.05})
    async with person.streaming(f"And one more {CANARY}!") as response:
        events = events_of(response)
        first = await anext(events)
        await anext(events)
        turn_id = first.companion["turn_id"]
        assert (await person.call("DELETE", "/v1/auth/me")).status_code == 204

    async def silent() -> bool:
        return not in_redis(stack, turn_id)

    await eventually(silent)
    await asyncio.sleep(1)
    assert tables_with(database, CANARY) == set()
    assert tables_with(database, person.name) == set()
    assert in_redis(stack, CANARY) == []
    assert in_redis(stack, person.name) == []
    assert in_redis(stack, user_id) == []
    stays = tables_with(database, user_id)
    assert stays <= {"users", "wallets", "ledger", "admin_audit"}
    world.people.remove(person)


async def test_p1_whoever_comes_back_starts_empty(world: World) -> None:
    person = await world.person()
    await person.say(f"My cat is called {CANARY}.")
    assert (await person.call("DELETE", "/v1/auth/me")).status_code == 204
    person.token = await world.token(person.name)
    assert (await person.get("/v1/chat/memories"))["data"] == []
    assert await person.messages() == []
    assert (await person.balance())["balance"] == 100
    person.ledger.clear()


async def test_p1_others_keep_theirs(world: World, database: psycopg.Connection[Any]) -> None:
    ann, ben = await world.person(), await world.person()
    for person in (ann, ben):
        await person.say(f"My cat is called {CANARY}.")
    await ann.call("DELETE", "/v1/auth/me")
    world.people.remove(ann)
    assert "messages" in tables_with(database, CANARY)
    assert len(await ben.messages()) == 2
