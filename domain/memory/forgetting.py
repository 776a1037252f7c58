"""Which memories somebody means who asks to forget something."""

from collections.abc import Sequence

from domain.memory.facts import Fact
from domain.memory.memories import Memory
from domain.memory.topics import is_same_topic
from domain.memory.words import mentions, telling_words

_MOST_LIKELY = 3


def is_meant(fact: Fact, memory: Memory) -> bool:
    """Whether the memory is of the topic, or says all that was named."""
    if fact.topic is not None and is_same_topic(fact, memory):
        return True
    topic = memory.topic
    of_topic = topic is not None and fact.value != "" and fact.value in topic.split(":")
    return of_topic or mentions(memory.text, fact.text)


def most_likely_meant(fact: Fact, memories: Sequence[Memory]) -> list[Memory]:
    """The few that say most of what was named, where none says all of it.

    A wish to forget "the money that I owe my aunt" must not come to nothing because the memory
    says "two hundred euros". Nothing where many say as much, and for a single word.
    """
    words = telling_words(fact.text)
    if len(words) < 2:  # noqa: PLR2004 - a single word stands there or not
        return []
    said = {one.id: sum(mentions(one.text, word) for word in words) for one in memories}
    most = max(said.values(), default=0)
    likely = [one for one in memories if most and said[one.id] == most]
    return likely if len(likely) <= _MOST_LIKELY else []
