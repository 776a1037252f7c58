"""When something is: moved to another day, called off, or behind somebody. English only."""

import re
from functools import lru_cache

from attrs import frozen

from domain.memory.change.owners import clauses_of, is_same_owner, names_in
from domain.memory.words import mentions, stem, telling_words

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_DATE = re.compile(
    rf"\b(?:the )?\d{{1,2}}(?:st|nd|rd|th)?(?: of)? {_MONTH}\b|\b{_MONTH} (?:the )?\d{{1,2}}(?:st"
    r"|nd|rd|th)?\b|\b(?:the )?\d{1,2}(?:st|nd|rd|th)\b(?! (?:birthday|anniversary|floor|grade"
    rf"|place|time))|\b(?:in|until|till|to|for|not|now|of|after) {_MONTH}\b",
    re.IGNORECASE,
)
_WEEKDAY = re.compile(r"\b(mon|tues|wednes|thurs|fri|satur|sun)days?\b", re.IGNORECASE)
_HOUR = re.compile(r"\b(?:at|to|not|until|from|by) (\d{1,2}(?:[:.]\d\d)?|noon|midnight)\b(?!%)")
_BEFORE_A_DATE = re.compile(r",? (?:on|at|in|for|until|till|to)? ?$", re.IGNORECASE)
_OCCASIONS = """
exam exams test tests finals midterm calc viva theory
wedding wedding married marrying marry
trip trips travel travelling holiday holidays vacation journey cruise cruises tour visit visiting
flight flights fly flying plane
appointment appointments check-up checkup scan
dentist dentist
interview interviews
operation operated op surgery
concert concerts gig gigs
party parties
deadline deadline
funeral funeral
race marathon race races run running ran
meeting meetings
course courses class classes
festival festivals
match matches game games
move moving
hearing hearing
audition audition
show shows exhibition
reunion reunion
christening christening baptism
lesson lessons rehearsal practice piano
delivery delivery
opening opening
recital recital performance play
tournament tournament
graduation graduation ceremony
retreat retreat
lunch lunch dinner dinner
talk talk
fair fair fete fête
picnic picnic
internship internship
skiing skiing
tattoo tattoo
shift shifts
baby due
"""
_OCCASION_OF = {
    word: line.split()[0] for line in _OCCASIONS.strip().splitlines() for word in line.split()
}
_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)?")
_MOVED = re.compile(
    r"\b(?:now|moved|changed|change|instead|put (?:it |them )?(?:off|back)|postponed|brought"
    r" forward"
    r"|pushed|delayed|bumped|rescheduled|re-scheduled|earlier|later|no longer|after all|not"
    r"|rather than|actually|switched|got the (?:date|day|time) wrong|mixed up|from now on|turns out"
    r"|meant|correction|sorry)\b"
)
_NOT_THEN = re.compile(r"\b(?:not|instead of|rather than|from) (?:on |at |in )?(?:the )?\w* ?\d")
_OVER = re.compile(
    r"\b(?:passed|failed|is over|was over|cancel\w*|call(?:ed)? (?:it )?off|is off|are off|not"
    r" going"
    r"|fell through|came to nothing|abandoned|went (?:well|badly|fine|great|ok|okay|wonderfully|all"
    r" right|smoothly)|was (?:wonderful|amazing|great|lovely|awful|brilliant|horrible|terrible"
    r"|beautiful|fun|a success|a disaster)|not happening|never happened|survived|behind me|finished"
    r"|done with|is done|'s done|resat|dropped out|rained off|not doing|won't be|not running|no"
    r" race"
    r"|i ran it|we did it|did it|got it|aced|nailed|scrap(?:ped)?|postponed|put off|put \w+(?:"
    r" \w+)?"
    r" off|changed (?:my|our) mind|decided against|finished it|got through|sat the|not going ahead"
    r"|ended|am back|i'm home|i'm back|we're back|we are back|crossed the (?:finish )?line)\b"
)
_AHEAD = re.compile(
    r"\b(?:am|'m|im|is|are|'re|have|has|'ve|got|going|off to|will|'ll|booked|tickets?|signed up"
    r"|training|on (?:the|monday|tuesday|wednesday|thursday|friday|saturday|sunday)|in|plan|next"
    r"|want)\b"
)
_PLANNED = re.compile(
    r"\b(?:going to|off to|signed up|training for|booked|tickets|next (?:week|month|year|summer)"
    r"|getting|having)\b"
)


def may_move(lowered: str) -> bool:
    """Whether it may be about another day, or about something behind or called off."""
    return (
        _MOVED.search(lowered) is not None
        or _OVER.search(lowered) is not None
        or _NOT_THEN.search(lowered) is not None
    )


