"""Regular expressions in lorebooks, tried out before they are taken.

What cannot be compiled is no danger, as it is never searched for. The rest is looked at as it is
written (``domain.cards.patterns``), then searched for in texts made to annoy it, under a clock;
all of a card together get half a second.
"""

from collections.abc import Iterator, Mapping
from time import perf_counter
from typing import Any, Final

import regex

from domain.cards.check import lorebook_entries
from domain.cards.patterns import is_harmful, repeats_much
from domain.errors import InvalidRequest
from domain.lorebook.keys import KeyKind, compile_key

_TOTAL_SECONDS: Final = 0.5
_PROBE_SECONDS: Final = 0.03
_LENGTH: Final = 2_000
_DECORATORS: Final = ("additional_keys", "exclude_keys")
_FLAGS: Final = {"i": regex.IGNORECASE, "m": regex.MULTILINE, "s": regex.DOTALL}


def check_patterns(card: Mapping[str, Any]) -> None:
    """Raise ``InvalidRequest`` for a card with a pattern that could keep a search busy."""
    end = perf_counter() + _TOTAL_SECONDS
    seen: set[tuple[str, str]] = set()
    for path, entry in lorebook_entries(card):
        for pattern, flags in _patterns(entry):
            if (pattern, flags) in seen:
                continue
            seen.add((pattern, flags))
            if is_harmful(pattern) or _is_slow(pattern, flags):
                message = "A regular expression of this entry takes too long to search for."
                raise InvalidRequest(message, param=f"{path}.keys")
            if perf_counter() > end:
                message = "The regular expressions of the lorebook are too many, or too slow."
                raise InvalidRequest(message, param="data.character_book.entries")


def _patterns(entry: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Each pattern of an entry with its flags, wherever the search would look for one."""
    is_regex = bool(entry.get("use_regex"))
    keys = [*entry["keys"], *(entry.get("secondary_keys") or ())]
    for line in entry["content"].splitlines():
        name, _, values = line.lstrip().removeprefix("@@@").removeprefix("@@").partition(" ")
        if line.lstrip().startswith("@@") and name in _DECORATORS:
            keys += values.split(",")
    for source in keys:
        if not (is_regex or source.lstrip().startswith("/")):
            continue
        key = compile_key(source, cased=bool(entry.get("case_sensitive")), whole=None,
                          regex=is_regex)  # fmt: skip
        if key is not None and key.kind is KeyKind.PATTERN:
            yield key.text, key.flags


def _is_slow(pattern: str, flags: str) -> bool:
    if not repeats_much(pattern):
        return False
    options = regex.VERSION0
    for flag in flags:
        options |= _FLAGS.get(flag, regex.VERSION0)
    try:
        compiled = regex.compile(pattern, options)
    except (regex.error, RecursionError, OverflowError, ValueError, MemoryError):
        return False
    for probe in _probes(pattern):
        try:
            # Others may run meanwhile.
            compiled.search(probe, timeout=_PROBE_SECONDS, concurrent=True)
        except TimeoutError:
            return True
    return False


def _probes(pattern: str) -> Iterator[str]:
    """Texts that nearly match: what may be repeated, again and again, and then the wrong end."""
    letters = list(dict.fromkeys(one for one in pattern if one.isalnum()))[:3]
    units = ["a", "a ", " ", *letters, "".join(letters), "a1"]
    required = "".join(dict.fromkeys(one for one in pattern if not one.isalnum()))[:20]
    for unit in dict.fromkeys(unit for unit in units if unit):
        yield (unit * _LENGTH)[:_LENGTH] + "\x01" + required
