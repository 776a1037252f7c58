"""What the circuit breaker hears of the calls."""

import asyncio
from contextlib import aclosing

import pytest

from adapters.grok.circuit_breaker import CircuitBreaker
from domain.errors import ModelUnavailable
from tests.adapters.grok.talk import (
    MakeModel,
    Time,
    ask,
    listen,
    refusal,
    until,
)
from tests.loopback.model_script import Behaviour, Name
from tests.loopback.model_server import ModelServer


async def test_twenty_failures_stop_the_calls_until_one_probe_succeeds(
    server: ModelServer, make: MakeModel, outcomes: list[str]
) -> None:
    now = Time()
    model = make(breaker=CircuitBreaker(failures=5, open_seconds=5.0, now=now))
    server.script(Behaviour("server_error"))

    for _ in range(20):
        assert isinstance(await refusal(model), ModelUnavailable)
    assert server.count == 5
    assert outcomes[-1] == "circuit_open"

    now.seconds = 5.0
    server.script(Behaviour("stall", after=0))
    probe = asyncio.create_task(listen(model))
    await asyncio.sleep(0)
    refusals = await asyncio.gather(*(refusal(model) for _ in range(10)))
    assert all(isinstance(one, ModelUnavailable) for one in refusals)
    await until(lambda: server.stalled == 1)
    assert server.count == 6
    server.script()
    server.release()
    await probe

    await listen(model)
    assert server.count == 7


@pytest.mark.parametrize(
    "behaviour", ["content_refused", "unauthorized", "rate_limited", "bad_request", "model_gone"]
)
async def test_what_is_not_the_providers_fault_leaves_the_circuit_alone(
    server: ModelServer, make: MakeModel, behaviour: Name
) -> None:
    model = make(breaker=CircuitBreaker(failures=1))
    server.script(Behaviour(behaviour, times=3))
    await refusal(model)
    server.script()

    await listen(model)


@pytest.mark.parametrize("behaviour", ["html", "empty", "no_finish", "disconnect", "server_error"])
async def test_what_is_the_providers_fault_opens_it(
    server: ModelServer, make: MakeModel, behaviour: Name
) -> None:
    model = make(breaker=CircuitBreaker(failures=1))
    server.script(Behaviour(behaviour, after=1))
    await refusal(model)
    count = server.count

    await refusal(model)

    assert server.count == count


async def test_an_abandoned_probe_does_not_wedge_it(server: ModelServer, make: MakeModel) -> None:
    now = Time()
    model = make(breaker=CircuitBreaker(failures=1, open_seconds=5.0, now=now))
    server.script(Behaviour("server_error", times=1), Behaviour("stall", times=1))
    await refusal(model)
    now.seconds = 5.0
    probe = asyncio.create_task(listen(model))
    await until(lambda: server.active > 0)
    probe.cancel()
    await asyncio.gather(probe, return_exceptions=True)

    await listen(model)


async def test_a_probe_that_gets_an_answer_lets_the_others_through_before_its_end(
    server: ModelServer, make: MakeModel
) -> None:
    now = Time()
    model = make(breaker=CircuitBreaker(failures=1, open_seconds=5.0, now=now))
    server.script(Behaviour("html", times=1), Behaviour("stall", after=1, times=1))
    await refusal(model)
    now.seconds = 5.0

    async with aclosing(model.generate(ask())) as probe:
        await anext(probe)

        await listen(model)
