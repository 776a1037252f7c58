"""A turn over HTTP: OpenAI's request and answer, as one JSON document."""

import asyncio
from typing import Any

import msgspec
import pytest

from adapters.in_memory.chat_model import Script
from application.ports.rate_limiter import RateLimit
from entrypoints.config import Settings
from entrypoints.http.schemas.completions import ChatCompletion
from tests.http.api import FREE_CHARACTER, PREMIUM_CHARACTER, Api, api_with

COMPLETIONS = "/v1/chat/completions"


async def test_an_answer_is_openais_with_a_companion(api: Api) -> None:
    api.model.script(Script(text="The sea is wide."))
    reply = await api.say()
    assert reply.status == 200
    said = reply.json
    companion = said.pop("companion")
    assert said.pop("id") == f"chatcmpl-{companion['turn_id']}"
    assert isinstance(said.pop("created"), int)
    usage = said.pop("usage")
    assert usage["total_tokens"] == usage["prompt_tokens"] + usage["completion_tokens"]
    assert said == {
        "object": "chat.completion",
        "model": FREE_CHARACTER,
        "choices": [
            {
                "index": 0,
                "message": {"role": "assistant", "content": "The sea is wide.", "refusal": None},
                "logprobs": None,
                "finish_reason": "stop",
            }
        ],
    }
    assert companion.keys() == {
        "session_id", "turn_id", "message_id", "user_message_id", "memories", "notices",
        "receipt", "balance",
    }  # fmt: skip
    receipt = companion["receipt"]
    assert receipt["held"] == receipt["charged"] + receipt["released"]
    assert receipt["buckets"] == [{"bucket": "daily", "credits": receipt["charged"]}]
    assert receipt["usage_source"] == "reported"


async def test_an_answer_is_what_the_document_says(api: Api) -> None:
    reply = await api.say()
    decoded = msgspec.json.decode(reply.body, type=ChatCompletion)
    assert msgspec.to_builtins(decoded) == reply.json


async def test_the_servers_history_counts_and_not_the_clients(api: Api) -> None:
    first = (await api.say("My name is Ann.")).json["companion"]
    body = {
        "model": FREE_CHARACTER,
        "session_id": first["session_id"],
        "messages": [
            {"role": "system", "content": "You are a pirate."},
            {"role": "user", "content": "My name is Bob."},
            {"role": "assistant", "content": "x" * 5_000},
            {"role": "user", "content": "What is my name?"},
        ],
    }
    second = await api("POST", COMPLETIONS, body=body)
    assert second.json["companion"]["session_id"] == first["session_id"]
    prompt = [message.content for message in api.model.requests[-1].messages]
    assert "My name is Ann." in prompt
    assert not any("Bob" in content or "pirate" in content for content in prompt)


async def test_without_a_session_earlier_messages_begin_one(api: Api) -> None:
    body = {
        "model": FREE_CHARACTER,
        "messages": [
            {"role": "developer", "content": "You are a pirate."},
            {"role": "user", "content": "Hello."},
            {"role": "assistant", "content": [{"type": "text", "text": "Hello yourself."}]},
            user([{"type": "text", "text": "One."}, {"type": "text", "text": "Two."}]),
        ],
    }  # fmt: skip
    reply = await api("POST", COMPLETIONS, body=body)
    assert reply.status == 200
    path = f"/v1/chat/sessions/{reply.json['companion']['session_id']}/messages"
    messages = (await api("GET", path)).json["data"]
    told = [(one["role"], one["content"]) for one in reversed(messages)][:-1]
    assert told == [("user", "Hello."), ("assistant", "Hello yourself."), ("user", "One.\nTwo.")]
    persona = api.model.requests[-1].messages[0]
    assert persona.role == "system"
    assert "pirate" not in persona.content


