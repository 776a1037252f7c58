"""A process dies after the work and before its answer is kept: the same request has one effect."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from attrs import frozen

from adapters.in_memory import idempotency_store
from domain.errors import Unavailable
from entrypoints.http import idempotency
from tests.http.api import FREE_CHARACTER, Api, Reply

KEY = {"Idempotency-Key": "k"}


@frozen
class Request:
    """Something that creates; ``listed`` is where one sees how often it did."""

    path: str
    body: Any
    listed: str
    by: str = "ann"

    async def send(self, api: Api) -> Reply:
        return await api("POST", self.path, by=self.by, body=self.body, headers=KEY)

    async def effects(self, api: Api) -> list[Any]:
        return [one["id"] for one in (await api("GET", self.listed)).json["data"]]


SESSION = Request(
    "/v1/chat/sessions", {"character_id": FREE_CHARACTER, "title": "One"}, "/v1/chat/sessions"
)
MEMORY = Request(
    "/v1/chat/memories",
    {"character_id": FREE_CHARACTER, "text": "I live in Paris."},
    "/v1/chat/memories",
)
PURCHASE = Request(
    "/v1/market/purchases",
    {"product_id": "credits_500", "provider": "sandbox"},
    "/v1/market/purchases",
)
GRANT = Request(
    "/v1/admin/users/ann/credits",
    {"amount": 20, "bucket": "promo", "reason": "sorry"},
    "/v1/wallet/transactions",
    by="root",
)
CREATING = pytest.mark.parametrize(
    "request_", [SESSION, MEMORY, PURCHASE, GRANT], ids=["session", "memory", "purchase", "grant"]
)


@pytest.fixture
def keeps_nothing(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    """Answers are not kept, as by a process that dies then, and its claims are over at once."""

    async def complete(*_: object) -> None:
        raise Unavailable("Away.")

    monkeypatch.setattr(api.adapters.idempotency, "complete", complete)
    monkeypatch.setattr(idempotency_store, "_CLAIM_LIFETIME", timedelta(0))


@CREATING
@pytest.mark.usefixtures("keeps_nothing")
async def test_what_was_done_is_not_done_again(api: Api, request_: Request) -> None:
    await api("GET", "/v1/auth/me")
    first = await request_.send(api)
    there = await request_.effects(api)
    again = await request_.send(api)
    assert (first.status, again.status) == (201, 201)
    assert again.body == first.body
    assert await request_.effects(api) == there
    if request_ is SESSION:
        path = f"{request_.path}/{first.json['id']}/messages"
        assert len((await api("GET", path)).json["data"]) == 1


@pytest.mark.usefixtures("keeps_nothing")
async def test_a_report_is_made_once(api: Api) -> None:
    message = (await api.say()).json["companion"]["message_id"]
    path = f"/v1/chat/messages/{message}/report"
    first, again = [await api("POST", path, headers=KEY) for _ in range(2)]
    assert first.status == again.status == 201
    assert first.body == again.body


@pytest.mark.usefixtures("keeps_nothing")
@pytest.mark.parametrize("request_", [SESSION, MEMORY], ids=["session", "memory"])
async def test_other_keys_and_other_people_make_things_of_their_own(
    api: Api, request_: Request
) -> None:
    made = [
        await request_.send(api),
        await api("POST", request_.path, by="bob", body=request_.body, headers=KEY),
        await api("POST", request_.path, body=request_.body, headers={"Idempotency-Key": "j"}),
        await api("POST", request_.path, body=request_.body),
        await api("POST", request_.path, body=request_.body),
    ]
    assert {one.status for one in made} == {201}
    assert len({one.json["id"] for one in made}) == len(made)


@pytest.mark.parametrize("request_", [SESSION, MEMORY], ids=["session", "memory"])
async def test_what_a_store_did_before_its_answer_was_lost_is_not_done_again(
    api: Api, monkeypatch: pytest.MonkeyPatch, request_: Request
) -> None:
    """And the key is free at once, for that request only: nobody is at it any more."""
    store = api.adapters.sessions if request_ is SESSION else api.adapters.memories
    add, answers_lost = store.add, 1

    async def cut(*given: Any) -> Any:
        nonlocal answers_lost
        kept = await add(*given)
        if answers_lost:
            answers_lost -= 1
            raise Unavailable("The connection was lost.")
        return kept

    monkeypatch.setattr(store, "add", cut)
    assert (await request_.send(api)).status == 503
    other = {**request_.body, "character_id": "nobody"}
    reused = await api("POST", request_.path, body=other, headers=KEY)
    assert reused.error["code"] == "idempotency_key_reused"
    assert (await request_.send(api)).status == 201
    assert len(await request_.effects(api)) == 1


async def test_whoever_is_at_it_for_long_keeps_the_claim(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also when the store is away for a moment."""
    monkeypatch.setattr(idempotency, "_RENEW_SECONDS", 0)
    renew, add = api.adapters.idempotency.renew, api.adapters.sessions.add
    renewed = asyncio.Event()
    tries: list[str] = []

    async def shaky(user_id: str, key: str, now: Any) -> None:
        tries.append(key)
        if len(tries) == 1:
            raise Unavailable("Away.")
        await renew(user_id, key, now)
        renewed.set()

    async def slow(*given: Any) -> Any:
        await renewed.wait()
        return await add(*given)

    monkeypatch.setattr(api.adapters.idempotency, "renew", shaky)
    monkeypatch.setattr(api.adapters.sessions, "add", slow)
    assert (await SESSION.send(api)).status == 201
    asked = len(tries)
    await asyncio.sleep(0.05)
    assert asked == len(tries), "it goes on when the work is done"


