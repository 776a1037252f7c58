"""The provider's JSON: what is asked, and what of the answer is looked at."""

from collections.abc import Mapping
from typing import Any, TypeGuard

import msgspec

from adapters.grok.failures import CallFailed, Outcome, outcome_of_event
from application.ports.chat_model import ModelFinished, ModelRequest, ModelUsage

MOST_TOKENS = 10_000_000
"""No context is that long: a larger number is a mistake and must not become a price."""

DONE = b"[DONE]"
NOTHING = msgspec.Raw(b"null")


class Message(msgspec.Struct):
    """A whole message or a piece of one."""

    content: str | None = None
    reasoning_content: str | None = None
    refusal: str | None = None


class Choice(msgspec.Struct):
    """``delta`` in a stream, ``message`` otherwise."""

    delta: Message | None = None
    message: Message | None = None
    finish_reason: str | None = None


class Answer(msgspec.Struct):
    """A whole answer or one event; usage and error are read only when needed."""

    choices: list[Choice] | None = None
    usage: msgspec.Raw = NOTHING
    error: msgspec.Raw = NOTHING


decode_answer = msgspec.json.Decoder(Answer).decode


def encode_request(
    request: ModelRequest, model: str, form: Mapping[str, Any] | None = None
) -> bytes:
    """The body of one call; ``form`` is the ``response_format``, if the reply must have one."""
    body: dict[str, Any] = {
        "model": model,
        "messages": request.messages,
        "max_tokens": request.max_tokens,
        "stream": request.stream,
    }
    if request.stream:
        body["stream_options"] = {"include_usage": True}
    if request.temperature is not None:
        body["temperature"] = request.temperature
    if request.end_user is not None:
        body["user"] = request.end_user
    if form is not None:
        body["response_format"] = form
    return msgspec.json.encode(body)


class ReplyReader:
    """Puts a reply together from its answers and knows whether it has ended properly."""

    __slots__ = ("_finish_reason", "_has_text", "_usage", "done", "signs_of_life")

    def __init__(self) -> None:
        self._finish_reason: str | None = None
        self._has_text = False
        self._usage = NOTHING
        self.done = False
        self.signs_of_life = 0
        """Grows with every event that brings the reply forward, thinking included."""

    @property
    def finished(self) -> bool:
        """Whether the finish reason was seen; usage may still follow."""
        return self._finish_reason is not None

    def read(self, data: bytes) -> str:
        """The text in one event's data or in a whole body, perhaps none."""
        data = data.strip()
        if data == DONE:
            self.done = True
            return ""
        try:
            answer = decode_answer(data)
        # UnicodeDecodeError is a ValueError; a RecursionError comes of absurdly nested JSON.
        except (msgspec.MsgspecError, ValueError, RecursionError):
            answer = None
        if answer is None:
            if not self.finished:
                raise CallFailed(Outcome.MALFORMED)
            self.done = True
            return ""
        if answer.error != NOTHING:
            raise CallFailed(outcome_of_event(bytes(answer.error).decode(errors="replace")))
        if answer.usage != NOTHING:
            # Some providers repeat it with every event, counting up: the last one is right.
            self._usage = answer.usage
        if not answer.choices:
            return ""
        return self._read_choice(answer.choices[0])

    def _read_choice(self, choice: Choice) -> str:
        if choice.finish_reason:
            self._finish_reason = choice.finish_reason
            self.signs_of_life += 1
            if choice.finish_reason == "content_filter":
                raise CallFailed(Outcome.CONTENT)
        message = choice.delta or choice.message
        if message is None:
            return ""
        if message.refusal:
            raise CallFailed(Outcome.CONTENT)
        text = message.content or ""
        if text or message.reasoning_content:
            self.signs_of_life += 1
        if "\x00" in text:
            # Neither Postgres nor a screen can hold it.
            text = text.replace("\x00", "")
        if text:
            self._has_text = True
        return text

    def result(self, model: str) -> ModelFinished:
        """The end of the reply; fails unless it was a proper one, with something to show."""
        reason = self._finish_reason
        if reason not in {"stop", "length"} or not self._has_text:
            raise CallFailed(Outcome.MALFORMED)
        return ModelFinished(model=model, finish_reason=reason, usage=read_usage(self._usage))


def read_usage(raw: msgspec.Raw) -> ModelUsage | None:
    """The tokens reported; None when there are none, or when they cannot be true."""
    try:
        body = msgspec.json.decode(raw)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None
    if not isinstance(body, dict):
        return None
    prompt = body.get("prompt_tokens")
    completion = body.get("completion_tokens")
    cached = detail(body, "prompt_tokens_details", "cached_tokens")
    reasoning = detail(body, "completion_tokens_details", "reasoning_tokens")
    if not (is_count(prompt) and is_count(completion) and is_count(cached) and cached <= prompt):
        return None
    if not is_count(reasoning):
        return None
    # OpenAI counts reasoning into completion, xAI beside it; the total tells which it was.
    total = body.get("total_tokens")
    if reasoning > completion or (reasoning > 0 and total == prompt + completion + reasoning):
        completion += reasoning
    return ModelUsage(prompt=prompt, cached=cached, completion=completion)


def detail(body: dict[str, Any], group: str, name: str) -> Any:  # noqa: ANN401 - any JSON
    """``body[group][name]``, 0 when it is not there."""
    found = body.get(group)
    value = found.get(name) if isinstance(found, dict) else None
    return 0 if value is None else value


def is_count(value: object) -> TypeGuard[int]:
    """Whether ``value`` can be a number of tokens; ``True`` is none."""
    return type(value) is int and 0 <= value <= MOST_TOKENS
