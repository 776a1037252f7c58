"""How the loopback model server carries out what its script says."""

import asyncio
import json
from typing import Protocol

from tests.loopback.model_replies import CONTENT, error_of, event, stream_events, whole_body
from tests.loopback.model_script import Behaviour

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

    def hold_back(self) -> None: ...

    def end(self) -> None: ...

    def hang_up(self) -> None: ...

    async def released(self) -> None: ...


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
        case "vectors" | "scores":
            text = behaviour.text.encode()
            exchange.head(200, "application/json", length=len(text))
            exchange.write(text)
            exchange.end()
        case "huge":
            exchange.head(behaviour.status or 200, "text/event-stream")
            for _ in range(behaviour.count):
                exchange.write(event(exchange.model, {"content": "x" * 65536}))
                await asyncio.sleep(0)
            exchange.end()
        case "redirect":
            exchange.head(
                behaviour.status or 307, "text/plain", f"Location: {behaviour.text}\r\n", 0
            )
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
    if behaviour.at_once:
        exchange.hold_back()
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
