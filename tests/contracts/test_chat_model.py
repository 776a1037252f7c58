import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from typing import Protocol

import pytest

from adapters.grok.chat_model import GrokChatModel
from adapters.grok.circuit_breaker import CircuitBreaker
from adapters.in_memory.chat_model import InMemoryChatModel, Script
from application.ports.chat_model import (
    ChatModel,
    ModelFinished,
    ModelRequest,
    ModelUsage,
    TextDelta,
)
from domain.context import PromptMessage
from domain.errors import ContentBlocked, ModelUnavailable
from tests.loopback.model_script import Behaviour
from tests.loopback.model_server import ModelServer

TEXT = "Rain again, but I kept your seat dry."
WORDS = 8
MISSING = "grok-retired"


class Provider(Protocol):
    """A model and a hold on what stands behind it."""

    model: ChatModel

    def reply(self, *, usage: ModelUsage | None = None) -> None: ...

    def reply_without_usage(self) -> None: ...

    def fail(self, after: int) -> None: ...

    def refuse(self, after: int) -> None: ...

    def stall(self, after: int) -> None: ...

    def release(self) -> None: ...


class Fake:
    def __init__(self, patience: float) -> None:
        self.fake = InMemoryChatModel(patience_seconds=patience, missing_models=[MISSING])
        self.model: ChatModel = self.fake

    def reply(self, *, usage: ModelUsage | None = None) -> None:
        self.fake.script(Script(TEXT, usage=usage))

    def reply_without_usage(self) -> None:
        self.fake.script(Script(TEXT, reports_usage=False))

    def fail(self, after: int) -> None:
        self.fake.script(Script(TEXT, fail_after=after))

    def refuse(self, after: int) -> None:
        self.fake.script(Script(TEXT, block_after=after))

    def stall(self, after: int) -> None:
        self.fake.script(Script(TEXT, stall_after=after))

    def release(self) -> None:
        self.fake.release()


class Loopback:
    def __init__(self, server: ModelServer, model: ChatModel) -> None:
        self.server = server
        self.model = model

    def reply(self, *, usage: ModelUsage | None = None) -> None:
        if usage is None:
            self._script(Behaviour(text=TEXT))
            return
        self._script(
            Behaviour(
                text=TEXT,
                prompt=usage.prompt,
                cached=usage.cached,
                completion=usage.completion,
            )
        )

    def reply_without_usage(self) -> None:
        self._script(Behaviour(text=TEXT, usage="none"))

    def fail(self, after: int) -> None:
        self._script(Behaviour("no_finish", text=TEXT, after=after))

    def refuse(self, after: int) -> None:
        self._script(Behaviour("content_event", text=TEXT, after=after))

    def stall(self, after: int) -> None:
        self._script(Behaviour("stall", text=TEXT, after=after))

    def release(self) -> None:
        self.server.release()

    def _script(self, behaviour: Behaviour) -> None:
        self.server.script(Behaviour("model_gone", model=MISSING), behaviour)


@asynccontextmanager
async def provide(kind: str, patience: float) -> AsyncIterator[Provider]:
    if kind == "memory":
        yield Fake(patience)
        return
    async with ModelServer() as server:
        model = GrokChatModel(
            base_url=server.base_url,
            api_key="secret",
            first_token_seconds=patience,
            idle_seconds=patience,
            total_seconds=60.0,
            breaker=CircuitBreaker(),
        )
        yield Loopback(server, model)
        await model.aclose()


@pytest.fixture(params=["memory", "grok"])
async def provider(request: pytest.FixtureRequest) -> AsyncIterator[Provider]:
    async with provide(request.param, patience=30.0) as provider:
        yield provider


@pytest.fixture(params=["memory", "grok"])
async def hasty_provider(request: pytest.FixtureRequest) -> AsyncIterator[Provider]:
    """Its deadlines pass soon."""
    async with provide(request.param, patience=0.4) as provider:
        yield provider


def ask(
    *models: str, said: str = "Hello", max_tokens: int = 100, stream: bool = True
) -> ModelRequest:
    messages = (PromptMessage("system", "You are Mira."), PromptMessage("user", said))
    return ModelRequest(models or ("grok-4",), messages, max_tokens=max_tokens, stream=stream)


async def listen(
    model: ChatModel, request: ModelRequest, heard: list[TextDelta | ModelFinished] | None = None
) -> list[TextDelta | ModelFinished]:
    events = [] if heard is None else heard
    async with aclosing(model.generate(request)) as reply:
        async for event in reply:
            events.append(event)
    return events


def pieces_of(events: list[TextDelta | ModelFinished]) -> list[str]:
    return [piece for event in events if isinstance(event, TextDelta) for piece in event.pieces]


def text_of(events: list[TextDelta | ModelFinished]) -> str:
    return "".join(pieces_of(events))


