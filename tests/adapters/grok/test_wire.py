import json
from typing import Any

import msgspec
import pytest

from adapters.grok.failures import CallFailed, Outcome
from adapters.grok.wire import ReplyReader, encode_request, read_usage
from application.ports.chat_model import ModelFinished, ModelRequest, ModelUsage
from domain.context import PromptMessage

MESSAGES = (PromptMessage("system", "You are Mira."), PromptMessage("user", "Grüß dich"))


def usage(**body: object) -> ModelUsage | None:
    return read_usage(msgspec.Raw(json.dumps(body).encode()))


def event(
    content: str | None = None, finish: str | None = None, **more: object
) -> dict[str, object]:
    return {"choices": [{"delta": {"content": content}, "finish_reason": finish}], **more}


def read(*bodies: object) -> ReplyReader:
    reader = ReplyReader()
    for body in bodies:
        reader.read(body if isinstance(body, bytes) else json.dumps(body).encode())
    return reader


def outcome_of(*bodies: object) -> Outcome:
    with pytest.raises(CallFailed) as failed:
        read(*bodies).result("grok-4")
    return failed.value.outcome


def test_the_body_of_a_stream_asks_for_usage() -> None:
    request = ModelRequest(("grok-4",), MESSAGES, 64, temperature=0.0, end_user="p-1")

    assert json.loads(encode_request(request, "grok-4")) == {
        "model": "grok-4",
        "messages": [
            {"role": "system", "content": "You are Mira."},
            {"role": "user", "content": "Grüß dich"},
        ],
        "max_tokens": 64,
        "temperature": 0.0,
        "stream": True,
        "stream_options": {"include_usage": True},
        "user": "p-1",
    }


def test_the_body_for_a_whole_reply_leaves_out_what_was_not_given() -> None:
    request = ModelRequest(("grok-4",), MESSAGES, 64, stream=False)

    body = json.loads(encode_request(request, "grok-5"))

    assert set(body) == {"model", "messages", "max_tokens", "stream"}
    assert (body["model"], body["stream"]) == ("grok-5", False)


REPORT = {"prompt_tokens": 11, "completion_tokens": 2}


@pytest.mark.parametrize(
    "bodies",
    [
        [event("Hi"), event("!", "stop", usage=REPORT)],
        [event("Hi"), event("!", usage=REPORT), event(finish="stop")],
        [event("Hi!"), event(finish="stop"), {"choices": [], "usage": REPORT}],
        [event("Hi!"), event(finish="stop"), {"usage": REPORT}],
        [event("Hi!", usage={**REPORT, "completion_tokens": 1}), event("", "stop", usage=REPORT)],
        [event("Hi!", "stop", usage=REPORT), {"choices": None, "usage": None}],
    ],
    ids=["last", "before-last", "empty-choices", "no-choices", "counting-up", "then-null"],
)
def test_usage_is_found_wherever_it_comes(bodies: list[object]) -> None:
    finished = read(*bodies, b"[DONE]").result("grok-4")

    assert finished == ModelFinished("grok-4", "stop", ModelUsage(11, 0, 2))


def test_cached_tokens_are_a_part_of_the_prompt() -> None:
    details = {"cached_tokens": 4}

    found = usage(prompt_tokens=10, completion_tokens=3, prompt_tokens_details=details)

    assert found == ModelUsage(10, 4, 3)


@pytest.mark.parametrize(
    ("total", "reasoning", "completion"),
    [
        (13, 2, 3),  # within completion, as OpenAI counts
        (15, 2, 5),  # beside completion, as xAI counts
        (None, 7, 10),  # more than completion, so it must be beside
        (None, 2, 3),
        (999, 2, 3),  # a total that fits neither decides nothing
        (13, None, 3),
    ],
)
def test_reasoning_bills_as_completion_once(
    total: int | None, reasoning: int | None, completion: int
) -> None:
    details = {"reasoning_tokens": reasoning}

    found = usage(
        prompt_tokens=10,
        completion_tokens=3,
        total_tokens=total,
        completion_tokens_details=details,
    )

    assert found == ModelUsage(10, 0, completion)


