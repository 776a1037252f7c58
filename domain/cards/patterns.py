"""Regular expressions that could keep a search busy for ever, told by how they are written.

Reads a pattern once, from left to right. What is refused: a repeat of something that itself
repeats or may be empty (``(a+)+``), a repeat of choices that begin alike (``(a|aa)+``), many
repeats in a row, repeats of huge numbers, and patterns that contain themselves. Some harmless
patterns are like that as well; all harmful ones that are known are.
"""

import re
from typing import Final

from attrs import Factory, define

MAX_PATTERN: Final = 1_000
_MANY = 20
"""How often something may be repeated before the order of growth matters."""
_MAX_COUNT = 1_000
_MAX_WEIGHT = 5_000
_MAX_REPEATS = 12
_MAX_IN_A_ROW = 3
_COUNT = re.compile(r"\{(?P<least>\d{1,6})(?P<comma>,(?P<most>\d{0,6}))?\}")
_GROUP = re.compile(r"\?(?:[:=!>|]|<[=!]|P?<\w+>|'\w+'|[aiLmsuxfw-]+:)")
_FLAGS = re.compile(r"\?[aiLmsuxfwV01-]+\)")
_RECURSION = re.compile(r"(?<!\\)\(\?(?:R|[+-]?\d|&|P>|\()")
_ZERO_WIDTH = frozenset("bBAZzG")
_ENDLESS = 10**9


@define
class _Group:
    """What is known of a group, or of one of its choices, so far."""

    firsts: list[str] = Factory(list)
    """How each choice begins."""
    first: str | None = None
    is_empty: bool = True
    """Whether this choice may match nothing."""
    may_be_empty: bool = False
    """Whether an earlier one may."""
    repeats: bool = False
    """Whether anything inside is repeated many times, or a number of times that varies."""
    weight: int = 1

    def add(self, atom: "_Atom", least: int, most: int) -> None:
        """Take in the next part, as often as it is repeated."""
        if not atom.sign:
            return
        if self.first is None or self.is_empty:
            # Behind what may be missing, the choice may begin with either.
            self.first = atom.sign if self.first is None else "."
        self.is_empty = self.is_empty and (least == 0 or atom.may_be_empty)
        self.repeats = self.repeats or atom.repeats or (most >= _MANY and most != least)
        times = 1 if most == _ENDLESS else max(1, most)
        self.weight = max(self.weight, atom.weight * times)

    def end_choice(self) -> None:
        self.firsts.append(self.first or "")
        self.may_be_empty = self.may_be_empty or self.is_empty
        self.first, self.is_empty = None, True


@define
class _Atom:
    """The part that a repeat would be of; ``sign`` empty: it has no width."""

    sign: str = ""
    may_be_empty: bool = False
    repeats: bool = False
    weight: int = 1
    begin_alike: bool = False


def is_harmful(pattern: str) -> bool:
    """Whether searching for this may take longer than anybody waits."""
    if len(pattern) > MAX_PATTERN or _RECURSION.search(pattern):
        return True
    return _Reader(pattern).read()


def repeats_much(pattern: str) -> bool:
    """Whether there is anything in it that could take long at all."""
    return any(one in pattern for one in "*+{")


