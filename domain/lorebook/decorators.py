"""Decorators: lines of an entry's content such as ``@@depth 4`` that say how it is used.

Where a decorator is unknown, has a value that it cannot have, or makes no sense in a chat, the
fallbacks below it (``@@@name value``) are tried from top to bottom. Of several decorators of one
name the first counts, except ``additional_keys``, which may be there more than once. None of these
lines is ever part of what the model reads.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from attrs import evolve, frozen

_LINE = re.compile(r"(?P<ats>@@@?)(?P<name>[a-z_]+)(?:[ \t]+(?P<value>.*))?")
_NUMBER = re.compile(r"-?\d{1,9}")
_BLANK_LINES = re.compile(r"\A(?:[ \t]*\n)+|(?:\n[ \t]*)+\Z")


@frozen
class Decorators:
    """What the decorators of an entry ask for; None and empty: nothing."""

    depth: int | None = None
    reverse_depth: int | None = None
    role: str | None = None
    scan_depth: int | None = None
    position: str | None = None
    is_greeting: int | None = None
    activate_only_after: int | None = None
    activate_only_every: int | None = None
    activate: bool = False
    dont_activate: bool = False
    keep_activate_after_match: bool = False
    dont_activate_after_match: bool = False
    ignore_on_max_context: bool = False
    additional_keys: tuple[tuple[str, ...], ...] = ()
    """Of each group at least one must be found."""
    exclude_keys: tuple[str, ...] = ()


def parse_decorators(content: str) -> tuple[Decorators, str]:
    """The decorators, and the content without them and without blank lines at its ends."""
    if "@@" not in content:
        return Decorators(), content
    found: dict[str, Any] = {}
    kept: list[str] = []
    wanted = False
    """Whether the decorator above was ignored, so that a fallback is tried."""
    for line in content.split("\n"):
        decorator = _LINE.fullmatch(line.strip()) if "@@" in line else None
        if decorator is None:
            kept.append(line)
            wanted = False
        elif decorator["ats"] == "@@" or wanted:
            wanted = not _note(found, decorator["name"], (decorator["value"] or "").strip())
    content = _BLANK_LINES.sub("", "\n".join(kept))
    return evolve(Decorators(), **found), content


def _note(found: dict[str, Any], name: str, value: str) -> bool:
    """Take a decorator down; False when it is ignored."""
    reader = _READERS.get(name)
    read = reader(value) if reader else None
    if read is None:
        return False
    if name == "additional_keys":
        found[name] = (*found.get(name, ()), read)
    else:
        found.setdefault(name, read)
    return True


def _number(value: str) -> int | None:
    return int(value) if _NUMBER.fullmatch(value) else None


def _count(value: str) -> int | None:
    number = _number(value)
    return number if number is not None and number > 0 else None


def _flag(value: str) -> bool | None:
    """Set by its name alone; ``false`` is what somebody writes who does not want it."""
    return None if value.lower() == "false" else True


def _texts(value: str) -> tuple[str, ...] | None:
    return tuple(one.strip() for one in value.split(",") if one.strip()) or None


def _one_of(*values: str) -> Callable[[str], str | None]:
    return lambda value: value.lower() if value.lower() in values else None


# Left out, hence ignored: those that count tokens where there are no messages (instruct_depth,
# reverse_instruct_depth, instruct_scan_depth), and those about parts of other programs' screens
# (is_user_icon, disable_ui_prompt).
_READERS: Mapping[str, Callable[[str], Any]] = {
    "depth": _number,
    "reverse_depth": _number,
    "role": _one_of("assistant", "system", "user"),
    "scan_depth": _number,
    "position": _one_of("after_desc", "before_desc", "personality", "scenario"),
    "is_greeting": _number,
    "activate_only_after": _number,
    "activate_only_every": _count,
    "activate": _flag,
    "dont_activate": _flag,
    "keep_activate_after_match": _flag,
    "dont_activate_after_match": _flag,
    "ignore_on_max_context": _flag,
    "additional_keys": _texts,
    "exclude_keys": _texts,
}
