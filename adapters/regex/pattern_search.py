"""Patterns of cards over the package ``regex``.

It knows what JavaScript knows (look-behinds of any length, named groups, properties of Unicode),
and a search can be told when to give up, in the middle of its backtracking.
"""

from collections import OrderedDict
from time import thread_time

import regex
from attrs import frozen

from application.pattern_limits import are_flags, pattern_size

_FLAGS = {"i": regex.IGNORECASE, "m": regex.MULTILINE, "s": regex.DOTALL}


@frozen
class _Limits:
    """In seconds of the processor's time."""

    pattern: float
    turn: float
    compiling: float


class RegexPatternSearch:
    """``pattern_seconds`` for one search, ``turn_seconds`` for all of a turn.

    A turn may spend ``compile_seconds`` more on patterns that are new to this process: the first
    turn with a card pays for all that follow. The time that counts is the processor's, spent on
    this: it is what others wait for, and a busy machine makes no pattern slow. Compiled patterns
    are kept up to ``cache_size`` characters and states: some 40 MB, or 3,000 ordinary ones.
    """

    def __init__(
        self,
        *,
        pattern_seconds: float = 0.005,
        turn_seconds: float = 0.05,
        compile_seconds: float = 0.2,
        cache_size: int = 200_000,
    ) -> None:
        self._limits = _Limits(pattern_seconds, turn_seconds, compile_seconds)
        self._cache = _PatternCache(cache_size)

    def budget(self) -> "RegexPatternBudget":
        return RegexPatternBudget(self._cache, self._limits)


class RegexPatternBudget:
    """What is left of a turn's time."""

    def __init__(self, cache: "_PatternCache", limits: _Limits) -> None:
        self._cache = cache
        self._most = limits.pattern
        self._left = limits.turn
        self._left_to_compile = limits.compiling
        self._known: dict[tuple[str, str, str], bool | None] = {}
        self._slow: set[_Compiled] = set()

    def __call__(self, pattern: str, flags: str, text: str) -> bool | None:
        asked = pattern, flags, text
        if asked not in self._known:
            compiled = self._compiled(pattern, flags)
            if compiled is None or compiled in self._slow or self._left <= 0:
                return False
            self._known[asked] = self._search(compiled, text)
        return self._known[asked]

    def _compiled(self, pattern: str, flags: str) -> "_Compiled | None":
        """None when there is no time for it."""
        found = self._cache.find(pattern, flags)
        if found is None and self._left_to_compile > 0:
            began = thread_time()
            found = self._cache.compile(pattern, flags)
            self._left_to_compile -= thread_time() - began
        return found

    def _search(self, compiled: "_Compiled", text: str) -> bool | None:
        if compiled.pattern is None:
            return None
        seconds = min(self._most, self._left)
        began = thread_time()
        try:
            for _ in range(2):
                try:
                    return compiled.pattern.search(text, timeout=seconds) is not None
                except TimeoutError:
                    # The package looks at a clock that other threads may have used up.
                    if thread_time() - began > seconds / 2:
                        break
            self._slow.add(compiled)
            return False
        finally:
            self._left -= thread_time() - began


@frozen(eq=False)
class _Compiled:
    """A pattern, None for what is none; ``size`` is its share of the cache."""

    pattern: "regex.Pattern[str] | None"
    size: int


class _PatternCache:
    """The patterns used last, with those that are none."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[tuple[str, str], _Compiled] = OrderedDict()
        self._size = 0

    def find(self, pattern: str, flags: str) -> _Compiled | None:
        found = self._kept.get((pattern, flags))
        if found is not None:
            self._kept.move_to_end((pattern, flags))
        return found

    def compile(self, pattern: str, flags: str) -> _Compiled:
        states = pattern_size(pattern) if are_flags(flags) else None
        made = None if states is None else _made(pattern, flags)
        compiled = _Compiled(made, len(pattern) + (states or 0))
        self._kept[pattern, flags] = compiled
        self._size += compiled.size
        while self._size > self._most:
            _, oldest = self._kept.popitem(last=False)
            self._size -= oldest.size
        return compiled


def _made(pattern: str, flags: str) -> "regex.Pattern[str] | None":
    options = regex.VERSION0
    for flag in flags:
        options |= _FLAGS.get(flag, 0)
    try:
        # The package's own cache has no bound that one could rely on.
        return regex.compile(pattern, options, cache_pattern=False)
    except (regex.error, ValueError, LookupError, OverflowError, RecursionError, MemoryError):
        return None
