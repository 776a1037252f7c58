"""Asking the adapter things, against a scripted server on loopback."""

import asyncio
from collections.abc import Callable
from contextlib import aclosing

import pytest

from adapters.grok.chat_model import GrokChatModel
from application.ports.chat_model import ModelFinished, ModelRequest
from domain.context import PromptMessage
from domain.errors import DomainError

KEY = "xai-SECRETKEY"
LONG = 30.0
SHORT = 0.3

MakeModel = Callable[..., GrokChatModel]


class Time:
    """Seconds that pass when told to."""

    seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def ask(*models: str, said: str = "Hello", stream: bool = True) -> ModelRequest:
    messages = (PromptMessage("user", said),)
    return ModelRequest(models or ("grok-4",), messages, max_tokens=4000, stream=stream)


async def until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not is_so():  # noqa: ASYNC110 - the other end of a socket sets no event
            await asyncio.sleep(0.005)


async def listen(model: GrokChatModel, request: ModelRequest | None = None) -> ModelFinished:
    async with aclosing(model.generate(request or ask())) as reply:
        events = [event async for event in reply]
    assert isinstance(events[-1], ModelFinished)
    return events[-1]


async def refusal(model: GrokChatModel, request: ModelRequest | None = None) -> DomainError:
    with pytest.raises(DomainError) as refused:
        await listen(model, request)
    return refused.value


both_ways = pytest.mark.parametrize(
    "request_", [ask(stream=True), ask(stream=False)], ids=["stream", "whole"]
)
