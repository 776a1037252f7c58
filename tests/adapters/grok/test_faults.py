"""What the adapter makes of a provider that fails: tried again, moved on, or given up."""

import asyncio
import time
from contextlib import aclosing

import pytest

from adapters.grok import call
from adapters.grok.chat_model import GrokChatModel
from application.ports.chat_model import ModelRequest, TextDelta
from domain.errors import ContentBlocked, DomainError, ModelUnavailable
from tests.adapters.grok.talk import LONG, MakeModel, ask, both_ways, listen, refusal, until
from tests.loopback.model_script import Behaviour, Name
from tests.loopback.model_server import ModelServer


@both_ways
@pytest.mark.parametrize("behaviour", ["rate_limited", "server_error", "overloaded"])
async def test_trouble_that_passes_is_tried_again(
    server: ModelServer,
    model: GrokChatModel,
    outcomes: list[str],
    request_: ModelRequest,
    behaviour: Name,
) -> None:
    server.script(Behaviour(behaviour, times=2))

    await listen(model, request_)

    assert server.count == 3
    assert outcomes[-1] == "completed"


@both_ways
@pytest.mark.parametrize("behaviour", ["rate_limited", "server_error", "overloaded"])
async def test_retries_are_bounded(
    server: ModelServer, model: GrokChatModel, request_: ModelRequest, behaviour: Name
) -> None:
    server.script(Behaviour(behaviour))

    assert isinstance(await refusal(model, request_), ModelUnavailable)
    assert server.count == 3


async def test_retry_after_is_waited_for(server: ModelServer, model: GrokChatModel) -> None:
    server.script(Behaviour("rate_limited", retry_after="0.3", times=1))
    began = time.monotonic()

    await listen(model)

    assert time.monotonic() - began >= 0.3


async def test_a_long_retry_after_is_not_waited_for(
    server: ModelServer, model: GrokChatModel
) -> None:
    server.script(Behaviour("rate_limited", retry_after="3600"))

    assert isinstance(await refusal(model), ModelUnavailable)
    assert server.count == 1


async def test_no_retry_goes_beyond_the_first_tokens_deadline(
    server: ModelServer, make: MakeModel, outcomes: list[str]
) -> None:
    server.script(Behaviour("rate_limited", retry_after="2"))

    assert isinstance(await refusal(make(first=1.0)), ModelUnavailable)
    assert outcomes == ["rate_limited"]


@both_ways
async def test_nobody_listening_is_tried_again(
    make: MakeModel, outcomes: list[str], request_: ModelRequest
) -> None:
    async with ModelServer() as gone:
        base_url = gone.base_url

    assert isinstance(await refusal(make(base_url=base_url), request_), ModelUnavailable)
    assert outcomes == ["connection"] * 3


async def test_a_connection_lost_before_any_text_is_tried_again(
    server: ModelServer, model: GrokChatModel
) -> None:
    server.script(Behaviour("disconnect", after=0, times=1))

    await listen(model)

    assert server.count == 2


@pytest.mark.parametrize("behaviour", ["disconnect", "error_event", "no_finish"])
async def test_once_text_was_shown_nothing_is_tried_again(
    server: ModelServer, model: GrokChatModel, behaviour: Name
) -> None:
    server.script(Behaviour(behaviour, after=1))

    assert isinstance(await refusal(model), ModelUnavailable)
    assert server.count == 1


@both_ways
@pytest.mark.parametrize(
    "behaviour",
    ["unauthorized", "payment_required", "key_forbidden", "wrong_key", "no_credits"],
)
async def test_a_key_that_is_refused_raises_the_alarm_at_once(
    server: ModelServer,
    model: GrokChatModel,
    outcomes: list[str],
    request_: ModelRequest,
    behaviour: Name,
) -> None:
    server.script(Behaviour(behaviour))
    request = ModelRequest(("a", "b"), request_.messages, 10, stream=request_.stream)

    assert isinstance(await refusal(model, request), ModelUnavailable)
    assert outcomes == ["credentials"]
    assert server.count == 1


