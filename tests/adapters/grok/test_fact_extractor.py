"""What the model is asked about an exchange, and what of its answer is believed."""

import json
import logging
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest

from adapters.grok.circuit_breaker import CircuitBreaker
from adapters.grok.fact_extractor import GrokFactExtractor
from adapters.grok.fact_form import MOST_FACTS
from adapters.grok.replies import GrokReplies
from adapters.grok.summarizer import GrokSummarizer
from domain.errors import Unavailable
from domain.memory.facts import Exchange, Fact
from tests.adapters.grok.talk import KEY
from tests.contracts.builders import NOW, make_exchange
from tests.loopback.model_script import Behaviour
from tests.loopback.model_server import ModelServer

SAID = "We moved to Rome, and my sister Clara plays the cello. Forget about Tom."
KNOWN = (("mem_1", "I live in Paris."), ("mem_2", "My sister Clara plays the cello."))


@pytest.fixture
async def replies(server: ModelServer, outcomes: list[str]) -> AsyncIterator[GrokReplies]:
    replies = GrokReplies(
        base_url=server.base_url,
        api_key=KEY,
        models=["grok-4", "grok-3"],
        total_seconds=5,
        breaker=CircuitBreaker(failures=1000),
        on_outcome=outcomes.append,
    )
    yield replies
    await replies.aclose()


def told(text: str = "We moved to Rome.", **changes: Any) -> dict[str, Any]:
    fact: dict[str, Any] = {
        "text": text,
        "kind": "place",
        "importance": 4,
        "topic": "home",
        "true_at": None,
        "replaces": [],
        "repeats": None,
        "is_over": False,
        "is_forgetting": False,
    }
    return {**fact, **changes}


def exchange_of(text: str = SAID) -> Exchange:
    return make_exchange(text, known=KNOWN, earlier=(("assistant", "Where were you?"),))


async def ask(server: ModelServer, replies: GrokReplies, *facts: Any) -> list[Fact]:
    server.script(Behaviour(text=json.dumps({"facts": list(facts)})))
    return list(await GrokFactExtractor(replies).extract(exchange_of()))


async def test_the_model_reads_the_exchange_and_must_keep_to_the_form(
    server: ModelServer, replies: GrokReplies
) -> None:
    assert await ask(server, replies) == []
    [call] = server.calls
    body = call
    form = body["response_format"]
    assert form["type"] == "json_schema"
    assert form["json_schema"]["strict"] is True
    item = form["json_schema"]["schema"]["properties"]["facts"]["items"]
    assert set(item["required"]) == set(item["properties"])
    assert item["additionalProperties"] is False
    assert body["stream"] is False
    system, material = body["messages"]
    assert system["role"] == "system"
    assert SAID not in system["content"]
    read = json.loads(material["content"])
    assert read["message"] == SAID
    assert read["reply"] == "I see."
    assert read["said_at"] == "Tuesday, 2026-03-10 12:30 UTC"
    assert read["known"][0] == {"id": "mem_1", "text": "I live in Paris."}
    assert read["earlier"] == [{"role": "assistant", "text": "Where were you?"}]


async def test_a_fact_comes_with_all_that_is_told_of_it(
    server: ModelServer, replies: GrokReplies
) -> None:
    [fact] = await ask(server, replies, told(true_at="2026-03-01", replaces=["mem_1"]))
    assert (fact.text, fact.topic, fact.importance) == ("We moved to Rome.", "home", 4)
    assert fact.true_at == datetime(2026, 3, 1, tzinfo=UTC)
    assert fact.replaces == ("mem_1",)


async def test_ids_that_were_not_shown_are_not_believed(
    server: ModelServer, replies: GrokReplies
) -> None:
    ending = told("I no longer live in Oslo.", is_over=True, replaces=["mem_77"])
    [fact] = await ask(server, replies, told(replaces=["mem_9"], repeats="mem_8"), ending)
    assert (fact.replaces, fact.repeats) == ((), None)


async def test_an_ending_names_what_is_over(server: ModelServer, replies: GrokReplies) -> None:
    [fact] = await ask(server, replies, told("x", is_over=True, replaces=["mem_1"]))
    assert fact.is_over
    assert fact.replaces == ("mem_1",)


async def test_what_is_known_word_for_word_repeats_it(
    server: ModelServer, replies: GrokReplies
) -> None:
    [fact] = await ask(server, replies, told("my sister Clara plays the cello"))
    assert fact.repeats == "mem_2"


async def test_what_only_stands_in_what_was_known_or_said_before_is_dropped(
    server: ModelServer, replies: GrokReplies
) -> None:
    server.script(Behaviour(text=json.dumps({"facts": [told("I live in Paris.")]})))
    exchange = make_exchange("That is so kind of you!", known=KNOWN)
    assert await GrokFactExtractor(replies).extract(exchange) == []


async def test_what_has_nothing_to_do_with_the_exchange_is_dropped(
    server: ModelServer, replies: GrokReplies
) -> None:
    assert await ask(server, replies, told("Unicorns graze upon meadows.")) == []


