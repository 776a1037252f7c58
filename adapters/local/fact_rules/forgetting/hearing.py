"""Whether a sentence is a wish to forget, and of what."""

import re

from attrs import frozen

from adapters.local.fact_rules.forgetting import other_languages, stated, unmeant
from adapters.local.fact_rules.forgetting.matters import (
    Beside,
    is_named_alone,
    is_told_matter,
    matter_beside,
    object_in,
    tells_of_telling,
    topic_of,
)
from adapters.local.fact_rules.forgetting.objects import Object
from adapters.local.fact_rules.forgetting.requests import REQUEST, YOURS
from adapters.local.fact_rules.forgetting.vocabulary import AWAY, FORGETTING, SPOKEN, any_of
from adapters.local.fact_rules.forgetting.ways import Needs, Way, ways_in
from adapters.local.fact_rules.sentences import plain

_OF_A_MEMORY = re.compile(
    rf"\b(?:off|out of|from|in|on|out from) (?:of )?{YOURS}\b"
    r"|\b(?:out of|from|in|inside|(?<!up )with|within) you\b"
    r"(?! (?:had|have|were|could|would|will|can))"
    r"|\b(?:from|out of|off) (?:wherever|everywhere|anywhere) you\b|\boff the record\b"
    r"|\bfrom the record\b|\bslip (?:your|ur) mind\b",
    re.IGNORECASE,
)
_SPOKEN_IT = re.compile(
    rf" ?(?:ever )?{any_of(SPOKEN)} (?:to you )?(?:(?:it|that|this|so|anything"
    rf"|a word)\b ?)?(?:up ?)?",
    re.IGNORECASE,
)
_ASKED = re.compile(REQUEST)
_FORGETS = re.compile(rf"\b{any_of(FORGETTING)}\b")
_LIGHT = re.compile(
    r"\b(?:drop|skip|leave) (?:it|this|that|them|him|her)\b(?!.*\bbehind)"
    r"|\blet \w+ (?:go|rest|lie|be|drop)\b"
)
"""What is said of a subject as well, to speak of another."""
# "Drop the gym thing" ends the talk of it; "let's forget the exam" is for both, and for now.
_DROPPED = re.compile(r"\b(?:drop|skip)\b|\blet\b.*\b(?:go|rest|drop)$")
_FOR_GOOD = re.compile(r"\b(?:for (?:good|ever)|forever|once and for all)\b")
_DROPPED_TOGETHER = re.compile(
    r"(?:\W|\w+ )*?(?:let us|(?:can|could|may|might) we)\b"
    r"(?! (?:(?:just|please) )?(?:pretend|act|make|agree|say|decide)\b)"
)
_GONE = re.compile(any_of(AWAY))
_HESITATION = re.compile(r",? (?:ahem|um|uh|er|erm|hm+|eh),? ", re.IGNORECASE)
_NAME = re.compile(
    r"(?!\w+day$|(?:January|February|March|April|June|July|August|September|October"
    r"|November|December|Christmas|Easter)$)[A-Z][\w'-]+(?: [A-Z][\w'-]+)?"
)
_FEW_WORDS = 8
_NEAR = 60
"""Characters of a sentence within which a "please" is of the same request."""


@frozen
class Topic:
    """What stands before the verb, if anything, and whether it is to be out of a memory."""

    what: str
    is_told: bool
    is_away: bool


def wish_in(sentence: str, before: str = "", after: str = "") -> str:
    """What a sentence asks to forget, in the person's words; empty where it asks nothing.

    ``before`` and ``after`` are the sentences beside it, ``before`` be it of an earlier message.
    """
    said = _HESITATION.sub(" ", plain(sentence))
    lowered = said.lower()
    if len(lowered) != len(said):
        said = lowered  # "İ" becomes two characters: then places in both would not be the same
    if unmeant.is_never_meant(lowered):
        return ""
    if stated_matter := stated.matter_in(said):
        return stated_matter
    beside = Beside(plain(before), plain(after))
    for way in ways_in(lowered):
        for match in way.pattern.finditer(lowered):
            what = _meant(way, match, said, beside)
            if what:
                return what
    return other_languages.heard_in(said, beside) if other_languages.may_be(lowered) else ""


