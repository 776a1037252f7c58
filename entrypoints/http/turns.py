"""Turns: a message out, a reply in, whole or as a stream that can be resumed."""

from application.chat.regenerate_reply import RegenerateReplyCommand
from application.ports.turn_store import IdempotencyKey
from domain.errors import (
    ContentBlocked,
    Forbidden,
    InsufficientCredits,
    ModelUnavailable,
    NotFound,
    TierRequired,
)
from entrypoints.http.answers import Answer, answer
from entrypoints.http.event_stream import parse_event_id
from entrypoints.http.idempotency import request_key
from entrypoints.http.query_input import NoQuery
from entrypoints.http.reply import begin_reply, event_stream
from entrypoints.http.request import HttpResponse
from entrypoints.http.routing import Access, Call, Keys, Rate, Reader, Routes
from entrypoints.http.schemas import chat
from entrypoints.http.schemas.completions import (
    ChatCompletion,
    ChatCompletionChunk,
    ChatCompletionRequest,
    ReplyWish,
)

routes = Routes("Chat")
_REFUSALS = (
    ContentBlocked,
    InsufficientCredits,
    TierRequired,
    Forbidden,
    NotFound,
    ModelUnavailable,
)


async def _is_crisis(call: Call[ChatCompletionRequest, NoQuery]) -> bool:
    """Nobody in a crisis is told to come back later."""
    command = call.body.command(None, None)
    return await call.services.detect_crisis(command.content)


@routes.add(
    "POST",
    "/v1/chat/completions",
    access=Access.USER,
    rate=Rate.NORMAL,
    keys=Keys.TURN,
    body=ChatCompletionRequest,
    answers=ChatCompletion,
    events=ChatCompletionChunk,
    refuses=_REFUSALS,
    is_urgent=_is_crisis,
)
async def create_completion(
    call: Call[ChatCompletionRequest, NoQuery],
) -> Answer | HttpResponse:
    """Say something to a character.

    The reply is written, stored and charged even if the client leaves; the same idempotency key
    finds it again, and so does its stream.
    """
    # Whoever could not be looked up got here because of what they say.
    user = call.caller.user if call.caller else None
    command = call.body.command(user, _turn_key(call))
    return await begin_reply(call, call.services.send_message(command))


@routes.add(
    "POST",
    "/v1/chat/messages/<message_id>/regenerate",
    access=Access.USER,
    rate=Rate.NORMAL,
    keys=Keys.TURN,
    body=ReplyWish,
    is_body_optional=True,
    answers=ChatCompletion,
    events=ChatCompletionChunk,
    refuses=_REFUSALS,
)
async def regenerate_reply(
    call: Call[ReplyWish, NoQuery], message_id: str
) -> Answer | HttpResponse:
    """Ask for another reply, which takes the place of the one that there is.

    The message is the reply, or the one it answers.
    """
    command = RegenerateReplyCommand(call.user.id, message_id, call.body.options(), _turn_key(call))
    return await begin_reply(call, call.services.regenerate_reply(command))


@routes.add(
    "GET",
    "/v1/chat/turns/<turn_id>",
    access=Access.USER,
    rate=Rate.NORMAL,
    answers=chat.Turn,
    refuses=(NotFound,),
)
async def get_turn(call: Reader, turn_id: str) -> Answer:
    """How a turn stands."""
    return answer(chat.Turn.of(await call.services.get_turn(call.user.id, turn_id)))


@routes.add(
    "GET",
    "/v1/chat/turns/<turn_id>/stream",
    access=Access.USER,
    rate=Rate.NORMAL,
    query=chat.StreamQuery,
    events=ChatCompletionChunk,
    refuses=(NotFound,),
)
async def resume_stream(call: Call[None, chat.StreamQuery], turn_id: str) -> HttpResponse:
    """Follow a turn again, behind the event with the id in `Last-Event-ID`: no gap, no repeat."""
    asked = parse_event_id(call.query.last_event_id)
    header = call.request.headers.get("Last-Event-ID")
    seen = parse_event_id(header) if header else asked
    feed = await call.services.follow_turn(call.user.id, turn_id, seen.position)
    return event_stream(call, feed, seen).response()


@routes.add(
    "POST",
    "/v1/chat/turns/<turn_id>/stop",
    access=Access.USER,
    rate=Rate.NORMAL,
    keys=Keys.OPTIONAL,
    answers=chat.Turn,
    refuses=(NotFound,),
)
async def stop_turn(call: Reader, turn_id: str) -> Answer:
    """End a reply where it is; what was written is kept and charged."""
    return answer(chat.Turn.of(await call.services.stop_turn(call.user.id, turn_id)))


def _turn_key(
    call: Call[ChatCompletionRequest, NoQuery] | Call[ReplyWish, NoQuery],
) -> IdempotencyKey | None:
    key = request_key(call.request, call.raw)
    return None if key is None else IdempotencyKey(key.key, key.fingerprint)
