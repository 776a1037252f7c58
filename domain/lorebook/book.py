"""A lorebook, read from a card's ``character_book``.

Cards come from many programs, so this is lenient: what is null counts as absent, an entry in which
something has the wrong type is left out alone, and what we do not know is not looked at (the card
keeps it).
"""

from collections.abc import Mapping
from typing import Any

from attrs import field, frozen

from domain.lorebook.entries import Entry
from domain.lorebook.entry_fields import Fields, OddValue
from domain.lorebook.entry_reader import read_entry
from domain.lorebook.index import KeyIndex, index_entries

DEFAULT_SCAN_DEPTH = 4
MAX_ENTRIES = 10_000
MAX_KEYS = 20_000
"""Of all entries together. What stands behind either bound is left out."""
_ALL = 10**9


@frozen(eq=False)
class Lorebook:
    """What a character may tell.

    Reading it from a card takes its time (some 50 µs an entry), and it never changes: keep it as
    long as the version of the card is in use. Disabled and empty entries are not in it.
    """

    entries: tuple[Entry, ...] = ()
    scan_depth: int = DEFAULT_SCAN_DEPTH
    """In how many of the latest messages keys are looked for."""
    token_budget: int | None = None
    recursive_scanning: bool = False

    index: KeyIndex = field(init=False, repr=False)
    deepest: int = field(init=False)
    """In how many messages any of its entries looks for keys, or has looked for them before."""

    counts: bool = field(init=False)
    """Whether any of its entries asks how much was said before the messages it is shown."""
    recursion_levels: tuple[int, ...] = field(init=False)
    """Of those of its entries that only others call, the lowest first."""

    @index.default
    def _(self) -> KeyIndex:
        return index_entries(self.entries)

    @deepest.default
    def _(self) -> int:
        if any(entry.looks_back for entry in self.entries):
            return _ALL
        depths = (entry.scan_depth for entry in self.entries)
        return max(self.scan_depth, max((one for one in depths if one is not None), default=0))

    @counts.default
    def _(self) -> bool:
        return any(entry.counts for entry in self.entries)

    @recursion_levels.default
    def _(self) -> tuple[int, ...]:
        return tuple(sorted({entry.recursion_level for entry in self.entries} - {0}))


NO_LORE = Lorebook()


def lorebook_of(card: Mapping[str, Any]) -> Lorebook:
    """The lorebook of a whole card; one without entries when it has none."""
    data = card.get("data")
    book = data.get("character_book") if isinstance(data, Mapping) else None
    return parse_lorebook(book) if isinstance(book, Mapping) else NO_LORE


def parse_lorebook(book: Mapping[str, Any]) -> Lorebook:
    """The lorebook that a ``character_book`` describes, however odd it is."""
    found = book.get("entries")
    entries: list[Entry] = []
    keys = 0
    for number, raw in enumerate((found if isinstance(found, list) else [])[:MAX_ENTRIES]):
        try:
            entry = read_entry(number, raw)
        except OddValue:
            continue
        if entry is None:
            continue
        keys += len(entry.all_keys)
        if keys > MAX_KEYS:
            break
        entries.append(entry)
    fields = Fields(book)
    budget = fields.lenient_number("token_budget")
    return Lorebook(
        entries=tuple(entries),
        scan_depth=max(0, int(fields.lenient_number("scan_depth", DEFAULT_SCAN_DEPTH))),
        token_budget=None if budget is None else max(0, int(budget)),
        recursive_scanning=book.get("recursive_scanning") is True,
    )
