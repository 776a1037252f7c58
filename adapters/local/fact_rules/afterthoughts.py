"""What a message or a sentence takes back of what it said."""

import re

from attrs import evolve

from adapters.local.fact_rules.found import Found
from domain.memory.words import mentions

_NOT_THE_OTHER = re.compile(r",(?: and)? not (?:[\w'-]+ ?){1,4}(?=[.!…]*$)", re.IGNORECASE)


def without_taken_back(told: list[Found]) -> list[Found]:
    """Without what the same message asks to forget."""
    kept: list[Found] = []
    for one in told:
        if one.is_forgetting:
            kept = [other for other in kept if not mentions(other.text, one.value or one.text)]
        kept.append(one)
    return kept


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
