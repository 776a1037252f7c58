"""Silence, pings and trickles end; a slow reader is nobody's fault."""

import asyncio
from contextlib import aclosing

import pytest

from application.ports.chat_model import ModelFinished, ModelRequest, TextDelta
from domain.errors import ModelUnavailable
from tests.adapters.grok.talk import (
    LONG,
    SHORT,
    MakeModel,
    ask,
    both_ways,
    refusal,
)
from tests.loopback.model_script import Behaviour
from tests.loopback.model_server import ModelServer


@both_ways
async def test_silence_before_the_first_token(
    server: ModelServer, make: MakeModel, outcomes: list[str], request_: ModelRequest
) -> None:
    server.script(Behaviour("stall"))

    assert isinstance(await refusal(make(first=SHORT, idle=0.1), request_), ModelUnavailable)
    assert outcomes == ["first_token"]
    assert server.count == 1


@pytest.mark.parametrize(("after", "outcome"), [(0, "first_token"), (2, "idle")])
async def test_pings_are_no_sign_of_life(
    server: ModelServer, make: MakeModel, outcomes: list[str], after: int, outcome: str
) -> None:
    server.script(Behaviour("pings", after=after))
    first, idle = (SHORT, LONG) if after == 0 else (LONG, SHORT)

    assert isinstance(await refusal(make(first=first, idle=idle)), ModelUnavailable)
    assert outcomes == [outcome]


async def test_a_reply_that_trickles_ends_at_the_total_deadline(
    server: ModelServer, make: MakeModel, outcomes: list[str]
) -> None:
    server.script(Behaviour("tokens", count=10_000, delay=0.01))

    assert isinstance(await refusal(make(total=0.5)), ModelUnavailable)
    assert outcomes == ["total"]


async def test_a_slow_reader_is_not_the_models_fault(server: ModelServer, make: MakeModel) -> None:
    model = make(idle=SHORT)

    async with aclosing(model.generate(ask(said="@@stall after=1"))) as reply:
        events = [await anext(reply)]
        server.release()
        await asyncio.sleep(SHORT + 0.1)
        events += [event async for event in reply]

    assert isinstance(events[-1], ModelFinished)


async def test_a_deadline_never_strikes_while_the_reader_is_busy(make: MakeModel) -> None:
    model = make(idle=0.1, first=5.0)

    async with aclosing(model.generate(ask(said="@@stall after=1"))) as reply:
        assert isinstance(await anext(reply), TextDelta)
        await asyncio.sleep(0.3)  # would be cancelled, if the deadline were still armed
        with pytest.raises(ModelUnavailable):
            await anext(reply)