@pytest.mark.parametrize(
    "change",
    [
        {"prompt_tokens": -1},
        {"prompt_tokens": 1.5},
        {"prompt_tokens": "10"},
        {"prompt_tokens": True},
        {"prompt_tokens": None},
        {"completion_tokens": -3},
        {"completion_tokens": 2**63},
        {"completion_tokens": []},
        {"prompt_tokens_details": {"cached_tokens": 11}},
        {"prompt_tokens_details": {"cached_tokens": -1}},
        {"completion_tokens_details": {"reasoning_tokens": -5}},
        {"completion_tokens_details": {"reasoning_tokens": 1e3}},
    ],
    ids=repr,
)
def test_usage_that_cannot_be_true_was_not_reported(change: dict[str, Any]) -> None:
    body = {"prompt_tokens": 10, "completion_tokens": 3, **change}

    assert usage(**body) is None


@pytest.mark.parametrize("raw", [b"null", b"[]", b"7", b'"x"', b"{}", b"[" * 3000 + b"]" * 3000])
def test_usage_of_an_odd_shape_was_not_reported(raw: bytes) -> None:
    assert read_usage(msgspec.Raw(raw)) is None


@pytest.mark.parametrize("details", [None, [], "x", {}, {"other": 1}])
def test_details_may_be_missing(details: object) -> None:
    found = usage(prompt_tokens=1, completion_tokens=1, prompt_tokens_details=details)

    assert found == ModelUsage(1, 0, 1)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"7",
        b"<html>",
        b'{"choices":[{"delta":{"content":"bro',
        b'{"choices":[{"delta":{"content":7}}]}',
        b'{"choices":{}}',
        b'{"choices":[{"delta":{"content":"\xff\xfe"}}]}',
        b'{"choices":[{"delta":{"content":"\\ud83d"}}]}',
        b'{"x":' + b"[" * 3000 + b"]" * 3000 + b"}",
    ],
    ids=repr,
)
def test_what_is_no_answer_fails_the_reply(data: bytes) -> None:
    assert outcome_of(event("Hi"), data) is Outcome.MALFORMED


def test_rubbish_after_the_finish_reason_takes_nothing_back() -> None:
    finished = read(event("Hi", "stop", usage=REPORT), b"{broken").result("grok-4")

    assert finished.usage == ModelUsage(11, 0, 2)


@pytest.mark.parametrize("reason", [None, "tool_calls", "function_call", "error", ""])
def test_only_stop_and_length_are_proper_ends(reason: str | None) -> None:
    assert outcome_of(event("Hi", reason), b"[DONE]") is Outcome.MALFORMED


@pytest.mark.parametrize("reason", ["stop", "length"])
def test_a_reply_without_text_is_no_reply(reason: str) -> None:
    thinking = {"choices": [{"delta": {"reasoning_content": "hm"}}]}

    assert outcome_of(thinking, event("", reason), b"[DONE]") is Outcome.MALFORMED


@pytest.mark.parametrize(
    "body",
    [
        event(finish="content_filter"),
        {"choices": [{"delta": {"refusal": "I cannot help with that."}}]},
        {"choices": [{"message": {"content": None, "refusal": "No."}, "finish_reason": "stop"}]},
        {"error": {"message": "Content violates usage guidelines. Team: 7"}},
        {"error": "Content violates usage guidelines."},
        {"error": {"code": "content_policy_violation"}},
    ],
    ids=repr,
)
def test_a_refusal_of_the_content_is_seen(body: object) -> None:
    assert outcome_of(event("Hi"), body) is Outcome.CONTENT


@pytest.mark.parametrize("error", [{"message": "boom", "code": 500}, "boom", [1], 7, True, {}])
def test_any_other_error_event_is_the_servers_failure(error: object) -> None:
    assert outcome_of(event("Hi"), {"error": error}) is Outcome.SERVER_ERROR


def test_a_null_error_is_none() -> None:
    assert read(event("Hi", "stop", error=None)).result("grok-4").finish_reason == "stop"


def test_thinking_is_a_sign_of_life_and_an_empty_event_is_not() -> None:
    reader = read({"choices": [{"delta": {"role": "assistant", "content": ""}}]}, {}, event())
    assert reader.signs_of_life == 0

    reader.read(b'{"choices":[{"delta":{"reasoning_content":"hm"}}]}')

    assert reader.signs_of_life == 1


def test_the_character_that_no_store_holds_is_dropped() -> None:
    reader = ReplyReader()

    assert reader.read(json.dumps(event("a\x00b")).encode()) == "ab"
    assert reader.read(json.dumps(event("\x00")).encode()) == ""


@pytest.mark.parametrize("content", ["", "\x00"])
def test_no_text_is_left_of_nothing(content: str) -> None:
    assert outcome_of(event(content, "stop")) is Outcome.MALFORMED
