"""Keys: the words that call an entry, as a card writes them.

A key in Latin letters is found as whole words, as "cat" must not be called by "concatenate", but
the endings of an English plural or possessive may follow ("cats", "cat's"). Other scripts write no
spaces (Chinese, Japanese, Thai), or their words take many endings and prefixes (Russian, Korean,
Arabic), so their keys are found anywhere. A card can ask for either with ``match_whole_words``.
Upper and lower case make no difference unless the key is case-sensitive; the ways to encode an
accent, and curly apostrophes, never do.
"""

import re
from enum import Enum, auto
from unicodedata import normalize

from attrs import frozen

from domain.macros import replace_macros

LATIN = r"0-9A-Za-z\u00aa\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff"
"""Letters and digits, as a regular expression's class has them."""
_FIRST_WORD = re.compile(f"[{LATIN}]+")
_SLASHED = re.compile(r"/(?P<pattern>.+)/(?P<flags>[dgimsuvy]*)", re.DOTALL)
_NAME = re.compile(r"\{\{(?:char|user)\}\}", re.IGNORECASE | re.ASCII)
_BARE_SLASH = re.compile(r"(?<!\\)(?:\\\\)*/")


class KeyKind(Enum):
    """How a key is looked for."""

    WORD = auto()
    """One Latin word."""
    PHRASE = auto()
    """Begins with a Latin word."""
    PART = auto()
    PATTERN = auto()
    """A regular expression."""
    TEMPLATE = auto()
    """It has macros: what it is shows when the names are known."""


@frozen(eq=False)
class Key:
    """A key, ready to be looked for."""

    kind: KeyKind
    text: str
    """A pattern without its slashes; any other folded as the texts are in which it is found."""
    cased: bool = False
    whole: bool | None = None
    """None for the rule above."""
    flags: str = ""
    """Of a pattern, as JavaScript has them."""
    is_pattern: bool = False
    head: str = ""
    """Its first word, or two characters: where they are not, the key is not."""


def compile_key(source: str, *, cased: bool, whole: bool | None, regex: bool = False) -> Key | None:
    """The key that a card writes as ``source``; None when it is empty, which is never found.

    ``/pattern/flags`` is a regular expression, and so is anything else if ``regex``.
    """
    source = source.strip()
    slashed = _SLASHED.fullmatch(source)
    if slashed and not _BARE_SLASH.search(slashed["pattern"]):
        return _pattern_key(slashed["pattern"], slashed["flags"])
    if regex and source:
        return _pattern_key(source, "" if cased else "i")
    if "{{" in source:
        return Key(KeyKind.TEMPLATE, source, cased, whole)
    return _plain_key(source, cased=cased, whole=whole)


def _pattern_key(pattern: str, flags: str) -> Key:
    # Braces are common in patterns, so only the names are macros there.
    kind = KeyKind.TEMPLATE if _NAME.search(pattern) else KeyKind.PATTERN
    return Key(kind, pattern, flags=flags, is_pattern=True)


def _plain_key(source: str, *, cased: bool, whole: bool | None) -> Key | None:
    text = fold(source, cased=cased)
    if not text:
        return None
    first = None if whole is False else _FIRST_WORD.match(text)
    if first is None:
        return Key(KeyKind.PART, text, cased, whole, head=text[:2])
    kind = KeyKind.WORD if first[0] == text else KeyKind.PHRASE
    return Key(kind, text, cased, whole, head=first[0])


def name_key(key: Key, *, char: str, user: str) -> Key | None:
    """The key with its macros replaced; itself when it has none, None when nothing is left."""
    if key.kind is not KeyKind.TEMPLATE:
        return key
    if key.is_pattern:
        # A name stands for itself, whatever it would mean in a pattern.
        named = replace_macros(key.text, char=re.escape(char), user=re.escape(user))
        return Key(KeyKind.PATTERN, named, flags=key.flags, is_pattern=True)
    named = replace_macros(key.text, char=char, user=user)
    return _plain_key(named.strip(), cased=key.cased, whole=key.whole)


def fold(text: str, *, cased: bool) -> str:
    """The text without the differences that make none."""
    text = normalize("NFC", text).replace("\u2019", "'")
    return text if cased else text.casefold()