async def test_wishes_reach_the_model(api: Api) -> None:
    await api.say(max_tokens=7, temperature=0.5)
    await api.say(max_tokens=7, max_completion_tokens=9, temperature=2)
    await api.say(temperature=None, max_tokens=None, stream=False, n=1, user="x", seed=5)
    wishes = [(one.max_tokens, one.temperature) for one in api.model.requests]
    assert wishes[:2] == [(7, 0.5), (9, 2.0)]
    assert wishes[2][1] is None


async def test_a_reply_that_is_too_long_ends_by_length(api: Api) -> None:
    api.model.script(Script(text="one two three four five"))
    reply = await api.say(max_tokens=3)
    assert reply.json["choices"][0]["finish_reason"] == "length"


def user(content: Any = "Hello.") -> dict[str, Any]:
    return {"role": "user", "content": content}


@pytest.mark.parametrize(
    ("change", "param"),
    [
        ({"messages": []}, "messages"),
        ({"messages": None}, "messages"),
        ({"messages": [{"role": "assistant", "content": "x"}]}, "messages"),
        ({"messages": [user(), {"role": "system", "content": "x"}]}, "messages"),
        ({"messages": [{"role": "tool", "content": "x"}, user()]}, "messages[0].role"),
        ({"messages": [{"content": "x"}]}, "messages[0].role"),
        ({"messages": [{"role": "user"}]}, "messages[0].content"),
        ({"messages": [user(None)]}, "messages[0].content"),
        ({"messages": [user([{"type": "image_url", "image_url": {}}])]},
         "messages[0].content[0].type"),
        ({"messages": [user("")]}, "messages"),
        ({"messages": [user("  \n ")]}, "messages"),
        ({"messages": [user("x" * 4_001)]}, "messages"),
        ({"messages": [user([{"type": "text", "text": "x" * 2_001}] * 2)]}, "messages"),
        ({"n": 2}, "n"),
        ({"max_tokens": 0}, "max_tokens"),
        ({"max_tokens": 1.5}, "max_tokens"),
        ({"max_completion_tokens": -1}, "max_completion_tokens"),
        ({"temperature": 2.1}, "temperature"),
        ({"temperature": "hot"}, "temperature"),
        ({"stream": "yes"}, "stream"),
        ({"stream_options": {"include_usage": 1}}, "stream_options.include_usage"),
        ({"session_id": ""}, "session_id"),
        ({"session_id": 5}, "session_id"),
        ({"model": ""}, "model"),
        ({"model": None}, "model"),
    ],
)  # fmt: skip
async def test_a_request_has_rules(api: Api, change: dict[str, Any], param: str) -> None:
    reply = await api.say(**change)
    assert (reply.status, reply.error["code"], reply.error["param"]) == (
        422,
        "invalid_request",
        param,
    )
    assert not api.model.requests
    balance = (await api("GET", "/v1/wallet/balance")).json
    assert (balance["balance"], balance["held"]) == (100, 0)


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"model": "nobody"}, 404, "not_found"),
        ({"session_id": "ses_nowhere"}, 404, "not_found"),
        ({"model": PREMIUM_CHARACTER}, 403, "tier_required"),
    ],
)
async def test_what_is_not_there_or_not_open_is_refused(
    api: Api, change: dict[str, Any], status: int, code: str
) -> None:
    reply = await api.say(**change)
    assert (reply.status, reply.error["code"]) == (status, code)
    assert not api.model.requests


async def test_an_empty_wallet_is_told_before_the_model_is_asked() -> None:
    async with api_with(Settings(rate_limit_per_user=RateLimit(1_000, 60))) as api:
        while (reply := await api.say()).status == 200:
            pass
        asked = len(api.model.requests)
        assert (reply.status, reply.error["code"]) == (402, "insufficient_credits")
        assert reply.error["type"] == "insufficient_quota"
        assert (await api.say(stream=True)).status == 402
        assert len(api.model.requests) == asked
        assert (await api("GET", "/v1/wallet/balance")).json["held"] == 0


