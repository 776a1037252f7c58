"""Conversations, their messages, and what is remembered of them."""

import pytest

from tests.http.api import FREE_CHARACTER, PREMIUM_CHARACTER, Api


async def begin(api: Api, **more: object) -> dict[str, str]:
    body = {"character_id": FREE_CHARACTER, **more}
    reply = await api("POST", "/v1/chat/sessions", body=body)
    assert reply.status == 201
    session: dict[str, str] = reply.json
    return session


async def test_a_session_begins_with_a_greeting(api: Api) -> None:
    session = await begin(api)
    assert session.keys() == {
        "id", "character_id", "character_version", "title", "created_at", "updated_at",
    }  # fmt: skip
    assert session["character_id"] == FREE_CHARACTER
    messages = (await api("GET", f"/v1/chat/sessions/{session['id']}/messages")).json
    assert [message["role"] for message in messages["data"]] == ["assistant"]
    assert messages["data"][0]["receipt"] is None
    assert messages["next_cursor"] is None


async def test_sessions_are_listed_newest_first(api: Api) -> None:
    ids = [(await begin(api, title=str(n)))["id"] for n in range(5)]
    first = (await api("GET", "/v1/chat/sessions?limit=3")).json
    rest = (await api("GET", f"/v1/chat/sessions?limit=3&cursor={first['next_cursor']}")).json
    assert [one["id"] for one in first["data"] + rest["data"]] == ids[::-1]
    assert rest["next_cursor"] is None


async def test_a_session_can_be_renamed_and_deleted(api: Api) -> None:
    path = f"/v1/chat/sessions/{(await begin(api))['id']}"
    renamed = await api("PATCH", path, body={"title": " The  sea "})
    assert renamed.json["title"] == "The sea"
    assert (await api("GET", path)).json == renamed.json
    assert (await api("DELETE", path)).status == 204
    assert (await api("GET", path)).status == 404
    assert (await api("DELETE", path)).status == 404


@pytest.mark.parametrize("title", ["", "   ", "x" * 121, None, 5])
async def test_a_title_has_1_to_120_characters(api: Api, title: object) -> None:
    path = f"/v1/chat/sessions/{(await begin(api))['id']}"
    reply = await api("PATCH", path, body={"title": title})
    assert (reply.status, reply.error["param"]) == (422, "title")


async def test_a_locked_character_needs_a_tier(api: Api) -> None:
    reply = await api("POST", "/v1/chat/sessions", body={"character_id": PREMIUM_CHARACTER})
    assert (reply.status, reply.error["code"]) == (403, "tier_required")


async def test_messages_are_what_the_contract_says(api: Api) -> None:
    said = (await api.say("Tell me about the sea.")).json
    path = f"/v1/chat/sessions/{said['companion']['session_id']}/messages"
    reply, question = (await api("GET", path)).json["data"]
    assert reply.keys() == {"id", "role", "content", "status", "created_at", "receipt"}
    assert reply["id"] == said["companion"]["message_id"]
    assert reply["content"] == said["choices"][0]["message"]["content"]
    assert reply["status"] == "complete"
    assert reply["receipt"] == said["companion"]["receipt"]
    assert (question["role"], question["content"]) == ("user", "Tell me about the sea.")
    assert question["receipt"] is None
    page = (await api("GET", f"{path}?limit=1")).json
    assert page["data"] == [reply]
    after = (await api("GET", f"{path}?limit=1&cursor={page['next_cursor']}")).json
    assert after == {"data": [question], "next_cursor": None}


async def test_a_message_can_be_taken_back(api: Api) -> None:
    said = (await api.say("I have a dog called Biscuit.")).json["companion"]
    await api("POST", f"/v1/chat/messages/{said['message_id']}/report", body={"reason": "rude"})
    path = f"/v1/chat/messages/{said['user_message_id']}"
    assert (await api("DELETE", path)).status == 204
    assert (await api("DELETE", path)).status == 404
    assert (await api("DELETE", f"/v1/chat/messages/{said['message_id']}")).status == 404
    session = f"/v1/chat/sessions/{said['session_id']}"
    assert (await api("GET", f"{session}/messages")).json["data"] == []
    assert "Biscuit" not in (await api("GET", session)).json["title"]
    assert (await api("GET", f"/v1/chat/turns/{said['turn_id']}")).status == 404
    export = (await api("GET", "/v1/auth/me/export")).json
    assert "Biscuit" not in str(export)
    assert export["reports"] == []
    # What it cost stays paid.
    assert (await api("GET", "/v1/wallet/transactions")).json["data"][0]["kind"] == "charge"


