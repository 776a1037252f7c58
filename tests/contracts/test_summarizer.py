"""What everything that sums up a conversation promises."""

from collections.abc import AsyncIterator

import pytest

from adapters.grok.replies import GrokReplies
from adapters.grok.summarizer import GrokSummarizer
from adapters.in_memory.summarizer import InMemorySummarizer
from adapters.local.summarizer import ExtractiveSummarizer
from application.ports.summarizer import Summarizer
from domain.tokens import estimate_tokens
from tests.loopback.model_script import Behaviour
from tests.loopback.model_server import ModelServer

TALK = [
    ("Ann", "My grandmother kept bees in Toledo."),
    ("Mira", "How many hives did she have?"),
    ("Ann", "Nine of them, and each had the name of a queen."),
]


@pytest.fixture
async def server() -> AsyncIterator[ModelServer]:
    async with ModelServer() as server:
        yield server


@pytest.fixture(params=["memory", "extracts", "grok"])
async def summarizer(
    request: pytest.FixtureRequest, server: ModelServer
) -> AsyncIterator[Summarizer]:
    match request.param:
        case "memory":
            yield InMemorySummarizer()
        case "extracts":
            yield ExtractiveSummarizer()
        case _:
            replies = GrokReplies(base_url=server.base_url, api_key="key", models=["grok-4"])
            text = "Mira met Ann. Ann's grandmother kept bees in Toledo. " * 40
            server.script(Behaviour(text=text))
            yield GrokSummarizer(replies)
            await replies.aclose()


async def test_what_was_said_is_told_in_short(summarizer: Summarizer) -> None:
    text = await summarizer.summarize("", TALK, max_tokens=200)
    assert "Toledo" in text


async def test_what_was_told_in_short_before_stays(summarizer: Summarizer) -> None:
    text = await summarizer.summarize("Mira met Ann.", TALK, max_tokens=200)
    assert "Mira met Ann." in text
    assert "Toledo" in text


@pytest.mark.parametrize("most", [60, 200, 400])
async def test_it_is_never_longer_than_it_may_be(summarizer: Summarizer, most: int) -> None:
    long = [
        ("Ann" if n % 2 else "Mira", f"Sentence {n} says that I own {n} boats.") for n in range(80)
    ]
    previous = ""
    for start in range(0, 80, 20):
        previous = await summarizer.summarize(previous, long[start : start + 20], max_tokens=most)
        assert 0 < estimate_tokens(previous) <= most
