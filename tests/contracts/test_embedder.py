"""What every embedder promises. To hold another one to it, add how it is made to ``EMBEDDERS``."""

import asyncio
import math
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import pytest

from adapters.in_memory.embedder import InMemoryEmbedder
from adapters.local.embedder import WordLlamaEmbedder
from adapters.openai.embedder import OpenAIEmbedder
from application.ports.embedder import Embedder
from tests.loopback.model_server import ModelServer

Opened = AbstractAsyncContextManager[Embedder]


@asynccontextmanager
async def in_memory() -> AsyncIterator[Embedder]:
    yield InMemoryEmbedder()


@asynccontextmanager
async def wordllama() -> AsyncIterator[Embedder]:
    yield WordLlamaEmbedder()


@asynccontextmanager
async def openai() -> AsyncIterator[Embedder]:
    async with ModelServer() as server:
        embedder = OpenAIEmbedder(base_url=server.base_url, api_key="secret", timeout_seconds=30.0)
        yield embedder
        await embedder.aclose()


EMBEDDERS: dict[str, Callable[[], Opened]] = {
    "in_memory": in_memory,
    "wordllama": wordllama,
    "openai": openai,
}


@pytest.fixture(params=EMBEDDERS)
async def embedder(request: pytest.FixtureRequest) -> AsyncIterator[Embedder]:
    async with EMBEDDERS[request.param]() as opened:
        yield opened


ODD = ["", " \n\t", "a", "\x00", "漢字 😀 ﷽", "the and of", "…", "x" * 50_000, "word " * 5_000]


async def test_no_texts_give_no_vectors(embedder: Embedder) -> None:
    assert await embedder.embed([]) == []


@pytest.mark.parametrize("text", ODD, ids=lambda text: f"{text[:5]!r}")
async def test_every_text_has_a_vector_of_unit_length(embedder: Embedder, text: str) -> None:
    [vector] = await embedder.embed([text])
    assert len(vector) == embedder.dimensions
    assert all(type(value) is float for value in vector)
    assert math.hypot(*vector) == pytest.approx(1, abs=1e-5)


async def test_vectors_are_in_the_order_of_the_texts_whatever_stands_beside_them(
    embedder: Embedder,
) -> None:
    together = await embedder.embed(["I live in Lisbon", "", "My cat is called Miso " * 9])
    alone = [
        (await embedder.embed([text]))[0]
        for text in ("I live in Lisbon", "", "My cat is called Miso " * 9)
    ]
    assert [pytest.approx(vector, abs=1e-6) for vector in alone] == together


async def test_a_text_is_nearer_to_what_it_is_about_than_to_something_else(
    embedder: Embedder,
) -> None:
    question, about_it, other = await embedder.embed(
        [
            "Do you remember what my dog is called?",
            "The user's dog is called Rex",
            "The user works in a bakery",
        ]
    )
    assert cosine(question, about_it) > cosine(question, other) + 0.1


async def test_the_name_of_the_model_says_which_vectors_compare(embedder: Embedder) -> None:
    assert embedder.model
    assert embedder.dimensions > 0


async def test_many_at_once_get_each_their_own(embedder: Embedder) -> None:
    texts = [f"number {number} of many" for number in range(20)]
    answers = await asyncio.gather(*(embedder.embed([text]) for text in texts))
    assert [answer[0] for answer in answers] == [
        pytest.approx(vector, abs=1e-6) for vector in await embedder.embed(texts)
    ]


def cosine(one: list[float], other: list[float]) -> float:
    return sum(a * b for a, b in zip(one, other, strict=True))
