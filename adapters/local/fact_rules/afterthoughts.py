"""What a message or a sentence takes back of what it said."""

import math
import re

from attrs import evolve

from adapters.local.fact_rules.found import Found
from adapters.local.fact_rules.passages import Said
from domain.memory.words import mentions, telling_words

_NOT_THE_OTHER = re.compile(r",(?: and)? not (?:[\w'-]+ ?){1,4}(?=[.!…]*$)", re.IGNORECASE)
_OF_A_WISH = re.compile(
    r"\b(?:it|that|this|private|privacy|secret|told you|tell you|ask you|asking|favou?r|memory"
    r"|remember|forget|forgotten|notes|uncomfortable|mention(?:ed)?|bring up|delete|keep)\b",
    re.IGNORECASE,
)


def without_taken_back(told: list[Found]) -> list[Found]:
    """Without what the same message asks to forget."""
    kept: list[Found] = []
    for one in told:
        if one.is_forgetting:
            kept = [other for other in kept if not mentions(other.text, one.value or one.text)]
        kept.append(one)
    return kept


def without_talk_of(what: str, told: list[Found]) -> list[Found]:
    """Of what is said beside a wish to forget something: what tells something else."""
    words = telling_words(what)
    return [
        one for one in told if one.topic and not any(mentions(one.text, word) for word in words)
    ]


def without_talk_of_wishes(
    found: list[list[Found]], said: list[Said]
) -> tuple[list[list[Found]], list[Said]]:
    """Without the sentences around a wish to forget that lead to it or give its reason."""
    found, said = list(found), list(said)
    wishes = [
        (at, one.text) for at, group in enumerate(found) for one in group if one.is_forgetting
    ]
    for at, what in wishes:
        for beside in (at - 1, at + 1, at + 2):
            if not 0 <= beside < len(said) or any(one.is_forgetting for one in found[beside]):
                continue
            if _is_talk_of(what, said[beside].text):
                said[beside] = evolve(said[beside], worth=-math.inf, is_understood=False)
                # What is told anew of the same is meant: "Forget my job. I work at Acme now."
                told = found[beside] if beside > at else without_talk_of(what, found[beside])
                found[beside] = [one for one in told if one.topic]
    return found, said


def _is_talk_of(what: str, text: str) -> bool:
    return _OF_A_WISH.search(text) is not None or any(
        mentions(text, word) for word in telling_words(what)
    )


def told_once(passages: list[Found], facts: list[Found]) -> list[Found]:
    """A passage that begins with an understood sentence goes into that sentence's fact."""
    told = list(facts)
    alone = []
    for passage in passages:
        place = next((at for at, one in enumerate(told) if _begins(passage, one)), None)
        if place is None:
            alone.append(passage)
        else:
            told[place] = evolve(told[place], text=passage.text)
    return alone + told


def _begins(passage: Found, fact: Found) -> bool:
    stands = fact.is_over or fact.is_forgetting or fact.wrong
    return not stands and passage.text.startswith(fact.text.rstrip(" .!…"))


def without_the_wrong(found: Found) -> Found:
    """Without the "not Klara" of "my sister's name is Clara, not Klara"."""
    text = _NOT_THE_OTHER.sub("", found.text) if found.topic and found.value else found.text
    return found if text == found.text else evolve(found, text=text, is_correction=True)
