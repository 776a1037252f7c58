"""Which entries a text may call at all, found without asking each of them.

A book may have thousands of entries, and few of them matter to a turn. Every plain key begins with
a word, or with two characters, that the text must have; so the text's own words lead to them.
"""

from collections.abc import Iterable, Mapping, Sequence

from attrs import frozen

from domain.lorebook.entries import Entry
from domain.lorebook.keys import Key, KeyKind
from domain.lorebook.passage import Passage


@frozen(eq=False)
class KeyIndex:
    """Entries by the heads of their keys; ``always`` are those that need to be asked each time."""

    by_word: Mapping[str, Sequence[Entry]]
    by_part: Mapping[str, Sequence[Entry]]
    always: Sequence[Entry]

    def entries_for(self, passage: Passage) -> set[Entry]:
        """All entries of which a plain key can be in the passage, and a few more."""
        found: set[Entry] = set()
        for head in passage.words_among(self.by_word):
            found.update(self.by_word[head])
        for head in passage.parts_among(self.by_part):
            found.update(self.by_part[head])
        return found


def index_entries(entries: Iterable[Entry]) -> KeyIndex:
    """The index of these entries."""
    by_word: dict[str, list[Entry]] = {}
    by_part: dict[str, list[Entry]] = {}
    always: list[Entry] = []
    for entry in entries:
        needs_keys = not (entry.constant or entry.decorators.activate)
        if not (needs_keys and all(map(_is_plain, entry.all_keys))):
            always.append(entry)
            continue
        for key in entry.keys:
            index = by_part if key.kind is KeyKind.PART else by_word
            index.setdefault(key.head, []).append(entry)
    return KeyIndex(by_word, by_part, always)


def _is_plain(key: Key) -> bool:
    return not key.cased and key.kind not in {KeyKind.PATTERN, KeyKind.TEMPLATE}
