"""Which entries are called up: by the conversation, then by each other, then by luck."""

from collections.abc import Iterable, Sequence

from attrs import Factory, define, evolve, field, frozen

from domain.chance import chance
from domain.lorebook.book import Lorebook
from domain.lorebook.conversation import Turns
from domain.lorebook.entries import Entry
from domain.lorebook.groups import one_of_each_group
from domain.lorebook.keys import Key, name_key
from domain.lorebook.matching import Standing, matches, standing_of
from domain.lorebook.passage import Passage
from domain.macros import replace_macros

MAX_ROUNDS = 10
"""How far entries call each other: enough for any real book, and no book takes longer."""


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
    _standing: dict[Entry, Standing] = Factory(dict)
    """Of the entries for which the turns before matter."""

    def run(self) -> Sequence[Activated]:
        waiting = self._candidates()
        levels = sorted({entry.recursion_level for entry in waiting} - {0})
        called = [one for one in waiting if self._is_called(one)]
        level = levels.pop(0) if levels else 0
        for number in range(MAX_ROUNDS):
            chosen = self._chosen(called)
            self._active += (Activated(one, self._text(one), number) for one in chosen)
            if not self.book.recursive_scanning:
                break
            if not self._tell(one for one in chosen if not one.prevent_recursion):
                if not (self._told and levels):
                    break
                level = levels.pop(0)
            done = set(called)
            waiting = [one for one in waiting if one not in done and not one.exclude_recursion]
            called = [one for one in waiting if one.recursion_level <= level and self._matches(one)]
        return self._active

    def _candidates(self) -> list[Entry]:
        entries: Iterable[Entry] = self.book.entries
        if self.book.has_templates:
            entries = map(self._named, entries)
        found: list[Entry] = []
        for entry in entries:
            if entry.delay or entry.looks_back:
                standing = standing_of(entry, self.book, self.turns)
                if standing is Standing.BARRED:
                    continue
                self._standing[entry] = standing
            found.append(entry)
        return found

    def _named(self, entry: Entry) -> Entry:
        def named(keys: Sequence[Key]) -> tuple[Key, ...]:
            found = (name_key(key, self._with_names) for key in keys)
            return tuple(key for key in found if key is not None)

        return evolve(
            entry,
            keys=named(entry.keys),
            secondary_keys=named(entry.secondary_keys),
            additional_keys=tuple(map(named, entry.additional_keys)),
            excluded_keys=named(entry.excluded_keys),
        )

    def _with_names(self, text: str) -> str:
        talk = self.turns.conversation
        return replace_macros(text, char=talk.char, user=talk.user)

    def _is_called(self, entry: Entry) -> bool:
        if self._is_kept(entry):
            return True
        return entry.recursion_level == 0 and self._matches(entry)

    def _is_kept(self, entry: Entry) -> bool:
        return self._standing.get(entry) is Standing.KEPT

    def _matches(self, entry: Entry) -> bool:
        return matches(
            entry,
            self.turns.now,
            scan_depth=self.book.scan_depth,
            greeting=self.turns.conversation.greeting,
            told=self._told,
        )

    def _chosen(self, called: Sequence[Entry]) -> list[Entry]:
        alone = one_of_each_group(called, self._groups, self._is_kept, self.seed)
        chosen = [one for one in alone if self._is_kept(one) or self._is_lucky(one)]
        self._groups.update(group for one in chosen for group in one.groups)
        return chosen

    def _is_lucky(self, entry: Entry) -> bool:
        return 100 * chance("probability", self.seed, str(entry.number)) < entry.percent

    def _tell(self, entries: Iterable[Entry]) -> bool:
        """Let entries call others; False when they have nothing to say."""
        texts = [self._text(one, for_scanning=True) for one in entries]
        if texts:
            self._told.append(Passage(texts, self.turns.search))
        return bool(texts)

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
