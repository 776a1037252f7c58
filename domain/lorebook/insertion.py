"""What of a lorebook is told at a turn: one pure function, and what it gives."""

from collections.abc import Sequence

from attrs import evolve, field, frozen

from domain.lorebook.activation import Activated, activate
from domain.lorebook.book import Lorebook
from domain.lorebook.conversation import Conversation, Turns
from domain.lorebook.entries import Entry, Place, Position
from domain.lorebook.passage import Search
from domain.tokens import PER_MESSAGE, estimate_tokens

_LINE_BREAK = 1
"""Tokens that part an entry from what stands beside it."""


@frozen
class Insertion:
    """An entry as it is told: macros replaced, decorators gone.

    ``tokens`` is what it adds to a prompt: with the break that parts it from the next, or with what
    a message costs if it is one of its own.
    """

    entry_id: str
    name: str
    content: str
    place: Place
    tokens: int


@frozen
class Insertions:
    """What is told, in the order of insertion, and what matched but found no room."""

    entries: tuple[Insertion, ...] = ()
    left_out: tuple[Insertion, ...] = ()

    @property
    def tokens(self) -> int:
        """What all entries together add to a prompt, at most."""
        return sum(entry.tokens for entry in self.entries)

    def at(self, position: Position) -> tuple[Insertion, ...]:
        """The entries of one position, in the order of insertion."""
        return tuple(one for one in self.entries if one.place.position is position)

    def text_at(self, position: Position) -> str:
        """What all entries of one position say, a line for each; empty when there are none."""
        return "\n".join(one.content for one in self.at(position))


NOTHING = Insertions()


def insert_lore(
    book: Lorebook, conversation: Conversation, *, budget: int, seed: str, search: Search
) -> Insertions:
    """The entries that the conversation calls up, within the budget.

    ``budget`` is in tokens, beside the book's own; ``seed`` is the turn's: the same one always
    gives the same luck. When the room is short, the entries of the lowest priority are left out.
    """
    if not book.entries or not conversation.messages:
        return NOTHING
    length = conversation.length
    found = [
        _Candidate(one, _insertion(one.entry, one.content, length))
        for one in activate(book, Turns(conversation, search), seed)
        if one.content
    ]
    found.sort(key=lambda one: (one.activated.entry.order, one.activated.entry.number))
    kept = _fitting(found, book.token_budget, budget)
    return Insertions(
        tuple(one.insertion for one in found if one in kept),
        tuple(one.insertion for one in found if one not in kept),
    )


@frozen(eq=False)
class _Candidate:
    activated: Activated
    insertion: Insertion
    plain_tokens: int = field(init=False)
    """What the book's own budget counts: the content alone."""

    @plain_tokens.default
    def _(self) -> int:
        return estimate_tokens(self.activated.content)

    @property
    def rank(self) -> tuple[bool, float, bool, int, int]:
        """The lowest one is left out first.

        At the same priority what is always told stays, then what the conversation itself called
        up, then what stands first in the card.
        """
        entry = self.activated.entry
        return (
            not entry.decorators.ignore_on_max_context,
            entry.priority,
            entry.constant,
            -self.activated.round,
            -entry.number,
        )


def _insertion(entry: Entry, content: str, length: int) -> Insertion:
    place = entry.place
    asks = entry.decorators
    if asks.reverse_depth is not None and asks.depth is None and asks.position is None:
        place = evolve(place, depth=max(0, length - asks.reverse_depth))
    around = PER_MESSAGE if place.position is Position.AT_DEPTH else _LINE_BREAK
    tokens = estimate_tokens(content) + around
    return Insertion(entry.id, entry.name, content, place, tokens)


def _fitting(found: Sequence[_Candidate], book_budget: int | None, budget: int) -> set[_Candidate]:
    """The entries left when those of the lowest rank are taken away until the rest fits.

    One that is too long for the whole budget is not worth taking others away for.
    """
    most = budget if book_budget is None else book_budget
    left = [one for one in found if one.plain_tokens <= most and one.insertion.tokens <= budget]
    left.sort(key=lambda one: one.rank, reverse=True)
    plain = sum(one.plain_tokens for one in left)
    tokens = sum(one.insertion.tokens for one in left)
    while left and (plain > most or tokens > budget):
        dropped = left.pop()
        plain -= dropped.plain_tokens
        tokens -= dropped.insertion.tokens
    return set(left)
