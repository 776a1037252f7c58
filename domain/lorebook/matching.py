"""Whether an entry matches at a turn, and whether it may, given the turns before."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import Enum, auto
from typing import Final

from domain.lorebook.book import Lorebook
from domain.lorebook.conversation import Turn, Turns
from domain.lorebook.entries import Entry, Logic
from domain.lorebook.keys import Key
from domain.lorebook.passage import Passage

_SUITS: Final[Mapping[Logic, Callable[[Iterable[bool]], bool]]] = {
    Logic.AND_ANY: any,
    Logic.AND_ALL: all,
    Logic.NOT_ANY: lambda found: not any(found),
    Logic.NOT_ALL: lambda found: not all(found),
}
"""Whether secondary keys suit, by which of them are found."""


class Standing(Enum):
    """What the turns before mean for an entry."""

    FREE = auto()
    KEPT = auto()
    """It has matched before and stays."""
    BARRED = auto()
    """It cannot match now."""


def matches(
    entry: Entry, turn: Turn, *, scan_depth: int, greeting: int | None, told: Sequence[Passage] = ()
) -> bool:
    """Whether the entry matches at this turn, whatever was before.

    ``scan_depth`` is the book's; ``told`` is what other entries say, in which keys count as well.
    """
    asks = entry.decorators
    if asks.activate:
        return True
    if asks.dont_activate or not _is_time(entry, turn, greeting):
        return False
    depth = scan_depth if entry.scan_depth is None else entry.scan_depth
    passages = (turn.passage(depth), *told)
    if any(not _has_any(passages, group) for group in entry.additional_keys):
        return False
    if entry.excluded_keys and _has_any(passages, entry.excluded_keys):
        return False
    return entry.constant or _is_called(entry, passages)


def _is_called(entry: Entry, passages: Sequence[Passage]) -> bool:
    if entry.is_regex:
        return _matches_patterns(passages, entry.keys)
    return _has_any(passages, entry.keys) and _suits(passages, entry)


def _is_time(entry: Entry, turn: Turn, greeting: int | None) -> bool:
    asks = entry.decorators
    if None not in {asks.is_greeting, greeting} and asks.is_greeting != greeting:
        return False
    if asks.activate_only_after is not None and turn.replies < asks.activate_only_after:
        return False
    return asks.activate_only_every is None or turn.replies % asks.activate_only_every == 0


def _has(passages: Iterable[Passage], key: Key) -> bool:
    return any(passage.has(key) for passage in passages)


def _has_any(passages: Iterable[Passage], keys: Iterable[Key]) -> bool:
    for key in keys:
        for passage in passages:
            if passage.has(key):
                return True
    return False


def _matches_patterns(passages: Sequence[Passage], keys: Sequence[Key]) -> bool:
    """The specification: an entry with a key that is no regular expression never matches."""
    found = [passage.has(key) for key in keys for passage in passages]
    return None not in found and any(found)


def _suits(passages: Sequence[Passage], entry: Entry) -> bool:
    """Whether the secondary keys are as the entry wants them."""
    if not entry.secondary_keys:
        return True
    return _SUITS[entry.logic](_has(passages, key) for key in entry.secondary_keys)


def standing_of(entry: Entry, book: Lorebook, turns: Turns) -> Standing:
    """What the turns before mean for the entry now.

    Nothing is stored of it: the turns are gone through again, as far back as the conversation's
    messages reach. An entry counts as having matched when its keys did, whether or not it was then
    chosen, called by another entry, or fitted the budget.
    """
    conversation = turns.conversation
    if conversation.length < entry.delay:
        return Standing.BARRED
    if not entry.looks_back:
        return Standing.FREE

    def matched(turn: Turn) -> bool:
        return matches(entry, turn, scan_depth=book.scan_depth, greeting=conversation.greeting)

    asks = entry.decorators
    if asks.keep_activate_after_match or asks.dont_activate_after_match:
        if any(map(matched, turns.past)):
            keeps = not asks.dont_activate_after_match
            return Standing.KEPT if keeps else Standing.BARRED
        return Standing.FREE
    return _timed(entry, turns, matched)


def _timed(entry: Entry, turns: Turns, matched: Callable[[Turn], bool]) -> Standing:
    """As SillyTavern counts: in messages, a cooldown after a sticky time."""
    kept_until: int | None = None
    barred_until = 0
    standing = Standing.FREE
    for turn in (*turns.past, turns.now):
        if kept_until is not None and turn.end >= kept_until:
            kept_until, barred_until = None, turn.end + entry.cooldown
        if kept_until is not None:
            standing = Standing.KEPT
            continue
        standing = Standing.BARRED if turn.end < barred_until else Standing.FREE
        if standing is Standing.FREE and matched(turn):
            if entry.sticky:
                kept_until = turn.end + entry.sticky
            else:
                barred_until = turn.end + entry.cooldown
    return standing
