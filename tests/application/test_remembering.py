"""Learning from exchanges, and everything that can get in its way."""

import asyncio
import logging
from collections.abc import Sequence
from datetime import timedelta
from typing import cast

import pytest
from attrs import evolve, frozen

from adapters.in_memory.clock import InMemoryClock, InMemoryIdGenerator
from adapters.in_memory.embedder import InMemoryEmbedder
from adapters.in_memory.fact_extractor import InMemoryFactExtractor
from adapters.in_memory.summarizer import InMemorySummarizer
from adapters.local.fact_extractor import RuleFactExtractor
from application.memory.catch_up_memories import CatchUpMemories
from application.memory.memory_tasks import MemoryTasks
from application.memory.remembering import Remembering
from application.memory.summarizing import Summarizing
from application.ports.embedder import Embedder
from application.ports.fact_extractor import FactExtractor
from application.ports.memory_index import MemoryIndex
from domain.accounts import User
from domain.chat import Session
from domain.memory.facts import Exchange, Fact
from entrypoints.container.in_memory import build_in_memory
from tests.application.conftest import Failing
from tests.contracts.builders import NOW, make_opening
from tests.contracts.stores import Stores


class Slow:
    """An extractor that answers when it is let."""

    is_instant = True

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.go_on = asyncio.Event()

    async def extract(self, exchange: Exchange) -> Sequence[Fact]:
        self.begun.append(exchange.user_text)
        await self.go_on.wait()
        return await RuleFactExtractor().extract(exchange)


@frozen
class Mind:
    """What learns, over stores in memory, with parts that can fail."""

    stores: Stores
    remembering: Remembering
    tasks: MemoryTasks
    catch_up: CatchUpMemories
    memories: Failing
    embedder: Failing

    async def hear(self, user: User, session: Session, text: str, position: int = 2) -> Exchange:
        """A turn in which ``text`` was said, not learnt from yet."""
        opening = make_opening(await self.stores.wallets.get(user.id), session, position=position)
        said = evolve(opening.messages[-1], content=text, created_at=self.stores.clock.now())
        opening = evolve(opening, messages=(said,))
        assert await self.stores.turns.open(opening)
        await self.stores.close(opening, position=position + 1, work_until=NOW)
        now = self.stores.clock.now()
        found = await self.stores.work.claim(now=now, until=now, limit=100)
        return next(one for one in found if one.turn_id == opening.turn.id)

    async def texts(self, user: User) -> list[str]:
        found = await self.stores.memories.list(user.id, character_id=None, limit=100, before=None)
        return sorted(memory.text for memory in found)

    async def waiting(self) -> Sequence[Exchange]:
        """Work that is due at the end of time."""
        now = NOW + timedelta(days=1_000)
        return await self.stores.work.claim(now=now, until=now, limit=100)


def make_mind(instant: FactExtractor | None = None, deep: FactExtractor | None = None) -> Mind:
    clock = InMemoryClock(NOW)
    adapters = build_in_memory(clock)
    stores = Stores(
        accounts=adapters.accounts,
        wallets=adapters.wallets,
        turns=adapters.turns,
        sessions=adapters.sessions,
        memories=adapters.memories,
        work=adapters.memory_work,
        characters=adapters.characters,
        idempotency=adapters.idempotency,
        prices=adapters.prices,
        jobs=adapters.job_runs,
        safety_log=adapters.safety_log,
        audit_log=adapters.audit_log,
        clock=clock,
    )
    memories, embedder = Failing(adapters.memories), Failing(InMemoryEmbedder())
    remembering = Remembering(
        instant=instant or RuleFactExtractor(),
        deep=deep,
        embedder=cast("Embedder", embedder),
        memories=cast("MemoryIndex", memories),
        work=adapters.memory_work,
        clock=clock,
        ids=InMemoryIdGenerator(),
    )
    summarizing = Summarizing(adapters.sessions, InMemorySummarizer(), None, context_tokens=6_000)
    tasks = MemoryTasks(remembering, summarizing)
    catch_up = CatchUpMemories(adapters.memory_work, remembering, clock)
    return Mind(stores, remembering, tasks, catch_up, memories, embedder)


