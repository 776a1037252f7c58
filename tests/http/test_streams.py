"""A turn as a stream: its format, and that nothing is lost or told twice."""

import asyncio
import json
import re

import msgspec
import pytest

from adapters.in_memory.chat_model import Script
from entrypoints.http.schemas.completions import ChatCompletionChunk
from entrypoints.http.schemas.errors import ErrorAnswer
from tests.http.api import FREE_CHARACTER, Api, until
from tests.http.events import events_of, kind_of, resume, stream, text_of

TEXT = "One two\nthree “four” \\ five 🐝 six."


async def test_a_stream_is_openais_with_a_companion_first_and_last(api: Api) -> None:
    api.model.script(Script(text=TEXT))
    reply, events = await stream(api)
    assert reply.headers["content-type"] == "text/event-stream; charset=utf-8"
    assert reply.headers["cache-control"] == "no-cache"
    assert reply.headers["x-accel-buffering"] == "no"
    assert events[-1].data == "[DONE]"
    chunks = [event.json for event in events[:-1]]
    assert len({(chunk["id"], chunk["created"]) for chunk in chunks}) == 1
    assert {chunk["object"] for chunk in chunks} == {"chat.completion.chunk"}
    assert {chunk["model"] for chunk in chunks} == {FREE_CHARACTER}
    assert chunks[0]["choices"][0]["delta"] == {"role": "assistant", "content": ""}
    assert [chunk["choices"][0]["finish_reason"] for chunk in chunks] == [
        *[None] * (len(chunks) - 1),
        "stop",
    ]
    assert [index for index, chunk in enumerate(chunks) if "companion" in chunk] == [
        0,
        len(chunks) - 1,
    ]
    assert chunks[0]["companion"]["receipt"] is None
    assert chunks[-1]["companion"]["receipt"]["charged"] > 0
    assert text_of(events) == TEXT
    assert not any("usage" in chunk for chunk in chunks)


async def test_usage_comes_when_it_is_asked_for(api: Api) -> None:
    _, events = await stream(api, stream_options={"include_usage": True})
    chunks = [event.json for event in events[:-1]]
    assert chunks[-1]["choices"] == []
    assert chunks[-1]["usage"]["total_tokens"] > 0
    assert "companion" in chunks[-1]
    assert {json.dumps(chunk["usage"]) for chunk in chunks[:-1]} == {"null"}


async def test_each_chunk_is_what_the_document_says(api: Api) -> None:
    _, events = await stream(api, stream_options={"include_usage": True})
    for event in events[:-1]:
        chunk = msgspec.json.decode(event.data, type=ChatCompletionChunk, strict=True)
        assert event.json.keys() <= set(ChatCompletionChunk.__struct_fields__)
        assert chunk.id.startswith("chatcmpl-turn_")


async def test_each_event_has_an_id_of_its_own(api: Api) -> None:
    _, events = await stream(api)
    numbers = [int(event.id.split("-")[0]) for event in events]
    assert numbers == list(range(1, len(events) + 1))


@pytest.mark.parametrize("is_kept", [True, False], ids=["shared tail", "stored reply"])
async def test_a_stream_resumes_behind_each_event_without_gap_or_repeat(
    api: Api, *, is_kept: bool
) -> None:
    api.model.script(Script(text=TEXT))
    _, events = await stream(api, stream_options={"include_usage": True})
    turn_id = events[0].json["companion"]["turn_id"]
    if not is_kept:
        await api.adapters.stream.forget(await api.user_id(), [turn_id])
    for seen in range(len(events) + 1):
        last = events[seen - 1].id if seen else None
        rest = await resume(api, turn_id, last)
        whole = events[:seen] + rest
        assert text_of(whole) == TEXT
        kinds = [kind_of(event) for event in whole]
        assert [kind for kind in kinds if kind != "delta"] == ["start", "finish", "usage", "done"]
        assert kinds.index("finish") > max(
            index for index, kind in enumerate(kinds) if kind in {"start", "delta"}
        )
        if is_kept:
            assert whole == events


async def test_the_position_may_stand_in_the_query(api: Api) -> None:
    _, events = await stream(api)
    turn_id = events[0].json["companion"]["turn_id"]
    path = f"/v1/chat/turns/{turn_id}/stream?last_event_id={events[1].id}"
    assert events_of((await api("GET", path)).body) == events[2:]
    headers = {"Last-Event-ID": events[2].id}
    assert events_of((await api("GET", path, headers=headers)).body) == events[3:]


