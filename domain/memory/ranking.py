"""Which memories a message calls to mind, and in which order.

The score is the one of "Generative Agents" (Park et al., 2023): relevance, importance and recency
added up. Relevance here has two halves, so that a name is found whatever a vector thinks of it:

- *closeness*: the cosine, from where a model's unrelated texts end (0) to where its related ones
  typically are (1);
- *keywords*: each word that message and memory share tells the more, the fewer of the person's
  memories have it (the inverse document frequency of BM25, scaled to 1 for a word of a single
  memory); a word that only belongs to one of the message's (``domain.memory.associations``) tells
  half as much, and by itself makes nothing relevant. Their sum levels off, the later the more
  words the message has.

What stays below ``LEAST_RELEVANCE`` has nothing to do with the message, and is left out; where room
is left, only the person's few most important memories (the name, how to be called) come in. But
when the message speaks of the person, everything may matter, and all compete for the room.

The database ranks with the same numbers in its own language; this is what it is held to.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from attrs import frozen

LEAST_RELEVANCE = 0.25
KEYWORD_WEIGHT = 1.0
KEYWORD_PATIENCE = 1.0
"""How many telling words make half of the most that keywords can count, for a message of one."""
KEYWORD_PATIENCE_PER_WORD = 0.1
ASSOCIATION_WEIGHT = 0.5
IMPORTANCE_WEIGHT = 0.03
"""For each step of importance, 1 to 5."""
RECENCY_WEIGHT = 0.1
RECENCY_HALF_LIFE = timedelta(weeks=4)
CORE_IMPORTANCE = 5
CORE_LIMIT = 3
"""So many memories of this importance come in without being relevant, the latest first."""


@frozen
class Scale:
    """How a model's cosines are read: at ``floor`` it says nothing, at ``typical`` a lot."""

    floor: float
    typical: float


# Seen on sentences as people write them: 95 of 100 unrelated pairs lie below 0.12 with the local
# model and with the words' own; those of the large models crowd higher up.
_SCALES: Mapping[str, Scale] = {
    "wordllama-256": Scale(0.0, 0.6),
    "in-memory-256": Scale(0.05, 0.6),
}
_USUAL = Scale(0.2, 0.6)


def scale_of(model: str) -> Scale:
    """The scale of a model's cosines."""
    return _SCALES.get(model, _USUAL)


@frozen
class Asked:
    """What a message asks for, in stems: its own words, and those that belong to them."""

    words: frozenset[str]
    associated: frozenset[str] = frozenset()
    is_personal: bool = False

    @property
    def every(self) -> frozenset[str]:
        """All words to look for."""
        return self.words | self.associated


@frozen
class Candidate:
    """A memory as it is weighed.

    ``similarity`` is the cosine to the message, None where it cannot be had; ``scale`` belongs to
    the model that it is of.
    """

    id: str
    words: frozenset[str]
    """The stems of its ``findable_text``, without those that say nothing (``the``, ``is``)."""
    importance: int
    told_at: datetime
    similarity: float | None = None
    scale: Scale = _USUAL


def rank(candidates: Sequence[Candidate], asked: Asked, *, now: datetime, limit: int) -> list[str]:
    """The ids of those that a message calls to mind, best first."""
    frequencies = Counter(word for one in candidates for word in one.words & asked.every)
    relevances, scores = {}, {}
    for one in candidates:
        closeness = _closeness(one)
        own, every = _telling(one, asked, frequencies, len(candidates))
        relevances[one.id] = closeness + _levelled(own, asked)
        scores[one.id] = closeness + _levelled(every, asked) + _standing(one, now)
    least = -math.inf if asked.is_personal else LEAST_RELEVANCE
    relevant = [id_ for id_, relevance in relevances.items() if relevance >= least]
    by_time = sorted(candidates, key=lambda one: (one.told_at, one.id), reverse=True)
    core = [one.id for one in by_time if one.importance >= CORE_IMPORTANCE][:CORE_LIMIT]
    others = [id_ for id_ in core if relevances[id_] < least]

    def best_first(ids: Sequence[str]) -> list[str]:
        return sorted(ids, key=lambda id_: (-scores[id_], id_))

    return [*best_first(relevant), *best_first(others)][:limit]


def _closeness(one: Candidate) -> float:
    if one.similarity is None:
        return 0.0
    return max(0.0, (one.similarity - one.scale.floor) / (one.scale.typical - one.scale.floor))


def _telling(
    one: Candidate, asked: Asked, frequencies: Mapping[str, int], total: int
) -> tuple[float, float]:
    """How much the words tell that are the message's own, and with them those that belong to it."""
    own = every = 0.0
    for word in one.words & asked.every:
        telling = math.log(1 + total / frequencies[word]) / math.log(1 + total)
        if word in asked.words:
            own += telling
            every += telling
        else:
            every += ASSOCIATION_WEIGHT * telling
    return own, every


def _levelled(telling: float, asked: Asked) -> float:
    patience = KEYWORD_PATIENCE + KEYWORD_PATIENCE_PER_WORD * len(asked.words)
    return KEYWORD_WEIGHT * telling / (telling + patience)


def _standing(one: Candidate, now: datetime) -> float:
    age = max(timedelta(), now - one.told_at)
    recency: float = 0.5 ** (age / RECENCY_HALF_LIFE)
    return IMPORTANCE_WEIGHT * one.importance + RECENCY_WEIGHT * recency
