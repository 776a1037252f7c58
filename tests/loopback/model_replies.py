"""The bytes of the loopback model server's replies."""

import json
import re
from typing import Any

import msgspec

from tests.loopback.model_script import Behaviour

WORD = re.compile(r"\s*\S+")
CONTENT = "Content violates usage guidelines. Failed check: SAFETY_CHECK_TYPE_BIO"


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
