"""Sentences that no table understands, kept together where they belong together.

Somebody who writes "Pixel. My neighbour's cat. She's blind." tells one thing in three sentences.
"""

import math
import re
from collections.abc import Sequence

from attrs import evolve, frozen

from adapters.local.fact_rules.found import Found
from adapters.local.fact_rules.lasting import ENOUGH, worth
from adapters.local.fact_rules.sentences import clause_of, tidy
from domain.memory.facts import FactKind
from domain.memory.telling import may_tell_something

_WEIGHTY = 2.0
_MAY_GO_ALONG = -1.5
"""Of ``lasting.worth``: what makes a passage, what makes it weigh more, what may be part of it."""
_LONGEST = 240
_FEW_WORDS = 4
_STRONG = 3
_OF_ANYTHING = frozenset({FactKind.OTHER, FactKind.PERSON})
_LEANS = re.compile(
    r"(?:he|she|it|they|his|her|its|their|him|them|that|this|those|these|there|hes|shes|its|thats"
    r"|theyre|which|who|and|but|because|cause|so|like|also|been|always|never|just|not|had|has)\b",
    re.IGNORECASE,
)


@frozen
class Said:
    """A sentence as it may be kept.

    ``worth`` is minus infinity for what must not be kept: a question, a command, a fancy.
    ``is_understood`` sentences have facts of their own, and only help to understand what follows.
    """

    text: str
    worth: float
    is_understood: bool = False

    @property
    def leans(self) -> bool:
        """Whether it says little without the sentence before."""
        return _LEANS.match(self.text) is not None or len(self.text.split()) <= _FEW_WORDS


def is_rest(found: Found) -> bool:
    """Whether no table understood it: then whole sentences are better kept than clauses."""
    marked = found.topic or found.is_over or found.is_forgetting or found.wrong
    return not marked and found.importance < _STRONG and found.kind in _OF_ANYTHING


def worth_keeping(found: list[Found]) -> list[Found]:
    """What was understood, and what else of the sentence looks lasting.

    Nothing where no part was understood: the sentence goes into a passage as a whole.
    """
    if all(map(is_rest, found)):
        return []
    return [one for one in found if not is_rest(one) or worth(clause_of(one.text).plain) >= ENOUGH]


def as_understood(said: Said, understood: list[Found]) -> Said:
    """As understood, where it was; a wish to forget is nothing to keep."""
    if any(one.is_forgetting for one in understood):
        return evolve(said, worth=-math.inf)
    return evolve(said, is_understood=bool(understood))


def passages_of(said: Sequence[Said]) -> list[Found]:
    """What is to be kept of a message's sentences."""
    found: list[Found] = []
    run: list[Said] = []
    for one in said:
        goes_on = one.worth >= _MAY_GO_ALONG or (one.worth > -math.inf and one.leans)
        size = sum(len(other.text) + 1 for other in run)
        if one.is_understood or not goes_on or size + len(one.text) > _LONGEST:
            found += _kept(run)
            run = []
        if goes_on or one.is_understood:
            run.append(one)
    return found + _kept(run)


def _kept(run: list[Said]) -> list[Found]:
    run = list(run)
    if len(run) > 1 and run[0].is_understood and not run[1].leans:
        del run[0]
    while run and run[-1].worth < _MAY_GO_ALONG:
        del run[-1]
    while run and not run[0].is_understood and not may_tell_something(run[0].text):
        del run[0]
    own = [one.worth for one in run if not one.is_understood]
    if not own or max(own) < ENOUGH:
        return []
    text = " ".join(tidy(one.text) for one in run)
    return [Found(text, FactKind.OTHER, 2 if max(own) >= _WEIGHTY else 1)]