def besides_date(old: str, new: str) -> str:
    """What else was told of something whose date has changed; empty when nothing."""
    match = _DATE.search(old)
    if match is None or _DATE.search(new) is None or "(20" in old:
        return ""
    head = _BEFORE_A_DATE.sub("", old[: match.start()])
    rest = f"{head}{old[match.end() :]}".strip(" ,")
    own = {word for word in telling_words(rest) if word not in _OCCASION_OF}
    return rest if any(not mentions(new, word) for word in own) and not _DATE.search(rest) else ""


@frozen
class _News:
    """What a text says of when something is."""

    dates: frozenset[str]
    weekdays: frozenset[str]
    hours: frozenset[str]
    occasions: frozenset[str]
    is_moved: bool
    is_not_then: bool
    """It says itself which day it is not."""
    is_over: bool


@lru_cache(maxsize=4)
def _news_in(new: str) -> _News:
    """Of the same text for each memory near it."""
    lowered = new.casefold()
    is_over = _OVER.search(lowered) is not None and any(
        one.is_real and _OVER.search(one.text.casefold()) is not None for one in clauses_of(new)
    )
    return _News(
        dates=_dates(new),
        weekdays=frozenset(_WEEKDAY.findall(lowered)),
        hours=frozenset(_HOUR.findall(lowered)),
        occasions=_occasions(new),
        is_moved=_MOVED.search(lowered) is not None,
        is_not_then=_NOT_THEN.search(new) is not None,
        is_over=is_over,
    )


def is_new_date_of(old: str, new: str) -> bool:
    """Whether both tell when the same thing is, and the new one says that this has changed."""
    news = _news_in(new)
    after = news.dates
    if after and (news.is_not_then or (news.is_moved and news.occasions)):
        before = _dates(old)
        if before and not after <= before:
            if news.is_not_then and _days(before) & _days(after) and _days(after) - _days(before):
                return True  # "not on the 4th but on the 7th" says itself what it is about
            if news.is_moved and _is_same_occasion(old, new):
                return True
    if not (news.is_moved and news.occasions):
        return False
    for pattern, now in ((_WEEKDAY, news.weekdays), (_HOUR, news.hours)):
        then = frozenset(pattern.findall(old.casefold())) if now else frozenset()
        if then and now - then and _is_same_occasion(old, new):
            return True
    return False


def is_behind(old: str, new: str) -> bool:
    """An exam that was passed, a trip that was called off."""
    news = _news_in(new)
    return (
        news.is_over
        and bool(news.occasions)
        and not news.dates
        and _AHEAD.search(old.casefold()) is not None
        and (bool(_dates(old)) or _WEEKDAY.search(old) is not None or _is_ahead(old))
        and _is_same_occasion(old, new)
    )


def _is_ahead(old: str) -> bool:
    return _PLANNED.search(old.casefold()) is not None


def _dates(text: str) -> frozenset[str]:
    return frozenset(
        " ".join(sorted(re.findall(r"\d+|[a-z]{3}(?=[a-z]*$)|[a-z]{3}", one.casefold())))
        for one in (re.sub(r"^(?:the|in|until|till|to|for|not|now|of|after) |(?<=\d)(?:st|nd|rd|th)"
                           r"| of\b|\bthe\b", "", found, flags=re.IGNORECASE)
                    for found in _DATE.findall(text))
    )  # fmt: skip


def _days(dates: frozenset[str]) -> set[str]:
    return {part for date in dates for part in date.split() if part.isdigit()}


def _is_same_occasion(old: str, new: str) -> bool:
    """Whether both speak of the same exam, wedding or journey, of the same people."""
    shared = _occasions(old) & _news_in(new).occasions
    if not shared:
        return False
    words = set(map(stem, telling_words(old))) & set(map(stem, telling_words(new)))
    if not any(
        one is None or other is None or is_same_owner(one, other, old)
        for one in _owners(new, shared)
        for other in _owners(old, shared)
    ):
        return False
    left = {one for one in names_in(old) if not _DATE.search(f"{one} 1")}
    right = {one for one in names_in(new) if not _DATE.search(f"{one} 1")}
    return not left or not right or bool(left & right) or len(shared) > 1 or bool(words)


def _owners(text: str, occasions: frozenset[str]) -> list[frozenset[str] | None]:
    """Of whom the clauses speak that name one of the occasions."""
    return [one.owner for one in clauses_of(text) if _occasions(one.text) & occasions]


def _occasions(text: str) -> frozenset[str]:
    words = _WORD.findall(text.casefold())
    return frozenset(_OCCASION_OF[word] for word in words if word in _OCCASION_OF)