@pytest.mark.parametrize("secret", ["My password is Rome.", "We moved with 4111 1111 1111 1111."])
async def test_a_secret_is_not_kept_although_the_model_tells_it(
    server: ModelServer, replies: GrokReplies, secret: str
) -> None:
    facts = await ask(server, replies, told(secret), told())
    assert [fact.text for fact in facts] == ["We moved to Rome."]


async def test_one_broken_fact_costs_only_itself(server: ModelServer, replies: GrokReplies) -> None:
    facts = (told(kind="galaxy"), told(""), told("Rome " * 100), {"text": 7}, 3, None, told())
    assert [fact.text for fact in await ask(server, replies, *facts)] == ["We moved to Rome."]


async def test_nonsense_in_a_field_is_put_right(server: ModelServer, replies: GrokReplies) -> None:
    strange = told(importance=99, topic="DROP TABLE; --", true_at="soon")
    plain = told(importance=-3, topic="  Person:Clara:Job ", true_at=None)
    high, low = await ask(server, replies, strange, plain)
    assert (high.importance, high.topic, high.true_at) == (5, None, NOW)
    assert (low.importance, low.topic) == (1, "person:clara:job")


async def test_of_too_many_facts_the_weightiest_are_taken(
    server: ModelServer, replies: GrokReplies
) -> None:
    facts = [told(f"We moved to Rome {n}.", importance=1 + n % 5) for n in range(40)]
    found = await ask(server, replies, *facts)
    assert len(found) == MOST_FACTS
    assert min(fact.importance for fact in found) == 4


@pytest.mark.parametrize(
    "behaviour",
    [
        Behaviour(text="I would rather not say."),
        Behaviour(text='{"facts": "many"}'),
        Behaviour(text="[" * 3_000),
        Behaviour(behaviour="refusal"),
        Behaviour(behaviour="content_refused"),
        Behaviour(behaviour="html"),
        Behaviour(behaviour="broken_chunk"),
    ],
    ids=lambda one: f"{one.behaviour}-{one.text[:5]}",
)
async def test_nonsense_and_refusals_tell_nothing_and_are_not_asked_again(
    server: ModelServer, replies: GrokReplies, behaviour: Behaviour
) -> None:
    server.script(behaviour)
    assert list(await GrokFactExtractor(replies).extract(exchange_of())) == []
    assert len(server.calls) == 1


@pytest.mark.parametrize("name", ["server_error", "rate_limited", "unauthorized", "bad_request"])
async def test_no_answer_is_unavailable(
    server: ModelServer, replies: GrokReplies, name: Any, caplog: pytest.LogCaptureFixture
) -> None:
    server.script(Behaviour(behaviour=name))
    with caplog.at_level(logging.DEBUG), pytest.raises(Unavailable):
        await GrokFactExtractor(replies).extract(exchange_of())
    assert "Clara" not in caplog.text
    assert KEY not in caplog.text


async def test_a_failure_that_passes_is_tried_again(
    server: ModelServer, replies: GrokReplies, outcomes: list[str]
) -> None:
    server.script(
        Behaviour(behaviour="server_error", times=1),
        Behaviour(text=json.dumps({"facts": [told()]})),
    )
    assert len(await GrokFactExtractor(replies).extract(exchange_of())) == 1
    assert outcomes == ["server_error", "completed"]


async def test_a_model_that_is_gone_gives_way_to_the_next(
    server: ModelServer, replies: GrokReplies
) -> None:
    server.script(
        Behaviour(behaviour="model_gone", model="grok-4"),
        Behaviour(text=json.dumps({"facts": [told()]})),
    )
    assert len(await GrokFactExtractor(replies).extract(exchange_of())) == 1


async def test_an_open_circuit_asks_nobody(server: ModelServer) -> None:
    server.script(Behaviour(behaviour="unauthorized", times=1), Behaviour(behaviour="server_error"))
    breaker = CircuitBreaker(failures=1)
    replies = GrokReplies(base_url=server.base_url, api_key=KEY, models=["grok-4"], breaker=breaker)
    for _ in range(3):
        with pytest.raises(Unavailable):
            await replies.ask("x", "y", max_tokens=10)
    await replies.aclose()
    assert len(server.calls) == 2


async def test_a_summary_is_cut_at_a_sentence(server: ModelServer, replies: GrokReplies) -> None:
    server.script(Behaviour(text="Ann kept bees. Mira was glad of it. " * 20))
    text = await GrokSummarizer(replies).summarize("", [("Ann", "I kept bees.")], max_tokens=30)
    assert text.endswith(".")
    assert len(text) <= 90


async def test_without_a_summary_the_old_one_has_to_do(
    server: ModelServer, replies: GrokReplies
) -> None:
    server.script(Behaviour(behaviour="refusal"))
    with pytest.raises(Unavailable):
        await GrokSummarizer(replies).summarize("", [("Ann", "I kept bees.")], max_tokens=30)
