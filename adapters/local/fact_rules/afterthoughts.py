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


def without_the_wrong(found: Found) -> Found:
    """Without the "not Klara" of "my sister's name is Clara, not Klara"."""
    text = _NOT_THE_OTHER.sub("", found.text) if found.topic and found.value else found.text
    return found if text == found.text else evolve(found, text=text, is_correction=True)
