"""What the loopback model server can be told to do, and the bytes that it then sends.

A behaviour is one JSON object, sent to ``POST /control`` or written into the last user message as
``@@stall after=2``. Its name is one of

- replies: ``answer`` (``text``), ``echo`` (the whole prompt comes back), ``tokens`` (``count``,
  ``delay`` seconds between them), ``length``, ``content_filter``, ``refusal``, ``tool_calls``,
  ``thinking`` (``count`` reasoning pieces first), ``no_done``;
- faults in the reply, after ``after`` pieces: ``stall`` (until released; with ``after=0`` not even
  headers are sent), ``pings``, ``disconnect``, ``broken_chunk``, ``no_finish``, ``error_event``,
  ``content_event``;
- faults instead of a reply: ``html``, ``empty``, ``huge``, ``redirect``, ``status`` (any
  ``status``), and those of ``ERRORS``, such as ``rate_limited`` (``retry_after``),
  ``server_error``, ``model_gone``, ``echo_key``.
"""

import asyncio
import json
import re
from typing import Any, Literal, Protocol

import msgspec

WORD = re.compile(r"\s*\S+")
INLINE = re.compile(r"@@(\w+)((?:\s+\w+=\S+)*)")

CONTENT = "Content violates usage guidelines. Failed check: SAFETY_CHECK_TYPE_BIO"
ERRORS: dict[str, tuple[int, object]] = {
    "rate_limited": (429, {"code": "resource-exhausted", "error": "Too many requests"}),
    "no_credits": (429, {"code": "some-code", "error": "Your team has used all available credits"}),
    "server_error": (500, {"error": {"message": "internal", "type": "server_error"}}),
    "overloaded": (503, "upstream connect error"),
    "unauthorized": (401, {"error": {"message": "Invalid credentials", "code": "invalid_api_key"}}),
    "payment_required": (402, {"code": "payment-required", "error": "Out of credits"}),
    "content_refused": (403, {"code": "permission-denied", "error": CONTENT}),
    "key_forbidden": (403, {"code": "permission-denied", "error": "Access to the chat is denied"}),
    "wrong_key": (400, {"code": "invalid-argument", "error": "Incorrect API key provided: xa**"}),
    "bad_request": (400, {"code": "invalid-argument", "error": "max_tokens is too large"}),
    "model_gone": (404, {"code": "not-found", "error": "The model does not exist"}),
    "model_gone_400": (400, {"error": {"message": "no such model", "code": "model_not_found"}}),
    "echo_key": (500, {"error": {"message": "cannot handle {authorization}"}}),
}


Name = Literal[
    "answer", "echo", "tokens", "length", "content_filter", "refusal", "tool_calls", "thinking",
    "no_done", "stall", "pings", "disconnect", "broken_chunk", "no_finish", "error_event",
    "content_event", "html", "empty", "huge", "redirect", "rate_limited", "no_credits",
    "server_error", "overloaded", "unauthorized", "payment_required", "content_refused",
    "key_forbidden", "wrong_key", "bad_request", "model_gone", "model_gone_400", "echo_key",
    "status",
]  # fmt: skip


