"""What was not so and is by now: "I don't eat fish", "I started eating fish again". English only.

Told in the same words with a "not" or a "stopped", and without; the news says itself that it is
news, by a "now" or a "started"; or the other way round, by an "any more".
"""

import re
from functools import lru_cache

from domain.memory.change.clauses import Clause, clauses_of
from domain.memory.change.ending_words import TASTE
from domain.memory.change.owners import is_same_owner
from domain.memory.change.relations import RELATION_STEMS
from domain.memory.change.vague_words import NAMING_NOTHING_STEMS, SHARED_BY_CHANCE_STEMS
from domain.memory.words import telling_stems

_NOT = re.compile(
    r"\b(?:don'?t|do not|doesn'?t|does not|can'?t|cannot|can not|never|not|isn'?t|aren'?t|won'?t"
    r"|no longer|stopped|quit|gave up|given up|without|no)\b",
    re.IGNORECASE,
)
_PAST = re.compile(r"\b(?:didn'?t|did not|haven'?t|hasn'?t|wasn'?t|weren'?t)\b", re.IGNORECASE)
_IS_NEWS = re.compile(
    r"\b(?:now|again|these days|nowadays|finally|at last|started|began|taken up|took up|fluent"
    r"|back (?:on|to|at)|after all|learned|learnt|regularly)\b",
    re.IGNORECASE,
)
_NO_MORE = re.compile(r"\b(?:any ?more|any longer|no longer)\b", re.IGNORECASE)


def may_reverse(new: str) -> bool:
    """Whether it may say the reverse of something told before."""
    return bool(_news_in(new))


def is_reversed(old: str, new: str) -> bool:
    """Whether ``new`` says that ``old`` is no longer so by the same words."""
    news = _news_in(new)
    return bool(news) and any(
        is_same_owner(after.owner, before.owner, old) and _is_reverse(before, after)
        for before in clauses_of(old)
        if _PAST.search(before.text) is None
        for after in news
    )


@lru_cache(maxsize=4)
def _news_in(new: str) -> tuple[Clause, ...]:
    if _IS_NEWS.search(new) is None and _NO_MORE.search(new) is None:
        return ()
    return tuple(one for one in clauses_of(new) if one.is_real and _is_news(one.text))


def _is_news(clause: str) -> bool:
    if _NO_MORE.search(clause) is not None:
        return True
    return _IS_NEWS.search(clause) is not None and _NOT.search(clause) is None


def _is_reverse(before: Clause, after: Clause) -> bool:
    was_not, is_not = _NOT.search(before.text) is not None, _NOT.search(after.text) is not None
    if was_not == is_not or (is_not and TASTE.match(before.text) is not None):
        return False
    shared = telling_stems(before.text) & telling_stems(after.text)
    shared -= NAMING_NOTHING_STEMS | SHARED_BY_CHANCE_STEMS | RELATION_STEMS
    return bool(shared)
