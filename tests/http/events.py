"""Reading streams of events as a strict client does."""

import json
from typing import Any

from attrs import frozen

from tests.http.api import Api, Reply


@frozen
class Event:
    id: str
    data: str

    @property
    def json(self) -> Any:
        return json.loads(self.data)


def events_of(body: bytes) -> list[Event]:
    """The events of a stream, comments left out; each block is an id and one line of data."""
    events = []
    blocks = body.decode().split("\n\n")
    assert blocks.pop() == ""
    for block in blocks:
        if block.startswith(":"):
            continue
        name, data = block.split("\n")
        assert name.startswith("id: ")
        assert data.startswith("data: ")
        events.append(Event(name[4:], data[6:]))
    return events


def text_of(events: list[Event]) -> str:
    chunks = [event.json for event in events if event.data != "[DONE]"]
    return "".join(
        choice["delta"].get("content", "") for chunk in chunks for choice in chunk["choices"]
    )


async def stream(api: Api, **more: Any) -> tuple[Reply, list[Event]]:
    reply = await api.say(stream=True, **more)
    assert reply.status == 200, reply.body
    return reply, events_of(reply.body)


async def resume(api: Api, turn_id: str, last: str | None, by: str = "ann") -> list[Event]:
    headers = {} if last is None else {"Last-Event-ID": last}
    reply = await api("GET", f"/v1/chat/turns/{turn_id}/stream", headers=headers, by=by)
    assert reply.status == 200
    assert reply.headers["content-type"] == "text/event-stream; charset=utf-8"
    return events_of(reply.body)


def kind_of(event: Event) -> str:
    if event.data == "[DONE]":
        return "done"
    chunk = event.json
    if not chunk["choices"]:
        return "usage"
    if chunk["choices"][0]["finish_reason"]:
        return "finish"
    return "start" if "role" in chunk["choices"][0]["delta"] else "delta"
