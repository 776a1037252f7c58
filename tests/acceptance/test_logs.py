"""Whatever happens, no log says what people wrote, who they are, or how they prove it: P3."""

from collections.abc import Iterator

import httpx
import psycopg
import pytest

from tests.acceptance.lone import Lone, lone
from tests.acceptance.product import MODEL_KEY, Model, Product, Proxy, Stack
from tests.acceptance.world import Person, World, eventually

WORDS = "Zanzibar-lilac"
"""Stands in everything that is written."""
E_MAIL = "ada.lovelace@zanzibar.example"
FAULTS = ("echo_key", "html", "disconnect after=2", "broken_chunk after=1", "server_error", "echo")


@pytest.fixture(scope="module")
def networks(stack: Stack) -> tuple[Proxy, Proxy]:
    return stack.proxy(stack.database_url), stack.proxy(stack.redis_url)


@pytest.fixture(scope="module", autouse=True)
def server(stack: Stack, networks: tuple[Proxy, Proxy]) -> Product:
    database, redis = networks
    return stack.serve(
        DATABASE_URL=database.url,
        REDIS_URL=redis.url,
        LOG_LEVEL="DEBUG",
        SECRET_KEY=f"{WORDS}-secret-key-of-this-server",
    )


@pytest.fixture
async def person(world: World) -> Person:
    return await world.person(email=E_MAIL)


@pytest.fixture
def breakable(networks: tuple[Proxy, Proxy]) -> Iterator[tuple[Proxy, Proxy]]:
    yield networks
    for network in networks:
        network.switch("pass")


def assert_silent(log: str, *secrets: str) -> None:
    """None of it, nor a token's payload, in whatever case it is written."""
    assert log, "a log that is empty proves nothing"
    folded = log.lower()
    for secret in (WORDS, E_MAIL, "zanzibar", MODEL_KEY, *secrets):
        at = folded.find(secret.lower())
        assert at < 0, log[max(0, at - 500) : at + 200]


async def everything(person: Person) -> None:
    """One of each thing that takes words from people."""
    told = (await person.say(f"My secret is {WORDS}.", key=f"key-{WORDS}")).json()["companion"]
    await person.stream(f"And {WORDS} again.", session_id=told["session_id"])
    session = f"/v1/chat/sessions/{told['session_id']}"
    await person.call("PATCH", session, json={"title": WORDS})
    await person.call("PATCH", "/v1/auth/me", json={"display_name": WORDS})
    report = f"/v1/chat/messages/{told['message_id']}/report"
    await person.call("POST", report, json={"reason": WORDS})
    memory = {"character_id": "mira", "text": WORDS}
    await person.call("POST", "/v1/chat/memories", json=memory)
    await person.call("GET", f"/v1/chat/sessions/{WORDS}", params={"cursor": WORDS})
    await person.get("/v1/auth/me/export")


async def misuse(person: Person) -> None:
    """Requests that are refused, each quoting what must not be quoted."""
    odd = {"Content-Type": "application/json"}
    bodies = (
        f'{{"model": "{WORDS}", "messages": [{{"role": "{WORDS}", "content": 1}}]}}',
        f'{{"{WORDS}": ',
        f'{{"model": "mira", "messages": [{{"role": "user", "content": "{WORDS}\\u0000"}}]}}',
    )
    for body in bodies:
        answer = await person.call(
            "POST", "/v1/chat/completions", content=body.encode(), headers=odd
        )
        assert answer.is_client_error, answer.text
    for header in (f"Bearer {person.token}x", f"Bearer {WORDS}", f"Basic {WORDS}"):
        answer = await person.call("GET", "/v1/auth/me", headers={"Authorization": header})
        assert answer.status_code == 401
    login = {"id_token": person.token[:-4] + "AAAA"}
    assert (await person.call("POST", "/v1/auth/login", json=login)).status_code == 401


async def test_p3_work_and_misuse_leave_no_words_in_the_log(
    person: Person, server: Product
) -> None:
    await everything(person)
    await misuse(person)
    assert_silent(server.log(), person.token, person.token.rpartition(".")[2], person.name)


async def test_p3_neither_do_faults_of_the_model(person: Person, server: Product) -> None:
    for fault in FAULTS:
        await person.say(f"{WORDS} @@{fault}")
        async with person.streaming(f"{WORDS} @@{fault}") as response:
            await response.aread()
            assert MODEL_KEY not in response.text
    assert_silent(server.log(), person.token)


async def test_p3_neither_do_faults_of_the_database_and_of_redis(
    person: Person,
    world: World,
    stack: Stack,
    server: Product,
    breakable: tuple[Proxy, Proxy],
) -> None:
    user_id = (await person.get("/v1/auth/me"))["id"]
    with psycopg.connect(stack.database_url) as holder:
        holder.execute("SELECT * FROM wallets WHERE user_id = %s FOR UPDATE", (user_id,))
        assert (await person.say(WORDS)).status_code == 503
        holder.rollback()
    for network in breakable:
        for fault in ("refuse", "black_hole"):
            network.switch(fault)
            await person.say(WORDS)
            await person.call("PATCH", "/v1/auth/me", json={"display_name": WORDS})
            await person.call("POST", "/v1/auth/login", json={"id_token": person.token})
        network.switch("pass")
    await eventually(lambda: world.is_ready(server))
    assert_silent(server.log(), person.token)


async def test_p3_an_answer_does_not_show_what_is_inside(person: Person) -> None:
    answer = await person.say(f"{WORDS} @@echo_key")
    assert answer.is_error
    for told in (MODEL_KEY, "Traceback", "127.0.0.1", "psycopg", "openai"):
        assert told not in answer.text


@pytest.fixture(scope="module")
def embedded(scripted_model: Model) -> Iterator[Lone]:
    with lone(scripted_model, LOG_LEVEL="DEBUG") as server:
        server.start()
        yield server


def test_p3_neither_do_the_logs_of_embedded_parts(embedded: Lone) -> None:
    token = embedded.token("lone", email=E_MAIL)
    told = embedded.say(token, WORDS)["companion"]
    url = embedded.addresses["DATABASE_URL"]
    with psycopg.connect(url) as connection:
        connection.execute("SET ROLE companion_app")
        with pytest.raises(psycopg.Error):
            connection.execute("UPDATE ledger SET description = %s", (WORDS,))
    assert httpx.get(f"{embedded.url}/v1/chat/sessions/{WORDS}", timeout=30).status_code == 401
    logs = [path for path in embedded.data.rglob("*.log") if path.is_file()]
    assert {path.name for path in logs} >= {"postgres.log", "valkey.log"}
    said = "\n".join(path.read_text(encoding="utf-8", errors="replace") for path in logs)
    assert_silent(said + embedded.log(), token, told["session_id"])
