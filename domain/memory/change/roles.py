"""Who is somebody's what: "Fern is our bass player now" ends whoever was that before. English."""

import re

from domain.memory.change.owners import KIN
from domain.memory.change.vague_words import NAMING_NOTHING_STEMS, SHARED_BY_CHANCE_STEMS
from domain.memory.words import telling_stems

_A_NAME = r"(?!I\b|The\b|My\b|We\b|It\b|He\b|She\b|They\b|Our\b)[A-ZÀ-Þ][\w-]+"
_ROLE = (
    rf"(?:{KIN}|bandmate|teammate|classmate|co-?worker|captain|drummer|bassist|singer|guitarist"
    r"|dentist|tutor|trainer|supervisor|assistant|president|mayor|pastor|priest|professor|nanny"
    r"|babysitter|cleaner|hairdresser|vet|lawyer|accountant|keeper|player|editor|agent|deputy"
    r"|supervisor|mentor|partner|crush)"
)
_NEWS = re.compile(
    rf"\b(?P<who>{_A_NAME}) (?i:is|has become|became|is now) (?i:my|our|the)"
    rf" (?:(?i:new) )?(?P<role>(?:\w+ )*?{_ROLE})(?P<now> (?i:now|these days|from now on|instead))?"
    rf"|\b(?i:my|our) (?P<new>new) (?P<role2>(?:\w+ )??{_ROLE}) (?i:is|is called|'s called"
    rf"|is named)"
    rf" (?P<who2>{_A_NAME})|\b(?i:my|our) (?P<role3>(?:\w+ )??{_ROLE}) (?P<now3>(?i:is now"
    rf"|is now called))"
    rf" (?P<who3>{_A_NAME})"
)
_HELD = re.compile(rf"\b(?i:my|our) (?P<role>(?:\w+ )??{_ROLE})\b")
_OF_MANY = re.compile(
    r"\b(?:friends?|mates?|cousin|uncle|aunt|sister|brother|niece|nephew|sons?"
    r"|daughters?|mother|father|parents?)\b"
)
"""Of whom one has several, or the same for ever."""


def may_replace_somebody(new: str) -> bool:
    """Whether it says who is something now."""
    return _NEWS.search(new) is not None


def is_replaced_by_another(old: str, new: str) -> bool:
    """Whether what ``old`` tells somebody to be, somebody else is by now."""
    held = _HELD.search(old)
    if held is None or _OF_MANY.search(held["role"]):
        return False
    for news in _NEWS.finditer(new):
        who, role = (
            news["who"] or news["who2"] or news["who3"],
            news["role"] or news["role2"] or news["role3"],
        )
        is_news = news["now"] or news["new"] or news["now3"] or " new " in news[0]
        if is_news and re.search(rf"\b{who}\b", old) is None and _is_same_role(role, old):
            return True
    return False


def _is_same_role(role: str, old: str) -> bool:
    shared = telling_stems(role) & telling_stems(old)
    return bool(shared - NAMING_NOTHING_STEMS - SHARED_BY_CHANCE_STEMS)
