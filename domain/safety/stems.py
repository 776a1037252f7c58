"""The words that make a sentence worth a closer look."""

import re
from collections.abc import Iterable, Mapping
from itertools import pairwise

from attrs import frozen

from domain.safety.normalise import dense, is_dense
from domain.safety.patterns import KEY_LENGTH, Pattern

_NEVER = re.compile(r"(?!)")


@frozen
class Stems:
    """A set of words, beginnings of words and phrases, looked for in a few microseconds."""

    _words: frozenset[str]
    _beginnings: Mapping[str, tuple[str, ...]]
    """By the first letters that a word is looked up by."""
    _pairs: frozenset[str]
    """The first two words of each phrase: without one of these there is none."""
    _phrases: re.Pattern[str]
    _dense: re.Pattern[str]

    @classmethod
    def of(cls, spaced: Iterable[Pattern], in_dense: Iterable[Pattern] = ()) -> "Stems":
        """Without one of these in a text, none of the patterns is found in it."""
        stems = {stem for pattern in spaced for stem in pattern.stems}
        beginnings: dict[str, tuple[str, ...]] = {}
        for stem in sorted(stems):
            if stem.endswith("*"):
                key = stem[:KEY_LENGTH]
                beginnings[key] = (*beginnings.get(key, ()), stem[:-1])
        phrases = {stem for stem in stems if " " in stem}
        return cls(
            frozenset(stem for stem in stems - phrases if not stem.endswith("*")),
            beginnings,
            frozenset(" ".join(phrase.split()[:2]) for phrase in phrases),
            _any_of(f" {phrase} " for phrase in phrases),
            _any_of(stem for pattern in in_dense for stem in pattern.stems),
        )

    def are_in(self, view: str) -> bool:
        """Whether one of them is in this view of a text."""
        words = view.split()
        if not self._words.isdisjoint(words):
            return True
        beginnings = self._beginnings
        for word in words:  # asked for each piece of a reply: half the time of any()
            begun = beginnings.get(word[:KEY_LENGTH])
            if begun is not None and word.startswith(begun):
                return True
        return (
            not self._pairs.isdisjoint(map(" ".join, pairwise(words)))
            and self._phrases.search(view) is not None
        ) or (is_dense(view) and self._dense.search(dense(view)) is not None)


def _any_of(texts: Iterable[str]) -> re.Pattern[str]:
    found = sorted(set(texts))
    return re.compile("|".join(map(re.escape, found))) if found else _NEVER