async def test_what_was_said_is_learnt_and_its_work_is_done() -> None:
    mind = make_mind()
    user, session = await mind.stores.sign_up_to_talk()
    exchange = await mind.hear(user, session, "I live in Paris and I have a dog called Rex.")
    assert await mind.remembering.learn(exchange)
    assert await mind.texts(user) == ["I have a dog called Rex.", "I live in Paris."]
    [memory, _] = await mind.stores.memories.list(user.id, character_id=None, limit=9, before=None)
    assert memory.source_message_ids == (exchange.user_message_id,)
    assert await mind.waiting() == []


async def test_learning_twice_changes_nothing() -> None:
    mind = make_mind()
    user, session = await mind.stores.sign_up_to_talk()
    exchange = await mind.hear(user, session, "I live in Paris.")
    assert await mind.remembering.learn(exchange)
    assert await mind.remembering.learn(exchange)
    assert await mind.texts(user) == ["I live in Paris."]


async def test_where_there_is_nothing_to_learn_the_work_is_done_too() -> None:
    mind = make_mind()
    user, session = await mind.stores.sign_up_to_talk()
    assert await mind.remembering.learn(await mind.hear(user, session, "Ha ha, yes!"))
    assert await mind.texts(user) == []
    assert await mind.waiting() == []


async def test_news_takes_the_place_of_what_is_over() -> None:
    mind = make_mind()
    user, session = await mind.stores.sign_up_to_talk()
    for position, text in enumerate(
        ("I live in Paris.", "I work at Acme.", "We moved to Rome!", "I quit my job at Acme."), 1
    ):
        await mind.remembering.learn(await mind.hear(user, session, text, 2 * position))
    assert await mind.texts(user) == ["I quit my job at Acme.", "We moved to Rome!"]


async def test_without_vectors_it_is_learnt_all_the_same() -> None:
    mind = make_mind()
    user, session = await mind.stores.sign_up_to_talk()
    exchange = await mind.hear(user, session, "I live in Paris.")
    mind.embedder.fail("embed", 1)
    assert await mind.remembering.learn(exchange)
    assert await mind.texts(user) == ["I live in Paris."]
    [(_, memory)] = await mind.stores.memories.find_unembedded("in-memory-256", limit=9)
    assert memory.text == "I live in Paris."


async def test_what_cannot_be_stored_waits_longer_and_longer() -> None:
    mind = make_mind()
    user, session = await mind.stores.sign_up_to_talk()
    exchange = await mind.hear(user, session, "I live in Paris.")
    pauses = []
    for _ in range(3):
        mind.memories.fail("revise", 1)
        now = mind.stores.clock.now()
        assert not await mind.remembering.learn(exchange)
        assert await mind.texts(user) == []
        later = now
        while not (found := await mind.stores.work.claim(now=later, until=later, limit=1)):
            later += timedelta(minutes=1)
        [exchange] = found
        pauses.append(later - now)
    assert pauses == [timedelta(minutes=minutes) for minutes in (1, 4, 16)]
    assert await mind.remembering.learn(exchange)
    assert await mind.texts(user) == ["I live in Paris."]


async def test_a_defect_is_told_without_what_was_said(caplog: pytest.LogCaptureFixture) -> None:
    class Broken:
        is_instant = True

        async def extract(self, exchange: Exchange) -> Sequence[Fact]:
            raise RuntimeError(exchange.user_text)

    mind = make_mind(Broken())
    user, session = await mind.stores.sign_up_to_talk()
    exchange = await mind.hear(user, session, "My secret is Xanadu.")
    with caplog.at_level(logging.DEBUG):
        assert not await mind.remembering.learn(exchange)
    assert "RuntimeError" in caplog.text
    assert "Xanadu" not in caplog.text


