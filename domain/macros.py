"""Macros in a character's texts, as Character Card V3 defines them.

``{{char}}`` and ``{{user}}`` (also ``<char>``, ``<bot>``, ``<user>``), ``{{random:a,b}}``,
``{{pick:a,b}}``, ``{{roll:d6}}``, ``{{reverse:text}}``, and three that leave nothing behind:
``{{// note}}``, ``{{comment: note}}``, ``{{hidden_key:word}}``. Names are read in any case; what is
not a macro stays as it is. Macros may stand in each other's values. What has been put in is never
read again, so a person whose name looks like a macro is only a person with an odd name, and the
work grows with the length of the text alone.
"""

import re
from collections.abc import Mapping

from attrs import define, field, frozen

from domain.chance import chance_below

MAX_CHARACTERS = 100_000
"""Of a longer text, what stands behind this many characters is left as it is."""
_MAX_NESTING = 8

# ASCII: otherwise a long s would match as well.
_NAMES = re.compile(r"\{\{(char|user)\}\}|<(char|bot|user)>", re.IGNORECASE | re.ASCII)
_OTHERS = re.compile(
    r"\{\{(?:random|pick|roll|reverse|hidden_key|comment|//)", re.IGNORECASE | re.ASCII
)
_BRACES = re.compile(r"\{{2,}|\}{2,}")
_MACRO = re.compile(
    r"//|(?P<name>random|pick|roll|reverse|hidden_key|comment)\s*::?", re.IGNORECASE | re.ASCII
)
_DICE = re.compile(r"(?P<dice>\d{1,2}(?=d))?d?(?P<sides>\d{1,6})", re.IGNORECASE | re.ASCII)


def replace_macros(
    text: str,
    *,
    char: str,
    user: str,
    seed: str = "",
    pick_seed: str = "",
    for_scanning: bool = False,
) -> str:
    """The text with its macros replaced.

    ``random`` and ``roll`` follow ``seed`` (one for each turn), ``pick`` follows ``pick_seed`` (one
    for a conversation, so that its choice stays). ``for_scanning`` leaves the words of
    ``hidden_key`` in: lorebooks look for keys in them, the model never reads them.
    """
    if "{{" not in text and "<" not in text:
        return text
    names = {"char": char, "bot": char, "user": user}
    if _OTHERS.search(text) is None:
        return _put_names(text, names)
    reader = _Reader(names, seed, pick_seed, for_scanning)
    return reader.read(text[:MAX_CHARACTERS]) + text[MAX_CHARACTERS:]


def _put_names(text: str, names: Mapping[str, str]) -> str:
    return _NAMES.sub(lambda found: names[(found[1] or found[2]).lower()], text)


@frozen
class _Piece:
    """A part of what stands between two pairs of braces; a ``done`` one is not read again."""

    text: str
    done: bool


@define
class _Reader:
    """Reads once from left to right; open braces wait on a stack for those that end them."""

    names: Mapping[str, str]
    seed: str
    pick_seed: str
    for_scanning: bool
    _stack: list[list[_Piece]] = field(factory=lambda: [[]])
    _choices: int = 0

    def read(self, text: str) -> str:
        position = 0
        for run in _BRACES.finditer(text):
            self._plain(text[position : run.start()])
            position = run.end()
            pairs, odd = divmod(len(run[0]), 2)
            if run[0][0] == "{":
                # The pair of "{{{char}}}" is the one next to the name.
                self._plain("{" * odd)
                for _ in range(pairs):
                    self._open()
            else:
                for _ in range(pairs):
                    self._close()
                self._plain("}" * odd)
        self._plain(text[position:])
        while len(self._stack) > 1:
            unfinished = self._stack.pop()
            self._plain("{{")
            self._stack[-1].extend(unfinished)
        return self._joined(self._stack[0])

    def _plain(self, text: str) -> None:
        if text:
            self._stack[-1].append(_Piece(text, done=False))

    def _open(self) -> None:
        if len(self._stack) > _MAX_NESTING:
            self._plain("{{")
        else:
            self._stack.append([])

    def _close(self) -> None:
        if len(self._stack) == 1:
            self._plain("}}")
            return
        inner = self._stack.pop()
        value = self._value(inner)
        if value is None:
            value = "{{" + self._joined(inner) + "}}"
        self._stack[-1].append(_Piece(value, done=True))

    def _joined(self, pieces: list[_Piece]) -> str:
        return "".join(one.text if one.done else _put_names(one.text, self.names) for one in pieces)

    def _value(self, pieces: list[_Piece]) -> str | None:
        """What the macro stands for, None when it is none."""
        if not pieces or pieces[0].done:
            return None
        first = pieces[0].text
        if len(pieces) == 1 and first.lower() in {"char", "user"}:
            return self.names[first.lower()]
        macro = _MACRO.match(first)
        if macro is None:
            return None
        rest = [_Piece(first[macro.end() :], done=False), *pieces[1:]]
        return self._called((macro["name"] or "comment").lower(), rest)

    def _called(self, name: str, rest: list[_Piece]) -> str | None:
        if name in {"random", "pick"}:
            return self._choice(name, rest)
        text = self._joined(rest)
        if name == "roll":
            return self._roll(text.strip())
        if name == "reverse":
            return text[::-1]
        return text if name == "hidden_key" and self.for_scanning else ""

    def _choice(self, name: str, rest: list[_Piece]) -> str:
        options = self._options(rest)
        seed = self.seed if name == "random" else self.pick_seed
        return options[self._chance_below(len(options), name, seed)]

    def _options(self, rest: list[_Piece]) -> list[str]:
        r"""Parted by commas, or by two colons where there are any; a comma after ``\`` stays."""
        colons = any("::" in one.text for one in rest if not one.done)
        parting = re.compile("(::)" if colons else r"(?<!\\)(,)")
        options = [""]
        for one in rest:
            parts = [one.text] if one.done else parting.split(one.text)
            for number, part in enumerate(parts):
                if number % 2:
                    options.append("")
                else:
                    options[-1] += part if one.done else self._plain_option(part)
        return [option.strip() for option in options]

    def _plain_option(self, part: str) -> str:
        return _put_names(part.replace("\\,", ","), self.names)

    def _roll(self, dice: str) -> str | None:
        rolled = _DICE.fullmatch(dice)
        if rolled is None or int(rolled["sides"]) == 0:
            return None
        times, sides = int(rolled["dice"] or 1), int(rolled["sides"])
        return str(sum(1 + self._chance_below(sides, "roll", self.seed) for _ in range(times)))

    def _chance_below(self, limit: int, *seed: str) -> int:
        # Two macros of one text each have their own luck.
        self._choices += 1
        return chance_below(limit, *seed, str(self._choices))
