"""The small language that rules are written in, and what it becomes: a regular expression.

==============  ==========================================================================
``want to die`` these words, one after the other
``suicid*``     a word that begins so
``(a|b c)``     one of these; a group in braces, ``{want}``, stands for its alternatives
``so?``         may be left out; also ``(very much)?`` and ``{want}?``
``~3``          up to three words in between, none of them a negation
``~~3``         up to three words in between, whichever
``!(a|b)``      what comes next is none of these
``_``           any one word
``^``, ``$``    the sentence begins or ends here
``don't``       also found as ``dont`` and ``don t``
==============  ==========================================================================

In the dense scripts (Chinese, Japanese, Korean) spaces mean nothing, ``~3`` counts characters, a
``?`` belongs to one letter or one bracket, and ``*`` has no use. All gaps are bounded, so a
pattern takes time linear in the text.
"""

import re
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from functools import cache
from itertools import pairwise

from attrs import field, frozen

from domain.safety.normalise import plain

KEY_LENGTH = 4
"""Words are looked up by so many first letters; dense text by two characters."""

_TOKEN = re.compile(r"\s*(~~?\d+|\{[\w-]+\}|[()|?^$!]|[^\s()|?^${}~!]+)")
_LAST_LETTER = re.compile(r"([^\s()|?^${}~])\?")
_MOST_GAP = 20
_UNGUARANTEED = frozenset[str]()
_COST_OF_COMMON = 1000
_COST_OF_PHRASE = 20
_MOST_OF_PHRASE = 5  # words: of longer ones all but the last are enough to notice them
_MOST_OF_PARTICLE = 3  # letters: ordinary words as short as these are in every sentence


@frozen(eq=False)
class Pattern:
    """One expression over a sentence of the view, and what a sentence must have for it."""

    source: str
    keys: frozenset[str]
    """No match without one of these among the keys of the sentence."""
    needs: tuple[frozenset[str], ...]
    """No match without one of each of these among them, either."""
    stems: frozenset[str]
    """No match without one of these words, beginnings (``suicid*``) or phrases, closer than keys.

    None of them is an ordinary word by itself: a phrase is that of which each word is one. A
    long one stands here without its last word, so that it is noticed before it is complete.
    """

    @property
    def expression(self) -> re.Pattern[str]:
        """The regular expression; made when first asked for, as most patterns rarely are."""
        return _expression(self.source)

    def may_be_in(self, keys: AbstractSet[str]) -> bool:
        """Whether a text with these keys has all that a match needs; quick, and mostly no."""
        for need in self.needs:  # noqa: SIM110 - twice as quick as any(), and asked all the time
            if need.isdisjoint(keys):
                return False
        return True


@cache
def _expression(source: str) -> re.Pattern[str]:
    return re.compile(source)


@frozen
class Dialect:
    """How one file of rules writes: its groups, what it negates with, and its ordinary words."""

    groups: Mapping[str, str]
    negations: frozenset[str] = frozenset()
    common: frozenset[str] = frozenset()
    """Too ordinary to be what a pattern is looked up by."""
    is_dense: bool = False
    umlauts: bool = False
    """Whether ä is also written ae, and so on."""
    words: dict[str, "_Piece"] = field(factory=dict, repr=False, eq=False)
    """Words that have been read before; shared by the files of a language."""
    read: dict[str, "_Piece"] = field(factory=dict, init=False, repr=False, eq=False)
    """Groups that have been read before: most stand in many patterns."""


@frozen
class _Piece:
    """A part of a pattern; no keys mean that it promises nothing of a match."""

    source: str
    keys: frozenset[str] = _UNGUARANTEED
    stems: frozenset[str] = _UNGUARANTEED
    needs: tuple[frozenset[str], ...] = ()


def keys_of_words(view: str) -> set[str]:
    """The keys of a text in a script with spaces."""
    return {word[:KEY_LENGTH] for word in view.split()}


def keys_of_dense(text: str) -> set[str]:
    """The keys of a text without spaces: each character, and each pair of neighbours."""
    return {*text, *map("".join, pairwise(text))}


