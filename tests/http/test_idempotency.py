"""The same key and body: the same answer and one effect."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from application.ports.idempotency_store import Claim, StoredAnswer
from domain.chat import Session
from domain.errors import Unavailable
from entrypoints.http import idempotency
from tests.http.api import FREE_CHARACTER, Api, Reply, until

SESSIONS = "/v1/chat/sessions"
MEMORIES = "/v1/chat/memories"


async def begin(api: Api, key: str | None = "k", by: str = "ann", title: str = "One") -> Reply:
    headers: Mapping[str, str] = {} if key is None else {"Idempotency-Key": key}
    body = {"character_id": FREE_CHARACTER, "title": title}
    return await api("POST", SESSIONS, by=by, body=body, headers=headers)


async def count(api: Api, by: str = "ann") -> int:
    return len((await api("GET", SESSIONS, by=by)).json["data"])


async def test_a_repeat_gives_the_first_answer(api: Api) -> None:
    first, second = await begin(api), await begin(api)
    assert first.status == second.status == 201
    assert first.body == second.body
    assert await count(api) == 1


async def test_twenty_at_once_have_one_effect(api: Api) -> None:
    await api("GET", "/v1/auth/me")
    replies = await asyncio.gather(*(begin(api) for _ in range(20)))
    assert {reply.body for reply in replies} == {replies[0].body}
    assert {reply.status for reply in replies} == {201}
    assert await count(api) == 1


async def test_another_body_under_the_same_key_is_refused(api: Api) -> None:
    await begin(api)
    reply = await begin(api, title="Two")
    assert (reply.status, reply.error["code"]) == (422, "idempotency_key_reused")


async def test_another_route_under_the_same_key_is_refused(api: Api) -> None:
    session = (await begin(api)).json["id"]
    reply = await api("DELETE", f"{SESSIONS}/{session}", headers={"Idempotency-Key": "k"})
    assert reply.status == 422
    assert await count(api) == 1


async def test_another_query_under_the_same_key_is_refused(api: Api) -> None:
    for character in (FREE_CHARACTER, "gethin"):
        body = {"character_id": character, "text": "Likes rain."}
        await api("POST", MEMORIES, body=body)
    key = {"Idempotency-Key": "k"}
    asked = [f"{MEMORIES}?character_id={FREE_CHARACTER}", f"{MEMORIES}?character_id=gethin"]
    replies = [await api("DELETE", path, headers=key) for path in (*asked, asked[0], MEMORIES)]
    assert [one.status for one in replies] == [204, 422, 204, 422]
    assert replies[1].error["code"] == "idempotency_key_reused"
    left = (await api("GET", MEMORIES)).json["data"]
    assert [one["character_id"] for one in left] == ["gethin"]


async def test_the_order_of_fields_makes_no_difference(api: Api) -> None:
    await begin(api)
    data = b'{ "title":"One",  "character_id":"' + FREE_CHARACTER.encode() + b'"}'
    reply = await api("POST", SESSIONS, data=data, headers={"Idempotency-Key": "k"})
    assert reply.status == 201
    assert await count(api) == 1


async def test_keys_belong_to_people(api: Api) -> None:
    first, second = await begin(api), await begin(api, by="bob")
    assert first.json["id"] != second.json["id"]
    assert await count(api) == await count(api, by="bob") == 1


async def test_an_answer_without_a_body_is_repeated_too(api: Api) -> None:
    session = (await begin(api, key=None)).json["id"]
    key = {"Idempotency-Key": "d"}
    first = await api("DELETE", f"{SESSIONS}/{session}", headers=key)
    second = await api("DELETE", f"{SESSIONS}/{session}", headers=key)
    assert (first.status, second.status, second.body) == (204, 204, b"")
    assert "content-type" not in second.headers


async def test_a_refused_request_gives_its_key_back(api: Api) -> None:
    assert (await begin(api, title="x" * 121)).status == 422
    missing = {"character_id": "nobody", "title": "One"}
    key = {"Idempotency-Key": "k"}
    assert (await api("POST", SESSIONS, body=missing, headers=key)).status == 404
    assert (await begin(api)).status == 201


@pytest.mark.parametrize("key", ["", "a b", "é", "x" * 256, "\x7f"])
async def test_a_key_is_visible_ascii(api: Api, key: str) -> None:
    reply = await begin(api, key=key)
    assert (reply.status, reply.error["code"]) == (400, "invalid_request")
    assert await count(api) == 0


async def test_a_key_may_have_255_characters(api: Api) -> None:
    assert (await begin(api, key="~" * 255)).status == 201


async def test_who_waits_too_long_is_told_of_the_conflict(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def busy(*_: object) -> Claim:
        return Claim(is_ours=False, used_at=datetime.now(UTC))

    monkeypatch.setattr(api.adapters.idempotency, "claim", busy)
    monkeypatch.setattr(idempotency, "_WAIT_SECONDS", 0.1)
    reply = await begin(api)
    assert (reply.status, reply.error["code"]) == (409, "conflict")


async def test_a_key_that_cannot_be_given_back_hides_no_error(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: object) -> None:
        raise Unavailable("The database does not answer.")

    monkeypatch.setattr(api.adapters.idempotency, "abandon", away)
    body = {"character_id": "nobody"}
    reply = await api("POST", SESSIONS, body=body, headers={"Idempotency-Key": "k"})
    assert reply.status == 404


@pytest.mark.parametrize("times", [1, 2])
async def test_work_that_was_done_is_answered_although_its_answer_cannot_be_kept(
    api: Api, monkeypatch: pytest.MonkeyPatch, times: int
) -> None:
    """Told that the store is away, the client would do it a second time."""
    complete, faults = api.adapters.idempotency.complete, [Unavailable("Away.")] * times

    async def shaky(user_id: str, key: str, answer: StoredAnswer, now: datetime) -> None:
        if faults:
            raise faults.pop()
        await complete(user_id, key, answer, now)

    monkeypatch.setattr(api.adapters.idempotency, "complete", shaky)
    assert (await begin(api)).status == 201
    assert faults == []
    assert await count(api) == 1


async def leave(api: Api, url: str, begun: asyncio.Event, **headers: str) -> None:
    """Ask for a session, and hang up once the work has begun."""
    sent = {"Authorization": f"Bearer {await api.token('ann')}", **headers}
    body = {"character_id": FREE_CHARACTER, "title": "One"}
    async with httpx.AsyncClient(base_url=url, timeout=20) as client:
        asking = asyncio.create_task(client.post(SESSIONS, json=body, headers=sent))
        await begun.wait()
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
    # The server notices when it reads from the socket.
    await asyncio.sleep(0.1)


@pytest.mark.parametrize("headers", [{}, {"Idempotency-Key": "k"}])
async def test_a_change_is_made_to_its_end_when_the_client_leaves(
    api: Api, base_url: str, monkeypatch: pytest.MonkeyPatch, headers: dict[str, str]
) -> None:
    begun, go_on, ended = asyncio.Event(), asyncio.Event(), asyncio.Event()
    add = api.adapters.sessions.add

    async def slow(*given: Any) -> Session:
        begun.set()
        await go_on.wait()
        session = await add(*given)
        ended.set()
        return session

    monkeypatch.setattr(api.adapters.sessions, "add", slow)
    await leave(api, base_url, begun, **headers)
    go_on.set()
    await ended.wait()
    assert await count(api) == 1
    if headers:
        assert (await begin(api)).status == 201
        assert await count(api) == 1


async def test_a_fault_after_the_client_has_left_is_logged(
    api: Api, base_url: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def broken(*_: Any) -> None:
        begun.set()
        await go_on.wait()
        raise RuntimeError("a defect")

    monkeypatch.setattr(api.adapters.sessions, "add", broken)
    await leave(api, base_url, begun)
    go_on.set()
    await until(lambda: "builtins.RuntimeError" in caplog.text)
    assert "a defect" not in caplog.text.replace('"a defect"', "")
