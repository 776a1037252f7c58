"""Which entries are called up: by the conversation, then by each other, then by luck."""

from collections.abc import Iterable, Sequence

from attrs import define, evolve, field, frozen

from domain.chance import chance
from domain.lorebook.book import Lorebook
from domain.lorebook.conversation import Turns
from domain.lorebook.entries import Entry
from domain.lorebook.groups import one_of_each_group
from domain.lorebook.keys import Key, KeyKind, name_key
from domain.lorebook.matching import Standing, matches, standing_of
from domain.lorebook.passage import Passage
from domain.macros import replace_macros

MAX_ROUNDS = 10
"""How far entries call each other: enough for any real book, and no book takes longer."""
MAX_CHARACTERS = 60_000
"""Of all that is called up in a turn: far more than a prompt has room for. What has the lowest
priority is not called up at all when there is more."""


@frozen(eq=False)
class Activated:
    """An entry that is called up, with its macros replaced.

    ``round`` is 0 when the conversation itself called it.
    """

    entry: Entry
    content: str
    round: int


def activate(book: Lorebook, turns: Turns, seed: str) -> list[Activated]:
    """The entries that are called up, in no particular order; macros and luck follow ``seed``."""
    return list(_Activation(book, turns, seed).run())


@define(eq=False)
class _Activation:
    book: Lorebook
    turns: Turns
    seed: str
    _active: list[Activated] = field(factory=list)
    _told: list[Passage] = field(factory=list)
    _groups: set[str] = field(factory=set)
    """Those of which an entry is active."""
    _considered: set[int] = field(factory=set)
    _waiting: dict[int, Entry] = field(factory=dict)
    """By number. Those with patterns keep the order of the card, should time run out."""
    _kept: set[Entry] = field(factory=set)
    _room: int = MAX_CHARACTERS

    def run(self) -> Sequence[Activated]:
        self._consider(map(self._named, self.book.index.always))
        self._consider(self.book.index.entries_for(self.turns.now.passage(self.book.deepest)))
        called = [one for one in self._waiting.values() if self._is_called(one)]
        levels = list(self.book.recursion_levels)
        level = levels.pop(0) if levels else 0
        for number in range(MAX_ROUNDS):
            chosen = self._with_room(self._chosen(called))
            active = [Activated(one, self._text(one), number) for one in chosen]
            self._active += active
            for one in called:
                del self._waiting[one.number]
            if not self.book.recursive_scanning:
                break
            if not self._tell([one for one in active if not one.entry.prevent_recursion]):
                if not (self._told and levels):
                    break
                level = levels.pop(0)
            called = [
                one
                for one in self._waiting.values()
                if one.recursion_level <= level and not one.exclude_recursion and self._matches(one)
            ]
        return self._active

    def _consider(self, entries: Iterable[Entry]) -> None:
        """Let these entries wait to be called, as far as the turns before let them."""
        for entry in entries:
            if entry.number in self._considered:
                continue
            self._considered.add(entry.number)
            standing = standing_of(entry, self.book, self.turns)
            if standing is Standing.KEPT:
                self._kept.add(entry)
            if standing is not Standing.BARRED:
                self._waiting[entry.number] = entry

    def _named(self, entry: Entry) -> Entry:
        if not any(key.kind is KeyKind.TEMPLATE for key in entry.all_keys):
            return entry

        talk = self.turns.conversation

        def named(keys: Sequence[Key]) -> tuple[Key, ...]:
            found = (name_key(key, char=talk.char, user=talk.user) for key in keys)
            return tuple(key for key in found if key is not None)

        return evolve(
            entry,
            keys=named(entry.keys),
            secondary_keys=named(entry.secondary_keys),
            additional_keys=tuple(map(named, entry.additional_keys)),
            excluded_keys=named(entry.excluded_keys),
        )

    def _is_called(self, entry: Entry) -> bool:
        if self._is_kept(entry):
            return True
        return entry.recursion_level == 0 and self._matches(entry)

    def _is_kept(self, entry: Entry) -> bool:
        return entry in self._kept

    def _matches(self, entry: Entry) -> bool:
        return matches(
            entry,
            self.turns.now,
            scan_depth=self.book.scan_depth,
            greeting=self.turns.conversation.greeting,
            told=self._told,
        )

    def _chosen(self, called: Sequence[Entry]) -> list[Entry]:
        called = sorted(called, key=lambda one: one.number)
        alone = one_of_each_group(called, self._groups, self._is_kept, self.seed)
        chosen = [one for one in alone if self._is_kept(one) or self._is_lucky(one)]
        self._groups.update(group for one in chosen for group in one.groups)
        return chosen

    def _with_room(self, chosen: Sequence[Entry]) -> list[Entry]:
        kept: set[Entry] = set()
        for entry in sorted(chosen, key=lambda one: one.priority, reverse=True):
            if len(entry.content) <= self._room:
                self._room -= len(entry.content)
                kept.add(entry)
        return [one for one in chosen if one in kept]

    def _is_lucky(self, entry: Entry) -> bool:
        return 100 * chance("probability", self.seed, str(entry.number)) < entry.percent

    def _tell(self, active: Sequence[Activated]) -> bool:
        """Let entries call others; False when there is nobody to speak."""
        if active:
            told = Passage(map(self._searched_text, active), self.turns.search)
            self._told.append(told)
            self._consider(self.book.index.entries_for(told))
        return bool(active)

    def _searched_text(self, active: Activated) -> str:
        if "hidden_key" not in active.entry.content.lower():
            return active.content
        return self._text(active.entry, for_scanning=True)

    def _text(self, entry: Entry, *, for_scanning: bool = False) -> str:
        talk = self.turns.conversation
        return replace_macros(
            entry.content,
            char=talk.char,
            user=talk.user,
            seed=f"{self.seed}/{entry.number}",
            pick_seed=f"{talk.id}/{entry.number}",
            for_scanning=for_scanning,
        ).strip()
