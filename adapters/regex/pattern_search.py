"""Patterns of cards over the package ``regex``.

It knows what JavaScript knows (look-behinds of any length, named groups, properties of Unicode),
and a search can be told when to give up, in the middle of its backtracking.
"""

from collections import OrderedDict
from time import thread_time

import regex

from application.pattern_limits import are_flags, pattern_size

_FLAGS = {"i": regex.IGNORECASE, "m": regex.MULTILINE, "s": regex.DOTALL}
_CACHE_SIZE = 100_000
"""Compiled patterns are kept up to this size in all: some 20 MB, or 3,000 ordinary ones."""


class RegexPatternSearch:
    """``pattern_seconds`` for one search, ``turn_seconds`` for all of a turn, compiling included.

    The time that counts is the processor's, spent on this: it is what others wait for, and a busy
    machine makes no pattern slow.
    """

    def __init__(self, *, pattern_seconds: float = 0.005, turn_seconds: float = 0.05) -> None:
        self._pattern_seconds = pattern_seconds
        self._turn_seconds = turn_seconds
        self._cache = _PatternCache()

    def budget(self) -> "RegexPatternBudget":
        return RegexPatternBudget(self._cache, self._pattern_seconds, self._turn_seconds)


class RegexPatternBudget:
    """What is left of a turn's time."""

    def __init__(self, cache: "_PatternCache", pattern_seconds: float, seconds: float) -> None:
        self._cache = cache
        self._pattern_seconds = pattern_seconds
        self._left = seconds
        self._known: dict[tuple[str, str, str], bool | None] = {}
        self._slow: set[tuple[str, str]] = set()

    def __call__(self, pattern: str, flags: str, text: str) -> bool | None:
        asked = pattern, flags, text
        if asked not in self._known:
            if self._left <= 0 or (pattern, flags) in self._slow:
                return False
            began = thread_time()
            try:
                self._known[asked] = self._search(pattern, flags, text)
            finally:
                self._left -= thread_time() - began
        return self._known[asked]

    def _search(self, pattern: str, flags: str, text: str) -> bool | None:
        compiled = self._cache.compiled(pattern, flags)
        if compiled is None:
            return None
        seconds = min(self._pattern_seconds, self._left)
        began = thread_time()
        for _ in range(2):
            try:
                return compiled.search(text, timeout=seconds) is not None
            except TimeoutError:
                # The package looks at a clock that other threads may have used up.
                if thread_time() - began > seconds / 2:
                    break
        self._slow.add((pattern, flags))
        return False


class _PatternCache:
    """The patterns used last, those that are none included."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, str], tuple[regex.Pattern[str] | None, int]]
        self._kept = OrderedDict()
        self._size = 0

    def compiled(self, pattern: str, flags: str) -> "regex.Pattern[str] | None":
        asked = pattern, flags
        if asked in self._kept:
            self._kept.move_to_end(asked)
            return self._kept[asked][0]
        size = pattern_size(pattern) if are_flags(flags) else None
        compiled = None if size is None else _compiled(pattern, flags)
        cost = len(pattern) + (size or 0)
        self._kept[asked] = compiled, cost
        self._size += cost
        while self._size > _CACHE_SIZE:
            _, (_, freed) = self._kept.popitem(last=False)
            self._size -= freed
        return compiled


def _compiled(pattern: str, flags: str) -> "regex.Pattern[str] | None":
    options = regex.VERSION0
    for flag in flags:
        options |= _FLAGS.get(flag, 0)
    try:
        # The package's own cache has no bound that one could rely on.
        return regex.compile(pattern, options, cache_pattern=False)
    except (regex.error, ValueError, LookupError, OverflowError, RecursionError, MemoryError):
        return None
