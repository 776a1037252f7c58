"""What a memory says that a new one says otherwise, where neither has a topic.

News of an aspect of a life (``domain.memory.change.aspects``) ends what was told of it before, of
the same person; so do another date, a call-off or an opposite feeling, of the same thing. English
only: where a text is not understood, nothing ends.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from domain.memory.change.aspects.aspect import Aspect
from domain.memory.change.aspects.every_aspect import ASPECTS
from domain.memory.change.endings import is_ended, tells_an_end
from domain.memory.change.fields import fields_of
from domain.memory.change.occasions import is_behind, is_new_date_of, may_move
from domain.memory.change.owners import SOMEBODY, Clause, clauses_of, is_same_owner, owner_of
from domain.memory.change.replacements import is_replaced, may_replace
from domain.memory.words import is_negative, mentions, stem, telling_words

_NOW = re.compile(
    r"\b(?:now|these days|any ?more|any longer|no longer|no more|switched|instead|new|nowadays"
    r"|at last|finally|after all|turns? out|turned out|changed my mind|come round"
    r"|came round|gone off|used to|admit|again"
    r"|have become|has become|learn(?:ed|t) to|took|taken up|given up|gave up|stopped|quit)\b"
)


_A_NAME = (
    r"(?!I\b|I'|The\b|My\b|We\b|It\b|He\b|She\b|They\b|Our\b|This\b|That\b|There\b"
    r"|And\b|But\b|So\b|Now\b|In\b|On\b|At\b|From\b|Since\b)[A-ZÀ-Þ][\w-]+"
)
_DOES = (
    r"(?:'s| (?:is|has|was|and|will|would|can|had|does|did|quit|left|got|went"
    r"|came|became|broke|took"
    r"|made|found|lost|sold|bought|won|stopped|\w+e[ds]|\w+[a-rt-z]s)\b)"
)
_NAME = re.compile(rf"(?<=[\w,;:'] ){_A_NAME}|(?:^|(?<=[.!?…] )){_A_NAME}(?={_DOES})")
"""A capital at the beginning makes a name only of what does something."""
_SUBJECT = re.compile(
    r"\b(?P<self>(?i:i|i'?m|i'?ve|we|we're|we've|i'll|me|job|home|name))\b"
    r"|\b(?P<kin>(?i:he|she|they|hes|shes|his|her|their|mother|mum|mom|father|dad|parents|sister"
    r"|brother"
    r"|son|daughter|aunt|uncle|cousin|niece|nephew|friend|wife|husband|boyfriend|girlfriend"
    r"|grandson"
    r"|granddaughter|boy|girls?|neighbou?r|boss|gran(?:ny|dma|dpa)?|nan|mate|flatmate|colleague"
    r"|company))\b"
    rf"|(?P<name>{_NAME.pattern})"
)
_SENTENCE = re.compile(r"[^.!?…\s][^.!?…]*")
_OF_THEIR_OWN = ("name", "birth", "pet:", "partner", "like:", "favourite:", "date:", "origin")
"""Topics of which each memory speaks of nothing else."""
_OF_THEIR_OWN_NAME = ("name", "birth", "origin")
_SENTENCE_WITH_END = re.compile(r"[^.!?…]+(?:[.!?…]+(?!\d)|$)")
_LEANS = re.compile(
    r"(?:he|she|it|they|his|her|its|their|that|this|there|which|never|also|only|but|and|so)\b",
    re.IGNORECASE,
)
_FEELING = re.compile(
    r"\b(?:like|love|hate|enjoy|adore|prefer|can'?t stand|can ?not stand|dislike|fan of|abide"
    r"|detest"
    r"|favou?rite|come round|came round|grown to)\b"
)
_ABLE = re.compile(
    r"\b(?:can|can'?t|cannot|can not|able to|never learn(?:ed|t)|know how|lesson"
    r"|learn(?:ed|t)?)\b"
)
_ME = re.compile(r"\b(?:me|and i)\b", re.IGNORECASE)
_NOT_CALLED = re.compile(
    r"\b(?:stop|quit|don'?t|do not|never|nobody|no one)(?: \w+)? call(?:ing|s)? me ([\w-]+)",
    re.IGNORECASE,
)
_SHORT = 2
_FEW_WORDS = 3
_UNSAID = frozenset(
    """
    like love hate enjoy adore prefer stand dislike fan can cannot able learned learnt lesson
    lessons ever really just thing
    never always again finally admit new day days time thing things one way bit lot good bad
    years year week month today now people know think want going take took give gave
    """.split()  # noqa: SIM905 - read best as a text
)
_UNSAID_STEMS = frozenset(map(stem, _UNSAID))


def is_changed_by(old: str, topic: str | None, new: str) -> bool:
    """Whether the memory ``old`` of this topic is no longer so, now that ``new`` is told."""
    return (
        _by_aspect(old, topic, new)
        or is_new_date_of(old, new)
        or is_behind(old, new)
        or _is_felt_otherwise(old, new)
        or is_replaced(old, new)
        or (is_ended(old, new) and not (topic or "").startswith(_OF_THEIR_OWN_NAME))
    )


def still_so(old: str, new: str) -> str:
    """What of an ended memory of several sentences goes on; empty when nothing does.

    Nothing that leans on what has ended: "Never learned", "It has a balcony".
    """
    going_on: list[str] = []
    has_ended = False
    for sentence in _SENTENCE_WITH_END.findall(old):
        one = sentence.strip()
        if is_changed_by(one, None, new):
            has_ended = True
            going_on += _rest_of(one, new)
        elif not has_ended or not _leans(one):
            going_on.append(one)
    if not has_ended or not any(map(telling_words, going_on)):
        return ""
    return " ".join(going_on)


def _rest_of(sentence: str, new: str) -> list[str]:
    """Clauses of an ended sentence that stand by themselves and have not ended."""
    clauses = [one.text for one in clauses_of(sentence)]
    kept = [
        one
        for one in clauses
        if len(one.split()) >= _FEW_WORDS
        and owner_of(one) == frozenset()
        and not is_changed_by(one, None, new)
    ]
    return [] if len(kept) == len(clauses) else [f"{one[0].upper()}{one[1:]}." for one in kept]


def _leans(sentence: str) -> bool:
    """Whether it says little without what was said before it."""
    return _LEANS.match(sentence) is not None or owner_of(sentence) in {None, SOMEBODY}


def may_change_something(new: str) -> bool:
    """Whether it may be news of anything."""
    lowered = new.casefold()
    return (
        _NOW.search(lowered) is not None
        or may_move(lowered)
        or may_replace(lowered)
        or tells_an_end(new)
        or bool(_aspects_in(new))
    )


def tells_news(new: str) -> bool:
    """Whether it says that something has ended, or that a life has changed."""
    return tells_an_end(new) or bool(_aspects_in(new))


def topics_in_news(new: str) -> Iterator[str]:
    """Topics whose memories may be over with this."""
    lowered = new.casefold()
    for aspect in ASPECTS:
        if aspect.news.search(lowered):
            yield from sorted(aspect.topics)


def _by_aspect(old: str, topic: str | None, new: str) -> bool:
    return any(_is_of(aspect, old, topic, whose) for aspect, whose in _aspects_in(new))


@lru_cache(maxsize=4)
def _aspects_in(new: str) -> tuple[tuple[Aspect, Clause], ...]:
    """What the text is news of, and in which clause; asked for once for each memory near it."""
    found = []
    for clause in clauses_of(new):
        if clause.is_real:
            lowered = clause.text.casefold()
            found += [(aspect, clause) for aspect in ASPECTS if aspect.news.search(lowered)]
    return tuple(found)


def _is_of(aspect: Aspect, old: str, topic: str | None, news: Clause) -> bool:
    """Whether the memory tells this aspect of the same; of the person themselves, if of nobody."""
    not_called = _NOT_CALLED.search(news.text)
    if not_called is not None and not mentions(old, not_called[1]):
        return False
    if (topic or "") in aspect.topics:
        return not news.owner
    is_nickname = (
        topic == "name"
        and "nickname" in aspect.topics
        and (not_called is not None or _NOW.search(news.text.casefold()) is not None)
    )
    if topic is not None and topic.startswith(_OF_THEIR_OWN) and not is_nickname:
        return False
    return any(
        _is_same_telling(aspect, clause, old, news)
        for clause in clauses_of(old)
        if aspect.told.search(clause.text.casefold()) is not None
    )


def _is_same_telling(aspect: Aspect, told: Clause, old: str, news: Clause) -> bool:
    shares = _share_a_thing(told.text, news.text)
    if aspect.is_of_one_thing and not shares:
        return False
    if is_same_owner(news.owner, told.owner, old):
        return True
    if aspect.is_mutual and _is_between(news, told, old):
        return True
    return news.owner == SOMEBODY and bool(told.owner) and shares


def _is_between(news: Clause, told: Clause, old: str) -> bool:
    """Whether one of two people has news of what they had together."""
    if news.owner:
        return any(mentions(old, one) for one in news.owner)
    return not _share_a_thing(told.text, news.whole)


def _share_a_thing(old: str, new: str) -> bool:
    shared = set(map(stem, telling_words(old))) & set(map(stem, telling_words(new)))
    return bool(shared - _UNSAID_STEMS) or not fields_of(old).isdisjoint(fields_of(new))


def _is_of_another(old: str, new: str) -> bool:
    """Whether the memory is about somebody of whom the news says nothing."""
    first = _SUBJECT.search(old)
    if first is None or first["kin"] is None:
        return False
    left = {one["kin"].casefold() for one in _SUBJECT.finditer(old) if one["kin"]}
    right = {one["kin"].casefold() for one in _SUBJECT.finditer(new) if one["kin"]}
    return left.isdisjoint(right) and set(_NAME.findall(old)).isdisjoint(_NAME.findall(new))


def _is_felt_otherwise(old: str, new: str) -> bool:
    """The same thing liked and not liked, or a thing that somebody could not do before."""
    cues = _feelings_in(new)
    if not cues or is_negative(old) == is_negative(new) or _is_of_another(old, new):
        return False
    for cue in cues:
        if not cue.search(old.casefold()):
            continue
        about = (word for word in telling_words(old) - _UNSAID if len(word) > _SHORT)
        if any(mentions(new, word) for word in about):
            return True
    return False


@lru_cache(maxsize=4)
def _feelings_in(new: str) -> tuple[re.Pattern[str], ...]:
    """Whether the text tells of a like or of an ability that is new."""
    lowered = new.casefold()
    if _NOW.search(lowered) is None:
        return ()
    return tuple(cue for cue in (_FEELING, _ABLE) if cue.search(lowered))
