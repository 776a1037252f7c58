"""What every extractor of facts promises: asked about one plain statement."""

import json
from collections.abc import AsyncIterator

import pytest

from adapters.grok.fact_extractor import GrokFactExtractor
from adapters.grok.replies import GrokReplies
from adapters.in_memory.fact_extractor import InMemoryFactExtractor
from adapters.local.fact_extractor import RuleFactExtractor
from application.ports.fact_extractor import FactExtractor
from tests.contracts.builders import NOW, make_exchange
from tests.loopback.model_script import Behaviour
from tests.loopback.model_server import ModelServer

HOME = "I live in Lisbon."
AS_A_MODEL_SAYS_IT = json.dumps(
    {"facts": [{"text": HOME, "kind": "place", "importance": 4, "topic": "home"}]}
)


@pytest.fixture
async def server() -> AsyncIterator[ModelServer]:
    async with ModelServer() as server:
        yield server


@pytest.fixture(params=["memory", "rules", "grok"])
async def extractor(
    request: pytest.FixtureRequest, server: ModelServer
) -> AsyncIterator[FactExtractor]:
    match request.param:
        case "memory":
            yield InMemoryFactExtractor()
        case "rules":
            yield RuleFactExtractor()
        case _:
            replies = GrokReplies(base_url=server.base_url, api_key="key", models=["grok-4"])
            server.script(Behaviour(text=AS_A_MODEL_SAYS_IT))
            yield GrokFactExtractor(replies)
            await replies.aclose()


async def test_a_plain_statement_is_a_fact_with_its_source(extractor: FactExtractor) -> None:
    exchange = make_exchange(HOME)
    [fact] = await extractor.extract(exchange)
    assert fact.text == HOME
    assert fact.topic == "home"
    assert fact.source_message_ids == (exchange.user_message_id,)
    assert fact.true_at == NOW
    assert 1 <= fact.importance <= 5
    assert not fact.is_over
    assert not fact.is_forgetting


async def test_what_was_said_before_is_not_told_again(extractor: FactExtractor) -> None:
    exchange = make_exchange(
        "Right, thank you!",
        earlier=(("user", HOME), ("assistant", "How lovely.")),
        known=(("mem_1", HOME),),
    )
    assert await extractor.extract(exchange) in ([], ())


async def test_only_who_asks_nobody_is_instant(extractor: FactExtractor) -> None:
    assert extractor.is_instant is not isinstance(extractor, GrokFactExtractor)


async def test_strange_text_does_no_harm(extractor: FactExtractor) -> None:
    for text in ("", " ", "\x00", "*" * 500, "\ud83d" + "x", "I " * 2_000, "🙂" * 300, '"' * 99):
        for fact in await extractor.extract(make_exchange(text)):
            assert isinstance(fact.text, str)
            assert len(fact.text) <= 1_000
