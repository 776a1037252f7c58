"""What a memory says that a new one says otherwise, where neither has a topic.

News of an aspect of a life (``domain.memory.aspects``) ends what was told of it before, of the
same person; so do another date, a call-off or an opposite feeling, of the same thing. English only:
where a text is not understood, nothing ends.
"""

import re
from collections.abc import Iterator

from domain.memory.aspects import ASPECTS, Aspect
from domain.memory.losses import DIED, GIVEN_UP, NEW_ONE, is_given_up, is_gone
from domain.memory.words import is_negative, mentions, telling_words

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_DATE = re.compile(
    rf"\b(?:the )?\d{{1,2}}(?:st|nd|rd|th)?(?: of)? {_MONTH}\b|\b{_MONTH} (?:the )?\d{{1,2}}(?:st"
    rf"|nd"
    r"|rd|th)?\b|\b(?:the )?\d{1,2}(?:st|nd|rd|th)\b(?! (?:birthday|anniversary|floor|grade))"
    rf"|\b(?:in|until|till|to|for) {_MONTH}\b",
    re.IGNORECASE,
)
_BEFORE_A_DATE = re.compile(r",? (?:on|at|in|for|until|till|to)? ?$", re.IGNORECASE)
_OCCASION = re.compile(
    r"\b(exam|test|wedding|trip|cruise|flight|fly|holiday|vacation|appointment|interview|operation"
    r"|surgery|concert|party|deadline|funeral|race|marathon|meeting|course|festival|match|move"
    r"|moving|visit|hearing|audition|show|exhibition|game|reunion|christening|tour|check-?up|scan"
    r"|lesson|plane|delivery|opening|recital|tournament|graduation|ceremony|retreat|lunch|dinner"
    r"|performance|viva|defence|talk|fair|fete|fête|crossing|journey|picnic|play|internship)s?\b"
)
_MOVED = re.compile(
    r"\b(?:now|moved|changed|change|instead|put off|put back|postponed|brought forward|pushed"
    r"|delayed"
    r"|rescheduled|earlier|later|no longer|after all|not the|not on|rather than|actually"
    r"|switched)\b"
)
_NOT_THEN = re.compile(r"\b(?:not|instead of|rather than|from) (?:on |at |in )?(?:the )?\w* ?\d")
_OVER = re.compile(
    r"\b(?:passed|failed|is over|was cancelled|cancel\w*|called off|is off|are off|not going"
    r"|fell through|came to nothing|abandoned|went (?:well|badly|fine|wonderfully|all right)"
    r"|not happening|survived|behind me|finished|done with|resat|dropped out)\b"
)
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
_SHORT = 2
_UNSAID = frozenset(
    """
    like love hate enjoy adore prefer stand dislike fan can cannot able learned learnt lesson
    lessons ever really just thing
    never always again finally admit new day days time thing things one way bit lot good bad
    years year week month today now people know think want going take took give gave
    """.split()  # noqa: SIM905 - read best as a text
)


def is_changed_by(old: str, topic: str | None, new: str) -> bool:
    """Whether the memory ``old`` of this topic is no longer so, now that ``new`` is told."""
    return (
        _by_aspect(old, topic, new)
        or is_new_date_of(old, new)
        or _is_behind(old, new)
        or (
            not _is_of_another(old, new) and (_is_felt_otherwise(old, new) or is_given_up(old, new))
        )
        or is_gone(old, new)
    )


def still_so(old: str, new: str) -> str:
    """What of an ended memory of several sentences goes on; empty when nothing does.

    Nothing that leans on what has ended: "Never learned", "It has a balcony".
    """
    sentences = [one.strip() for one in _SENTENCE_WITH_END.findall(old)]
    going_on = [one for one in sentences if not is_changed_by(one, None, new)]
    if len(going_on) == len(sentences) or not any(map(telling_words, going_on)):
        return ""
    while going_on and _LEANS.match(going_on[0]) is not None:
        del going_on[0]
    return " ".join(going_on)


def may_change_something(new: str) -> bool:
    """Whether it may be news of anything."""
    lowered = new.casefold()
    cues = (
        _MOVED,
        _OVER,
        _NOW,
        GIVEN_UP,
        _NOT_THEN,
        DIED,
        NEW_ONE,
        *(aspect.news for aspect in ASPECTS),
    )
    return any(cue.search(lowered) for cue in cues)


