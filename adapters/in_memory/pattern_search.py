"""Patterns over the standard library, which cannot give up: so it refuses what may take long."""

import re

from application.pattern_limits import are_flags, pattern_size

_FLAGS = {"i": re.IGNORECASE, "m": re.MULTILINE, "s": re.DOTALL}
_ESCAPED = re.compile(r"\\.|\[(?:\\.|[^\]\\])*\]", re.DOTALL)
_REPEATED_GROUP = re.compile(r"\)[+*{]")
_REPEATS = re.compile(r"[+*{|]")
_MOST_REPEATS = 3
_NAMED_GROUP = re.compile(r"\(\?<(?=[A-Za-z_])")


class InMemoryPatternSearch:
    """A turn bears ten patterns that may take long; they find nothing."""

    def __init__(self, *, slow_patterns: int = 10) -> None:
        self._slow_patterns = slow_patterns

    def budget(self) -> "InMemoryPatternBudget":
        return InMemoryPatternBudget(self._slow_patterns)


class InMemoryPatternBudget:
    """How many slow patterns a turn still bears."""

    def __init__(self, slow_patterns: int) -> None:
        self._left = slow_patterns
        self._known: dict[tuple[str, str, str], bool | None] = {}
        self._slow: set[tuple[str, str]] = set()

    def __call__(self, pattern: str, flags: str, text: str) -> bool | None:
        asked = pattern, flags, text
        if asked not in self._known:
            if self._left <= 0 or (pattern, flags) in self._slow:
                return False
            self._known[asked] = self._search(pattern, flags, text)
        return self._known[asked]

    def _search(self, pattern: str, flags: str, text: str) -> bool | None:
        if not are_flags(flags) or pattern_size(pattern) is None:
            return None
        options = sum(_FLAGS.get(flag, 0) for flag in flags)
        try:
            compiled = re.compile(_NAMED_GROUP.sub("(?P<", pattern), options)
        except (re.error, OverflowError, RecursionError):
            return None
        if _may_take_long(pattern):
            self._slow.add((pattern, flags))
            self._left -= 1
            return False
        return compiled.search(text) is not None


def _may_take_long(pattern: str) -> bool:
    bare = _ESCAPED.sub("x", pattern)
    repeats = len(_REPEATS.findall(bare))
    return repeats > (1 if _REPEATED_GROUP.search(bare) else _MOST_REPEATS)
