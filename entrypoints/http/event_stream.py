"""A turn as server-sent events, in OpenAI's chunks.

Every event has an id, ``{seq}-{offset}``: its number in the stream, and how many characters of the
reply were sent up to it. The ids of the last events also name their kind, because the end of a
stream may be told again under other numbers, from what is stored.
"""

import asyncio
import re
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import aclosing
from typing import Final

import msgspec
from attrs import frozen
from werkzeug.exceptions import BadRequest

from application.chat.turn_follower import StreamPosition, TurnFeed
from application.ports.turn_stream import StreamEvent
from domain.chat import Turn
from domain.errors import DomainError
from entrypoints.http.errors import INTERNAL_ERROR, ToldError, log_fault
from entrypoints.http.request import HttpResponse
from entrypoints.http.schemas.chat import EVENT_ID

EVENT_STREAM: Final = "text/event-stream"
PING: Final = b": ping\n\n"
_TYPE = f"{EVENT_STREAM}; charset=utf-8"
_HEADERS = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}
_ID = re.compile(EVENT_ID)
_ORDER = {"start": 0, "delta": 0, "finish": 1, "usage": 2, "done": 3, "error": 3}
_encode = msgspec.json.Encoder().encode

Rejoin = Callable[[StreamPosition], Awaitable[TurnFeed]]


class Ending(msgspec.Struct, frozen=True):
    """The data of the event ``finish``; see ``application.chat.stream_data``."""

    finish_reason: str
    usage: msgspec.Raw
    companion: msgspec.Raw


@frozen
class EventId:
    """The last event that a client has seen."""

    position: StreamPosition
    kind: str = "start"

    def hides(self, event: StreamEvent) -> bool:
        """Whether the client has seen this one too, under whatever number."""
        return _ORDER[event.kind] <= _ORDER[self.kind] != 0


BEGINNING: Final = EventId(StreamPosition())


def parse_event_id(text: str | None) -> EventId:
    """The position that an id names, the beginning for none; raises 400 for no id of ours."""
    if not text:
        return BEGINNING
    if _ID.fullmatch(text) is None:
        raise BadRequest("This is not the id of an event of this stream.")
    seq, offset, *kind = text.split("-")
    return EventId(StreamPosition(int(seq), int(offset)), *kind)


class EventWriter:
    """Writes the events of one turn, each delta as cheaply as it can be."""

    def __init__(self, turn: Turn, request_id: str) -> None:
        self._request_id = request_id
        head = _encode({
            "id": f"chatcmpl-{turn.id}",
            "object": "chat.completion.chunk",
            "created": int(turn.created_at.timestamp()),
            "model": turn.character_id,
        })  # fmt: skip
        self._open = b"data: " + head[:-1] + b',"choices":'
        self._usage = b',"usage":null' if turn.include_usage else b""
        self._delta = self._open + b'[{"index":0,"delta":{"content":'
        self._delta_end = b'},"logprobs":null,"finish_reason":null}]' + self._usage + b"}\n\n"

    def write(self, events: Sequence[StreamEvent]) -> bytes:
        """The bytes of these events, for one write."""
        return b"".join([self._event(event) for event in events])

    def _event(self, event: StreamEvent) -> bytes:
        if event.kind == "delta":
            return b"id: %d-%d\n%b%b%b" % (
                event.seq,
                event.offset,
                self._delta,
                _encode(event.text),
                self._delta_end,
            )
        name = b"" if event.kind == "start" else b"-" + event.kind.encode()
        data = self._data(event.kind, event.data)
        return b"id: %d-%d%b\n%b\n\n" % (event.seq, event.offset, name, data)

    def _data(self, kind: str, data: bytes) -> bytes:
        if kind == "start":
            choice = b'[{"index":0,"delta":{"role":"assistant","content":""},'
            return (
                self._open + choice + b'"logprobs":null,"finish_reason":null}]'
                + self._usage + b',"companion":' + data + b"}"
            )  # fmt: skip
        if kind == "done":
            return b"data: [DONE]"
        if kind == "error":
            return self.error(msgspec.json.decode(data, type=ToldError))
        ending = msgspec.json.decode(data, type=Ending)
        companion = b',"companion":' + bytes(ending.companion) + b"}"
        if kind == "usage":
            return self._open + b'[],"usage":' + bytes(ending.usage) + companion
        choice = b'[{"index":0,"delta":{},"logprobs":null,"finish_reason":'
        return self._open + choice + _encode(ending.finish_reason) + b"}]" + self._usage + companion

    def error(self, error: ToldError) -> bytes:
        """The line of data that tells of an error."""
        return b"data: " + error.event(self._request_id)


class EventStream:
    """Follows a turn for one client."""

    def __init__(
        self, feed: TurnFeed, rejoin: Rejoin, *, seen: EventId, ping_seconds: float, request_id: str
    ) -> None:
        self._writer = EventWriter(feed.turn, request_id)
        self._rejoin = rejoin
        self._seen = seen
        self._position = seen.position
        self._ping_seconds = ping_seconds
        self._request_id = request_id
        self.batches = self._follow(feed)

    async def _follow(self, feed: TurnFeed) -> AsyncGenerator[Sequence[StreamEvent] | None, None]:
        """The batches of events, and None after each silence.

        A generator cannot be waited for in part, so a silent feed is left, and joined again
        behind the last event.
        """
        while True:
            async with aclosing(feed.events) as events:
                try:
                    while True:
                        async with asyncio.timeout(self._ping_seconds):
                            batch = await anext(events, None)
                        if batch is None:
                            return
                        self._position = StreamPosition(batch[-1].seq, batch[-1].offset)
                        yield batch
                except TimeoutError:
                    pass
            yield None
            feed = await self._rejoin(self._position)

    async def first_failure(self) -> tuple[list[StreamEvent], ToldError | None]:
        """The first events, up to one that tells how it goes; and the error if it is one."""
        head: list[StreamEvent] = []
        async for batch in self.batches:
            head += batch or ()
            told = next((event for event in head if event.kind != "start"), None)
            if told is not None:
                failed = told.kind == "error"
                return head, msgspec.json.decode(told.data, type=ToldError) if failed else None
        return head, None

    def response(self, head: Sequence[StreamEvent] = ()) -> HttpResponse:
        """The answer, beginning with ``head``."""
        response = HttpResponse(self._write(head), 200, dict(_HEADERS), content_type=_TYPE)
        # The framework would cut the stream after a minute; turns have deadlines of their own.
        response.timeout = None
        return response

    async def _write(self, head: Sequence[StreamEvent]) -> AsyncGenerator[bytes, None]:
        async with aclosing(self.batches):
            if head:
                yield self._writer.write(head)
            try:
                async for batch in self.batches:
                    if batch is None:
                        yield PING
                        continue
                    new = [event for event in batch if not self._seen.hides(event)]
                    if new:
                        yield self._writer.write(new)
            except DomainError as error:
                yield self._broken(ToldError(error.code, error.message))
            except Exception as error:  # noqa: BLE001 - the answer has begun: only this is left
                log_fault(error, self._request_id)
                yield self._broken(INTERNAL_ERROR)

    def _broken(self, error: ToldError) -> bytes:
        """The event when following fails: the turn itself goes on, and can be resumed."""
        at = self._position
        return b"id: %d-%d\n%b\n\n" % (at.seq, at.offset, self._writer.error(error))
