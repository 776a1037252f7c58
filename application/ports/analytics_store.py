"""Where days are counted: what is not counted yet, and the sums."""

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from attrs import frozen

from domain.analytics_counts import Count, PersonCounted, PersonNews, TurnFact
from domain.analytics_purchases import CountedPurchase, PurchaserNews
from domain.market.purchases import Purchase


@frozen
class Uncounted:
    """Some of what is new: ``people`` with their purchases, ``purchasers`` and ``turns``."""

    people: Sequence[tuple[PersonNews, Sequence[Purchase]]] = ()
    purchasers: Sequence[PurchaserNews] = ()
    turns: Sequence[TurnFact] = ()

    @property
    def is_empty(self) -> bool:
        """Whether all is counted."""
        return not (self.people or self.purchasers or self.turns)


@frozen
class Counted:
    """What was counted: how far, and what is to be added to the sums because of it."""

    counts: Sequence[Count]
    people: Sequence[PersonCounted] = ()
    purchases: Sequence[CountedPurchase] = ()
    turns: Sequence[TurnFact] = ()


class AnalyticsStore(Protocol):
    """Sums by day, and marks on what they were made of. The sums name nobody."""

    async def revision(self) -> int:
        """A number that grows with each change of the sums."""
        ...

    async def find_people(self, *, limit: int) -> Uncounted:
        """People whose account or ledger entries are not all counted, some entries of each."""
        ...

    async def find_purchasers(self, *, limit: int) -> Uncounted:
        """People of whose purchases one has changed, each with all of theirs."""
        ...

    async def find_turns(self, *, limit: int) -> Uncounted:
        """Turns whose end is not counted."""
        ...

    async def add(self, counted: Counted, *, revision: int) -> bool:
        """Add to the sums and mark what was counted, in one step; the revision grows by one.

        Nothing happens, and False is returned, when the sums have another revision by now. What
        has changed since it was read stays uncounted for the rest.
        """
        ...

    async def begin_again(self) -> None:
        """Forget all sums, and let everything be uncounted; ``mark`` does the rest of it."""
        ...

    async def mark(self, *, limit: int) -> int:
        """Of accounts that are still marked as counted, let some be uncounted; how many it were.

        0 when there are no more. While there are, nothing may be added.
        """
        ...

    async def is_counting_again(self) -> bool:
        """Whether ``begin_again`` was not followed by ``end`` yet."""
        ...

    async def end(self) -> None:
        """Say that all is counted that there was at the last ``begin_again``."""
        ...

    async def list(self, first: date, last: date) -> Sequence[Count]:
        """The sums from ``first`` to ``last``, both included."""
        ...
