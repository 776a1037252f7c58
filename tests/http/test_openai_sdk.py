"""A bare OpenAI SDK, with our base URL and an ID token as its API key."""

from collections.abc import AsyncIterator
from typing import Any

import openai
import pytest
from openai import AsyncOpenAI
from openai.types.chat import ChatCompletionUserMessageParam

from adapters.in_memory.chat_model import Script
from application.ports.rate_limiter import RateLimit
from entrypoints.config import Settings
from tests.http.api import FREE_CHARACTER, PREMIUM_CHARACTER, Api, api_with, serving

HELLO: list[ChatCompletionUserMessageParam] = [{"role": "user", "content": "Hello there."}]


@pytest.fixture
async def client(api: Api, base_url: str) -> AsyncIterator[AsyncOpenAI]:
    token = await api.token("ann")
    async with AsyncOpenAI(base_url=f"{base_url}/v1", api_key=token, max_retries=0) as made:
        yield made


async def test_it_gets_an_answer(api: Api, client: AsyncOpenAI) -> None:
    api.model.script(Script(text="Hello yourself."))
    answer = await client.chat.completions.create(model=FREE_CHARACTER, messages=HELLO)
    assert answer.choices[0].message.content == "Hello yourself."
    assert answer.choices[0].finish_reason == "stop"
    assert answer.usage is not None
    assert answer.usage.total_tokens > 0
    assert (answer.model_extra or {})["companion"]["receipt"]["charged"] > 0


async def test_it_reads_a_stream(api: Api, client: AsyncOpenAI) -> None:
    api.model.script(Script(text="Hello yourself, too."))
    companions: list[Any] = []
    texts, usage = [], None
    stream = await client.chat.completions.create(
        model=FREE_CHARACTER,
        messages=HELLO,
        stream=True,
        stream_options={"include_usage": True},
    )
    async for chunk in stream:
        texts += [choice.delta.content or "" for choice in chunk.choices]
        usage = chunk.usage or usage
        companions += [(chunk.model_extra or {}).get("companion")]
    assert "".join(texts) == "Hello yourself, too."
    assert usage is not None
    assert companions[0]["receipt"] is None
    assert companions[-1]["receipt"]["charged"] > 0


async def test_its_helper_puts_a_stream_together(api: Api, client: AsyncOpenAI) -> None:
    api.model.script(Script(text="Hello yourself, too."))
    async with client.chat.completions.stream(model=FREE_CHARACTER, messages=HELLO) as stream:
        final = await stream.get_final_completion()
    assert final.choices[0].message.content == "Hello yourself, too."


async def test_it_continues_a_session(api: Api, client: AsyncOpenAI) -> None:
    first = await client.chat.completions.create(model=FREE_CHARACTER, messages=HELLO)
    session_id = (first.model_extra or {})["companion"]["session_id"]
    second = await client.chat.completions.create(
        model=FREE_CHARACTER, messages=HELLO, extra_body={"session_id": session_id}
    )
    assert (second.model_extra or {})["companion"]["session_id"] == session_id


async def test_it_lists_the_characters(client: AsyncOpenAI) -> None:
    models = [model.id async for model in client.models.list()]
    assert FREE_CHARACTER in models
    assert (await client.models.retrieve(FREE_CHARACTER)).object == "model"


async def test_it_raises_its_own_errors(api: Api, client: AsyncOpenAI) -> None:
    create = client.chat.completions.create
    with pytest.raises(openai.NotFoundError) as missing:
        await create(model="nobody", messages=HELLO)
    assert missing.value.code == "not_found"
    assert missing.value.type == "not_found_error"
    assert missing.value.param == "model"
    assert missing.value.request_id == missing.value.body["request_id"]  # type: ignore[index]
    with pytest.raises(openai.PermissionDeniedError):
        await create(model=PREMIUM_CHARACTER, messages=HELLO)
    with pytest.raises(openai.UnprocessableEntityError):
        await create(model=FREE_CHARACTER, messages=[])
    with pytest.raises(openai.AuthenticationError):
        await client.with_options(api_key="nonsense").chat.completions.create(
            model=FREE_CHARACTER, messages=HELLO
        )
    api.model.script(Script(text="x", block_after=0))
    with pytest.raises(openai.BadRequestError) as blocked:
        await create(model=FREE_CHARACTER, messages=HELLO)
    assert blocked.value.code == "content_blocked"
    api.model.script(Script(text="x", fail_after=0))
    with pytest.raises(openai.InternalServerError) as failed:
        await create(model=FREE_CHARACTER, messages=HELLO, stream=True)
    assert failed.value.status_code == 503


async def test_it_raises_what_a_stream_ends_with(api: Api, client: AsyncOpenAI) -> None:
    api.model.script(Script(text="one two three", fail_after=2))
    stream = await client.chat.completions.create(model=FREE_CHARACTER, messages=HELLO, stream=True)
    texts: list[str] = []

    async def read() -> None:
        async for chunk in stream:
            texts.extend(choice.delta.content or "" for choice in chunk.choices)

    with pytest.raises(openai.APIError) as failed:
        await read()
    assert "".join(texts) == "one two"
    assert failed.value.code == "model_unavailable"


async def test_it_is_told_of_limits() -> None:
    async with (
        api_with(Settings(rate_limit_per_user=RateLimit(1, 60))) as api,
        serving(api.app) as url,
        AsyncOpenAI(base_url=f"{url}/v1", api_key=await api.token("ann"), max_retries=0) as client,
    ):
        await client.chat.completions.create(model=FREE_CHARACTER, messages=HELLO)
        with pytest.raises(openai.RateLimitError) as limited:
            await client.chat.completions.create(model=FREE_CHARACTER, messages=HELLO)
    assert limited.value.response.headers["retry-after"]
