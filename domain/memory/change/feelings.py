"""A thing liked that was not, or the reverse; a thing that somebody can do by now. English only."""

import re
from functools import lru_cache

from domain.memory.change.by_now import says_by_now
from domain.memory.change.clauses import clauses_of
from domain.memory.change.owners import SOMEBODY, is_same_owner, owner_of
from domain.memory.change.vague_words import SHARED_BY_CHANCE
from domain.memory.words import is_negative, mentions, telling_words

_A_NAME = (
    r"(?!I\b|I'|The\b|My\b|We\b|It\b|He\b|She\b|They\b|Our\b|This\b|That\b|There\b|And\b|But\b|So\b"
    r"|Now\b|In\b|On\b|At\b|From\b|Since\b)[A-ZÀ-Þ][\w-]+"
)
_DOES = (
    r"(?:'s| (?:is|has|was|and|will|would|can|had|does|did|quit|left|got|went|came|became|broke"
    r"|took|made|found|lost|sold|bought|won|stopped|\w+e[ds]|\w+[a-rt-z]s)\b)"
)
_NAME = re.compile(rf"(?<=[\w,;:'] ){_A_NAME}|(?:^|(?<=[.!?…] )){_A_NAME}(?={_DOES})")
"""A capital at the beginning makes a name only of what does something."""
_RELATION = (
    r"(?:he|she|they|hes|shes|his|her|their|mother|mum|mom|father|dad|parents|sister|brother|son"
    r"|daughter|aunt|uncle|cousin|niece|nephew|friend|wife|husband|boyfriend|girlfriend|grandson"
    r"|granddaughter|boy|girls?|neighbou?r|boss|gran(?:ny|dma|dpa)?|grandmother|grandfather|nan"
    r"|mate|flatmate|colleague"
    r"|company)"
)
_SUBJECT = re.compile(
    r"\b(?P<self>(?i:i|i'?m|i'?ve|we|we're|we've|i'll|me|job|home|name))\b"
    rf"|\b(?P<kin>(?i:{_RELATION}))\b"
    rf"|(?P<name>{_NAME.pattern})"
)
_FEELING = re.compile(
    r"\b(?:like|love|hate|enjoy|adore|prefer|can'?t stand|can ?not stand|dislike|fan of|abide"
    r"|detest|favou?rite|come round|came round|grown to|likes|loves|hates|enjoys|drinker|eater"
    r"|lover"
    r"|(?:grown|grew) on|fell in love|fallen in love|warmed|into|bores?|boring|obsessed|person"
    r"|cares? for|disgusts?|makes me (?:sick|ill|happy)|fan"
    r"|believe)\b"
)
_ABLE = re.compile(
    r"\b(?:can|can'?t|cannot|can not|able to|never learn(?:ed|t)|know how|lesson|learn(?:ed|t)?)\b"
)
_AGAINST = re.compile(
    r"\b(?:bore[sd]?|boring|hates|detests?|disgusts?|gone off|went off|makes me (?:sick|ill))\b",
    re.IGNORECASE,
)
_ME = re.compile(r"\bI\b", re.IGNORECASE)
_SHORT = 2


def is_felt_otherwise(old: str, new: str) -> bool:
    """The same thing liked and not liked, or a thing that somebody could not do before."""
    cues = _feelings_in(new)
    if not cues or _is_against(old) == _is_against(new) or _is_of_another(old, new):
        return False
    for cue in cues:
        if not cue.search(old.casefold()):
            continue
        about = (word for word in telling_words(old) - SHARED_BY_CHANCE if len(word) > _SHORT)
        if any(mentions(new, word) for word in about):
            return True
    return False


def _is_against(text: str) -> bool:
    return is_negative(text) or _AGAINST.search(text) is not None


def _is_of_another(old: str, new: str) -> bool:
    """Whether the memory is about somebody of whom the news says nothing."""
    if not any(
        one.owner == SOMEBODY
        or not one.owner
        or _ME.search(one.text)
        or is_same_owner(one.owner, owner_of(old), old)
        for one in clauses_of(new)
    ):
        return owner_of(old) is not None and _NAME.search(new) is None
    first = _SUBJECT.search(old)
    if first is None or first["kin"] is None:
        return False
    left = {one["kin"].casefold() for one in _SUBJECT.finditer(old) if one["kin"]}
    right = {one["kin"].casefold() for one in _SUBJECT.finditer(new) if one["kin"]}
    return left.isdisjoint(right) and set(_NAME.findall(old)).isdisjoint(_NAME.findall(new))


@lru_cache(maxsize=4)
def _feelings_in(new: str) -> tuple[re.Pattern[str], ...]:
    """Whether the text tells of a like or of an ability that is new."""
    lowered = new.casefold()
    if not says_by_now(lowered):
        return ()
    return tuple(cue for cue in (_FEELING, _ABLE) if cue.search(lowered))
