"""Where days are counted, in memory."""

from collections.abc import Sequence
from datetime import date

from adapters.in_memory.database import InMemoryDatabase
from application.ports.analytics_store import Counted, Uncounted
from domain.accounts import User
from domain.analytics_counts import (
    Count,
    CountedEntry,
    PersonCounted,
    PersonNews,
    day_of,
)
from domain.analytics_purchases import CountedPurchase, PurchaserNews
from domain.ledger import EntryKind, LedgerEntry
from domain.market.purchases import Purchase

_ENTRIES = 2_000


class InMemoryAnalyticsStore:
    """Sums by day; what is not counted yet is found by comparing."""

    def __init__(self, database: InMemoryDatabase) -> None:
        self._database = database

    async def revision(self) -> int:
        await self._database.round_trip()
        return self._database.days.revision

    async def find_people(self, *, limit: int) -> Uncounted:
        await self._database.round_trip()
        tables = self._database
        people = []
        for user in sorted(tables.users.values(), key=lambda user: user.id):
            counted = tables.days.people.get(user.id)
            if counted is None or counted.counted_entries < len(tables.ledger[user.id]):
                people.append((self._news(user, counted), self._purchases_of(user.id)))
        return Uncounted(people=people[:limit])

    async def find_purchasers(self, *, limit: int) -> Uncounted:
        await self._database.round_trip()
        counted = self._database.days.purchases
        changed = {
            purchase.user_id
            for key, purchase in self._database.purchases.items()
            if counted.get(key, (0, ()))[0] != purchase.version
        }
        return Uncounted(
            purchasers=[
                PurchaserNews(
                    user_id,
                    self._database.users[user_id].created_at,
                    tuple(
                        CountedPurchase(one, counted.get((user_id, one.id), (0, ()))[1])
                        for one in self._purchases_of(user_id)
                    ),
                )
                for user_id in sorted(changed)[:limit]
            ]
        )

    async def find_turns(self, *, limit: int) -> Uncounted:
        await self._database.round_trip()
        days = self._database.days
        return Uncounted(
            turns=[fact for key, fact in days.facts.items() if key not in days.turns][:limit]
        )

    async def add(self, counted: Counted, *, revision: int) -> bool:
        await self._database.round_trip()
        days = self._database.days
        if days.revision != revision:
            return False
        days.revision += 1
        for one in counted.counts:
            days.sums[one.key] = days.sums.get(one.key, 0) + one.value
        days.people.update({person.user_id: person for person in counted.people})
        for bought in counted.purchases:
            key = bought.purchase.user_id, bought.purchase.id
            days.purchases[key] = bought.purchase.version, bought.counted
        days.turns.update((fact.turn_id, fact.outcome, fact.turns) for fact in counted.turns)
        return True

    async def begin_again(self) -> None:
        await self._database.round_trip()
        days = self._database.days
        days.revision += 1
        days.sums.clear()
        days.turns.clear()
        days.unmarked = sorted({*days.people, *(user_id for user_id, _ in days.purchases)})
        days.is_again = True

    async def mark(self, *, limit: int) -> int:
        await self._database.round_trip()
        days = self._database.days
        marked, days.unmarked = days.unmarked[:limit], days.unmarked[limit:]
        for user_id in marked:
            days.people.pop(user_id, None)
            days.purchases = {k: row for k, row in days.purchases.items() if k[0] != user_id}
        return len(marked)

    async def is_counting_again(self) -> bool:
        await self._database.round_trip()
        return self._database.days.is_again

    async def end(self) -> None:
        await self._database.round_trip()
        self._database.days.is_again = bool(self._database.days.unmarked)

    async def list(self, first: date, last: date) -> Sequence[Count]:
        await self._database.round_trip()
        sums = self._database.days.sums
        return [Count(key, sums[key]) for key in sorted(sums) if first <= key.day <= last]

    def _news(self, user: User, counted: PersonCounted | None) -> PersonNews:
        ledger = self._database.ledger[user.id]
        done = counted.counted_entries if counted else 0
        charges = {day_of(one.created_at) for one in ledger[:done] if one.kind is EntryKind.CHARGE}
        return PersonNews(
            user_id=user.id,
            created_at=user.created_at,
            news=len(ledger),
            counted_entries=counted.counted_entries if counted else None,
            active_on=counted.active_on if counted else None,
            entries=tuple(self._entry(one) for one in ledger[done : done + _ENTRIES]),
            seen_days=frozenset(charges),
        )

    def _entry(self, entry: LedgerEntry) -> CountedEntry:
        if entry.kind is EntryKind.CHARGE:
            for fact in self._database.days.facts.values():
                if fact.turn_id == entry.reference and fact.turns > 0:
                    return CountedEntry(entry, fact.character_id, fact.model)
        return CountedEntry(entry)

    def _purchases_of(self, user_id: str) -> Sequence[Purchase]:
        purchases = self._database.purchases
        return [one for key, one in sorted(purchases.items()) if key[0] == user_id]
