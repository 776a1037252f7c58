"""Learning from an exchange: what is new, what is told again, what is over."""

import logging
from collections.abc import Awaitable, Iterable, Sequence
from datetime import timedelta
from itertools import islice

from attrs import evolve

from application.memory.embed_text import embedding_of, embeddings_of
from application.ports.clock import Clock, IdGenerator
from application.ports.embedder import Embedder
from application.ports.fact_extractor import FactExtractor
from application.ports.memory_index import MemoryIndex
from application.ports.memory_work import MemoryWork
from domain.errors import Unavailable
from domain.memory.change.judging import may_change_something
from domain.memory.facts import Exchange, Fact
from domain.memory.memories import Embedding
from domain.memory.reconciling import reconcile, topics_of
from domain.memory.revisions import Near, Revision
from domain.memory.telling import may_tell_something

_NEAREST = 8
_NEAREST_TO_JUDGE = 50
"""To forget, or to find what news put an end to."""
_KNOWN = 12
_FIRST_PAUSE = timedelta(minutes=1)
_GROWTH = 4

_logger = logging.getLogger(__name__)


class Remembering:
    """Turns exchanges into revisions of what is remembered; whatever fails is done later."""

    def __init__(
        self,
        *,
        instant: FactExtractor,
        deep: FactExtractor | None,
        embedder: Embedder,
        memories: MemoryIndex,
        work: MemoryWork,
        clock: Clock,
        ids: IdGenerator,
    ) -> None:
        self._instant = instant
        self._deep = deep
        self._embedder = embedder
        self._memories = memories
        self._work = work
        self._clock = clock
        self._ids = ids

    async def keep(self, exchange: Exchange, facts: Sequence[Fact], *, is_final: bool) -> bool:
        """Take in facts that were found at once; False when that has to wait.

        Unless this ``is_final``, the work stays, for a deeper look later. Never raises but when
        cancelled.
        """
        return await self._carefully(exchange, self._keep(exchange, facts, is_final=is_final))

    async def learn(self, exchange: Exchange) -> bool:
        """Look for facts in an exchange and strike its work off; False when that has to wait.

        Never raises but when cancelled.
        """
        return await self._carefully(exchange, self._learn(exchange))

    async def _carefully(self, exchange: Exchange, learning: Awaitable[None]) -> bool:
        try:
            await learning
        except Unavailable:
            _logger.warning("learning from turn %s has to wait", exchange.turn_id)
        except Exception as error:  # noqa: BLE001 - a defect must not stop the learning of others
            # Without its message and traceback: both may quote what was said.
            _logger.error(  # noqa: TRY400 - see above
                "learning from turn %s failed: %s", exchange.turn_id, type(error).__name__
            )
        else:
            return True
        await self._postpone(exchange)
        return False

    async def _learn(self, exchange: Exchange) -> None:
        if not may_tell_something(exchange.user_text):
            await self._work.finish(exchange.user_id, exchange.turn_id)
            return
        facts = await self._instant.extract(exchange)
        if self._deep is None:
            await self._keep(exchange, facts, is_final=True)
            return
        # Again: the process that had the turn may have died before. Twice changes nothing.
        await self._keep(exchange, facts, is_final=False)
        known = await self._known(exchange)
        told = tuple((one.memory.id, one.memory.text) for one in known)
        exchange = evolve(exchange, known=told)
        await self._keep(exchange, await self._deep.extract(exchange), known, is_final=True)

    async def _keep(
        self,
        exchange: Exchange,
        facts: Sequence[Fact],
        known: Sequence[Near] = (),
        *,
        is_final: bool,
    ) -> None:
        revision = await self._revision(exchange, facts, known)
        if revision != Revision():
            await self._memories.revise(
                exchange.user_id, revision, turn_id=exchange.turn_id, is_final=is_final
            )
        elif is_final:
            await self._work.finish(exchange.user_id, exchange.turn_id)

    async def _revision(
        self, exchange: Exchange, facts: Sequence[Fact], known: Sequence[Near]
    ) -> Revision:
        if not facts:
            return Revision()
        embeddings = await embeddings_of(self._embedder, [fact.text for fact in facts])
        revision = reconcile(
            exchange,
            facts,
            embeddings,
            [_joined((near, known)) for near in await self._near(exchange, facts, embeddings)],
            now=self._clock.now(),
            new_id=lambda: self._ids.new("mem"),
        )
        return revision if None in embeddings else await self._embedded(revision)

    async def _embedded(self, revision: Revision) -> Revision:
        """With the vectors of memories whose text came to be only in reconciling."""
        bare = [one.memory.text for one in revision.additions if one.embedding is None]
        if not bare:
            return revision
        found = iter(await embeddings_of(self._embedder, bare))
        return evolve(
            revision,
            additions=tuple(
                one if one.embedding is not None else evolve(one, embedding=next(found))
                for one in revision.additions
            ),
        )

    async def _known(self, exchange: Exchange) -> Sequence[Near]:
        """What a model has to know already, so that it can say what is new."""
        embedding = await embedding_of(self._embedder, exchange.user_text)
        if embedding is None:
            return ()
        [near] = await self._memories.find_near(
            exchange.user_id, exchange.character_id, [(None, embedding)], limit=_KNOWN
        )
        # Near the whole message, not each fact: how near that is tells nothing of a fact.
        return [evolve(one, similarity=None) for one in near]

    async def _near(
        self,
        exchange: Exchange,
        facts: Sequence[Fact],
        embeddings: Sequence[Embedding | None],
    ) -> list[list[Near]]:
        """For each fact what is near any of its topics, or its text."""
        wanted: list[tuple[str | None, Embedding | None]] = []
        for fact, embedding in zip(facts, embeddings, strict=True):
            own, *others = topics_of(fact)
            wanted += [(own, embedding), *((topic, None) for topic in others)]
        wide = any(one.is_forgetting or may_change_something(one.text) for one in facts)
        limit = _NEAREST_TO_JUDGE if wide else _NEAREST
        found = iter(
            await self._memories.find_near(
                exchange.user_id, exchange.character_id, wanted, limit=limit
            )
        )
        return [_joined(islice(found, len(topics_of(fact)))) for fact in facts]

    async def _postpone(self, exchange: Exchange) -> None:
        until = self._clock.now() + _FIRST_PAUSE * _GROWTH**exchange.attempts
        try:
            await self._work.postpone(exchange.user_id, exchange.turn_id, until=until)
        except Unavailable:
            # Its claim runs out, and then somebody else takes it.
            _logger.warning("the work of turn %s was left as it is", exchange.turn_id)


def _joined(groups: Iterable[Sequence[Near]]) -> list[Near]:
    """Each memory once, with its similarity where any look-up could tell it."""
    found: dict[str, Near] = {}
    for one in (one for group in groups for one in group):
        known = found.get(one.memory.id)
        if known is None or known.similarity is None:
            found[one.memory.id] = one
    return list(found.values())