async def test_a_reply_comes_in_pieces_and_ends_with_one_finish(provider: Provider) -> None:
    provider.reply(usage=ModelUsage(prompt=30, cached=12, completion=9))

    *deltas, last = await listen(provider.model, ask())

    assert len(pieces_of(deltas)) == WORDS
    assert all(isinstance(delta, TextDelta) and delta.pieces for delta in deltas)
    assert all(pieces_of(deltas))
    assert text_of(deltas) == TEXT
    assert last == ModelFinished("grok-4", "stop", ModelUsage(30, 12, 9))


async def test_a_whole_reply_is_one_piece_and_a_finish(provider: Provider) -> None:
    provider.reply(usage=ModelUsage(prompt=30, cached=0, completion=9))

    events = await listen(provider.model, ask(stream=False))

    assert events == [TextDelta((TEXT,)), ModelFinished("grok-4", "stop", ModelUsage(30, 0, 9))]


@pytest.mark.parametrize("stream", [True, False])
async def test_usage_that_was_not_reported_is_none(provider: Provider, stream: bool) -> None:  # noqa: FBT001 - a parameter of the test
    provider.reply_without_usage()

    events = await listen(provider.model, ask(stream=stream))

    assert events[-1] == ModelFinished("grok-4", "stop", None)


@pytest.mark.parametrize("stream", [True, False])
async def test_a_reply_that_reached_its_limit_says_so(provider: Provider, stream: bool) -> None:  # noqa: FBT001 - a parameter of the test
    provider.reply()

    events = await listen(provider.model, ask(max_tokens=3, stream=stream))

    assert text_of(events) == "Rain again, but"
    assert isinstance(events[-1], ModelFinished)
    assert events[-1].finish_reason == "length"


@pytest.mark.parametrize("after", [0, 3, WORDS])
async def test_what_came_before_a_failure_is_kept(provider: Provider, after: int) -> None:
    provider.fail(after)
    heard: list[TextDelta | ModelFinished] = []

    with pytest.raises(ModelUnavailable):
        await listen(provider.model, ask(), heard)

    assert len(pieces_of(heard)) == after
    assert TEXT.startswith(text_of(heard))


@pytest.mark.parametrize("after", [0, 3])
async def test_refused_content_is_told_apart(provider: Provider, after: int) -> None:
    provider.refuse(after)
    heard: list[TextDelta | ModelFinished] = []

    with pytest.raises(ContentBlocked):
        await listen(provider.model, ask(), heard)

    assert len(pieces_of(heard)) == after


async def test_a_whole_reply_that_is_refused_shows_nothing(provider: Provider) -> None:
    provider.refuse(0)
    heard: list[TextDelta | ModelFinished] = []

    with pytest.raises(ContentBlocked):
        await listen(provider.model, ask(stream=False), heard)

    assert heard == []


@pytest.mark.parametrize("after", [0, 3])
async def test_silence_ends_at_a_deadline(hasty_provider: Provider, after: int) -> None:
    hasty_provider.stall(after)
    heard: list[TextDelta | ModelFinished] = []

    with pytest.raises(ModelUnavailable):
        await listen(hasty_provider.model, ask(), heard)

    assert len(pieces_of(heard)) == after


async def test_a_reply_goes_on_after_a_pause(provider: Provider) -> None:
    provider.stall(3)
    heard: list[TextDelta | ModelFinished] = []

    async with aclosing(provider.model.generate(ask())) as reply:
        async for event in reply:
            heard.append(event)
            if len(pieces_of(heard)) == 3:
                asyncio.get_running_loop().call_later(0.02, provider.release)

    assert text_of(heard) == TEXT


async def test_an_abandoned_reply_leaves_the_model_usable(provider: Provider) -> None:
    provider.stall(2)
    async with aclosing(provider.model.generate(ask())) as reply:
        assert isinstance(await anext(reply), TextDelta)
    provider.reply()

    assert text_of(await listen(provider.model, ask())) == TEXT


async def test_a_cancelled_reader_stays_cancelled(provider: Provider) -> None:
    provider.stall(1)
    heard = asyncio.Event()

    async def read() -> None:
        async with aclosing(provider.model.generate(ask())) as reply:
            async for _ in reply:
                heard.set()

    task = asyncio.create_task(read())
    await heard.wait()
    task.cancel()

    with pytest.raises(asyncio.CancelledError):
        await task


async def test_the_next_model_answers_for_one_that_is_gone(provider: Provider) -> None:
    provider.reply()

    events = await listen(provider.model, ask(MISSING, "grok-5"))

    assert text_of(events) == TEXT
    assert isinstance(events[-1], ModelFinished)
    assert events[-1].model == "grok-5"


@pytest.mark.parametrize("models", [(MISSING,), (MISSING, MISSING)])
async def test_without_any_model_left_there_is_no_answer(
    provider: Provider, models: tuple[str, ...]
) -> None:
    provider.reply()

    with pytest.raises(ModelUnavailable):
        await listen(provider.model, ask(*models))


async def test_a_refusal_is_worded_for_people(provider: Provider) -> None:
    provider.fail(0)

    with pytest.raises(ModelUnavailable) as refused:
        await listen(provider.model, ask(said="my secret"))

    told = refused.value.message.lower()
    assert not any(word in told for word in ("secret", "http", "127.0.0.1", "grok"))
