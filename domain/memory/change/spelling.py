"""A name that was understood, but written otherwise: "it's spelled Catherine". English only."""

import re
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher

from attrs import evolve

from domain.memory.facts import Fact

_RIGHT = re.compile(
    r"\b(?i:it|my name|that|name)(?i:'s| is) (?i:actually |really )?(?:(?i:spelled|spelt|written)"
    r" (?i:as |like )?(?P<x>[A-ZÀ-Þ][\w-]+)|(?P<y>[A-ZÀ-Þ][\w-]+),? (?i:with|without)"
    r" (?i:an?|one|two|no|double|the|just one|a single) [\"']?\w{1,2}\b)"
)
_A_NAME = re.compile(r"\b[A-ZÀ-Þ][\w-]+")
_ALIKE = 0.65
"""Katherine and Catherine are; Anna and Hannah, too; Max and Mary are not."""


def respelt(text: str) -> str:
    """The name whose spelling the text gives; empty where it gives none."""
    match = _RIGHT.search(text.replace("’", "'"))
    return "" if match is None else match["x"] or match["y"]


def misspelt(right: str, texts: Iterable[str]) -> str:
    """The name in the texts that is most like the right one and not the same; empty for none."""
    names = {name for text in texts for name in _A_NAME.findall(text) if name != right}
    alike = [(_alike(name, right), name) for name in sorted(names)]
    best, name = max(alike, default=(0.0, ""))
    return name if best >= _ALIKE else ""


def with_the_wrong(fact: Fact, texts: Sequence[str]) -> Fact:
    """The fact with the name that it spells rightly, as it is written in the texts so far."""
    right = respelt(fact.text)
    wrong = misspelt(right, texts) if right else ""
    return evolve(fact, value=right, wrong=wrong) if wrong else fact


def _alike(one: str, other: str) -> float:
    return SequenceMatcher(None, one.casefold(), other.casefold()).ratio()