async def test_an_answer_that_was_kept_is_given_for_good(api: Api) -> None:
    """Even if what was created is gone by then."""
    first = await SESSION.send(api)
    await api("DELETE", f"{SESSION.path}/{first.json['id']}")
    again = await SESSION.send(api)
    assert again.body == first.body
    assert await SESSION.effects(api) == []


async def deletable(api: Api, kind: str) -> str:
    """The path of something new that can be deleted."""
    if kind == "memories":
        return f"{MEMORY.path}/{(await MEMORY.send(api)).json['id']}"
    told = (await api.say()).json["companion"]
    return f"/v1/chat/{kind}/{told['session_id' if kind == 'sessions' else 'message_id']}"


DELETABLE = pytest.mark.parametrize("kind", ["sessions", "messages", "memories"])
DELETION = {"Idempotency-Key": "deletion"}


@DELETABLE
@pytest.mark.usefixtures("keeps_nothing")
async def test_what_the_first_time_deleted_is_deleted(api: Api, kind: str) -> None:
    path = await deletable(api, kind)
    for _ in range(2):
        reply = await api("DELETE", path, headers=DELETION)
        assert (reply.status, reply.body) == (204, b"")
    for headers in ({}, {"Idempotency-Key": "another"}):
        assert (await api("DELETE", path, headers=headers)).status == 404


async def test_a_deletion_whose_answer_was_lost_on_the_way_is_answered(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, delete, faults = await deletable(api, "sessions"), api.adapters.sessions.delete, [1]

    async def cut(*given: Any) -> Any:
        deleted = await delete(*given)
        if faults:
            faults.pop()
            raise Unavailable("The connection was lost.")
        return deleted

    monkeypatch.setattr(api.adapters.sessions, "delete", cut)
    replies = [(await api("DELETE", path, headers=DELETION)).status for _ in range(3)]
    assert replies == [503, 204, 204]


@DELETABLE
async def test_what_was_never_there_is_not_found_each_time(api: Api, kind: str) -> None:
    path = f"/v1/chat/{kind}/nothing"
    replies = [(await api("DELETE", path, headers=DELETION)).status for _ in range(3)]
    assert replies == [404, 404, 404]
