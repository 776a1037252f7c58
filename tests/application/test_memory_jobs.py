"""What makes up for what could not be remembered at once, and where it stops."""

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import cast

import pytest
from attrs import define, evolve

from adapters.in_memory.clock import InMemoryClock
from adapters.in_memory.embedder import InMemoryEmbedder
from adapters.in_memory.fact_extractor import InMemoryFactExtractor
from adapters.in_memory.summarizer import InMemorySummarizer
from application.memory.catch_up_memories import CatchUpMemories
from application.memory.embed_memories import EmbedMemories
from application.memory.remembering import Remembering
from application.memory.summarizing import Summarizing
from application.ports.memory_index import MemoryIndex
from application.ports.memory_work import MemoryWork
from application.ports.session_store import SessionStore, Unsummarized
from application.ports.summarizer import Summarizer
from domain.chat import Message
from domain.errors import NotFound, Unavailable
from domain.memory.facts import Exchange
from domain.memory.memories import Embedding, Memory
from tests.application.test_remembering import make_mind
from tests.contracts.builders import (
    NOW,
    make_exchange,
    make_memory,
    make_message,
    make_session,
    make_user,
)

# ------------------------------------------------------------------------------ vectors


@define
class Unembedded:
    """Memories without a vector; more than there can be, if it says so."""

    left: int
    saved: int = 0

    async def find_unembedded(self, model: str, *, limit: int) -> Sequence[tuple[str, Memory]]:
        found = min(limit, self.left)
        return [("usr_1", make_memory(text=f"{model} {number}")) for number in range(found)]

    async def save_embedding(
        self, user_id: str, memory_id: str, text: str, embedding: Embedding
    ) -> None:
        assert (user_id, embedding.model) == ("usr_1", text.split(maxsplit=1)[0])
        self.left -= 1
        self.saved += 1


@pytest.mark.parametrize(("left", "done"), [(0, 0), (250, 250), (20_000, 10_000)])
async def test_memories_get_their_vectors_later_so_many_a_run(left: int, done: int) -> None:
    memories = Unembedded(left)
    told = await EmbedMemories(cast("MemoryIndex", memories), InMemoryEmbedder())()
    assert (told, memories.saved) == (f"embedded {done} memories", done)


# ------------------------------------------------------------------------------ exchanges


@define
class Waiting:
    left: int

    async def claim(self, *, now: datetime, until: datetime, limit: int) -> Sequence[Exchange]:
        assert now < until
        found = min(limit, self.left)
        self.left -= found
        return [make_exchange(f"{number}") for number in range(found)]


class EverySecond:
    """Learns from every second exchange."""

    asked = 0

    async def learn(self, _: Exchange) -> bool:
        self.asked += 1
        return self.asked % 2 == 0


@pytest.mark.parametrize(
    ("left", "told"),
    [
        (41, "learnt from 20 exchanges, postponed 21"),
        (9_999, "learnt from 1000 exchanges, postponed 1000"),
    ],
)
async def test_exchanges_are_caught_up_with_so_many_a_run(left: int, told: str) -> None:
    work, learner = cast("MemoryWork", Waiting(left)), cast("Remembering", EverySecond())
    assert await CatchUpMemories(work, learner, InMemoryClock(NOW))() == told


async def test_a_model_that_finds_nothing_leaves_the_first_look_as_it_is() -> None:
    mind = make_mind(deep=InMemoryFactExtractor(is_instant=False))
    user, session = await mind.stores.sign_up_to_talk()
    exchange = await mind.hear(user, session, "The weather over the harbour was grey and calm.")
    assert await mind.remembering.keep(exchange, (), is_final=False)
    assert [one.turn_id for one in await mind.waiting()] == [exchange.turn_id]


async def test_a_model_is_asked_without_what_is_known_when_nothing_can_be_compared() -> None:
    deep = InMemoryFactExtractor(is_instant=False)
    mind = make_mind(deep=deep)
    user, session = await mind.stores.sign_up_to_talk()
    exchange = await mind.hear(user, session, "I live in Paris, and the harbour there is grey.")
    mind.embedder.fail("embed", 9)
    assert await mind.remembering.learn(exchange)
    assert [one.known for one in deep.exchanges] == [()]


async def test_work_that_cannot_even_be_postponed_is_left(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    mind = make_mind()
    user, session = await mind.stores.sign_up_to_talk()
    exchange = await mind.hear(user, session, "I live in Paris.")

    async def away(*_: object, **__: object) -> None:
        message = "the database is away"
        raise Unavailable(message)

    mind.memories.fail("revise", 1)
    monkeypatch.setattr(mind.stores.work, "postpone", away)
    with caplog.at_level(logging.WARNING):
        assert not await mind.remembering.learn(exchange)
    assert f"the work of turn {exchange.turn_id} was left as it is" in caplog.text


# ------------------------------------------------------------------------------ summaries


class Endless:
    """A session in which there is always more to sum up; it fails as it is told."""

    def __init__(self, fault: Exception | None = None) -> None:
        session = make_session(make_user())
        self.messages: list[Message] = [
            make_message(session, position, content=f"Boat {position} is called Alma.")
            for position in range(2, 32)
        ]
        self.fault = fault
        self.texts: list[str] = []

    async def find_unsummarized(self, user_id: str, session_id: str, *, limit: int) -> Unsummarized:
        assert (user_id, session_id, limit > 0) == ("usr_1", "ses_1", True)
        if self.fault is not None:
            raise self.fault
        return Unsummarized("", 0, self.messages)

    async def save_summary(self, _: str, __: str, text: str, **___: object) -> bool:
        self.texts.append(text)
        return True


def summarizing(sessions: Endless, deep: Summarizer | None = None) -> Summarizing:
    kept = cast("SessionStore", sessions)
    return Summarizing(kept, InMemorySummarizer(), deep, context_tokens=6_000)


async def test_summing_up_ends_even_if_there_is_always_more() -> None:
    sessions = Endless()
    assert await summarizing(sessions).catch_up(make_exchange("hi"))
    assert len(sessions.texts) == 20


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (NotFound("deleted"), []),
        (Unavailable("away"), ["the summary of session ses_1 has to wait"]),
        (RuntimeError("My secret"), ["summing up session ses_1 failed: RuntimeError"]),
    ],
)
async def test_what_fails_is_told_without_what_was_said(
    fault: Exception, told: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        assert not await summarizing(Endless(fault)).catch_up(make_exchange("hi"))
    assert [record.getMessage() for record in caplog.records] == told


class Model:
    """Sums up with these words, or is away."""

    def __init__(self, words: str | None) -> None:
        self._words = words

    async def summarize(self, *_: object, **__: object) -> str:
        if self._words is None:
            message = "The model is away."
            raise Unavailable(message)
        return self._words


@pytest.mark.parametrize(
    ("words", "is_taken"),
    [("Boats are called Alma.", True), ("I cannot help with that request.", False), (None, False)],
)
async def test_a_models_summary_is_taken_when_it_speaks_of_what_was_told(
    words: str | None, *, is_taken: bool
) -> None:
    sessions = Endless()
    assert await summarizing(sessions, Model(words)).catch_up(
        evolve(make_exchange("hi"), user_name="Ann")
    )
    assert (sessions.texts[0] == words) is is_taken
    assert is_taken or sessions.texts[0].startswith("Ann: Boat 2 is called Alma.")
