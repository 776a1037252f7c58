"""What an exchange's facts change in what is remembered.

Told again, a memory is confirmed; told otherwise, the old one becomes history; what has ended
becomes history without a successor; what the person wants forgotten is deleted. Everything here
is decided from the facts and the memories near them, so that the same exchange learnt twice
changes nothing the second time.
"""

import re
from collections.abc import Callable, Sequence
from datetime import datetime

from attrs import evolve

from domain.memory.change.aspect_news import topics_in_news
from domain.memory.change.judging import is_changed_by, may_change_something
from domain.memory.change.occasions import besides_date
from domain.memory.change.owners import is_of_another
from domain.memory.change.remainders import still_so
from domain.memory.change.spelling import respelt, with_the_wrong
from domain.memory.facts import Exchange, Fact
from domain.memory.forgetting import is_meant, most_likely_meant
from domain.memory.memories import Embedding, Memory, as_memory_text
from domain.memory.revisions import Addition, Confirmation, Ending, Near, Revision
from domain.memory.topics import best_topic, is_over_with, is_same_topic, says_same_of_topic
from domain.memory.words import adds_nothing, mentions, same_words, telling_words

SAME_SIMILARITY = 0.9
"""From this cosine on, two texts that also share their telling words say the same."""
CORRECTED_SIMILARITY = 0.45
"""A correction is about what is at least so near."""
CORRECTED_FROM_SAME = 0.75
"""Two texts out of one message that are so near are one, even if a person has put one right."""
LEAST, MOST = 1, 5
"""Of importance."""


def topics_of(fact: Fact) -> tuple[str | None, ...]:
    """The topics whose memories have to be near for this fact to be judged; its own first."""
    names = ("name", "nickname", "surname") if respelt(fact.text) else ()
    return (fact.topic, *fact.also_ends, *names, *topics_in_news(fact.text))


def reconcile(
    exchange: Exchange,
    facts: Sequence[Fact],
    embeddings: Sequence[Embedding | None],
    near: Sequence[Sequence[Near]],
    *,
    now: datetime,
    new_id: Callable[[], str],
) -> Revision:
    """One revision for all facts; ``embeddings`` and ``near`` are theirs, in the same order.

    ``near`` are current memories, of the topics of ``topics_of`` and the closest.
    """
    reconciliation = _Reconciliation(exchange, now, new_id)
    told = list(zip(facts, embeddings, near, strict=True))
    counting: list[int] = []
    for number in reversed(range(len(told))):
        if not _is_told_again(facts[number], [facts[later] for later in counting]):
            counting.append(number)
    for number in reversed(counting):
        reconciliation.weigh(*told[number])
    return reconciliation.revision()


def _is_told_again(fact: Fact, later: Sequence[Fact]) -> bool:
    """Whether the same breath says it once more, puts it right, or says that it is over."""
    if fact.is_over or fact.is_forgetting:
        return False
    for other in later:
        same_topic = fact.topic is not None and fact.topic == other.topic
        if other.is_over:
            if same_topic and other.value in {"", fact.value}:
                return True
        elif not other.is_forgetting and (same_topic or same_words(fact.text, other.text)):
            return True
    return False


