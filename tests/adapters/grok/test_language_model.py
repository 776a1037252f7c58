"""The adapter against a server that was not written for it: llama.cpp's."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing

import pytest

from adapters.grok.chat_model import GrokChatModel
from adapters.grok.circuit_breaker import CircuitBreaker
from adapters.local.model_server import EmbeddedModelServer
from application.ports.chat_model import ModelFinished, ModelRequest, TextDelta
from domain.context import PromptMessage


@pytest.fixture
async def model(model_server: EmbeddedModelServer) -> AsyncIterator[GrokChatModel]:
    model = GrokChatModel(
        base_url=model_server.base_url,
        api_key="local",
        first_token_seconds=120.0,
        idle_seconds=120.0,
        total_seconds=240.0,
        breaker=CircuitBreaker(),
    )
    yield model
    await model.aclose()


def ask(model_server: EmbeddedModelServer, max_tokens: int, *, stream: bool) -> ModelRequest:
    messages = (
        PromptMessage("system", "You are Mira, a friendly physicist."),
        PromptMessage("user", "Good evening! What did you see tonight?"),
    )
    return ModelRequest((model_server.model,), messages, max_tokens, 0.0, stream=stream)


@pytest.mark.parametrize("stream", [True, False])
async def test_it_answers_with_text_and_usage(
    model_server: EmbeddedModelServer,
    model: GrokChatModel,
    stream: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    async with aclosing(model.generate(ask(model_server, 12, stream=stream))) as reply:
        *pieces, finished = [event async for event in reply]

    assert isinstance(finished, ModelFinished)
    assert finished.usage is not None
    assert finished.usage.prompt > 10
    assert 1 < finished.usage.completion <= 12
    assert (len(pieces) > 1) is stream
    assert all(isinstance(piece, TextDelta) for piece in pieces)


async def test_who_leaves_frees_the_model_for_the_next(
    model_server: EmbeddedModelServer, model: GrokChatModel
) -> None:
    async with asyncio.timeout(120):
        for _ in range(8):
            async with aclosing(model.generate(ask(model_server, 4000, stream=True))) as reply:
                assert isinstance(await anext(reply), TextDelta)
