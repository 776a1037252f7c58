"""Who a sentence is about, and sentences that only say more about somebody."""

import re

from adapters.local.fact_rules.rule import compiled
from domain.memory.telling import may_tell_something

_MY_BEING = compiled(
    r"(?:.*?\b)?my (?P<who>{QUALITY}(?:{REL}|{PARTNER}|{SPECIES})),? (?P<n>{NAME})(?=$|[ ,.!']|'s)"
)
_FIRST_NAME = re.compile(
    r"(?:(?i:oh|well|so|also|and|but|hm|anyway) |[\w']+[,.!] )?"
    r"(?P<n>(?!I\b|The|This|That|What|It|He|She|They|We|You|My|Your|Our|There|And|But|So|Yes|No|Not"
    r"|Just|Well|Oh|If|When|Every|Some|All|Please|Thanks|Sorry|Today|Tomorrow|Yesterday|Maybe|Ok|Do"
    r"|Is|Are|Can|Why|How|Who|Where|Did|Let|Then|Also|Actually|Anyway|Because|In|On|At|For|To|A|An)"
    r"[A-ZÀ-ÖØ-Þ][a-zà-ÿ]{2,})(?:'s|\?|,? (?:is|was|has|says|said|and|made|makes|caught|lives|works"
    r"|will|thinks|told|got|can|loves|hates|just|who|had|went|came|called|keeps|gave)\b)"
)
_NEW_NAME = re.compile(
    r"\b(?i:there's|there is|met|meet|seeing|dating|married|marrying|with|called|named|by|told|says"
    r"|wife|husband|engaged to)(?: (?:someone|somebody|a \w+|an? \w+ \w+) (?:called|named))?,?"
    r" (?P<n>(?!I\b|God\b)[A-ZÀ-ÖØ-Þ][a-zà-ÿ]{2,})\b"
)
_TITLED = re.compile(
    r"\b(?P<n>(?:Dr|Doctor|Mr|Mrs|Ms|Miss|Prof|Professor|Coach|Nurse|Father|Sister|Aunt|Auntie|Uncle)"
    r"\.? [A-ZÀ-ÖØ-Þ][\w'-]*\w)"
)
_DAY = re.compile(
    r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)days?|january|february|march|july|october|november"
    r"|december|september|christmas|xmas|easter|thanksgiving|halloween|hanukkah|ramadan|eid|diwali"
    r"|passover|lent|pentecost|carnival|midsummer|hogmanay|new year|noon|midnight"
    r"|[a-z]+(?:'s)? (?:day|eve|week|month|street|avenue|road|airport|station|university|college)"
    r"|(?<=by )(?:april|may|june|august))\b",
    re.IGNORECASE,
)
_CALLED_OUT = re.compile(r"[A-ZÀ-ÖØ-Þ][a-zà-ÿ]{2,}[.!]*")
_FRAGMENT = compiled(
    r"(?:my {QUALITY}(?:{REL}|{PARTNER}|{SPECIES})(?: (?:from|since|at|of) [\w' ]{2,30})?$"
    r"|(?:an? |the )?(?:[\w-]+,? ){0,4}?(?:{SPECIES})\b(?!.*\b(?:i|my|is|was|are)\b).*)"
)


def named_in(sentence: str) -> str:
    """Whom the sentence names first; empty when nobody."""
    being = _MY_BEING.match(sentence)
    if being is not None:
        return f"my {being['who']} {being['n']}"
    name = _FIRST_NAME.match(sentence) or _TITLED.search(sentence) or _NEW_NAME.search(sentence)
    is_day = name is not None and _DAY.match(sentence, name.start("n")) is not None
    return "" if name is None or is_day else name["n"]


def is_called_out(sentence: str) -> bool:
    """Whether it is a single word that may be somebody's name: "Rosa!"."""
    return _CALLED_OUT.fullmatch(sentence) is not None and may_tell_something(sentence)


_SMALL = compiled(
    r"(?:.*?\b)?my (?P<who>{QUALITY}(?:{REL}|{PARTNER}|{SPECIES})),? (?P<n>(?!is|was|has|had"
    r"|and|who|says|said|plays|works|lives|wants|loves|hates|got|just|keeps|thinks|will|can"
    r"|still|also|in"
    r"|on|at|to|from|for|with|that|when|about|always|never|really|went|made|gave|did|does"
    r"|died)[a-z]{3,})"
    r"(?=$|[,.!']| (?:is|was|has|had|who|from|says|said|plays|works|lives|wants|loves|hates|got"
    r"|just|keeps|thinks|will|can|still|always|never|makes|made|died|moved)\b"
    r"|(?<!s) \w{3,}s\b)"
)
_BEING_ALONE = compiled(
    r"(?:.*?\b)?my (?P<who>{QUALITY}(?:{REL}|{PARTNER}|{SPECIES})) (?:is|was|has|had|says|said"
    r"|plays|works|lives|wants|loves|hates|got|just|keeps|thinks|will|can|still|always|never"
    r"|makes|made"
    r"|moved|called|calls|rang|came|went|ought)\b"
)


def being_in(sentence: str) -> str:
    """Whom a sentence is about that names nobody with a capital letter; empty when nobody."""
    named = named_in(sentence)
    if named:
        return named
    small = _SMALL.match(sentence)
    if small is not None:
        return f"my {small['who']} {small['n']}"
    alone = _BEING_ALONE.match(sentence)
    return "" if alone is None else f"my {alone['who']}"


def is_fragment(plain: str) -> bool:
    """Whether it has no verb and says what somebody is: a relation, an animal."""
    return _FRAGMENT.match(plain) is not None


_BEING = compiled(r"(?:.*?\b)?my {QUALITY}(?:{REL}|{PARTNER}|{SPECIES})\b")


def speaks_of_being(text: str) -> bool:
    """Whether it speaks of somebody or some animal of the person's."""
    return _BEING.match(text) is not None


_CHANGED = re.compile(
    r".*\b(?:moved|changed|change|postponed|rescheduled|pushed back|shifted|delayed|cancelled) "
    r"(?:the|my|our) (?P<t>[\w' -]{2,40}?)(?=$|[,.!;:]| (?:to|because|again|by|until)\b)",
    re.IGNORECASE,
)
_TO_BE_TOLD = re.compile(
    r".*\b(?:(?P<t>my (?:last name|surname|name|nickname|birthday|favou?rite \w+))[.!,]?$"
    r"|(?:got|have|found) a new (?P<n>favou?rite \w+))",
    re.IGNORECASE,
)
_WHOSE = re.compile(r"(?P<t>[A-ZÀ-Þ][\w-]+'s \w+(?: \w+)?|(?:My|The|Our) \w+(?: \w+)?)[.!]?$")


def thing_in(sentence: str) -> str:
    """What was moved to another day, or only named; empty when nothing."""
    changed = _CHANGED.match(sentence)
    if changed is not None:
        return f"my {changed['t']}"
    told = _TO_BE_TOLD.match(sentence.strip())
    if told is not None:
        return told["t"] or f"my {told['n']}"
    named = _WHOSE.match(sentence.strip())
    return "" if named is None else named["t"]


def to_be_told(thing: str) -> bool:
    """Whether it is something whose value was announced and comes next."""
    return _TO_BE_TOLD.match(thing) is not None


def is_name(word: str) -> bool:
    """Whether it is written as a name, with a surname or without."""
    return word[:1].isupper() and len(word.split()) < 3  # noqa: PLR2004 - a name and a surname