async def test_a_reply_can_be_taken_back_alone(api: Api) -> None:
    said = (await api.say("I have a dog called Biscuit.")).json["companion"]
    assert (await api("DELETE", f"/v1/chat/messages/{said['message_id']}")).status == 204
    messages = await api("GET", f"/v1/chat/sessions/{said['session_id']}/messages")
    assert [one["id"] for one in messages.json["data"]] == [said["user_message_id"]]
    again = f"/v1/chat/messages/{said['user_message_id']}/regenerate"
    assert (await api("POST", again)).status == 200


async def test_a_message_is_reported_once(api: Api) -> None:
    message = (await api.say()).json["companion"]["message_id"]
    path = f"/v1/chat/messages/{message}/report"
    first = await api("POST", path, body={"reason": "rude"})
    second = await api("POST", path, body={"reason": "very rude"})
    assert first.status == second.status == 201
    assert first.json == second.json
    assert first.json["message_id"] == message
    long = await api("POST", path, body={"reason": "x" * 1_001})
    assert (long.status, long.error["param"]) == (422, "reason")


async def test_what_was_said_is_remembered_and_can_be_corrected(api: Api) -> None:
    said = (await api.say("I keep bees on the roof of my house.")).json["companion"]
    memory = (await api("GET", "/v1/chat/memories")).json["data"][0]
    assert memory.keys() == {"id", "character_id", "text", "source_message_ids", "created_at"}
    assert memory["source_message_ids"] == [said["user_message_id"]]
    path = f"/v1/chat/memories/{memory['id']}"
    corrected = await api("PATCH", path, body={"text": "I keep goats."})
    assert corrected.json == {**memory, "text": "I keep goats."}
    assert (await api("DELETE", path)).status == 204
    assert (await api("GET", "/v1/chat/memories")).json == {"data": [], "next_cursor": None}
    assert (await api("DELETE", path)).status == 404


async def test_memories_can_be_told_and_forgotten_by_character(api: Api) -> None:
    for character in (FREE_CHARACTER, PREMIUM_CHARACTER):
        body = {"character_id": character, "text": "My cat is called Ink."}
        told = await api("POST", "/v1/chat/memories", body=body)
        assert told.status == 201
        assert told.json["source_message_ids"] == []
    path = f"/v1/chat/memories?character_id={FREE_CHARACTER}"
    assert [one["character_id"] for one in (await api("GET", path)).json["data"]] == [
        FREE_CHARACTER
    ]
    assert (await api("DELETE", path)).status == 204
    left = (await api("GET", "/v1/chat/memories")).json["data"]
    assert [one["character_id"] for one in left] == [PREMIUM_CHARACTER]
    assert (await api("DELETE", "/v1/chat/memories")).status == 204
    assert (await api("GET", "/v1/chat/memories")).json["data"] == []


@pytest.mark.parametrize("name", ["charater_id", "character", "Character_id", "memory_id", "limit"])
async def test_a_slip_of_the_pen_forgets_nothing(api: Api, name: str) -> None:
    told = {"character_id": FREE_CHARACTER, "text": "I keep bees."}
    assert (await api("POST", "/v1/chat/memories", body=told)).status == 201
    reply = await api("DELETE", f"/v1/chat/memories?{name}={FREE_CHARACTER}")
    assert (reply.status, reply.error["param"]) == (422, name)
    assert len((await api("GET", "/v1/chat/memories")).json["data"]) == 1


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"character_id": FREE_CHARACTER, "text": ""}, 422),
        ({"character_id": FREE_CHARACTER, "text": "  "}, 422),
        ({"character_id": FREE_CHARACTER, "text": "x" * 1_001}, 422),
        ({"character_id": FREE_CHARACTER}, 422),
        ({"character_id": "nobody", "text": "x"}, 404),
    ],
)
async def test_a_memory_has_rules(api: Api, body: object, status: int) -> None:
    assert (await api("POST", "/v1/chat/memories", body=body)).status == status