async def test_a_model_is_shown_what_is_known_and_may_end_it() -> None:
    deep = InMemoryFactExtractor(is_instant=False)
    mind = make_mind(deep=deep)
    user, session = await mind.stores.sign_up_to_talk()
    first = await mind.hear(user, session, "I live in Paris.")
    facts = await RuleFactExtractor().extract(first)
    assert await mind.remembering.keep(first, facts, is_final=True)
    second = await mind.hear(user, session, "Paris is history for me, I live elsewhere.", 4)
    assert await mind.remembering.learn(second)
    [asked] = deep.exchanges
    assert "I live in Paris." in [text for _, text in asked.known]


async def test_a_first_look_leaves_the_work_for_a_deeper_one() -> None:
    mind = make_mind(deep=InMemoryFactExtractor(is_instant=False))
    user, session = await mind.stores.sign_up_to_talk()
    exchange = await mind.hear(user, session, "I live in Paris.")
    facts = await RuleFactExtractor().extract(exchange)
    assert await mind.remembering.keep(exchange, facts, is_final=False)
    assert await mind.texts(user) == ["I live in Paris."]
    assert [one.turn_id for one in await mind.waiting()] == [exchange.turn_id]
    assert await mind.remembering.learn(exchange)
    assert await mind.texts(user) == ["I live in Paris."]
    assert await mind.waiting() == []


async def test_a_nod_costs_no_call_of_a_model() -> None:
    deep = InMemoryFactExtractor(is_instant=False)
    mind = make_mind(deep=deep)
    user, session = await mind.stores.sign_up_to_talk()
    assert await mind.remembering.learn(await mind.hear(user, session, "Okay, thank you!"))
    assert deep.exchanges == []


async def test_a_model_that_is_away_is_asked_later() -> None:
    deep = InMemoryFactExtractor(is_instant=False)
    mind = make_mind(deep=deep)
    user, session = await mind.stores.sign_up_to_talk()
    await mind.hear(user, session, "I live in Paris.")
    deep.fail(1)
    assert await mind.catch_up() == "learnt from 0 exchanges, postponed 1"
    assert await mind.catch_up() == "learnt from 0 exchanges, postponed 0"
    mind.stores.clock.advance(timedelta(minutes=2))
    assert await mind.catch_up() == "learnt from 1 exchanges, postponed 0"
    assert await mind.texts(user) == ["I live in Paris."]


async def test_what_was_deleted_meanwhile_is_not_learnt() -> None:
    mind = make_mind()
    user, session = await mind.stores.sign_up_to_talk()
    exchange = await mind.hear(user, session, "I live in Paris.")
    await mind.stores.sessions.delete(user.id, session.id)
    assert await mind.remembering.learn(exchange)
    assert await mind.texts(user) == []


# ------------------------------------------------------------------- in the background


async def test_settled_waits_for_what_was_just_said() -> None:
    slow = Slow()
    slow.go_on.set()
    mind = make_mind(slow)
    user, session = await mind.stores.sign_up_to_talk()
    exchange = await mind.hear(user, session, "I live in Paris.")
    facts = await RuleFactExtractor().extract(exchange)
    mind.tasks.submit(exchange, facts=facts)
    await mind.tasks.settled(user.id, 5)
    assert await mind.texts(user) == ["I live in Paris."]


async def test_settled_waits_for_nobody_else_and_not_for_ever() -> None:
    mind = make_mind()
    user, session = await mind.stores.sign_up_to_talk()
    exchange = await mind.hear(user, session, "I live in Paris.")
    stuck = asyncio.Event()

    async def never(*_: object, **__: object) -> bool:
        await stuck.wait()
        return True

    mind.remembering.keep = never  # type: ignore[method-assign]  # a store that hangs
    mind.tasks.submit(exchange, facts=())
    await mind.tasks.settled("usr_other", 60)
    await mind.tasks.settled(user.id, 0.01)
    stuck.set()
    await mind.tasks.settled(user.id, 5)


