"""The accounts in memory, and what goes when one is erased."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from attrs import evolve

from adapters.in_memory.database import InMemoryDatabase
from adapters.in_memory.export import export_user
from domain.accounts import User
from domain.errors import NotFound
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

    async def save(self, user: User) -> None:
        await self._database.round_trip()
        known = self._get(user.id)
        self._database.users[user.id] = evolve(user, noticed_at=known.noticed_at)

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
        # A turn that was being opened finds another version, reads again and finds nobody.
        wallet = tables.wallets[user.id]
        tables.wallets[user.id] = evolve(wallet, version=wallet.version + 1)
        tables.users[user.id] = evolve(user, noticed_at={})
        return sorted(turns)

    def _find(self, subject: str) -> User | None:
        living = self._database.users.values()
        return next((user for user in living if user.subject == subject), None)

    def _get(self, user_id: str) -> User:
        if not self._database.is_living(user_id):
            raise NotFound("There is no such account.")
        return self._database.users[user_id]