class _Reconciliation:
    """A revision in the making: each memory changes once."""

    def __init__(self, exchange: Exchange, now: datetime, new_id: Callable[[], str]) -> None:
        self._exchange = exchange
        self._now = now
        self._new_id = new_id
        self._additions: list[Addition] = []
        self._confirmations: dict[str, Confirmation] = {}
        self._endings: dict[str, Ending] = {}
        self._forgotten: dict[str, None] = {}

    def weigh(self, fact: Fact, embedding: Embedding | None, near: Sequence[Near]) -> None:
        """Decide what becomes of one fact."""
        around = [one for one in near if one.memory.ended_at is None]
        fact = with_the_wrong(fact, [one.memory.text for one in around])
        if fact.is_forgetting:
            self._forget(fact, around)
        elif fact.wrong:
            self._put_right(fact, around)
        elif fact.is_over:
            for one in around:
                is_over = is_over_with(fact, one.memory)
                # "I gave up the choir" ends no choir of somebody else's.
                if fact.topic is None and is_of_another(fact.text, one.memory.text):
                    is_over = False
                if is_over or one.memory.id in fact.replaces:
                    self._end(one.memory, fact)
        elif self._is_known_being(fact, around):
            self._learn(fact, embedding, around)

    def revision(self) -> Revision:
        """Everything decided so far."""
        gone = self._forgotten
        return Revision(
            additions=tuple(self._additions),
            confirmations=tuple(
                one
                for id_, one in self._confirmations.items()
                if id_ not in gone and id_ not in self._endings
            ),
            endings=tuple(one for id_, one in self._endings.items() if id_ not in gone),
            forgotten=tuple(gone),
        )

    def _learn(self, fact: Fact, embedding: Embedding | None, around: Sequence[Near]) -> None:
        open_ = [one for one in around if not self._is_settled(one.memory)]
        same = next((one.memory for one in open_ if self._says_the_same(fact, one)), None)
        if same is not None:
            self._confirm(same, fact)
            return
        replaced = [one.memory for one in open_ if _takes_the_place(fact, one.memory)]
        if fact.is_correction and not replaced:
            replaced = _corrected(fact, open_)
        if any(_told_at(one) > self._exchange.said_at for one in replaced):
            return  # learnt late, or once more: something else has taken its place meanwhile
        memory = self._memory(fact, replaced[0] if replaced else None)
        self._additions.append(Addition(memory, embedding))
        for old in replaced:
            self._end(old, fact, memory.id)
            self._go_on(old, besides_date(old.text, fact.text))
        is_news = may_change_something(fact.text)
        for old in (one.memory for one in open_):
            ends = old.topic in fact.also_ends and _told_at(old) <= memory.created_at
            if ends or (is_news and self._is_news(fact, old)):
                self._end(old, fact, memory.id)
                self._go_on(old, still_so(old.text, fact.text))

    def _go_on(self, memory: Memory, text: str) -> None:
        """What is left of an ended memory is one of its own; it comes from the same messages."""
        known = [one.memory.text for one in self._additions]
        if text and memory.id in self._endings and text not in known:
            topic = memory.topic if memory.topic == "name" else None
            rest = evolve(memory, id=self._new_id(), text=text, created_at=self._now, topic=topic)
            self._additions.append(Addition(rest, None))

    def _is_news(self, fact: Fact, memory: Memory) -> bool:
        """Whether the memory is no longer so, though no topic says it."""
        return self._is_older(memory) and is_changed_by(memory.text, memory.topic, fact.text)

    def _is_older(self, memory: Memory) -> bool:
        return self._exchange.user_message_id not in memory.source_message_ids

    def _memory(self, fact: Fact, replaced: Memory | None) -> Memory:
        said_at = self._exchange.said_at
        return Memory(
            id=self._new_id(),
            character_id=self._exchange.character_id,
            text=as_memory_text(fact.text),
            source_message_ids=fact.source_message_ids,
            created_at=self._now,
            kind=fact.kind.value,
            importance=min(max(fact.importance, LEAST), MOST),
            session_id=self._exchange.session_id,
            topic=best_topic(fact, replaced),
            true_at=fact.true_at,
            told_at=said_at,
        )

    def _confirm(self, memory: Memory, fact: Fact) -> None:
        # Said after all: what the same breath ended before goes on.
        self._endings.pop(memory.id, None)
        known = self._confirmations.get(memory.id)
        sources = (*(known.source_message_ids if known else ()), *fact.source_message_ids)
        importance = max(memory.importance, min(fact.importance, MOST))
        self._confirmations[memory.id] = Confirmation(
            memory_id=memory.id,
            source_message_ids=tuple(dict.fromkeys(sources)),
            told_at=max(_told_at(memory), self._exchange.said_at),
            importance=max(importance, known.importance if known else LEAST),
        )

    def _end(self, memory: Memory, fact: Fact, successor: str | None = None) -> None:
        if _told_at(memory) > self._exchange.said_at:
            return
        # What was said in the same message is not ended by it, except by what takes its place.
        if successor is None and self._exchange.user_message_id in memory.source_message_ids:
            return
        known = self._endings.get(memory.id)
        if known is None or (known.superseded_by is None and successor is not None):
            ended_at = min(fact.true_at, self._exchange.said_at)
            self._endings[memory.id] = Ending(memory.id, ended_at, successor)

    def _forget(self, fact: Fact, around: Sequence[Near]) -> None:
        meant = [one.memory for one in around if is_meant(fact, one.memory)]
        for memory in meant or most_likely_meant(fact, around):
            self._forgotten[memory.id] = None

    def _put_right(self, fact: Fact, around: Sequence[Near]) -> None:
        """The same memories with the right word: "it's not Klara, it's Clara"."""
        wrong = re.compile(rf"\b{re.escape(fact.wrong)}\b", re.IGNORECASE)
        for one in around:
            text = wrong.sub(lambda _: fact.value, one.memory.text)
            if text == one.memory.text:
                continue
            topic = one.memory.topic
            if topic is not None:
                topic = topic.replace(fact.wrong.casefold(), fact.value.casefold())
            right = evolve(
                self._memory(evolve(fact, text=text), None),
                kind=one.memory.kind,
                importance=one.memory.importance,
                topic=topic,
            )
            self._additions.append(Addition(right, None))
            self._end(one.memory, fact, right.id)

    def _is_known_being(self, fact: Fact, around: Sequence[Near]) -> bool:
        if not fact.about:
            return True
        texts = [one.memory.text for one in around]
        texts += [one.memory.text for one in self._additions]
        return any(mentions(text, fact.about) for text in texts)

    def _says_the_same(self, fact: Fact, near: Near) -> bool:
        """Whether the memory tells this, or is what was made of it at an earlier look."""
        if _says_the_same(fact, near):
            return True
        memory = near.memory
        is_of_this_message = self._exchange.user_message_id in memory.source_message_ids
        if not is_of_this_message or memory.id in fact.replaces:
            return False
        if fact.topic is not None or memory.topic is not None:
            return is_same_topic(fact, memory)
        return (near.similarity or 0.0) >= CORRECTED_FROM_SAME

    def _is_settled(self, memory: Memory) -> bool:
        return memory.id in self._forgotten


