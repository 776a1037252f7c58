"""A reply on its way out: as one JSON answer, or as the beginning of a stream."""

from collections.abc import Coroutine
from contextlib import aclosing
from typing import Any, Literal

import msgspec
from msgspec import Raw, Struct

from application.chat.turn_follower import StreamPosition, TurnFeed
from domain.errors import Unavailable
from entrypoints.http.answers import Answer, answer
from entrypoints.http.errors import ToldError
from entrypoints.http.event_stream import BEGINNING, Ending, EventId, EventStream
from entrypoints.http.request import HttpResponse
from entrypoints.http.routing import Call
from entrypoints.http.schemas.completions import Reply
from entrypoints.http.unbroken import unbroken


class _Choice(Struct, frozen=True, kw_only=True):
    index: Literal[0] = 0
    message: Reply
    logprobs: None = None
    finish_reason: str


class _Completion(Struct, frozen=True, kw_only=True):
    """``ChatCompletion`` with what the turn has encoded already."""

    id: str
    object: Literal["chat.completion"] = "chat.completion"
    created: int
    model: str
    choices: tuple[_Choice]
    usage: Raw
    companion: Raw


async def begin_reply(
    call: Call[Any, Any], beginning: Coroutine[Any, Any, TurnFeed]
) -> Answer | HttpResponse:
    """The answer to a request that begins a turn, or finds one by its idempotency key.

    A turn that fails before anything was said is answered as an error, with its status.
    """
    # A client who leaves now must not leave a turn behind that is open but never runs.
    feed = await unbroken(beginning, call.request.id)
    if not feed.turn.stream:
        return await _whole(feed, call.request.id)
    stream = event_stream(call, feed, BEGINNING)
    try:
        head, failure = await stream.first_failure()
    except BaseException:
        await stream.batches.aclose()
        raise
    if failure is not None:
        await stream.batches.aclose()
        return failure.answer(call.request.id)
    return stream.response(head)


def event_stream(call: Call[Any, Any], feed: TurnFeed, seen: EventId) -> EventStream:
    """The turn's events behind the last one that this client has seen."""
    user_id, turn_id = feed.turn.user_id, feed.turn.id

    async def rejoin(position: StreamPosition) -> TurnFeed:
        return await call.services.follow_turn(user_id, turn_id, position)

    return EventStream(
        feed,
        rejoin,
        seen=seen,
        ping_seconds=call.settings.ping_seconds,
        request_id=call.request.id,
    )


async def _whole(feed: TurnFeed, request_id: str) -> Answer:
    """Wait for the end of the turn and tell it all at once."""
    texts: list[str] = []
    async with aclosing(feed.events) as batches:
        async for batch in batches:
            for event in batch:
                if event.kind == "delta":
                    texts.append(event.text)
                elif event.kind == "error":
                    return msgspec.json.decode(event.data, type=ToldError).answer(request_id)
                elif event.kind == "finish":
                    ending = msgspec.json.decode(event.data, type=Ending)
                    return answer(_completion(feed, "".join(texts), ending))
    raise Unavailable("The reply was lost; ask for the turn.")


def _completion(feed: TurnFeed, text: str, ending: Ending) -> _Completion:
    turn = feed.turn
    reply = Reply("assistant", text, None)
    return _Completion(
        id=f"chatcmpl-{turn.id}",
        created=int(turn.created_at.timestamp()),
        model=turn.character_id,
        choices=(_Choice(message=reply, finish_reason=ending.finish_reason),),
        usage=ending.usage,
        companion=ending.companion,
    )
