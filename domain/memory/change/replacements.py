"""What has another value now: "my shift starts at six now", "a new boss", "a Mac instead"."""

import re
from functools import lru_cache

from domain.memory.change.choices import choices_in
from domain.memory.change.clauses import Clause, clauses_of
from domain.memory.change.owners import is_same_owner
from domain.memory.change.relations import RELATION_STEMS
from domain.memory.change.vague_words import SHARED_BY_CHANCE_STEMS
from domain.memory.words import stem, telling_words

_NEW_ONE = re.compile(
    r"\b(?:(?:my|our|his|her|an?|the|got|have|'ve an?) )new (?P<x>favou?rite \w+|boss|manager"
    r"|flatmate|roommate|room-mate|doctor|gp|dentist|therapist|teacher|tutor|coach|trainer|landlord"
    r"|landlady|hairdresser|car|van|truck|phone|number|address|nickname|haircut|laptop|job|bike"
    r"|desk|supervisor|advisor|neighbour|colleague|password|commute|glasses|bed|sofa)\b|\b(?:my"
    r"|our) (?P<y>therapist|boss|manager|doctor|gp|dentist|teacher|tutor|coach|trainer|landlord"
    r"|landlady|supervisor|advisor|hairdresser|nanny|cleaner)(?:'s| has| is)? (?:retired|left|quit"
    r"|moved away|was fired|got fired|gone|died|resigned)\b"
)
_NOW = re.compile(
    r"\b(?:now|these days|nowadays|from now on|instead|switched|changed|swapped|upgraded|traded"
    r"|turns out|actually|since (?:last|the)|lately|finally|not .* any ?more)\b"
)
_NUMBER = re.compile(
    r"\b(?:\d+(?:[.:]\d+)?|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen"
    r"|twenty|thirty|forty|fifty|sixty|seventy|eighty"
    r"|ninety)\b(?!(?: \w+)? (?:years?|months?|weeks?|days|hours|minutes) (?:now|ago|$))"
)
_COUNTED = frozenset(
    map(stem, ("day", "week", "month", "year", "hour", "minute", "time", "people", "pound", "euro"))
)
_GET_UP = re.compile(
    r"\b(?:get|getting|wake|go to bed|weigh|weight|size|level|season|episode|chapter|page)\b"
)
_CALLED = re.compile(r"\b(?:called|named|name is|name's)\b")
_SAYS_NOW = re.compile(
    r"\b(?:now|these days|nowadays|from now on|instead|switched|changed|swapped|upgraded|renamed"
    r"|lately|named|called)\b"
)
_RENAMED = re.compile(
    r"\b(?:renamed|rename|(?:is|'s|are|was) (?:called|named) .{1,30} now"
    r"|called (?:him|her|it) \w+ in the end|now called|name(?:'s| is) .{1,30} (?:now|from now on)"
    r"|changed (?:the|my|our|his|her|its) .{0,25}name to|call(?:ed|ing)? .{1,30} instead)\b"
)


def may_replace(lowered: str) -> bool:
    """Whether it may tell another value of something."""
    return _NOW.search(lowered) is not None or _NEW_ONE.search(lowered) is not None


def is_replaced(old: str, new: str) -> bool:
    """Whether ``new`` tells another value of what ``old`` tells."""
    things, news = _news_in(new)
    if things and _is_new_one(old.casefold().replace("’", "'"), things):
        return True
    return bool(news) and any(
        _is_another_value(before, after, old) for before in clauses_of(old) for after in news
    )


@lru_cache(maxsize=4)
def _news_in(new: str) -> tuple[tuple[str, ...], tuple[Clause, ...]]:
    """New things of the text, and its clauses that say "now" of a choice, a number or a name."""
    lowered = new.casefold().replace("’", "'")
    things = tuple(match["x"] or match["y"] for match in _NEW_ONE.finditer(lowered))
    if _SAYS_NOW.search(lowered) is None:
        return things, ()
    news = (one for one in clauses_of(new) if one.is_real)
    return things, tuple(one for one in news if _may_be_another_value(one.text.casefold()))


def _may_be_another_value(clause: str) -> bool:
    return _SAYS_NOW.search(clause) is not None and (
        bool(choices_in(clause))
        or _NUMBER.search(clause) is not None
        or _RENAMED.search(clause) is not None
    )


def _is_another_value(before: Clause, after: Clause, whole: str) -> bool:
    old, new = before.text.casefold(), after.text.casefold()
    if is_same_owner(after.owner, before.owner, whole):
        if _is_other_choice(old, new) or _is_other_number(old, new):
            return True
    elif before.owner:
        return False
    return _is_renamed(old, new, after.whole.casefold())


def _is_new_one(old: str, things: tuple[str, ...]) -> bool:
    for thing in things:
        rest = "(?:'s| is|,| called)" if "favo" in thing else r"\b(?! (?:was|told|at work))"
        if re.search(rf"\b(?:my|our) {thing}{rest}", old) is not None:
            return True
    return False


def _is_other_choice(old: str, new: str) -> bool:
    before, after = choices_in(old), choices_in(new)
    return any(after[kind] - before[kind] for kind in before if kind in after)


def _is_other_number(old: str, new: str) -> bool:
    before, after = set(_NUMBER.findall(old)), set(_NUMBER.findall(new))
    if not before or not after or after <= before:
        return False
    shared = _stems(old) & _stems(new)
    habits = set(_GET_UP.findall(old)) & set(_GET_UP.findall(new))
    return bool(shared - _COUNTED) or bool(habits)


def _stems(text: str) -> set[str]:
    return {stem(word) for word in telling_words(text) if _NUMBER.fullmatch(word) is None}


def _is_renamed(old: str, new: str, whole: str) -> bool:
    """Whether what had a name has another: the text may name it before saying so."""
    if _RENAMED.search(new) is None or _CALLED.search(old) is None:
        return False
    return bool((_stems(old) & _stems(whole)) - SHARED_BY_CHANCE_STEMS - RELATION_STEMS)
