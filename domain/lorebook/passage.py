"""Texts in which keys are looked for: some last messages, or what other entries say."""

import re
from collections.abc import Callable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from functools import cached_property
from operator import add

from domain.lorebook.keys import LATIN, Key, KeyKind, fold

Search = Callable[[str, str, str], bool | None]
"""Whether a regular expression (pattern, JavaScript's flags) is found in a text; None when it is no
regular expression. It is asked from within a turn, so it bounds its own time: what takes too long
counts as not found."""

_WORD = re.compile(f"[{LATIN}]+")
_IS_LATIN = re.compile(f"[{LATIN}]").match
_WRITTEN_TOGETHER = re.compile(
    # Thai and Lao, Myanmar, Khmer, Chinese and Japanese, Hangul and its parts
    "[\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u2e80-\ud7ff\uf900-\ufaff"
    "\U00020000-\U0003ffff]"
).match
_ENDINGS = ("", "s", "es")
"""What an English noun may have behind it; an apostrophe ends a word anyhow."""


class Passage:
    """What keys are found in. Whatever costs time is done when it is first needed, and once."""

    def __init__(self, texts: Iterable[str], search: Search) -> None:
        self._raw = "\n".join(texts)
        self._search = search
        self._searched: dict[tuple[str, str], bool | None] = {}

    def has(self, key: Key) -> bool | None:
        """Whether the key is there; None for a regular expression that is none."""
        if key.kind is KeyKind.PATTERN:
            asked = key.text, key.flags
            if asked not in self._searched:
                self._searched[asked] = self._search(*asked, self._raw)
            return self._searched[asked]
        text = self._cased if key.cased else self._uncased
        if key.kind is KeyKind.WORD:
            return key.text in (text.words if key.whole else text.stems)
        return key.kind is not KeyKind.TEMPLATE and text.has(key)

    def words_among(self, words: Mapping[str, object]) -> AbstractSet[str]:
        """Which of these words are there, or plurals of them."""
        return words.keys() & self._uncased.stems if words else frozenset()

    def parts_among(self, parts: Mapping[str, object]) -> AbstractSet[str]:
        """Which of these, of one or two characters each, are there."""
        return parts.keys() & self._uncased.pairs if parts else frozenset()

    @cached_property
    def _cased(self) -> "_Text":
        return _Text(fold(self._raw, cased=True))

    @cached_property
    def _uncased(self) -> "_Text":
        return _Text(fold(self._raw, cased=False))


class _Text:
    def __init__(self, text: str) -> None:
        self._text = text

    @cached_property
    def words(self) -> frozenset[str]:
        return frozenset(_WORD.findall(self._text))

    @cached_property
    def stems(self) -> frozenset[str]:
        """The words, and what is left of them without the ending of a plural."""
        plurals = [word for word in self.words if word.endswith("s")]
        return self.words.union(
            (word[:-1] for word in plurals),
            (word[:-2] for word in plurals if word.endswith("es")),
        )

    @cached_property
    def pairs(self) -> frozenset[str]:
        return frozenset(map(add, self._text, self._text[1:])).union(self._text)

    def has(self, key: Key) -> bool:
        if key.head not in (self.words if key.kind is KeyKind.PHRASE else self.pairs):
            return False
        start = self._text.find(key.text)
        while start >= 0:
            if key.whole is False or self._stands_alone(key, start):
                return True
            start = self._text.find(key.text, start + 1)
        return False

    def _stands_alone(self, key: Key, start: int) -> bool:
        is_letter = _is_letter if key.whole else _IS_LATIN
        end = start + len(key.text)
        if start and is_letter(key.text[0]) and is_letter(self._text[start - 1]):
            return False
        if not is_letter(key.text[-1]):
            return True
        ends = (
            end + len(ending)
            for ending in (_ENDINGS[:1] if key.whole else _ENDINGS)
            if self._text.startswith(ending, end)
        )
        return any(one == len(self._text) or not is_letter(self._text[one]) for one in ends)


def _is_letter(character: str) -> bool:
    """Whether it makes one word with what stands beside it, in the scripts that part words."""
    return character.isalnum() and not _WRITTEN_TOGETHER(character)
