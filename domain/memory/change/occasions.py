"""When something is: moved to another day, called off, or behind somebody. English only."""

import re
from functools import lru_cache

from attrs import frozen

from domain.memory.change.clauses import clauses_of
from domain.memory.change.dates import DATE, HOUR, WEEKDAY, dates_in, days_of
from domain.memory.change.owners import is_same_owner, names_in
from domain.memory.words import mentions, telling_stems, telling_words

_BEFORE_A_DATE = re.compile(r",? (?:on|at|in|for|until|till|to)? ?$", re.IGNORECASE)
_OCCASIONS = """
exam exams test tests finals midterm calc viva theory
wedding married marrying marry
trip trips travel travelling holiday holidays vacation journey cruise cruises tour visit visiting
flight flights fly flying plane
appointment appointments check-up checkup scan
dentist
interview interviews
operation operated op surgery
concert concerts gig gigs
party parties
deadline
funeral
race marathon races run running ran
meeting meetings
course courses class classes
festival festivals
match matches game games
move moving
hearing
audition
show shows exhibition
reunion
christening baptism
lesson lessons rehearsal practice piano
delivery
opening
recital performance play
tournament
graduation ceremony
birthday birthdays bday
prom ball dance
retreat
lunch dinner
talk
fair fete fête
picnic
internship
skiing
tattoo
shift shifts
baby due
"""
_OCCASION_OF = {
    word: line.split()[0] for line in _OCCASIONS.strip().splitlines() for word in line.split()
}
_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)?")
_MOVED = re.compile(
    r"\b(?:now|moved|changed|change|instead|put (?:it |them )?(?:off|back)|postponed"
    r"|brought (?:\w+ ){0,4}forward|pushed|delayed|bumped|rescheduled|re-scheduled|earlier|later"
    r"|no longer"
    r"|after all|not|rather than|actually|switched|got the (?:date|day|time) wrong|mixed up"
    r"|from now on|turns out|meant|correction|sorry)\b"
)
_NOT_THEN = re.compile(r"\b(?:not|instead of|rather than|from) (?:on |at |in )?(?:the )?\w* ?\d")
_OVER = re.compile(
    r"\b(?:passed|failed|is over|was over|cancel\w*|call(?:ed)? (?:it )?off|is off|are off"
    r"|not going|fell through|came to nothing|abandoned"
    r"|went (?:well|badly|fine|great|ok|okay|wonderfully|all right|smoothly)|was (?:wonderful"
    r"|amazing|great|lovely|awful|brilliant|horrible|terrible|beautiful|fun|a success|a disaster)"
    r"|not happening|never happened|survived|behind me|finished|done with|is done|'s done|resat"
    r"|dropped out|rained off|not doing|won't be|not running|no race|i ran it|we did it|did it"
    r"|got it|aced|nailed|scrap(?:ped)?|postponed|put off|put \w+(?: \w+)? off"
    r"|changed (?:my|our) mind|decided against|finished it|got through|sat the|not going ahead"
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
    match = DATE.search(old)
    if match is None or DATE.search(new) is None or "(20" in old:
        return ""
    head = _BEFORE_A_DATE.sub("", old[: match.start()])
    rest = f"{head}{old[match.end() :]}".strip(" ,")
    own = {word for word in telling_words(rest) if word not in _OCCASION_OF}
    return rest if any(not mentions(new, word) for word in own) and not DATE.search(rest) else ""


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
        dates=dates_in(new),
        weekdays=frozenset(WEEKDAY.findall(lowered)),
        hours=frozenset(HOUR.findall(lowered)),
        occasions=_occasions(new),
        is_moved=_MOVED.search(lowered) is not None,
        is_not_then=_NOT_THEN.search(new) is not None,
        is_over=is_over,
    )


def is_new_date_of(old: str, new: str) -> bool:
    """Whether both tell when the same thing is, and the new one says that this has changed."""
    news = _news_in(new)
    after = news.dates
    if news.occasions and _occasions(old) and news.occasions.isdisjoint(_occasions(old)):
        return False
    if after and (news.is_not_then or (news.is_moved and news.occasions)):
        before = dates_in(old)
        if before and not after <= before:
            then, now = days_of(before), days_of(after)
            if news.is_not_then and then & now and now - then:
                return True  # "not on the 4th but on the 7th" says itself what it is about
            if news.is_moved and _is_same_occasion(old, new):
                return True
    if not (news.is_moved and news.occasions):
        return False
    for pattern, told in ((WEEKDAY, news.weekdays), (HOUR, news.hours)):
        known = frozenset(pattern.findall(old.casefold())) if told else frozenset()
        if known and told - known and _is_same_occasion(old, new):
            return True
    return False


def tells_another_day(new: str) -> bool:
    """Whether it says that an occasion was moved to another day or hour."""
    news = _news_in(new)
    return (
        news.is_moved and bool(news.occasions) and bool(news.dates or news.weekdays or news.hours)
    )


def is_behind(old: str, new: str) -> bool:
    """An exam that was passed, a trip that was called off."""
    news = _news_in(new)
    return (
        news.is_over
        and bool(news.occasions)
        and not news.dates
        and _AHEAD.search(old.casefold()) is not None
        and (bool(dates_in(old)) or WEEKDAY.search(old) is not None or _is_ahead(old))
        and _is_same_occasion(old, new)
    )


def _is_ahead(old: str) -> bool:
    return _PLANNED.search(old.casefold()) is not None


def _is_same_occasion(old: str, new: str) -> bool:
    """Whether both speak of the same exam, wedding or journey, of the same people."""
    shared = _occasions(old) & _news_in(new).occasions
    if not shared:
        return False
    words = telling_stems(old) & telling_stems(new)
    if not any(
        one is None or other is None or is_same_owner(one, other, old)
        for one in _owners(new, shared)
        for other in _owners(old, shared)
    ):
        return False
    left = {one for one in names_in(old) if not DATE.search(f"{one} 1")}
    right = {one for one in names_in(new) if not DATE.search(f"{one} 1")}
    return not left or not right or bool(left & right) or len(shared) > 1 or bool(words)


def _owners(text: str, occasions: frozenset[str]) -> list[frozenset[str] | None]:
    """Of whom the clauses speak that name one of the occasions."""
    return [one.owner for one in clauses_of(text) if _occasions(one.text) & occasions]


def _occasions(text: str) -> frozenset[str]:
    words = _WORD.findall(text.casefold())
    return frozenset(_OCCASION_OF[word] for word in words if word in _OCCASION_OF)
