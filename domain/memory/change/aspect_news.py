"""News of an aspect of a life, which ends what was told of it before, of the same person."""

import re
from collections.abc import Iterator
from functools import lru_cache

from domain.memory.change.aspects.aspect import Aspect
from domain.memory.change.aspects.every_aspect import ASPECTS
from domain.memory.change.by_now import says_by_now
from domain.memory.change.clauses import Clause, clauses_of
from domain.memory.change.owners import SOMEBODY, is_same_owner, names_of
from domain.memory.change.vague_words import SHARED_BY_CHANCE_STEMS
from domain.memory.change.word_fields import fields_of
from domain.memory.words import mentions, telling_stems

_OF_THEIR_OWN = ("name", "birth", "pet:", "partner", "like:", "favourite:", "date:", "origin")
"""Topics of which each memory speaks of nothing else."""
_ONE_WITH_ME = frozenset({"wife", "girlfriend", "partner", "fiancée", "husband", "boyfriend"})
_NOT_CALLED = re.compile(
    r"\b(?:stop|quit|don'?t|do not|never|nobody|no one)(?: \w+)? call(?:ing|s)? me ([\w-]+)",
    re.IGNORECASE,
)


def topics_in_news(new: str) -> Iterator[str]:
    """Topics whose memories may be over with this."""
    lowered = new.casefold()
    for aspect in ASPECTS:
        if aspect.news.search(lowered):
            yield from sorted(aspect.topics)


def tells_of_an_aspect(new: str) -> bool:
    """Whether it is news of any."""
    return bool(_aspects_in(new))


def is_news_of(old: str, topic: str | None, new: str) -> bool:
    """Whether ``new`` is news of what the memory ``old`` of this topic tells."""
    return any(_is_of(aspect, old, topic, whose) for aspect, whose in _aspects_in(new))


@lru_cache(maxsize=4)
def _aspects_in(new: str) -> tuple[tuple[Aspect, Clause], ...]:
    """What the text is news of, and in which clause; asked for once for each memory near it."""
    found = []
    for clause in clauses_of(new):
        lowered = clause.text.casefold()
        found += [
            (aspect, clause)
            for aspect in ASPECTS
            if (clause.is_real or (aspect.is_wish and not clause.is_asked))
            and aspect.news.search(lowered)
        ]
    return tuple(found)


def _is_of(aspect: Aspect, old: str, topic: str | None, news: Clause) -> bool:
    """Whether the memory tells this aspect of the same; of the person themselves, if of nobody."""
    not_called = _NOT_CALLED.search(news.text)
    if not_called is not None and not mentions(old, not_called[1]):
        return False
    if (topic or "") in aspect.topics:
        return aspect.is_own or aspect.is_wish or not news.owner
    is_nickname = (
        topic == "name"
        and "nickname" in aspect.topics
        and (not_called is not None or says_by_now(news.text.casefold()))
    )
    is_of_another = topic is not None and topic.startswith(_OF_THEIR_OWN) and not is_nickname
    if is_of_another and not str(topic).startswith(aspect.of_topics or ("?",)):
        return False
    return any(
        _is_same_telling(aspect, clause, old, news)
        for clause in clauses_of(old)
        if aspect.told.search(clause.text.casefold()) is not None
    )


def _is_same_telling(aspect: Aspect, told: Clause, old: str, news: Clause) -> bool:
    shares = _share_a_thing(told.text, news.text) or (
        aspect.is_of_named and _share_a_thing(told.whole, news.whole)
    )
    if aspect.is_of_one_thing and not shares:
        return False
    if aspect.is_own:
        return not told.owner or told.owner <= _ONE_WITH_ME
    if is_same_owner(news.owner, told.owner, old):
        return True
    if aspect.is_mutual and _is_between(news, told, old):
        return True
    if aspect.is_of_named and (
        (not told.owner and _is_named(news.owner, told.whole))
        or (not news.owner and _is_named(told.owner, news.whole))
    ):
        return True
    return news.owner == SOMEBODY and bool(told.owner) and shares


def _is_named(owner: frozenset[str] | None, told: str) -> bool:
    """Whether somebody is told of by name."""
    return any(mentions(told, one) for one in names_of(owner or frozenset()))


def _is_between(news: Clause, told: Clause, old: str) -> bool:
    """Whether one of two people has news of what they had together."""
    if news.owner:
        return any(mentions(old, one) for one in news.owner)
    return not _share_a_thing(told.text, news.whole)


def _share_a_thing(old: str, new: str) -> bool:
    shared = telling_stems(old) & telling_stems(new)
    return bool(shared - SHARED_BY_CHANCE_STEMS) or not fields_of(old).isdisjoint(fields_of(new))
