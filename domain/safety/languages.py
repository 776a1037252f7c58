"""Which language a text is in, as far as finding the right help line needs it."""

import re
from collections.abc import Iterable, Mapping

from attrs import frozen

_KANA = re.compile("[\u3040-\u30ff]")
_HAN = re.compile("[\u3400-\u9fff]")
_HANGUL = re.compile("[\uac00-\ud7af]")


@frozen(eq=False)
class CommonWords:
    """By language, the words that nearly every text of it has."""

    words: Mapping[str, frozenset[str]]

    @classmethod
    def of(cls, told: Iterable[tuple[str, Iterable[str]]]) -> "CommonWords":
        """Of pairs of a language and some of its words."""
        words: dict[str, set[str]] = {}
        for language, some in told:
            words.setdefault(language, set()).update(some)
        return cls({language: frozenset(some) for language, some in words.items()})

    def language_of(self, view: str) -> str | None:
        """The ISO 639-1 code of whichever has most words in the view; None if none has any."""
        if not view.isascii():
            for script, language in ((_KANA, "ja"), (_HANGUL, "ko"), (_HAN, "zh")):
                if script.search(view):
                    return language
        words = set(view.split())
        most, best = max(
            ((len(words & some), language) for language, some in sorted(self.words.items())),
            default=(0, None),
        )
        return best if most else None