def topics_in_news(new: str) -> Iterator[str]:
    """Topics whose memories may be over with this."""
    lowered = new.casefold()
    for aspect in ASPECTS:
        if aspect.news.search(lowered):
            yield from sorted(aspect.topics)


def besides_date(old: str, new: str) -> str:
    """What else was told of something whose date has changed; empty when nothing."""
    match = _DATE.search(old)
    if match is None or _DATE.search(new) is None or "(20" in old:
        return ""
    head = _BEFORE_A_DATE.sub("", old[: match.start()])
    rest = f"{head}{old[match.end() :]}".strip(" ,")
    own = {word for word in telling_words(rest) if not _OCCASION.fullmatch(word)}
    return rest if any(not mentions(new, word) for word in own) and not _DATE.search(rest) else ""


def is_new_date_of(old: str, new: str) -> bool:
    """Whether both tell when the same thing is, and the new one says that this has changed."""
    before, after = _dates(old), _dates(new)
    if not before or not after or after <= before:
        return False
    if _NOT_THEN.search(new) and _days(before) & _days(after) and _days(after) - _days(before):
        return True  # "not on the 4th but on the 7th" says itself what it is about
    return _MOVED.search(new.casefold()) is not None and _is_same_occasion(old, new)


def _dates(text: str) -> set[str]:
    return {
        " ".join(sorted(re.findall(r"\d+|[a-z]{3}", one.casefold()))) for one in _DATE.findall(text)
    }


def _days(dates: set[str]) -> set[str]:
    return {part for date in dates for part in date.split() if part.isdigit()}


def _is_same_occasion(old: str, new: str) -> bool:
    shared = set(_OCCASION.findall(old.casefold())) & set(_OCCASION.findall(new.casefold()))
    if not shared:
        return False
    left, right = set(_NAME.findall(old)), set(_NAME.findall(new))
    left = {one for one in left if not _DATE.search(f"{one} 1")}
    right = {one for one in right if not _DATE.search(f"{one} 1")}
    return not left or not right or bool(left & right) or len(shared) > 1


def _is_behind(old: str, new: str) -> bool:
    """An exam that was passed, a trip that was called off."""
    lowered = new.casefold()
    return (
        _OVER.search(lowered) is not None
        and bool(_dates(old))
        and not _dates(new)
        and _is_same_occasion(old, new)
    )


def _by_aspect(old: str, topic: str | None, new: str) -> bool:
    for aspect in ASPECTS:
        for sentence in _SENTENCE.findall(new):
            news = aspect.news.search(sentence.casefold())
            if news is not None and _is_of(aspect, old, topic, _whose(new, sentence, news)):
                return True
    return False


def _is_of(aspect: Aspect, old: str, topic: str | None, whose: frozenset[str]) -> bool:
    """Whether the memory tells this aspect of these; of the person themselves, if of nobody."""
    if (topic or "") in aspect.topics:
        return not whose
    if topic is not None and topic.startswith(_OF_THEIR_OWN):
        return False
    for sentence in _SENTENCE.findall(old):
        told = aspect.told.search(sentence.casefold())
        if told is not None:
            before = _whose(old, sentence, told)
            if before == whose or (before and any(mentions(old, name) for name in whose)):
                return True
    return False


def _whose(text: str, sentence: str, match: re.Match[str]) -> frozenset[str]:
    """Of whom a sentence speaks where it matches; empty for the person who says it."""
    if _ME.search(match[0]) is not None:
        return frozenset()
    subject = None
    for one in _SUBJECT.finditer(sentence[: match.end()]):
        if subject is None or one.start() <= match.start():
            subject = one
    if subject is None or subject["self"] is not None:
        return frozenset()
    if subject["name"] is not None:
        return frozenset({subject["name"]})
    names = frozenset(_NAME.findall(text))
    return names or frozenset({subject["kin"].casefold()})


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
    for cue in (_FEELING, _ABLE):
        if not (cue.search(old.casefold()) and cue.search(new.casefold())):
            continue
        if _NOW.search(new.casefold()) is None or is_negative(old) == is_negative(new):
            continue
        about = (word for word in telling_words(old) - _UNSAID if len(word) > _SHORT)
        if any(mentions(new, word) for word in about):
            return True
    return False
