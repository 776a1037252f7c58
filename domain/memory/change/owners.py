"""Whose life a clause speaks of: the person's own, or somebody else's. English only."""

import re

KIN = (
    r"(?:mother|mum|mom|mama|father|dad|daddy|parents?|sister|brother|son|daughter|aunt|auntie"
    r"|uncle|cousin|niece|nephew|friend|mate|bestie|wife|husband|boyfriend|girlfriend|gf|bf|partner"
    r"|fianc[ée]+|grandson|granddaughter|boy|girls?|kids?|neighbou?r|boss|gran|granny|grandma|nan"
    r"|grandad|granddad|grandpa|grandmother|grandfather|flatmate|roommate|housemate|colleague"
    r"|landlord|landlady|ex|sis|bro|mam|in-laws?|coach|teacher|doctor|therapist|manager"
    r"|(?<!the )(?<!a )(?:baby|toddler)|twins?|grandkids?|plumber|nanny|babysitter|bandmate"
    r"|teammate|classmate|co-?worker|pastor|professor|stepson|stepdaughter)s?"
)
_A_NAME = (
    r"(?!I\b|I'|The\b|My\b|We\b|It\b|He\b|She\b|They\b|Our\b|This\b|That\b|There\b|And\b|But\b|So\b"
    r"|Now\b|In\b|On\b|At\b|From\b|Since\b|Turns\b|New\b|Not\b|No\b|Monday|Tuesday|Wednesday"
    r"|Thursday|Friday|Saturday|Sunday|January|February|March|April|May\b|June|July|August"
    r"|September|October|November|December|Christmas|Easter|English|God\b|Home\b|Name\b|Work\b"
    r"|School\b|Company\b)[A-ZÀ-Þ][\w-]+"
)
_KIN = re.compile(KIN)
_VERB = (
    r"(?:'s|s'| and (?:i|me)\b| (?:is|has|was|will|had|did|quit|left|got|went|came|became|broke"
    r"|took|moved|finally|lost|died|passed|sold|stopped|gave|retired|turned|didn't|doesn't|ran"
    r"|works?|runs|owns|lives?|likes?|loves?|hates?|makes?|sleeps?|plays?|and)\b)"
)
_BEFORE_NO_SUBJECT = re.findall(
    r"\S+", "the The a an to in at from of on called named is by with for near like"
)
"""In "the boat is Dolly" she does nothing."""
_NO_PERSON = "(?<!'s )" + "".join(rf"(?<!\b{word} )" for word in _BEFORE_NO_SUBJECT)
_NAMES = re.compile(rf"(?<=[\w,;:'] ){_NO_PERSON}{_A_NAME}|^{_A_NAME}(?={_VERB})")
_SUBJECT = re.compile(
    rf"(?<!with )(?<!to )(?<!by )(?<!from )\b(?P<kin>(?i:(?:my|our|his|her|a|another|the)"
    rf" (?:[\w-]+ ){{0,2}}?{KIN}))\b(?:'s)?"
    r"|\b(?P<self>(?i:i|i'?m|i'?ve|i'?ll|we|we're|we've|we'll|me|us|my|our|mine))\b(?!')"
    r"|\b(?P<third>(?i:he|she|hes|shes|his|her|him|theyre|they're"
    r"|they(?= (?:all |both |still )*(?:live|work|are|own|drive|love|like|hate))))\b"
    r"|\b(?P<kin2>(?i:dad|mum|mom|gran|grandma|grandad|granny|auntie|granddad|grandpa"
    r"|mother|father|grandmother|grandfather))\b"
    rf"|(?P<name>{_NAMES.pattern})"
)
_ALONE = re.compile(r"\b(?:and|&|n) (?:i|me)\b|\b(?:me|i) (?:and|&|n) \w+", re.IGNORECASE)
_TO_ME = re.compile(
    r"(?<!with )(?<!than )\b(?:me|us)\b(?! (?:up|about|that|how|to)\b)|\bmy (?:contract|job|own"
    r"|arm|leg|eyes)\b",
    re.IGNORECASE,
)
SOMEBODY = frozenset({"?"})
"""One of whom only "he" or "she" is said."""


def names_in(text: str) -> frozenset[str]:
    """Words with a capital that are not at the beginning, or do something there."""
    return frozenset(_NAMES.findall(text))


def owner_of(clause: str, before: str = "") -> frozenset[str] | None:
    """Whose: an empty set for the person's own, None where the clause names nobody.

    ``before`` is what was said before, for whom "she" is.
    """
    if _ALONE.search(clause) is not None:
        return frozenset()
    first = _SUBJECT.search(clause)
    if first is None:
        return None
    if first["self"] is not None:
        return frozenset()
    if first["third"] is not None:
        return _somebody_in(before) or SOMEBODY
    if first["name"] is not None:
        return frozenset({first["name"].casefold()})
    after = clause[first.end() :]
    return frozenset() if _TO_ME.search(after) is not None else _kin(first, after)


def _kin(subject: re.Match[str], after: str) -> frozenset[str]:
    """The relation, and the name that follows it."""
    relation = _relation(subject)
    called = re.match(rf",? (?P<name>{_A_NAME})", after)
    return frozenset({relation} if called is None else {relation, called["name"].casefold()})


def _relation(subject: re.Match[str]) -> str:
    return str(subject["kin"] or subject["kin2"]).casefold().split()[-1].removesuffix("s")


def _somebody_in(text: str) -> frozenset[str]:
    """Who was spoken of last."""
    last: frozenset[str] = frozenset()
    for one in _SUBJECT.finditer(text):
        if one["name"] is not None:
            last = frozenset({one["name"].casefold()})
        elif one["kin"] or one["kin2"]:
            last = frozenset({_relation(one)})
    return last


def is_same_owner(new: frozenset[str] | None, old: frozenset[str] | None, text: str) -> bool:
    """Whether news of ``new`` may be about what was told of ``old`` in ``text``."""
    if not new:
        return not old
    if not old:
        return False
    left, right = names_of(new), names_of(old)
    if left and right:
        return not left.isdisjoint(right)
    if not new.isdisjoint(old):
        return True
    words = set(re.findall(r"\w+", text.casefold()))
    return not new.isdisjoint(words)


def is_of_another(news: str, told: str) -> bool:
    """Whether something is told of somebody else than the news are of."""
    whose = owner_of(told)
    return bool(whose) and not is_same_owner(owner_of(news), whose, told)


def names_of(owner: frozenset[str]) -> frozenset[str]:
    """Of what somebody is called the names, without relations."""
    return frozenset(word for word in owner if _KIN.fullmatch(word) is None)