@pytest.mark.parametrize(
    ("script", "status", "code"),
    [
        (Script(text="a b c", fail_after=0), 503, "model_unavailable"),
        (Script(text="a b c", fail_after=2), 503, "model_unavailable"),
        (Script(text="a b c", block_after=0), 400, "content_blocked"),
    ],
)
@pytest.mark.parametrize("stream", [False, True])
async def test_a_model_that_fails_costs_nothing(
    api: Api, script: Script, status: int, code: str, *, stream: bool
) -> None:
    api.model.script(script)
    reply = await api.say(stream=stream)
    if stream and script.fail_after == 2:
        assert reply.status == 200
        assert b"[DONE]" not in reply.body
    else:
        assert (reply.status, reply.error["code"]) == (status, code)
    balance = (await api("GET", "/v1/wallet/balance")).json
    assert (balance["balance"], balance["held"]) == (100, 0)


async def test_twenty_sends_with_one_key_are_one_turn(api: Api) -> None:
    await api("GET", "/v1/auth/me")
    key = {"Idempotency-Key": "k"}
    replies = await asyncio.gather(*(api.say(headers=key) for _ in range(20)))
    assert {reply.status for reply in replies} == {200}
    assert len({reply.json["id"] for reply in replies}) == 1
    assert len(api.model.requests) == 1
    ledger = (await api("GET", "/v1/wallet/transactions")).json["data"]
    assert [entry["kind"] for entry in ledger].count("charge") == 1
    assert (await api.say(headers=key)).json["id"] == replies[0].json["id"]


async def test_one_key_for_two_messages_is_refused(api: Api) -> None:
    key = {"Idempotency-Key": "k"}
    await api.say("One message.", headers=key)
    before = (await api("GET", "/v1/wallet/balance")).json
    other = await api.say("Another message.", headers=key)
    assert (other.status, other.error["code"]) == (422, "idempotency_key_reused")
    assert (await api("GET", "/v1/wallet/balance")).json == before
    assert (await api.say("Another message.", by="bob", headers=key)).status == 200


async def test_a_turn_can_be_looked_at(api: Api) -> None:
    said = (await api.say()).json
    path = f"/v1/chat/turns/{said['companion']['turn_id']}"
    turn = (await api("GET", path)).json
    assert turn.keys() == {"id", "session_id", "status", "message"}
    assert turn["status"] == "completed"
    assert turn["message"]["content"] == said["choices"][0]["message"]["content"]


async def test_another_reply_takes_the_place_of_the_first(api: Api) -> None:
    first = (await api.say()).json["companion"]
    api.model.script(Script(text="Another reply."))
    path = f"/v1/chat/messages/{first['message_id']}/regenerate"
    second = await api("POST", path, headers={"Idempotency-Key": "r"})
    assert second.status == 200
    assert second.json["choices"][0]["message"]["content"] == "Another reply."
    assert second.json["companion"]["user_message_id"] == first["user_message_id"]
    again = await api("POST", path, headers={"Idempotency-Key": "r"})
    assert again.json["id"] == second.json["id"]
    messages = (await api("GET", f"/v1/chat/sessions/{first['session_id']}/messages")).json
    assert [one["content"] for one in messages["data"]] == [
        "Another reply.",
        "Tell me about the sea.",
    ]
    api.model.script(Script(text="A third one."))
    streamed = await api("POST", path, body={"stream": True, "max_tokens": 2})
    assert streamed.headers["content-type"].startswith("text/event-stream")
    assert api.model.requests[-1].max_tokens == 2


@pytest.mark.parametrize("body", [b"", b"{}"])
async def test_another_reply_to_nothing_is_not_found(api: Api, body: bytes) -> None:
    reply = await api("POST", "/v1/chat/messages/msg_0/regenerate", data=body)
    assert (reply.status, reply.error["code"]) == (404, "not_found")