async def test_one_person_is_learnt_from_in_order_and_others_meanwhile() -> None:
    mind = make_mind()
    ann, at_ann = await mind.stores.sign_up_to_talk("ann")
    bob, at_bob = await mind.stores.sign_up_to_talk("bob")
    order: list[str] = []
    gates = {name: asyncio.Event() for name in ("first", "second", "other")}

    async def keep(exchange: Exchange, *_: object, **__: object) -> bool:
        await gates[exchange.user_text].wait()
        order.append(exchange.user_text)
        return True

    mind.remembering.keep = keep  # type: ignore[method-assign]  # to see when it is called
    first = await mind.hear(ann, at_ann, "first")
    for exchange in (first, evolve(first, user_text="second")):
        mind.tasks.submit(exchange, facts=())
    mind.tasks.submit(await mind.hear(bob, at_bob, "other"), facts=())
    gates["second"].set()
    gates["other"].set()
    await mind.tasks.settled(bob.id, 5)
    assert order == ["other"]
    gates["first"].set()
    await mind.tasks.settled(ann.id, 5)
    assert order == ["other", "first", "second"]


async def test_draining_leaves_what_does_not_end_to_the_job() -> None:
    mind = make_mind()
    user, session = await mind.stores.sign_up_to_talk()
    exchange = await mind.hear(user, session, "I live in Paris.")
    facts = await RuleFactExtractor().extract(exchange)

    async def never(*_: object, **__: object) -> bool:
        await asyncio.Event().wait()
        return True

    keep = mind.remembering.keep
    mind.remembering.keep = never  # type: ignore[method-assign]  # a store that hangs
    mind.tasks.submit(exchange, facts=facts)
    await mind.tasks.drain(0.01)
    mind.remembering.keep = keep  # type: ignore[method-assign]  # the store is back
    mind.tasks.submit(exchange, facts=facts)
    await mind.tasks.settled(user.id, 1)
    assert await mind.texts(user) == []
    assert await mind.catch_up() == "learnt from 1 exchanges, postponed 0"
    assert await mind.texts(user) == ["I live in Paris."]


# ------------------------------------------------------------------- long conversations


async def _talk(mind: Mind, user: User, session: Session, turns: int) -> Exchange:
    exchange = None
    for number in range(turns):
        position = 2 * number + 2
        text = f"Boat number {number} is called Alma."
        exchange = await mind.hear(user, session, text, position)
        await mind.stores.work.finish(user.id, exchange.turn_id)
        await mind.stores.wallets.get(user.id)
    assert exchange is not None
    return exchange


async def test_the_beginning_of_a_long_conversation_is_summed_up() -> None:
    mind = make_mind()
    user = await mind.stores.sign_up(credits=1_000)
    session = await mind.stores.begin_session(user)
    exchange = await _talk(mind, user, session, 20)
    mind.tasks.submit(exchange, facts=(), needs_summary=True)
    await mind.tasks.settled(user.id, 5)
    found = await mind.stores.sessions.find_unsummarized(user.id, session.id, limit=100)
    assert "Boat number 0 is called Alma." in found.summary
    assert len(found.messages) == 12
    assert found.messages[0].role == "user"


async def test_a_short_conversation_is_left_alone() -> None:
    mind = make_mind()
    user = await mind.stores.sign_up(credits=1_000)
    session = await mind.stores.begin_session(user)
    exchange = await _talk(mind, user, session, 5)
    mind.tasks.submit(exchange, facts=(), needs_summary=True)
    await mind.tasks.settled(user.id, 5)
    assert (await mind.stores.sessions.get(user.id, session.id)).summary == ""
