"""The purchases, and all that changes with one of them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from attrs import evolve
from psycopg.errors import ForeignKeyViolation, UniqueViolation

from adapters.postgres import codec, market_codec, purchase_sql
from adapters.postgres.connection import PostgresPool, Row
from adapters.postgres.market_audit import AUDIT
from application.ports.purchase_store import Change, Holder, Holding, Owner
from application.ports.wallet_store import Violation
from domain.accounts import Tier
from domain.errors import AlreadyRecorded, Conflict, NotFound, Unavailable
from domain.market.products import Provider
from domain.market.purchases import Purchase

_AUDIT_SECONDS = 120.0
_LOOKS = 5
_NAMES = "store_names_pkey"


class PostgresPurchaseStore:
    """A row for each purchase, changed by compare-and-set only, and the names that lead to it."""

    def __init__(self, pool: PostgresPool) -> None:
        self._pool = pool

    async def add(self, purchase: Purchase, names: Sequence[str] = ()) -> Purchase:
        values = {
            "user_id": purchase.user_id,
            "id": purchase.id,
            "provider": purchase.provider,
            "names": codec.document(names),
            "purchases": codec.document((purchase,)),
        }
        for _ in range(_LOOKS):
            try:
                [(is_added, is_living, known)] = await self._pool.write(purchase_sql.ADD, values)
            except UniqueViolation:
                continue  # a name was taken just now: this time we see whose it is
            if is_added == b"t":
                return evolve(purchase, version=1)
            if known is not None:
                return market_codec.purchase(known)
            if is_living == b"f":
                raise NotFound("There is no such account.")
        raise Unavailable("The purchase is too busy. Try again in a moment.")

    async def get(self, user_id: str, purchase_id: str) -> Purchase:
        row = await self._pool.read_one(purchase_sql.GET, {"user_id": user_id, "id": purchase_id})
        if row is None:
            raise NotFound("There is no such purchase.")
        return market_codec.purchase(codec.present(row[0]))

    async def list(self, user_id: str, *, limit: int, before: str | None) -> Sequence[Purchase]:
        page = {"user_id": user_id, "limit": limit, "before": before or codec.LAST_ID}
        rows = await self._pool.read(purchase_sql.LIST, page)
        return [market_codec.purchase(codec.present(row[0])) for row in rows]

    async def list_subscriptions(self, user_id: str) -> Sequence[Purchase]:
        rows = await self._pool.read(purchase_sql.LIST_SUBSCRIPTIONS, {"user_id": user_id})
        return [market_codec.purchase(codec.present(row[0])) for row in rows]

    async def find_owner(self, provider: Provider, names: Sequence[str]) -> Owner | None:
        values = {"provider": provider, "names": codec.document(names)}
        row = await self._pool.read_one(purchase_sql.FIND_OWNER, values)
        return _owner(row) if row else None

    async def get_holder(self, user_id: str) -> Holder:
        row = await self._pool.read_one(purchase_sql.GET_HOLDER, {"user_id": user_id})
        if row is None:
            raise NotFound("There is no such account.")
        return market_codec.holder(codec.present(row[0]))

    async def find_holder(self, store_token: str) -> str | None:
        try:
            token = str(UUID(store_token))
        except ValueError:
            return None
        row = await self._pool.read_one(purchase_sql.FIND_HOLDER, {"store_token": token})
        return codec.present(row[0]).decode() if row else None

    async def keep_customer(self, user_id: str, provider: Provider, customer: str) -> str:
        values = {"user_id": user_id, "provider": provider, "customer": customer}
        try:
            row = await self._pool.write_one(purchase_sql.KEEP_CUSTOMER, values)
        except ForeignKeyViolation:
            row = None  # erased while we were writing
        if row is None:
            raise NotFound("There is no such account.")
        return codec.present(row[0]).decode()

    async def open(self, owner: Owner) -> Holding:
        values = {"user_id": owner.user_id, "id": owner.purchase_id}
        row = await self._pool.read_one(purchase_sql.OPEN, values)
        if row is None:
            raise NotFound("There is no such purchase.")
        purchase, wallet, tier, subscriptions, lots = (codec.present(column) for column in row)
        return Holding(
            purchase=market_codec.purchase(purchase),
            wallet=codec.wallet(wallet),
            tier=Tier(tier.decode()),
            subscriptions=market_codec.purchases(subscriptions),
            lots=market_codec.lots(lots),
        )

    async def save(self, change: Change) -> bool:
        sql = purchase_sql.SAVE_WITHOUT_MONEY if change.wallet is None else purchase_sql.SAVE
        try:
            return bool(await self._pool.write(sql, _values(change)))
        except UniqueViolation as error:
            if error.diag.constraint_name == _NAMES:
                raise Conflict("The store's name belongs to another purchase.") from error
            raise AlreadyRecorded("This is in the ledger already.") from error

    async def list_due(self, now: datetime, *, limit: int) -> Sequence[Owner]:
        rows = await self._pool.read(purchase_sql.LIST_DUE, {"now": now, "limit": limit})
        return [_owner(row) for row in rows]

    async def list_live(
        self, provider: Provider, *, limit: int, after: Owner | None
    ) -> Sequence[Owner]:
        values = {
            "provider": provider,
            "limit": limit,
            "after_user": after.user_id if after else "",
            "after_id": after.purchase_id if after else "",
        }
        return [_owner(row) for row in await self._pool.read(purchase_sql.LIST_LIVE, values)]

    async def audit(self) -> Sequence[Violation]:
        rows = await self._pool.together([(AUDIT, {})], seconds=_AUDIT_SECONDS)
        return [Violation(*(codec.present(column).decode() for column in row)) for row in rows]


def _owner(row: Row) -> Owner:
    user_id, purchase_id = (codec.present(column).decode() for column in row)
    return Owner(user_id, purchase_id)


def _values(change: Change) -> dict[str, Any]:
    money = {} if change.wallet is None else codec.wallet_values(change.wallet)
    provider, event_id = change.done or (None, None)
    return {
        **money,
        "user_id": change.purchase.user_id,
        "id": change.purchase.id,
        "provider": change.purchase.provider,
        "purchases": codec.document((change.purchase, *change.others)),
        "names": codec.document(change.names),
        "tier": change.tier,
        "done_provider": provider,
        "done_id": event_id,
        **market_codec.errand_values(change.errands, change.now),
    }