class Behaviour(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One thing to do; see the module's text. ``times`` None means until further notice."""

    behaviour: Name = "answer"
    times: int | None = None
    model: str | None = None  # only for calls of this model
    endpoint: str = "chat"  # or "embeddings"
    text: str = "Hello there, it is good to see you."
    count: int = 20
    delay: float = 0.0
    after: int = 0
    status: int | None = None
    retry_after: str | None = None
    usage: str = "last"  # or before_last, empty_choices, every, none
    prompt: Any = 11  # the numbers reported; anything at all, to try what a client makes of it
    cached: Any = 3
    completion: Any = None  # by default, one for each piece
    reasoning: Any = None
    total: Any = None


class Exchange(Protocol):
    """One request being answered, as the server shows it to a behaviour."""

    streaming: bool
    wants_usage: bool
    model: str
    prompt: str
    most: int | None  # tokens, which are pieces here
    authorization: str

    def head(self, status: int, kind: str, extra: str = "", length: int | None = None) -> None: ...

    def write(self, data: bytes) -> None: ...

    def end(self) -> None: ...

    def hang_up(self) -> None: ...

    async def released(self) -> None: ...


def inline(text: str) -> Behaviour | None:
    found = INLINE.search(text)
    if found is None:
        return None
    options = dict(pair.split("=", 1) for pair in found[2].split())
    return msgspec.convert({"behaviour": found[1], **options}, Behaviour, strict=False)


def usage_of(behaviour: Behaviour, pieces: int) -> dict[str, Any]:
    completion = pieces if behaviour.completion is None else behaviour.completion
    usage: dict[str, Any] = {
        "prompt_tokens": behaviour.prompt,
        "completion_tokens": completion,
        "prompt_tokens_details": {"cached_tokens": behaviour.cached},
    }
    if behaviour.reasoning is not None:
        usage["completion_tokens_details"] = {"reasoning_tokens": behaviour.reasoning}
    if behaviour.total is not None:
        usage["total_tokens"] = behaviour.total
    elif isinstance(behaviour.prompt, int) and isinstance(completion, int):
        usage["total_tokens"] = behaviour.prompt + completion
    return usage


def event(
    model: str,
    delta: dict[str, Any] | None,
    finish: str | None = None,
    report: dict[str, Any] | None = None,
) -> bytes:
    choices = [] if delta is None else [{"index": 0, "delta": delta, "finish_reason": finish}]
    body = {
        "id": "chatcmpl-1",
        "object": "chat.completion.chunk",
        "created": 1,
        "model": model,
        "choices": choices,
        **(report or {}),
    }
    return b"data: " + msgspec.json.encode(body) + b"\n\n"


def pieces_of(behaviour: Behaviour, prompt: str, most: int | None) -> tuple[list[str], bool]:
    """The pieces of the reply, and whether ``most`` has cut it short."""
    pieces = all_pieces_of(behaviour, prompt)
    return pieces[:most], most is not None and len(pieces) > most


def all_pieces_of(behaviour: Behaviour, prompt: str) -> list[str]:
    match behaviour.behaviour:
        case "tokens":
            return [f"{'' if n == 0 else ' '}w{n}" for n in range(behaviour.count)]
        case "echo":
            return [prompt]
        case "refusal" | "tool_calls":
            return []
        case _:
            return WORD.findall(behaviour.text)


FINISH = {"length": "length", "content_filter": "content_filter", "tool_calls": "tool_calls"}


def stream_events(
    behaviour: Behaviour, model: str, prompt: str, most: int | None = None, *, usage: bool
) -> list[bytes]:
    """The events of a whole streamed reply; the first one carries the role only."""
    name = behaviour.behaviour
    pieces, is_cut = pieces_of(behaviour, prompt, most)
    report = {"usage": usage_of(behaviour, len(pieces))} if usage else {}
    where = behaviour.usage if report else "none"
    every = report if where == "every" else {}
    events = [event(model, {"role": "assistant", "content": ""}, report=every)]
    if name == "thinking":
        events += [event(model, {"reasoning_content": "hm"}) for _ in range(behaviour.count)]
    events += [event(model, {"content": piece}, report=every) for piece in pieces]
    if name == "refusal":
        events.append(event(model, {"refusal": "I cannot help with that."}))
    if where == "before_last":
        events.append(event(model, {"content": ""}, report=report))
    at_end = report if where in {"last", "every"} else {}
    finish = FINISH.get(name, "length" if is_cut else "stop")
    events.append(event(model, {}, finish, at_end))
    if where == "empty_choices":
        events.append(event(model, None, report=report))
    if name != "no_done":
        events.append(b"data: [DONE]\n\n")
    return events


def whole_body(behaviour: Behaviour, model: str, prompt: str, most: int | None = None) -> bytes:
    name = behaviour.behaviour
    if name in {"error_event", "content_event"}:
        return json.dumps(error_of(name)).encode()
    pieces, is_cut = pieces_of(behaviour, prompt, most)
    message: dict[str, Any] = {"role": "assistant", "content": "".join(pieces)}
    if name == "refusal":
        message = {"role": "assistant", "content": None, "refusal": "I cannot help with that."}
    proper = FINISH.get(name, "length" if is_cut else "stop")
    finish = None if name == "no_finish" else proper
    body: dict[str, Any] = {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1,
        "model": model,
        "choices": [{"index": 0, "message": message, "finish_reason": finish}],
    }
    if behaviour.usage != "none":
        body["usage"] = usage_of(behaviour, len(pieces))
    text = msgspec.json.encode(body)
    return text[: len(text) // 2] if name == "broken_chunk" else text


def error_of(name: str) -> dict[str, Any]:
    if name == "content_event":
        return {"error": {"message": CONTENT, "code": "content_policy_violation"}}
    return {"error": {"message": "the engine fell over", "code": 500}}


def refuse(exchange: Exchange, behaviour: Behaviour) -> None:
    status, body = ERRORS.get(behaviour.behaviour, (500, {"error": behaviour.text}))
    text = json.dumps(body).replace("{authorization}", exchange.authorization).encode()
    extra = "" if behaviour.retry_after is None else f"Retry-After: {behaviour.retry_after}\r\n"
    exchange.head(behaviour.status or status, "application/json", extra, len(text))
    exchange.write(text)
    exchange.end()


async def perform(exchange: Exchange, behaviour: Behaviour) -> None:
    """Answer ``exchange`` as ``behaviour`` says."""
    match behaviour.behaviour:
        case "html" | "empty" as name:
            text = b"<html><body>Just a moment...</body></html>" if name == "html" else b""
            kind = "text/html" if name == "html" else "text/event-stream"
            exchange.head(200, kind, length=len(text))
            exchange.write(text)
            exchange.end()
        case "huge":
            exchange.head(behaviour.status or 200, "text/event-stream")
            for _ in range(behaviour.count):
                exchange.write(event(exchange.model, {"content": "x" * 65536}))
                await asyncio.sleep(0)
            exchange.end()
        case "redirect":
            exchange.head(302, "text/plain", f"Location: {behaviour.text}\r\n", 0)
            exchange.end()
        case name if name in {*ERRORS, "status"}:
            refuse(exchange, behaviour)
        case _ if exchange.streaming:
            await stream(exchange, behaviour)
        case _:
            await answer_whole(exchange, behaviour)


async def answer_whole(exchange: Exchange, behaviour: Behaviour) -> None:
    if behaviour.behaviour in {"stall", "pings"}:
        await exchange.released()
    text = whole_body(behaviour, exchange.model, exchange.prompt, exchange.most)
    if behaviour.behaviour == "tokens":
        await asyncio.sleep(behaviour.delay * behaviour.count)
    exchange.head(200, "application/json", length=len(text))
    if behaviour.behaviour == "disconnect":
        exchange.write(text[: len(text) // 2])
        exchange.hang_up()
        return
    exchange.write(text)
    exchange.end()


async def stream(exchange: Exchange, behaviour: Behaviour) -> None:
    name = behaviour.behaviour
    events = stream_events(
        behaviour, exchange.model, exchange.prompt, exchange.most, usage=exchange.wants_usage
    )
    if name == "stall" and behaviour.after == 0:
        await exchange.released()
    exchange.head(200, "text/event-stream")
    for number, data in enumerate(events):
        if number == behaviour.after + 1 and await fault(exchange, behaviour):
            return
        exchange.write(data)
        if behaviour.delay:
            await asyncio.sleep(behaviour.delay)
    exchange.end()


async def fault(exchange: Exchange, behaviour: Behaviour) -> bool:
    """What goes wrong at this point of a stream; True when nothing follows it."""
    match behaviour.behaviour:
        case "stall" if behaviour.after > 0:
            await exchange.released()
            return False
        case "pings":
            while True:
                exchange.write(b": ping\n\n")
                await asyncio.sleep(0.01)
        case "disconnect":
            exchange.hang_up()
        case "broken_chunk":
            exchange.write(b'data: {"choices":[{"delta":{"content":"bro\n\n')
            exchange.end()
        case "no_finish":
            exchange.end()
        case "error_event" | "content_event" as name:
            exchange.write(b"data: " + json.dumps(error_of(name)).encode() + b"\n\n")
            exchange.end()
        case _:
            return False
    return True
