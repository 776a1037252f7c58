"""What was said is learnt after the reply, and is not lost when the process dies before."""

from typing import Any, Protocol

import httpx
import psycopg
import pytest

from tests.acceptance.product import Model, Product, Stack
from tests.acceptance.world import Person, World, eventually

TELLING = "My sister Clara plays the cello in Lisbon."


@pytest.fixture(scope="module", autouse=True)
def server(stack: Stack) -> Product:
    return stack.serve()


class Tell(Protocol):
    """Say something that is learnt as a memory with this word in it."""

    async def __call__(self, person: Person, text: str, word: str) -> httpx.Response: ...


@pytest.fixture
def tell(pytestconfig: pytest.Config) -> Tell:
    """Say something, and ask no other process for it before it can know.

    Each process waits for what it is learning itself. Behind a balancer the next message may come
    to another one, which knows a moment later.
    """

    async def say(person: Person, text: str, word: str) -> httpx.Response:
        answer = await person.say(text)
        assert answer.is_success, answer.text

        async def is_learnt() -> bool:
            return any(word in one for one in await texts(person))

        if pytestconfig.getoption("--replicas") > 1:
            await eventually(is_learnt)
        return answer

    return say


async def texts(person: Person) -> list[str]:
    return [one["text"] for one in (await person.get("/v1/chat/memories"))["data"]]


def prompt_of(model: Model) -> str:
    """All that the model was last given to read."""
    return str(model.seen()["bodies"][-1])


async def test_the_next_conversation_knows_it_at_once(
    world: World, model: Model, tell: Tell
) -> None:
    person = await world.person()
    await tell(person, TELLING, "cello")
    answer = await person.say("Which instrument does Clara play?")
    assert "cello" in prompt_of(model)
    [recalled] = answer.json()["companion"]["memories"]
    assert recalled["text"] == TELLING


async def test_a_reply_calls_the_model_once_and_no_more(
    world: World, model: Model, tell: Tell
) -> None:
    person = await world.person()
    await tell(person, TELLING, "cello")
    await tell(person, "I work as a nurse.", "nurse")
    await tell(person, "My dog is called Biscuit.", "Biscuit")
    assert len(await texts(person)) == 3
    await world.run_job("learn-memories")
    assert model.seen()["count"] == 3


async def test_what_is_recalled_is_not_learnt_again(world: World, model: Model, tell: Tell) -> None:
    person = await world.person()
    await tell(person, TELLING, "cello")
    model.script({"behaviour": "answer", "text": f"You told me: {TELLING} I live in Rome myself."})
    for _ in range(3):
        await person.say("Which instrument does Clara play?")
    assert await texts(person) == [TELLING]


async def test_a_contradiction_ends_what_was_true(world: World, model: Model, tell: Tell) -> None:
    person = await world.person()
    await tell(person, "I live in Paris.", "Paris")
    await tell(person, "I moved to Rome last week.", "Rome")
    await person.say("Where do I live now?")
    assert "Rome" in prompt_of(model)
    assert "Paris" not in prompt_of(model)
    assert not any("Paris" in text for text in await texts(person))
    both = await person.get("/v1/chat/memories", params={"history": "true"})
    [old] = [one for one in both["data"] if "Paris" in one["text"]]
    assert old["ended_at"]


async def test_a_deleted_message_is_forgotten(world: World, model: Model, tell: Tell) -> None:
    person = await world.person()
    said = (await tell(person, TELLING, "cello")).json()["companion"]["user_message_id"]
    assert await texts(person) == [TELLING]
    gone = await person.call("DELETE", f"/v1/chat/messages/{said}")
    assert gone.status_code == 204
    assert await texts(person) == []
    await person.say("Which instrument does Clara play?")
    assert "cello" not in prompt_of(model)
    person.keeps_replies = False


async def test_a_long_conversation_keeps_its_beginning(world: World, model: Model) -> None:
    person = await world.person()
    await person.grant(5_000)
    first = await person.say("I was born in Valparaíso, in a house with a blue door.")
    session_id = first.json()["companion"]["session_id"]
    for number in range(24):
        await person.say(f"Then let us count stars: {number}.", session_id=session_id)

    async def is_short() -> bool:
        await person.say("And on we go.", session_id=session_id)
        return "Earlier in this conversation" in prompt_of(model)

    await eventually(is_short)
    await person.say("Do you know where I was born?", session_id=session_id)
    assert "Valpara" in prompt_of(model)


async def test_an_administrator_sees_what_the_model_read(world: World, tell: Tell) -> None:
    person = await world.person()
    user_id = (await person.get("/v1/auth/me"))["id"]
    first = (await tell(person, TELLING, "cello")).json()["companion"]
    turn_id = (await person.say("Which instrument does Clara play?")).json()["companion"]["turn_id"]
    admin = await world.admin()
    path = f"/v1/admin/users/{user_id}/turns/{turn_id}/prompt"
    shown = await admin.get(path)
    parts: dict[str, Any] = {part["name"]: part for part in shown["parts"]}
    assert [text["text"] for text in parts["memories"]["texts"]] == [TELLING]
    assert parts["message"]["texts"][0]["text"] == "Which instrument does Clara play?"
    assert shown["tokens"] == sum(part["tokens"] for part in shown["parts"])
    await person.call("DELETE", f"/v1/chat/sessions/{first['session_id']}")
    again = await admin.get(path)
    parts = {part["name"]: part for part in again["parts"]}
    assert [text["text"] for text in parts["memories"]["texts"]] == [None]
    assert (await person.call("GET", path)).status_code == 403
    person.keeps_replies = False


@pytest.mark.crash
async def test_a_process_that_dies_leaves_the_work_to_the_job(
    world: World, stack: Stack, server: Product
) -> None:
    person = await world.person()
    with psycopg.connect(stack.database_url) as other:
        # Nothing can be learnt as long as this transaction lasts; replies can be written.
        other.execute("LOCK TABLE memories IN EXCLUSIVE MODE")
        assert (await person.say(TELLING)).is_success
        server.kill()
        # What the dead process had sent is not to be done by its server process either.
        other.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
        )
        other.rollback()
    server.start()
    assert await texts(person) == []
    with psycopg.connect(stack.database_url, autocommit=True) as database:
        database.execute("UPDATE memory_work SET claimed_until = now() - interval '1 second'")
    await world.run_job("learn-memories")

    async def learnt() -> bool:
        return await texts(person) == [TELLING]

    await eventually(learnt)