@pytest.mark.parametrize("last", ["x", "5", "1-", "-1-0", "1-0-start", "1-0-finish-", "9" * 30])
async def test_a_position_that_cannot_be_is_refused(api: Api, last: str) -> None:
    _, events = await stream(api)
    turn_id = events[0].json["companion"]["turn_id"]
    path = f"/v1/chat/turns/{turn_id}/stream"
    for reply in (
        await api("GET", path, headers={"Last-Event-ID": last}),
        await api("GET", f"{path}?last_event_id={last}"),
    ):
        assert (reply.status, reply.error["code"]) == (400, "invalid_request")


async def test_a_failure_in_the_middle_is_the_last_event(api: Api) -> None:
    api.model.script(Script(text="one two three", fail_after=2))
    reply, events = await stream(api)
    assert text_of(events[:-1]) == "one two"
    error = msgspec.json.decode(events[-1].data, type=ErrorAnswer).error
    assert error.code == "model_unavailable"
    assert error.type == "api_error"
    assert error.request_id == reply.headers["x-request-id"]
    assert b"[DONE]" not in reply.body
    turn_id = events[0].json["companion"]["turn_id"]
    again = await resume(api, turn_id, events[1].id)
    assert [event.id for event in again] == [event.id for event in events[2:]]
    assert await resume(api, turn_id, events[-1].id) == []
    stored = (await api("GET", f"/v1/chat/turns/{turn_id}")).json
    assert (stored["status"], stored["message"]["status"]) == ("failed", "incomplete")
    assert stored["message"]["receipt"]["charged"] == 0


async def test_too_many_streams_at_once_are_refused(api: Api) -> None:
    await api.grant(10_000)
    api.model.script(*[Script(text="one two", stall_after=1)] * 2)
    running = [asyncio.create_task(api.say(stream=True)) for _ in range(2)]
    await until(lambda: len(api.model.requests) == 2)
    third = await api.say(stream=True)
    assert (third.status, third.error["code"]) == (429, "rate_limited")
    assert int(third.headers["retry-after"]) >= 1
    assert not third.headers["ratelimit"].startswith('"default";r=0;')
    api.model.release()
    assert {reply.status for reply in await asyncio.gather(*running)} == {200}


async def test_following_that_fails_is_told_and_can_be_resumed(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, events = await stream(api)
    turn_id = events[0].json["companion"]["turn_id"]

    async def broken(*_: object) -> object:
        raise RuntimeError("a defect")

    with monkeypatch.context() as patched:
        patched.setattr(api.adapters.stream, "read", broken)
        told = await resume(api, turn_id, events[1].id)
    assert [event.json["error"]["code"] for event in told] == ["internal"]
    assert told[0].id == events[1].id.split("-finish")[0]
    assert await resume(api, turn_id, told[0].id) == events[2:]


async def test_an_empty_id_is_none(api: Api) -> None:
    _, events = await stream(api)
    path = f"/v1/chat/turns/{events[0].json['companion']['turn_id']}/stream"
    empty = {"Last-Event-ID": ""}
    for query, seen in (("", 0), ("?last_event_id=", 0), (f"?last_event_id={events[1].id}", 2)):
        assert events_of((await api("GET", path + query, headers=empty)).body) == events[seen:]
    document = (await api("GET", "/openapi.json")).json
    told = document["paths"]["/v1/chat/turns/{turn_id}/stream"]["get"]["parameters"]
    patterns = [one["schema"]["pattern"] for one in told if "pattern" in one["schema"]]
    assert len(patterns) == 2
    for pattern in patterns:
        assert all(re.search(pattern, one) for one in ("", events[1].id))
        assert not re.search(pattern, "x")


async def test_an_odd_id_in_the_query_is_refused_beside_a_good_header(api: Api) -> None:
    turn = (await api.say()).json["companion"]["turn_id"]
    path, header = f"/v1/chat/turns/{turn}/stream", {"Last-Event-ID": "1-0"}
    assert (await api("GET", path, headers=header)).status == 200
    odd = await api("GET", f"{path}?last_event_id=x", headers=header)
    assert odd.status in {400, 422}
