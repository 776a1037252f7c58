"""Which memories somebody means who asks to forget something."""

import math
import re
from collections.abc import Mapping, Sequence

from attrs import frozen

from domain.memory.facts import Fact
from domain.memory.memories import Memory
from domain.memory.revisions import Near
from domain.memory.topics import is_same_topic
from domain.memory.words import mentions, stem, telling_words, words_of

_MOST_LIKELY = 3
_LEAST_SHARE = 0.15
"""Of what the named words tell together: the least that a memory has to say."""
_CLEARLY = 0.06
"""By how much what is meant stands before the next; both are shares from 0 to 1."""
_WORTH_OF_SHARE = 0.5
"""Of the words beside the cosine."""
_OF_A_NAME = 0.5
"""Many memories are about the same person: a name tells half of what a word tells."""
_NAME = re.compile(r"(?<=[^.!?\s] )[A-Z][a-zà-ÿ]+")


def is_meant(fact: Fact, memory: Memory) -> bool:
    """Whether the memory is of the topic, or says all that was named."""
    if fact.topic is not None and is_same_topic(fact, memory):
        return True
    topic = memory.topic
    of_topic = topic is not None and fact.value != "" and fact.value in topic.split(":")
    return of_topic or mentions(memory.text, fact.text)


def most_likely_meant(fact: Fact, near: Sequence[Near]) -> list[Memory]:
    """What says most of what was named, where nothing says all of it.

    A wish to forget "the money that I owe my aunt" must not come to nothing because the memory
    says "two hundred euros". A memory is meant that stands out clearly by how much the words tell
    that it has, and by its similarity; with it goes what the same message told of the same.
    Otherwise the few that have most words, and nothing where many have as many, or only one word.
    """
    words = {stem(word) for word in telling_words(fact.text)}
    if len(words) < 2:  # noqa: PLR2004 - a single word stands there or not
        return []
    likely = _likely(fact, words, near)
    first = next(iter(likely), None)
    if first is None or first.share < _LEAST_SHARE or not first.tells_more_than_a_name:
        return []
    others = [one for one in likely[1:] if not _is_told_with(one.memory, first.memory)]
    if not others or first.score - others[0].score >= _CLEARLY:
        along = [
            one.memory
            for one in likely[1:]
            if one.words and _is_told_with(one.memory, first.memory)
        ]
        return [first.memory, *along]
    most = max(len(one.words) for one in likely)
    few = [one.memory for one in likely if len(one.words) == most]
    return few if most > 1 and len(few) <= _MOST_LIKELY else []


@frozen
class _Likely:
    memory: Memory
    words: frozenset[str]
    """Of those named: the ones that it has."""
    tells_more_than_a_name: bool
    share: float
    score: float


def _likely(fact: Fact, words: set[str], near: Sequence[Near]) -> list[_Likely]:
    """All of them, the likeliest first."""
    said = [frozenset(map(stem, words_of(one.memory.text))) & words for one in near]
    names = _names(fact.text, *(one.memory.text for one in near))
    worth = _worth(words, said, names)
    whole = sum(worth.values())
    found = []
    for one, had in zip(near, said, strict=True):
        share = sum(worth[word] for word in had) / whole
        score = _WORTH_OF_SHARE * share + (one.similarity or 0.0)
        found.append(_Likely(one.memory, had, bool(had - names), share, score))
    return sorted(found, key=lambda one: -one.score)


def _worth(
    words: set[str], said: Sequence[frozenset[str]], names: frozenset[str]
) -> Mapping[str, float]:
    """How much each word tells: the more, the fewer memories have it."""
    return {
        word: math.log1p(len(said) / (1 + sum(word in had for had in said)))
        * (_OF_A_NAME if word in names else 1.0)
        + 1e-9
        for word in words
    }


def _names(*texts: str) -> frozenset[str]:
    """The words with a capital letter inside of a sentence, as stems."""
    return frozenset(stem(name.casefold()) for text in texts for name in _NAME.findall(text))


def _is_told_with(one: Memory, other: Memory) -> bool:
    return not set(one.source_message_ids).isdisjoint(other.source_message_ids)