def _meant(way: Way, match: re.Match[str], said: str, beside: Beside) -> str:
    head, asking = said[: match.start()], match.string[match.start() :]
    if unmeant.is_of_others(head.lower(), asking) or unmeant.is_for_now(asking):
        return ""
    rest = _without_speaking(said[slice(*match.span("x"))])
    where = f"{match[0]}{said[match.end() : match.end() + 30]}"
    is_away = _is_of_a_memory(where, beside)
    topic, is_topic_told = topic_of(head)
    named = object_in(rest) if way.has_object and rest.strip() else Object(is_pronoun=True)
    if named.what and (is_away or _may_name(way, match, rest)):
        return named.what
    if not named.is_pronoun and not (is_topic_told if named.what else topic):
        return ""
    if tells_of_telling(named.after):
        after = object_in(named.after)
        if after.what:
            return after.what
    return _meant_by_it(way, match, Topic(topic, is_topic_told, is_away), head, beside)


def _may_name(way: Way, match: re.Match[str], rest: str) -> bool:
    """Whether an object may be what is to be forgotten."""
    lowered = rest.lower()
    if unmeant.is_of_somebody_here(lowered):
        return False
    told = tells_of_telling(re.split("[,;:]", lowered)[0])
    if not told and (
        unmeant.goes_on(lowered)
        or unmeant.is_of_a_text(lowered)
        or _DROPPED_TOGETHER.match(match[0]) is not None
        or (_DROPPED.search(match[0]) is not None and _FOR_GOOD.search(match.string) is None)
    ):
        return False
    forgets = _FORGETS.search(match[0]) is not None
    if not forgets and unmeant.goes_elsewhere(match.string[match.start("x") :]):
        return False
    bare = re.sub(r"^\W*(?:(?:all|please|now|about) )*", "", lowered)
    if told or is_told_matter(bare):
        return True
    if way.needs is Needs.NAME:
        return _NAME.fullmatch(rest.strip()) is not None
    return way.needs is Needs.NOTHING and not unmeant.is_of_things(lowered)


def _meant_by_it(way: Way, match: re.Match[str], topic: Topic, head: str, beside: Beside) -> str:
    """What "it" is, or what is meant where nothing stands."""
    before = beside.before
    is_idiom = unmeant.is_said_lightly(match.string)
    if is_idiom and not (tells_of_telling(before) or is_named_alone(before)):
        return ""
    must_be_told = way.needs is Needs.TOLD and not topic.is_away
    if topic.what and (topic.is_told or not must_be_told):
        return topic.what
    if must_be_told and not tells_of_telling(before):
        return ""
    following = match.string[match.start() :]
    if _LIGHT.search(match[0]) is not None and not topic.is_away and not _GONE.search(following):
        return ""
    is_asked = _ASKED.search(following[:_NEAR]) is not None
    is_sure = (
        way.needs is Needs.NOTHING or topic.is_away or (is_asked and way.needs is Needs.MATTER)
    )
    return matter_beside(head, beside, is_sure=is_sure)


def _is_of_a_memory(where: str, beside: Beside) -> bool:
    """Whether it says that it shall be out of the companion, be it in the next few words."""
    after = beside.after if len(beside.after.split()) <= _FEW_WORDS else ""
    return _OF_A_MEMORY.search(where) is not None or _OF_A_MEMORY.match(after) is not None


def _without_speaking(rest: str) -> str:
    """Without the "brought it up" of "pretend I never brought it up"."""
    spoken = _SPOKEN_IT.match(rest)
    if spoken is None or re.match(r" ?(?:you )?(?:about|of)\b", rest[spoken.end() :]):
        return rest
    return rest[spoken.end() :] or "it"