def _told_at(memory: Memory) -> datetime:
    return memory.told_at or memory.created_at


def _says_the_same(fact: Fact, near: Near) -> bool:
    memory = near.memory
    if memory.id == fact.repeats or same_words(fact.text, memory.text):
        return True
    if memory.id in fact.replaces:
        return False
    if is_same_topic(fact, memory):
        return says_same_of_topic(fact, memory)
    if not adds_nothing(fact.text, memory.text):
        return False
    both_free = fact.topic is None and memory.topic is None
    return (
        both_free
        and fact.kind.value == memory.kind
        and near.similarity is not None
        and near.similarity >= SAME_SIMILARITY
    )


def _takes_the_place(fact: Fact, memory: Memory) -> bool:
    return memory.id in fact.replaces or is_same_topic(fact, memory)


def _corrected(fact: Fact, around: Sequence[Near]) -> list[Memory]:
    """The one memory that a correction is about: of its kind, near, and with words in common."""
    alike = [
        one
        for one in around
        if one.similarity is not None
        and one.similarity >= CORRECTED_SIMILARITY
        and one.memory.kind == fact.kind.value
        and _is_same_family(fact.topic, one.memory.topic)
        and telling_words(one.memory.text) & telling_words(fact.text)
    ]
    alike.sort(key=lambda one: one.similarity or 0.0, reverse=True)
    return [one.memory for one in alike[:1]]


def _is_same_family(one: str | None, other: str | None) -> bool:
    if one is None or other is None:
        return one is other
    return one.split(":")[0] == other.split(":")[0]
