"""Where days are counted: what is not counted yet, and the sums."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import msgspec

from adapters.postgres import analytics_sql, codec, market_codec
from adapters.postgres.connection import PostgresPool, Row
from application.ports.analytics_store import Counted, Uncounted
from domain.analytics_counts import Count, PersonNews, TurnFact
from domain.analytics_purchases import CountedPurchase, PurchaserNews

_Rows = list[Row]
_ENTRIES = 2_000
_SECONDS = 60.0

_person = msgspec.json.Decoder(PersonNews).decode
_purchaser = msgspec.json.Decoder(PurchaserNews).decode
_turn = msgspec.json.Decoder(TurnFact).decode
_count = msgspec.json.Decoder(Count).decode


class PostgresAnalyticsStore:
    """Sums by day, and marks on the wallets, purchases and turns that they are made of."""

    def __init__(self, pool: PostgresPool) -> None:
        self._pool = pool

    async def revision(self) -> int:
        [(revision, _)] = await self._pool.read(analytics_sql.REVISION, {})
        return int(codec.present(revision))

    async def find_people(self, *, limit: int) -> Uncounted:
        values = {"limit": limit, "entries": _ENTRIES}
        rows = await self._find(analytics_sql.FIND_PEOPLE, values)
        return Uncounted(
            people=[
                (_person(codec.present(news)), market_codec.purchases(codec.present(purchases)))
                for news, purchases in rows
            ]
        )

    async def find_purchasers(self, *, limit: int) -> Uncounted:
        rows = await self._find(analytics_sql.FIND_PURCHASERS, {"limit": limit})
        return Uncounted(purchasers=[_purchaser(codec.present(row[0])) for row in rows])

    async def find_turns(self, *, limit: int) -> Uncounted:
        rows = await self._find(analytics_sql.FIND_TURNS, {"limit": limit})
        return Uncounted(turns=[_turn(codec.present(row[0])) for row in rows])

    async def add(self, counted: Counted, *, revision: int) -> bool:
        pieces: tuple[tuple[str, Sequence[Any]], ...] = (
            (analytics_sql.ADD_PEOPLE, counted.people),
            (analytics_sql.ADD_PURCHASES, [_bought(one) for one in counted.purchases]),
            (analytics_sql.ADD_TURNS, [_ended(one) for one in counted.turns]),
        )
        [(sql, marks)] = [piece for piece in pieces if piece[1]]
        values = {
            "revision": revision,
            "counts": codec.document(_flat(counted.counts)),
            "marks": codec.document(marks),
        }
        return bool(await self._pool.together([(sql, values)], seconds=_SECONDS))

    async def begin_again(self) -> None:
        await self._pool.together(
            [(analytics_sql.BEGIN_AGAIN, {}), (analytics_sql.FORGET, {})], seconds=_SECONDS
        )

    async def mark(self, *, limit: int) -> int:
        steps = [(sql, {"limit": limit}) for sql in analytics_sql.MARK]
        [(marked,)] = await self._pool.together(steps, seconds=_SECONDS)
        return int(codec.present(marked))

    async def is_counting_again(self) -> bool:
        [(_, is_again)] = await self._pool.read(analytics_sql.REVISION, {})
        return is_again == b"t"

    async def end(self) -> None:
        await self._pool.write(analytics_sql.END, {})

    async def list(self, first: date, last: date) -> Sequence[Count]:
        values = {"first": first, "last": last}
        return [
            _count(codec.present(row[0])) for row in await self._find(analytics_sql.LIST, values)
        ]

    async def _find(self, sql: str, values: dict[str, Any]) -> _Rows:
        return await self._pool.together([(sql, values)], seconds=_SECONDS)


def _flat(counts: Iterable[Count]) -> list[dict[str, object]]:
    """The numbers as records with the columns of the table."""
    return [{**msgspec.to_builtins(one.key), "value": one.value} for one in counts]


def _bought(one: CountedPurchase) -> dict[str, object]:
    purchase = one.purchase
    return {
        "user_id": purchase.user_id,
        "id": purchase.id,
        "version": purchase.version,
        "counted": one.counted,
    }


def _ended(fact: TurnFact) -> dict[str, object]:
    return {"turn_id": fact.turn_id, "outcome": fact.outcome, "turns": fact.turns}