def compiled(pattern: str, dialect: Dialect) -> Pattern:
    """The pattern, ready; raises ``ValueError`` for one that cannot be read."""
    reader = _Reader(pattern, dialect)
    piece = reader.whole()
    if not piece.keys:
        raise ValueError(f"pattern {pattern!r}: no word of it must be there")
    end = "" if dialect.is_dense else "(?= )"
    needs = tuple(sorted(piece.needs, key=len))
    return Pattern(piece.source + end, piece.keys, needs, piece.stems)


class _Reader:
    """Reads one pattern from left to right."""

    def __init__(self, pattern: str, dialect: Dialect, depth: int = 0) -> None:
        self._pattern = pattern
        self._dialect = dialect
        self._depth = depth
        if dialect.is_dense:
            pattern = _LAST_LETTER.sub(r" (\1)? ", pattern)
        self._tokens = _TOKEN.findall(pattern)
        self._at = 0
        if _TOKEN.sub("", pattern).strip():
            raise ValueError(f"pattern {pattern!r}: cannot read {_TOKEN.sub('', pattern)!r}")

    def whole(self) -> _Piece:
        piece = self._alternatives()
        if self._peek() is not None:
            raise ValueError(f"pattern {self._pattern!r}: a ) too many")
        return piece

    def _peek(self) -> str | None:
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def _alternatives(self) -> _Piece:
        found = [self._sequence()]
        while self._peek() == "|":
            self._at += 1
            found.append(self._sequence())
        return _either(found)

    def _sequence(self) -> _Piece:
        pieces: list[_Piece] = []
        while (mark := self._peek()) not in (None, "|", ")"):
            self._at += 1
            piece = self._piece(str(mark))
            if self._peek() == "?":
                self._at += 1
                piece = _Piece(f"(?:{piece.source})?")
            pieces.append(piece)
        if not pieces:
            raise ValueError(f"pattern {self._pattern!r}: an alternative is empty")
        if len(pieces) == 1 and pieces[0].source.count(" ") < 2:  # noqa: PLR2004 - no phrase
            return pieces[0]
        source = "".join(piece.source for piece in pieces)
        promising = [piece for piece in pieces if piece.keys]
        if not promising:
            return _Piece(source)
        best = min(promising, key=lambda piece: self._cost(piece.stems))
        needs = tuple(dict.fromkeys(need for piece in promising for need in piece.needs))
        return _Piece(source, best.keys, self._phrase(pieces) or best.stems, needs)

    def _phrase(self, pieces: list[_Piece]) -> frozenset[str]:
        """The stem of plain words in a row that are all ordinary, if this is such a row."""
        words = "".join(piece.source for piece in pieces).split()
        if self._dialect.is_dense or not set(words) <= self._dialect.common:
            return _UNGUARANTEED
        return frozenset([" ".join(words if len(words) <= _MOST_OF_PHRASE else words[:-1])])

    def _piece(self, mark: str) -> _Piece:
        if mark == "(":
            piece = self._alternatives()
            if self._peek() != ")":
                raise ValueError(f"pattern {self._pattern!r}: a ( is never closed")
            self._at += 1
            return piece
        if mark == "?":
            raise ValueError(f"pattern {self._pattern!r}: a ? after nothing")
        if mark == "!":
            return self._none_of()
        if mark == "_":
            return _Piece("[^.]" if self._dialect.is_dense else " [^ ]+")
        if mark in "^$":
            return _Piece(r"(?:\A|(?<= \.))" if mark == "^" else r"(?= ?(?:\Z|\.))")
        if mark[0] == "~":
            return self._gap(int(mark.strip("~")), takes_any=mark[1] == "~")
        known = self._dialect.read if mark[0] == "{" else self._dialect.words
        if mark not in known:
            known[mark] = self._group(mark[1:-1]) if mark[0] == "{" else self._word(mark)
        return known[mark]

    def _none_of(self) -> _Piece:
        mark = self._peek()
        if mark is None or mark in "|)?^$!" or mark[0] == "~":
            raise ValueError(f"pattern {self._pattern!r}: a ! before nothing")
        self._at += 1
        end = "" if self._dialect.is_dense else "(?= )"
        return _Piece(f"(?!{self._piece(mark).source}{end})")

    def _group(self, name: str) -> _Piece:
        if name not in self._dialect.groups:
            raise ValueError(f"pattern {self._pattern!r}: no group {name!r}")
        if self._depth > 8:  # noqa: PLR2004 - deeper than anybody nests, shallower than a circle
            raise ValueError(f"group {name!r} contains itself")
        inner = _Reader(self._dialect.groups[name], self._dialect, self._depth + 1)
        return inner.whole()

    def _gap(self, most: int, *, takes_any: bool) -> _Piece:
        if not 0 < most <= _MOST_GAP:
            raise ValueError(f"pattern {self._pattern!r}: a gap is 1 to {_MOST_GAP} wide")
        if self._dialect.is_dense:
            return _Piece(f"[^.]{{0,{most}}}?")
        barred = "" if takes_any else "|".join(sorted(self._dialect.negations))
        barrier = f"(?!(?:{barred}) )" if barred else ""
        return _Piece(f"(?: {barrier}[^ ]+){{0,{most}}}?")

    def _word(self, mark: str) -> _Piece:
        return _either([self._one_word(spelt) for spelt in self._spellings(mark)])

    def _spellings(self, mark: str) -> Iterable[str]:
        spellings = [mark]
        if "'" in mark:
            spellings.append(mark.replace("'", " "))
        if self._dialect.umlauts and set(mark) & set("äöü"):
            long = mark.replace("ä", "ae").replace("ö", "oe").replace("ü", "ue")
            spellings.append(long)
        return spellings

    def _one_word(self, mark: str) -> _Piece:
        is_prefix = mark.endswith("*")
        words = plain(mark.removesuffix("*")).strip()
        if not words or "." in words:
            raise ValueError(f"pattern {self._pattern!r}: nothing is left of {mark!r}")
        if self._dialect.is_dense:
            pairs = {words[at : at + 2] for at in range(max(1, len(words) - 1))}
            best = min(sorted(pairs), key=lambda pair: self._cost([pair]))
            key = frozenset([best])
            return _Piece(re.escape(words), key, frozenset([words]), (key,))
        source = " " + re.escape(words).replace(r"\ ", " ") + ("[^ ]*" if is_prefix else "")
        *before, last = words.split()
        found = {word[:KEY_LENGTH]: word for word in before}
        if not is_prefix or len(last) >= KEY_LENGTH:
            found[last[:KEY_LENGTH]] = last + "*" * is_prefix
        if not found:
            return _Piece(source)
        cheapest = min(sorted(found), key=lambda one: self._cost([found[one]]))
        needs = tuple(frozenset([one]) for one in found)
        return _Piece(source, frozenset([cheapest]), frozenset([found[cheapest]]), needs)

    def _cost(self, stems: Iterable[str]) -> int:
        """What looking a pattern up by these costs: ordinary words are found in any text."""
        return sum(map(self._cost_of_one, stems))

    def _cost_of_one(self, stem: str) -> int:
        if stem in self._dialect.common:
            return _COST_OF_COMMON if len(stem) > _MOST_OF_PARTICLE else 5 * _COST_OF_COMMON
        shortest = 2 if self._dialect.is_dense else 3
        return _COST_OF_PHRASE if " " in stem or len(stem) < shortest else 1


def _either(pieces: list[_Piece]) -> _Piece:
    if len(pieces) == 1:
        return pieces[0]
    source = f"(?:{'|'.join(piece.source for piece in pieces)})"
    if not all(piece.keys for piece in pieces):
        return _Piece(source)
    keys = frozenset[str]().union(*(piece.keys for piece in pieces))
    stems = frozenset[str]().union(*(piece.stems for piece in pieces))
    return _Piece(source, keys, stems, (keys,))
