"""The call itself, who leaves it, and what must not leak."""

import asyncio
import gc
import logging
import traceback
from contextlib import aclosing

import pytest

from adapters.grok.chat_model import GrokChatModel
from application.ports.chat_model import ModelRequest
from tests.adapters.grok.talk import (
    KEY,
    ask,
    both_ways,
    listen,
    refusal,
    until,
)
from tests.loopback.model_script import Behaviour, Name
from tests.loopback.model_server import ModelServer


@both_ways
async def test_the_key_goes_along_and_nothing_of_this_machine(
    server: ModelServer, model: GrokChatModel, request_: ModelRequest
) -> None:
    await listen(model, request_)

    headers = server.last_headers
    assert headers.pop("authorization") == f"Bearer {KEY}"
    assert int(headers.pop("content-length")) == len(server.bodies[-1])
    assert headers == {
        "host": server.base_url.removeprefix("http://").removesuffix("/v1"),
        "content-type": "application/json",
        "accept": "application/json",
        "accept-encoding": "identity",
        "user-agent": "companion",
    }


@both_ways
async def test_connections_are_used_again(
    server: ModelServer, model: GrokChatModel, request_: ModelRequest
) -> None:
    for _ in range(5):
        await listen(model, request_)
        await listen(model, ask(said="@@tokens count=3", stream=request_.stream))

    assert len(server.connections) == 1
    assert server.abandoned == 0


async def test_leaving_hangs_up_on_the_provider(server: ModelServer, model: GrokChatModel) -> None:
    async with aclosing(model.generate(ask(said="@@stall after=2"))) as reply:
        await anext(reply)
        assert server.active == 1

    await until(lambda: server.active == 0)
    assert server.abandoned == 1


@pytest.mark.parametrize("said", ["@@stall", "@@stall after=1"])
async def test_cancelling_hangs_up_too(
    server: ModelServer, model: GrokChatModel, outcomes: list[str], said: str
) -> None:
    task = asyncio.create_task(listen(model, ask(said=said)))
    await until(lambda: server.active == 1)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await until(lambda: server.active == 0)

    assert outcomes == ["abandoned"]


async def test_many_replies_at_once(server: ModelServer, model: GrokChatModel) -> None:
    tasks = [asyncio.create_task(listen(model, ask(said="@@stall after=1"))) for _ in range(150)]
    await until(lambda: server.active == 150)
    server.release()
    replies = await asyncio.gather(*tasks)

    assert len(replies) == 150


@both_ways
@pytest.mark.parametrize(
    "behaviour", ["echo_key", "wrong_key", "error_event", "content_refused", "html"]
)
async def test_nothing_of_the_provider_leaks_into_errors_or_logs(
    server: ModelServer,
    model: GrokChatModel,
    caplog: pytest.LogCaptureFixture,
    request_: ModelRequest,
    behaviour: Name,
) -> None:
    caplog.set_level(logging.INFO)
    server.script(Behaviour(behaviour))

    error = await refusal(model, request_)

    told = "".join(traceback.format_exception(error, chain=True))
    seen: BaseException | None = error
    while seen is not None:
        told += repr(seen) + str(vars(seen))
        seen = seen.__context__
    logged = [one.getMessage() for one in caplog.records]
    assert logged
    for secret in (KEY, "127.0.0.1", "usage guidelines", "Incorrect", "fell over", "<html>"):
        assert secret not in told
        assert secret not in "".join(logged)


async def test_no_failure_leaves_litter(
    server: ModelServer, model: GrokChatModel, recwarn: pytest.WarningsRecorder
) -> None:
    behaviours: list[Name] = ["disconnect", "broken_chunk", "html", "server_error", "huge"]
    for behaviour in behaviours:
        server.script(Behaviour(behaviour, after=1, count=40))
        await refusal(model)
    gc.collect()

    # What was cut off closes in tasks of its own, at once.
    await until(lambda: len(asyncio.all_tasks()) == 1)
    assert not recwarn.list
