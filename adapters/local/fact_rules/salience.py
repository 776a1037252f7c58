"""Whole sentences about somebody's life, worth keeping though no table knows them."""

import re

from adapters.local.fact_rules.rule import compiled
from adapters.local.fact_rules.screening import is_command, is_left_out

_NAME = re.compile(r"(?<=[a-z,;:] )(?!I\b|I'|OK\b|God\b|AI\b)[A-ZÀ-ÖØ-Þ][\w'-]*[a-zà-ÿ]\b")
_DAY = re.compile(
    r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|January|February|March|April|June|July|August"
    r"|September|October|November|December|English|Christmas|Internet|Google|Netflix"
)
_BEING = compiled(r".*?\b(?:my|our|his|her|their|the) {QUALITY}(?:{REL}|{PARTNER}|{SPECIES})s?\b")
_MINE = re.compile(r"\b(?:i|i'm|i've|my|we|we're|we've|our|me|us)\b", re.IGNORECASE)
_NUMBER = re.compile(
    r"\b\d+\b|\b(?:years?|months?|decades?|times a (?:day|week|month|year)|once a|twice a|since"
    r"|every (?:day|week|month|year|morning|evening|night|\w+day|summer|winter|spring|autumn))\b",
    re.IGNORECASE,
)
_LASTING = re.compile(
    r"\b(?:always|never|usually|favou?rite|allerg\w+|afraid|terrified|scared|migraines?|asthma"
    r"|dream"
    r"|grew up|born|collect\w*|learn\w*|teach\w*|saving|owe|owes|weigh|wears?|signed up|moved"
    r"|moving"
    r"|married|marrying|engaged|divorced|pregnant|retired|died|passed away|diagnosed|medication"
    r"|tablets|pills|insulin|inherited|built|founded|mother tongue|native|vegetarian|vegan"
    r"|cancell?ed"
    r"|used to|anymore|any more|no longer|no more|given up|gave up|started|stopped|quit|promised"
    r"|new"
    r"|named|called|belongs?|comes? from|hobby|secret|wedding|exam|birthday|anniversary|interview"
    r"|surgery|degree|university|school|job|shift|boss|salary|house|flat|apartment|garden|band|team"
    r"|club|choir|lessons?|plays?|repairs?|works?|lives?|keeps?|owns?|drives?|speaks?|studies"
    r"|loves?"
    r"|hates?|tastes? of|can't stand|adore|enjoy|prefer|couldn't live|knit\w*|climb\w*|swim\w*"
    r"|paint"
    r"|garden\w*|cook\w*|bak(?:e|ing)|sew\w*|sing\w*|danc(?:e|ing)|run|running|hik\w*|cycl\w*"
    r"|read|write|writing|guitar|piano|violin|cello|chess|football|yoga|is off|trip)\b",
    re.IGNORECASE,
)
_CHATTER = re.compile(
    r"\b(?:you|you're|your|yours|lol|haha|hm+|ok|okay|thanks|thank|sorry|guess|maybe|perhaps|wish"
    r"|would|could|should|might|imagine|tonight|today|this (?:morning|afternoon"
    r"|evening|week)|right now|at the moment|last night|yesterday|just now|earlier|later|in a"
    r" (?:minute|moment|bit|second))\b|i (?:think|wonder|suppose|mean|feel|know|said|say|want to"
    r" (?:talk|know)|read somewhere|(?:love|hate|like|enjoy) (?:that|this|when|how|it))\b|\?",
    re.IGNORECASE,
)
_PAST = re.compile(
    r"\b(?:i|we|he|she|they|it)(?: \w+ly)? (?:\w+ed|ate|went|came|saw|drank|slept|woke|made|took"
    r"|got"
    r"|had|said|told|felt|thought|found|ran|sat|lost|won|heard|read|put|gave|began|caught|brought"
    r"|was|were|did)\b(?! (?:in|for|since) (?:19|20)\d\d)",
    re.IGNORECASE,
)
_LOOSE_SUBJECT = re.compile(
    r"(?:it|it's|they|they're|them|this|that|that's|those|these)\b(?! (?:was|is|will be) (?:my"
    r"|our)\b)",
    re.IGNORECASE,
)
_LOOSE_OBJECT = re.compile(
    r"\b(?:it|them|him|her|this|that|those|these|there|one|so)(?: (?:too|now|again|all|up|about"
    r" .{3,40}))?[.!…]*$|\bof (?:it|them|that|this|those)\b|\bget them\b",
    re.IGNORECASE,
)
_FEWEST_WORDS = 4
_FEW_WORDS = 7
_I_AM = re.compile(
    r"(?:i|we) (?:am|are)\b(?! (?:from|called|moving|learning|starting)\b)", re.IGNORECASE
)
_ENOUGH, _ENOUGH_OF_OTHERS = 2, 3
"""Signs of something lasting: of the person and theirs, and of anybody else."""
_WEIGHTY = 4


def importance_of(plain: str) -> int:
    """1 for a sentence that tells of somebody's life; 0 for what nobody would remember."""
    words = len(plain.split())
    if words < _FEWEST_WORDS or is_left_out(plain) or is_command(plain) or _CHATTER.search(plain):
        return 0
    if words < _FEW_WORDS and _I_AM.match(plain):
        return 0
    about_life = _MINE.search(plain) is not None or _BEING.match(plain) is not None
    names = [name for name in _NAME.findall(plain) if _DAY.match(name) is None]
    evidence = (
        (plain == plain.lower())
        + min(2, len(names))
        + (_BEING.match(plain) is not None)
        + (_MINE.search(plain) is not None)
        + (_NUMBER.search(plain) is not None)
        + min(2, len(_LASTING.findall(plain)))
        - (_PAST.search(plain) is not None)
    )
    return 1 if evidence >= (_ENOUGH if about_life else _ENOUGH_OF_OTHERS) else 0


def is_loose(text: str, importance: int) -> bool:
    """Whether it speaks of something that was named before it; strictly, where it matters."""
    if _LOOSE_SUBJECT.match(text) is not None:
        return True
    return importance < _WEIGHTY and _LOOSE_OBJECT.search(text) is not None