@both_ways
@pytest.mark.parametrize("behaviour", ["content_refused", "content_filter", "refusal"])
async def test_refused_content_is_not_tried_again(
    server: ModelServer,
    model: GrokChatModel,
    outcomes: list[str],
    request_: ModelRequest,
    behaviour: Name,
) -> None:
    server.script(Behaviour(behaviour))

    assert isinstance(await refusal(model, request_), ContentBlocked)
    assert (server.count, outcomes) == (1, ["content"])


@both_ways
@pytest.mark.parametrize("behaviour", ["model_gone", "model_gone_400"])
async def test_the_next_model_answers_only_for_one_that_is_gone(
    server: ModelServer, model: GrokChatModel, request_: ModelRequest, behaviour: Name
) -> None:
    server.script(Behaviour(behaviour, model="old"))
    request = ModelRequest(("old", "new"), request_.messages, 10, stream=request_.stream)

    assert (await listen(model, request)).model == "new"
    assert [call["model"] for call in server.calls] == ["old", "new"]


@pytest.mark.parametrize("behaviour", ["server_error", "bad_request", "html"])
async def test_no_other_failure_moves_on_to_the_next_model(
    server: ModelServer, model: GrokChatModel, behaviour: Name
) -> None:
    server.script(Behaviour(behaviour, model="old"))

    assert isinstance(await refusal(model, ask("old", "new")), ModelUnavailable)
    assert {call["model"] for call in server.calls} == {"old"}


async def test_a_redirect_is_not_followed(server: ModelServer, model: GrokChatModel) -> None:
    async with ModelServer() as elsewhere:
        server.script(Behaviour("redirect", text=f"{elsewhere.base_url}/chat/completions"))

        assert isinstance(await refusal(model), ModelUnavailable)
        assert elsewhere.count == 0


@both_ways
@pytest.mark.parametrize(
    "behaviour", ["html", "empty", "no_finish", "broken_chunk", "tool_calls", "huge"]
)
async def test_what_is_no_proper_reply_fails(
    server: ModelServer,
    model: GrokChatModel,
    outcomes: list[str],
    request_: ModelRequest,
    behaviour: Name,
) -> None:
    server.script(Behaviour(behaviour, after=2, count=40))

    assert isinstance(await refusal(model, request_), ModelUnavailable)
    assert (server.count, outcomes) == (1, ["malformed"])


@pytest.mark.parametrize("behaviour", ["broken_chunk", "error_event", "content_event"])
async def test_what_came_before_a_fault_is_shown_though_they_came_together(
    server: ModelServer, model: GrokChatModel, behaviour: Name
) -> None:
    server.script(Behaviour(behaviour, text="It rains", after=2, at_once=True))

    async with aclosing(model.generate(ask())) as reply:
        heard = await anext(reply)
        with pytest.raises(DomainError):
            await anext(reply)

    assert heard == TextDelta(("It", " rains"))


@both_ways
async def test_a_reply_beyond_all_bounds_is_cut(
    server: ModelServer, model: GrokChatModel, request_: ModelRequest
) -> None:
    server.script(Behaviour("huge", count=200))

    await refusal(model, request_)

    await until(lambda: server.active == 0)
    assert server.abandoned == 1


AFTER_THE_FINISH = 9  # pieces of the loopback server's default reply, and the finish reason


@pytest.mark.parametrize("behaviour", ["disconnect", "broken_chunk", "stall", "pings"])
async def test_a_fault_after_the_finish_reason_takes_nothing_back(
    server: ModelServer,
    model: GrokChatModel,
    monkeypatch: pytest.MonkeyPatch,
    behaviour: Name,
) -> None:
    monkeypatch.setattr(call, "USAGE_SECONDS", 0.2)
    server.script(Behaviour(behaviour, after=AFTER_THE_FINISH))

    async with asyncio.timeout(LONG / 2):
        finished = await listen(model)

    assert finished.usage is not None


async def test_a_reply_without_done_is_proper(server: ModelServer, model: GrokChatModel) -> None:
    server.script(Behaviour("no_done"))

    assert (await listen(model)).usage is not None


async def test_an_endless_error_is_cut(server: ModelServer, model: GrokChatModel) -> None:
    server.script(Behaviour("huge", status=400, count=200))

    assert isinstance(await refusal(model), ModelUnavailable)
    await until(lambda: server.active == 0)
    assert server.abandoned == 1
