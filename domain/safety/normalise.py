"""What a text says, whatever it is dressed up as: one plain view of it for rules to read.

The view is made of lower-case words with one space between them and one at either end. Accents,
apostrophes and ornaments are gone; the end of a sentence is a word of its own, the full stop.
Letters that only look Latin, figures that stand for letters, letters written apart and letters
held down are put back into the words that they were meant as.
"""

import re
import unicodedata

from domain.safety.letters import (
    CYRILLIC_AS_LATIN,
    CYRILLIC_LEET,
    GREEK_AS_LATIN,
    INVISIBLE,
    LEET,
    LETTERS,
    MARKS,
    ORNAMENTS,
    SPELT_OUT,
    STARRED,
)

END = " . "
"""What stands between two sentences of the view."""


def fold(text: str) -> str:
    """The text in its own script, without capitals and without what nobody sees."""
    if text.isascii():
        return text.lower()
    if _ORNAMENT.search(text):
        text = text.translate(ORNAMENTS)
    text = unicodedata.normalize("NFKC", text).casefold()
    if _UNSEEN.search(text):
        text = unicodedata.normalize("NFC", text.translate(INVISIBLE))
    return text


def plain(text: str) -> str:
    """The view that rules read, made in time linear in the length of the text."""
    view = fold(text)
    if not view.isascii():
        view = view.translate(LETTERS)
        if _CYRILLIC_OR_GREEK.search(view):
            if _DRESSED_UP.search(view):
                view = _without_lookalikes(view)
            view = _CYRILLIC_FIGURE.sub(_as_cyrillic, view)
    if view.translate(_ORDINARY) and _FIGURES.search(view):
        view = _SHOUTED.sub(_ended, view)
        view = _STARRED.sub(_unstarred, view) if "*" in view else view
        is_all_figured = len(_FIGURED_INSIDE.findall(view)) >= _MANY_FIGURED
        view = (
            _FIGURED_WORD.sub(_read_out, view) if is_all_figured else _FIGURED.sub(_unfigured, view)
        )
    if _LONE_LETTERS.search(f" {view} "):
        view = _APART.sub(_joined, view)
    if _HELD_DOWN.search(view):
        view = _HELD.sub(_released, view)
    if ".." in view:
        view = _ELLIPSIS.sub(" ", view)
    view = view.translate(MARKS)
    if not view.isascii():
        view = _OTHER_MARKS.sub(" ", view)
    return f" {' '.join(view.replace('.', END).split())} "


def sentences(view: str) -> list[str]:
    """The sentences of a view, each with a space at either end; lone words in a row are one.

    Somebody who writes "I. Want. Out." has written one sentence.
    """
    if END not in view:
        return [view]
    found: list[str] = []
    is_lone = False
    for part in view.split(END):
        words = part.strip(" .")
        if not words:
            continue
        was_lone, is_lone = is_lone, " " not in words
        if was_lone and is_lone:
            found[-1] += f"{words} "
        else:
            found.append(f" {words} ")
    return found


def dense(view: str) -> str:
    """The view without its spaces, for scripts that write none, or write them at will."""
    return view.replace(" ", "")


def is_dense(view: str) -> bool:
    """Whether Chinese, Japanese or Korean is in it."""
    return not view.isascii() and _DENSE.search(view) is not None


_ORNAMENT = re.compile(f"[{''.join(map(chr, ORNAMENTS))}]")
_UNSEEN = re.compile(f"[{''.join(map(chr, INVISIBLE))}]")
_CYRILLIC_OR_GREEK = re.compile("[\u0370-\u052f]")
_DENSE = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_ELLIPSIS = re.compile(r"\.{2,}")
# Signs that combine with a letter of Devanagari are no letters to the regular expressions.
_OTHER_MARKS = re.compile("[^\\w .\u0900-\u097f]+|_+")

_ORDINARY = str.maketrans("", "", "abcdefghijklmnopqrstuvwxyz ,.?'\n-")
_FIGURES = re.compile(
    r"[a-z][0134578@$!|+*€£]+[a-z]"  # inside a word
    r"|[a-z]{2}[0134$]{1,3}\b"  # at its end
    r"|(?<![\w.])[$@0-57][a-z]{3}"  # at its beginning
)
_LONE_LETTERS = re.compile(r"[ .\-_*,/|~][a-z][ .\-_*,/|~]{1,3}[a-z][ .\-_*,/|~]")
_HELD_DOWN = re.compile(r"([a-z])\1\1")
_APART = re.compile(r"(?<![^\W_])[a-z](?:(?: |[.\-_*,/|~]{1,2} ?)[a-z](?![^\W_])){1,60}")
_FIGURED = re.compile(
    r"(?<![^\s\"'(])(?=[^\sa-z]{0,40}[a-z])[a-z]{0,40}[0134578@$!|+€£]\S{1,40}|[a-z]{2,40}[0134$]{1,3}(?!\w)"
)
# A phrase with so many of these is written in figures altogether: its "70" is "to", its "m3" "me".
_FIGURED_INSIDE = re.compile(r"[a-z][013457]{1,2}[a-z]")
_MANY_FIGURED = 3
_FIGURED_WORD = re.compile(r"(?<!\S)(?!1[0-7]\b)\S+")  # an age stays one
_QUANTITY = re.compile(r"[\d.,:]+[a-z]{0,3}|[a-z]\d+|\S*(?:://|@\S+\.[a-z])\S*")
# A word and the next, with no space behind the mark of exclamation, which may also stand for an i.
_SHOUTED = re.compile(r"(?<![a-z])([a-z]{1,12})!+(?=([a-z]{1,12}))")
_LEAST_WORD = 3
_LEAST_UNKNOWN_WORD = 4
_STARRED = re.compile(r"[a-z]{1,10}\*{1,8}(?:[a-z]{1,10}\*{1,8}){0,4}[a-z]{0,10}")
_HELD = re.compile(r"([a-z])\1{2,}(?=([a-z]?))")


