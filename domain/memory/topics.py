"""When two things said are about the same, so that only one of them can be true.

A topic is a path of words: ``home``, ``like:jazz``, ``pet:biscuit``, ``person:clara:job``. The
middle of ``person:…`` is a name where it is known, else the relation (``sister``); a memory of
"my sister Clara" is met by both.
"""

from domain.memory.facts import Fact, FactKind
from domain.memory.memories import Memory
from domain.memory.words import is_negative, mentions, telling_words, words_of

_OF_TOPICS = frozenset(
    """
    live lives living lived home house city town moved move based reside stay place work works
    working job employed company love like enjoy hate favourite favorite dog cat pet partner
    boyfriend girlfriend husband wife years old age born birthday speak know
    """.split()  # noqa: SIM905 - read best as a text
)
"""Words that only say what the topic says already."""
_OCCASIONS = frozenset(
    """
    trip holiday vacation journey flight visit tour exam test wedding party appointment meeting plan
    event lesson lessons course class
    """.split()  # noqa: SIM905 - read best as a text
)
"""Words for what can be called off, which are seldom said again."""
_KEYED = frozenset({"person", "pet"})
_OF_OTHERS = frozenset({FactKind.PERSON.value, FactKind.PET.value, FactKind.EVENT.value})
_ELSEWHERE = ("person:", "pet:", "name", "origin", "birth", "language:")


def is_same_topic(fact: Fact, memory: Memory) -> bool:
    """Whether the memory is about the one thing that the fact is about."""
    if fact.topic is None or memory.topic is None:
        return False
    return fact.topic == memory.topic or _is_same_being(fact, memory, fact.topic, memory.topic)


def _is_same_being(fact: Fact, memory: Memory, one: str, other: str) -> bool:
    """``person:sister:home`` and ``person:clara:home``, when one text knows both words."""
    left, right = one.split(":"), other.split(":")
    if len(left) != 3 or len(right) != 3:  # noqa: PLR2004 - a being, which one, what of it
        return False
    if left[0] not in _KEYED or left[0] != right[0] or left[2] != right[2]:
        return False
    return left[1] in words_of(memory.text) or right[1] in words_of(fact.text)


def says_same_of_topic(fact: Fact, memory: Memory) -> bool:
    """Whether a fact of the memory's topic has the same value, and nothing to add to it."""
    if is_negative(fact.text) != is_negative(memory.text):
        return False
    if fact.value and not mentions(memory.text, fact.value):
        return False
    own = telling_words(fact.text) - words_of(fact.topic or "") - _OF_TOPICS
    return own <= words_of(memory.text)


def best_topic(fact: Fact, replaced: Memory | None) -> str | None:
    """The topic to go on with: a being keeps the name under which it became known."""
    if replaced is None or replaced.topic is None or fact.topic is None:
        return fact.topic
    if fact.topic == replaced.topic or fact.topic.count(":") != replaced.topic.count(":"):
        return fact.topic
    if fact.topic.split(":")[0] not in _KEYED:
        return fact.topic
    being = fact.topic.split(":")[1]
    return replaced.topic if being in words_of(replaced.text) else fact.topic


def is_over_with(fact: Fact, memory: Memory) -> bool:
    """Whether the end that ``fact`` tells of is the end of this memory as well.

    An end without a topic ("I gave up Japanese") is one of what the person does or likes, as far
    as it is named.
    """
    if fact.topic is None:
        own = memory.kind not in _OF_OTHERS and not (memory.topic or "").startswith(_ELSEWHERE)
        named = telling_words(fact.value) - _OCCASIONS
        return own and mentions(memory.text, " ".join(named) or fact.value)
    if memory.topic is None:
        return False
    if not (is_same_topic(fact, memory) or memory.topic.startswith(f"{fact.topic}:")):
        return False
    return not fact.value or mentions(memory.text, fact.value)
