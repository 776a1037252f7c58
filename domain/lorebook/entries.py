"""Entries of a lorebook: what is told, when, and where in the prompt."""

from enum import Enum, IntEnum

from attrs import field, frozen

from domain.lorebook.decorators import Decorators
from domain.lorebook.keys import Key


class Position(Enum):
    """Where in the prompt an entry stands."""

    BEFORE_CHAR = "before_char"
    AFTER_CHAR = "after_char"
    AT_DEPTH = "at_depth"
    """A message of its own, among the latest of the conversation."""


@frozen
class Place:
    """Where an entry stands; ``depth`` and ``role`` mean something for ``AT_DEPTH`` only.

    ``depth`` counts the messages behind it: 0 is after the newest one, and more than there are is
    before the oldest one. ``role`` is ``system``, ``user`` or ``assistant``.
    """

    position: Position
    depth: int = 0
    role: str = "system"


class Logic(IntEnum):
    """What the secondary keys must be like, by SillyTavern's numbers."""

    AND_ANY = 0
    NOT_ALL = 1
    NOT_ANY = 2
    AND_ALL = 3


@frozen(eq=False)
class Entry:
    """One entry, as the card has it."""

    number: int
    """Its place in the card: from 0."""
    id: str
    name: str
    content: str
    """Without decorators, macros not yet replaced."""
    keys: tuple[Key, ...]
    order: float
    priority: float
    place: Place
    secondary_keys: tuple[Key, ...] = ()
    """None where the card does not want them looked at."""
    logic: Logic = Logic.AND_ANY
    additional_keys: tuple[tuple[Key, ...], ...] = ()
    """Of each group at least one must be found."""
    excluded_keys: tuple[Key, ...] = ()
    is_regex: bool = False
    constant: bool = False
    scan_depth: int | None = None
    """How many messages it looks at; None for as many as the book says."""
    decorators: Decorators = field(factory=Decorators)
    percent: float = 100.0
    """How likely it is inserted when it matches."""
    groups: tuple[str, ...] = ()
    """Of the entries of a group only one is inserted."""
    group_wins: bool = False
    group_weight: float = 100.0
    exclude_recursion: bool = False
    """Other entries do not call it."""
    prevent_recursion: bool = False
    """It calls no others."""
    recursion_level: int = 0
    """Above 0 only other entries call it, those of lower levels before."""
    sticky: int = 0
    """For how many messages it stays once it has matched."""
    cooldown: int = 0
    """For how many messages it then cannot match again."""
    delay: int = 0
    """How many messages there must be before it can match."""

    @property
    def all_keys(self) -> tuple[Key, ...]:
        """Every key that it has, whatever for."""
        groups = (self.keys, self.secondary_keys, *self.additional_keys, self.excluded_keys)
        return tuple(key for group in groups for key in group)

    @property
    def counts(self) -> bool:
        """Whether it matters how much was said before."""
        asks = self.decorators
        numbers = (asks.activate_only_after, asks.activate_only_every, asks.reverse_depth)
        return self.delay > 0 or any(one is not None for one in numbers)

    @property
    def looks_back(self) -> bool:
        """Whether it matters if it has matched before."""
        asks = self.decorators
        return bool(
            self.sticky
            or self.cooldown
            or asks.keep_activate_after_match
            or asks.dont_activate_after_match
        )