def _ended(match: re.Match[str]) -> str:
    """``die!help`` is two words, ``k!ll`` and ``kill!ng`` are one."""
    word, following = match[1], match[2]
    is_long = len(word) >= _LEAST_WORD and len(following) >= _LEAST_UNKNOWN_WORD
    is_end = word in SPELT_OUT and (following in SPELT_OUT or is_long)
    return f"{word}! " if is_end else match[0]


def _unstarred(match: re.Match[str]) -> str:
    word = match[0]
    for meant in STARRED:
        if len(meant) == len(word) and all(a in (b, "*") for a, b in zip(word, meant, strict=True)):
            return meant
    return word


def _unfigured(match: re.Match[str]) -> str:
    word = match[0]
    return word if _QUANTITY.fullmatch(word) else _read_out(match)


def _read_out(match: re.Match[str]) -> str:
    word = match[0]
    core = word.rstrip("!|,.;:?)\"'")
    return core.replace("11", "ll").translate(LEET) + word[len(core) :]


def _as_cyrillic(match: re.Match[str]) -> str:
    return match[0].translate(CYRILLIC_LEET)


def _joined(match: re.Match[str]) -> str:
    chunks = match[0].split()
    if len(chunks) > 1 and any(len(chunk) > 2 for chunk in chunks):  # noqa: PLR2004 - "k." is one
        return " ".join("".join(filter(str.isalpha, chunk)) for chunk in chunks)
    letters = "".join(letter for letter in match[0] if letter.isalpha())
    words = _words_of(letters)
    if len(letters) == 2:  # noqa: PLR2004 - two lone letters are a word, or just two letters
        return letters if len(words) == 1 else match[0]
    return " ".join(words or [letters])


def _words_of(letters: str) -> list[str]:
    """The fewest words that are spelt by these letters; none, if there are others among them."""
    best: list[list[str] | None] = [[]]
    for end in range(1, len(letters) + 1):
        found: list[str] | None = None
        for start in range(max(0, end - _LONGEST_SPELT), end):
            before, word = best[start], letters[start:end]
            if before is not None and word in SPELT_OUT:
                longer = [*before, word]
                found = longer if found is None or len(longer) < len(found) else found
        best.append(found)
    return best[-1] or []


def _released(match: re.Match[str]) -> str:
    """``killll`` has two l, ``diiie`` one i: l and s are doubled, others before a vowel."""
    letter, following = match[1], match[2]
    is_doubled = letter in "ls" or (letter in "tnp" and following in _VOWELS)
    return letter * 2 if is_doubled else letter


def _without_lookalikes(view: str) -> str:
    """Words of Latin letters that borrowed some from Cyrillic or Greek, in Latin letters."""
    latin = sum(map(str.isascii, filter(str.isalpha, view)))
    is_latin = latin * 2 > sum(map(str.isalpha, view))

    def meant(match: re.Match[str]) -> str:
        word = match[0]
        read = word.translate(_LOOKALIKES)
        if not read.isascii():
            return word
        is_mixed = _ASCII_LETTER.search(word) or _ODD_CYRILLIC.search(word)
        return read if is_latin or is_mixed else word

    return _WORD_WITH_STRANGERS.sub(meant, view)


_LOOKALIKES = {**CYRILLIC_AS_LATIN, **GREEK_AS_LATIN}
_ASCII_LETTER = re.compile(r"[a-z]")
# Letters that neither Russian nor Ukrainian has, or Greek.
_ODD_CYRILLIC = re.compile("[\u0370-\u03ff\u0458\u0455\u04bb\u0501\u051b\u051d\u04cf\u0475]")
_CYRILLIC_FIGURE = re.compile(
    "(?<=[\u0430-\u044f\u0456\u0457])[0346@1](?=[\u0430-\u044f\u0456\u0457])"
)
_VOWELS = frozenset("aeiouy")
_LONGEST_SPELT = max(map(len, SPELT_OUT))
_DRESSED_UP = re.compile(f"{_ASCII_LETTER.pattern}|{_ODD_CYRILLIC.pattern}")
_WORD_WITH_STRANGERS = re.compile(r"\w*[\u0370-\u052f]\w*")
