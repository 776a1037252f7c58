"""What of a memory goes on when some of it has ended."""

import re

from domain.memory.change.clauses import clauses_of, sentences_in
from domain.memory.change.judging import is_changed_by
from domain.memory.change.owners import SOMEBODY, owner_of
from domain.memory.words import telling_words

_LEANS = re.compile(
    r"(?:he|she|it|they|his|her|its|their|that|this|there|which|never|also|only|but|and|so)\b",
    re.IGNORECASE,
)
_FEW_WORDS = 3


def still_so(old: str, new: str) -> str:
    """What of an ended memory of several sentences goes on; empty when nothing does.

    Nothing that leans on what has ended: "Never learned", "It has a balcony".
    """
    going_on: list[str] = []
    has_ended = False
    for sentence in sentences_in(old):
        one = sentence.strip()
        if is_changed_by(one, None, new):
            has_ended = True
            going_on += _rest_of(one, new)
        elif not has_ended or not _leans(one):
            going_on.append(one)
    if not has_ended or not any(map(telling_words, going_on)):
        return ""
    return " ".join(going_on)


def _rest_of(sentence: str, new: str) -> list[str]:
    """Clauses of an ended sentence that stand by themselves and have not ended."""
    clauses = [one.text for one in clauses_of(sentence)]
    kept = [
        one
        for one in clauses
        if len(one.split()) >= _FEW_WORDS
        and owner_of(one) == frozenset()
        and not is_changed_by(one, None, new)
    ]
    return [] if len(kept) == len(clauses) else [f"{one[0].upper()}{one[1:]}." for one in kept]


def _leans(sentence: str) -> bool:
    """Whether it says little without what was said before it."""
    return _LEANS.match(sentence) is not None or owner_of(sentence) in {None, SOMEBODY}
