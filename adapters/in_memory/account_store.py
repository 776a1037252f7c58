"""The accounts in memory, and what goes when one is erased."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from attrs import evolve

from adapters.in_memory.database import InMemoryDatabase
from adapters.in_memory.export import export_user
from adapters.in_memory.product_book import find_product
from adapters.in_memory.purchase_store import is_live
from application.ports.inbox import InboxState
from domain.accounts import Tier, User
from domain.errors import NotFound
from domain.market.purchases import Purchase
from domain.market.reports import Errand, ErrandKind
from domain.wallet import Wallet


class InMemoryAccountStore:
    """Accounts by our id; a subject has at most one living account."""

    def __init__(self, database: InMemoryDatabase) -> None:
        self._database = database

    async def find_by_subject(self, subject: str) -> User | None:
        await self._database.round_trip()
        return self._find(subject)

    async def add(self, user: User) -> User:
        await self._database.round_trip()
        known = None if user.subject is None else self._find(user.subject)
        if known is not None:
            return known
        self._database.users[user.id] = user
        self._database.wallets[user.id] = Wallet(user.id)
        self._database.ledger[user.id] = ()
        return user

    async def get(self, user_id: str) -> User:
        await self._database.round_trip()
        return self._get(user_id)

    async def save(self, user: User, *, tier: Tier | None = None) -> None:
        await self._database.round_trip()
        known = self._get(user.id)
        self._database.users[user.id] = evolve(
            user, tier=tier or known.tier, noticed_at=known.noticed_at
        )
        if tier is not None:
            self._database.market_tiers.pop(user.id, None)

    async def note(self, user_id: str, noticed_at: Mapping[str, datetime]) -> None:
        await self._database.round_trip()
        if self._database.is_living(user_id):
            user = self._database.users[user_id]
            together = {**user.noticed_at, **noticed_at}
            self._database.users[user_id] = evolve(user, noticed_at=together)

    async def list(self, *, search: str | None, limit: int, after: str | None) -> Sequence[User]:
        await self._database.round_trip()
        found = [
            user
            for user in self._database.users.values()
            if user.erased_at is None
            and (search is None or search in {user.id, user.subject})
            and (after is None or user.id < after)
        ]
        return sorted(found, key=lambda user: user.id, reverse=True)[:limit]

    async def export(self, user_id: str) -> Mapping[str, Any]:
        await self._database.round_trip()
        self._get(user_id)
        return export_user(self._database, user_id)

    async def erase(self, user: User) -> Sequence[str]:
        await self._database.round_trip()
        if user.id not in self._database.users:
            return ()
        tables = self._database
        turns: list[str] = []
        for session in [one for one in tables.sessions.values() if one.user_id == user.id]:
            turns += tables.delete_session(session.id)
        tables.memories = {k: row for k, row in tables.memories.items() if row.user_id != user.id}
        tables.reports = {k: row for k, row in tables.reports.items() if row.user_id != user.id}
        tables.flags = {key: row for key, row in tables.flags.items() if key[0] != user.id}
        tables.keys = {key: row for key, row in tables.keys.items() if key[0] != user.id}
        for entry in [one for one in tables.audit_log.values() if one.subject == user.id]:
            after: dict[str, object] | None = None if entry.after is None else {}
            tables.audit_log[entry.id] = evolve(entry, before={}, after=after)
        self._part_from_stores(user)
        # A turn that was being opened finds another version, reads again and finds nobody.
        wallet = tables.wallets[user.id]
        tables.wallets[user.id] = evolve(wallet, version=wallet.version + 1)
        tables.users[user.id] = evolve(user, noticed_at={})
        return sorted(turns)

    def _part_from_stores(self, user: User) -> None:
        tables, now = self._database, user.erased_at or datetime.now(UTC)
        for key, purchase in tables.purchases.items():
            if key[0] == user.id:
                if purchase.is_subscription and is_live(purchase) and not purchase.replaced_by:
                    self._cancel(purchase, now)
                tables.purchases[key] = evolve(purchase, version=purchase.version + 1)
        for (user_id, provider), customer in list(tables.store_customers.items()):
            if user_id == user.id:
                errand = Errand(ErrandKind.FORGET_CUSTOMER, provider, customer)
                tables.owe(user.id, errand, now)
                del tables.store_customers[user_id, provider]
        tables.store_tokens.pop(user.id, None)
        tables.store_messages = {
            key: row
            for key, row in tables.store_messages.items()
            if row.user_id != user.id or row.state is InboxState.WAITING
        }

    def _cancel(self, purchase: Purchase, now: datetime) -> None:
        if purchase.reference is None:
            return
        product = find_product(self._database, purchase.product_id)
        errand = Errand(
            ErrandKind.CANCEL,
            purchase.provider,
            purchase.reference,
            store_product=product.store_ids.get(purchase.provider, "") if product else "",
        )
        self._database.owe(purchase.user_id, errand, now)

    def _find(self, subject: str) -> User | None:
        living = self._database.users.values()
        return next((user for user in living if user.subject == subject), None)

    def _get(self, user_id: str) -> User:
        if not self._database.is_living(user_id):
            raise NotFound("There is no such account.")
        return self._database.users[user_id]