@define
class _Reader:
    """One pass over a pattern; what is no pattern at all is never searched for, hence harmless."""

    pattern: str
    position: int = 0
    total: int = 0
    row: int = 0
    last: str = ""
    stack: list[_Group] = Factory(lambda: [_Group()])

    def read(self) -> bool:
        atom: _Atom | None = None
        while self.position < len(self.pattern):
            least, most = self._quantifier()
            if most is not None:
                if atom is not None and self._is_bad(atom, least, most):
                    return True
                self.stack[-1].add(atom or _Atom(), least, most)
                atom = None
                continue
            if atom is not None:
                self._single(atom)
            atom = self._atom()
        if atom is not None:
            self._single(atom)
        return any(group.weight > _MAX_WEIGHT for group in self.stack)

    def _single(self, atom: _Atom) -> None:
        if atom.sign and not atom.may_be_empty:
            self.row = 0
        self.stack[-1].add(atom, 1, 1)

    def _is_bad(self, atom: _Atom, least: int, most: int) -> bool:
        if most != _ENDLESS and most > _MAX_COUNT:
            return True
        if most < _MANY:
            return atom.weight * max(most, 1) > _MAX_WEIGHT
        if most == least and not atom.repeats and not atom.may_be_empty:
            return atom.weight * most > _MAX_WEIGHT
        self.total += 1
        self.row = self.row + 1 if self.row and _overlap(atom.sign, self.last) else 1
        self.last = atom.sign
        return (
            atom.repeats
            or atom.may_be_empty
            or atom.begin_alike
            or self.total > _MAX_REPEATS
            or self.row > _MAX_IN_A_ROW
            or (most != _ENDLESS and atom.weight * most > _MAX_WEIGHT)
        )

    def _quantifier(self) -> tuple[int, int | None]:
        """How often at least and at most, None when there is no quantifier here."""
        here = self.pattern[self.position]
        found = {"*": (0, _ENDLESS), "+": (1, _ENDLESS), "?": (0, 1)}.get(here)
        length = 1
        if found is None and here == "{":
            counted = _COUNT.match(self.pattern, self.position)
            if counted:
                least = int(counted["least"])
                most = int(counted["most"] or _ENDLESS) if counted["comma"] else least
                found, length = (least, most), len(counted[0])
        if found is None:
            return 0, None
        self.position += length
        if self.pattern[self.position : self.position + 1] in {"?", "+"}:
            self.position += 1
        return found

    def _atom(self) -> _Atom | None:
        """The part that begins here, read to its end; None for what opens or divides groups."""
        here = self.pattern[self.position]
        self.position += 1
        if here == "(":
            return self._open()
        if here == "|":
            self.stack[-1].end_choice()
            return None
        if here == ")" and len(self.stack) > 1:
            return self._close()
        if here == "[":
            return self._set()
        if here == "\\":
            escaped = self.pattern[self.position : self.position + 1]
            self.position += 1
            return _Atom("" if escaped in _ZERO_WIDTH else f"\\{escaped}")
        return _Atom("" if here in "^$" else here.lower())

    def _open(self) -> _Atom | None:
        flags = _FLAGS.match(self.pattern, self.position)
        if flags:
            self.position = flags.end()
            return None
        opened = _GROUP.match(self.pattern, self.position)
        if opened:
            self.position = opened.end()
        self.stack.append(_Group())
        return None

    def _close(self) -> _Atom:
        group = self.stack.pop()
        group.end_choice()
        return _Atom(
            sign=group.firsts[0] if len(group.firsts) == 1 else ".",
            may_be_empty=group.may_be_empty,
            repeats=group.repeats,
            weight=group.weight,
            begin_alike=_begin_alike(group.firsts),
        )

    def _set(self) -> _Atom:
        start = self.position
        if self.pattern[self.position : self.position + 1] == "^":
            self.position += 1
        if self.pattern[self.position : self.position + 1] == "]":
            self.position += 1
        while self.position < len(self.pattern) and self.pattern[self.position] != "]":
            self.position += 2 if self.pattern[self.position] == "\\" else 1
        self.position += 1
        return _Atom(f"[{self.pattern[start : self.position]}")


def _begin_alike(firsts: list[str]) -> bool:
    """Whether two of the choices may begin with the same character."""
    seen: list[str] = []
    for first in firsts:
        if any(_overlap(first, other) for other in seen):
            return True
        seen.append(first)
    return False


def _overlap(one: str, other: str) -> bool:
    if one == other:
        return True
    plain = [sign for sign in (one, other) if len(sign) == 1 and sign != "."]
    if len(plain) == 2:  # noqa: PLR2004 - both
        return False
    # Only a line feed is no "any character", and that is how people write "really any".
    if {one, other} in ({".", "\\n"}, {"\\s", "\\S"}, {"\\w", "\\W"}, {"\\d", "\\D"}):
        return False
    escapes = [sign for sign in (one, other) if sign.startswith("\\")]
    if len(plain) == 1 and len(escapes) == 1:
        return _matches(escapes[0], plain[0])
    if len(plain) == 1:
        rest = other if plain[0] == one else one
        return rest == "." or plain[0] in rest.lower() or "-" in rest or "\\" in rest or "^" in rest
    return {one, other} not in ({"\\s", "\\w"}, {"\\s", "\\d"})


def _matches(escape: str, character: str) -> bool:
    kind = escape[1:]
    if kind in {"w", "d", "s", "W", "D", "S"}:
        return re.fullmatch(escape, character) is not None
    return kind.lower() == character or not kind or kind in "pPxuc" or kind.isdigit()
