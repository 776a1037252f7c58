"""The wallets and their ledger in memory."""

from collections.abc import Sequence
from datetime import date, datetime

from attrs import evolve

from adapters.in_memory.audit import find_violations
from adapters.in_memory.database import InMemoryDatabase
from application.ports.wallet_store import Violation
from domain.accounts import Tier
from domain.chat import TurnStatus
from domain.errors import NotFound, Unavailable
from domain.ledger import LedgerEntry
from domain.wallet import Wallet


class InMemoryWalletStore:
    """One wallet per account, written only by whoever read its latest version."""

    def __init__(self, database: InMemoryDatabase) -> None:
        self._database = database

    async def get(self, user_id: str) -> Wallet:
        await self._database.round_trip()
        try:
            return self._database.wallets[user_id]
        except KeyError:
            raise NotFound("There is no such wallet.") from None

    async def save(self, wallet: Wallet, *, lapsed_turns: Sequence[str] = ()) -> bool:
        await self._database.round_trip()
        if not self._database.check_wallet(wallet):
            return False
        self._database.put_wallet(wallet)
        for turn_id in lapsed_turns:
            row = self._database.turns.get(turn_id)
            if row is not None and row.turn.status is TurnStatus.RUNNING:
                lapsed = evolve(row.turn, status=TurnStatus.FAILED, error_code=Unavailable.code)
                self._database.turns[turn_id] = evolve(row, turn=lapsed)
                self._database.days.note_turn(lapsed, lapsed.created_at)
        return True

    async def list_entries(
        self, user_id: str, *, limit: int, before: int | None
    ) -> Sequence[LedgerEntry]:
        await self._database.round_trip()
        entries = self._database.ledger.get(user_id, ())
        older = [entry for entry in entries if before is None or entry.seq < before]
        return older[::-1][:limit]

    async def find_overdue(self, now: datetime, *, limit: int) -> Sequence[str]:
        await self._database.round_trip()
        overdue = sorted(
            (wallet.next_hold_expiry, wallet.user_id)
            for wallet in self._database.wallets.values()
            if wallet.next_hold_expiry is not None and wallet.next_hold_expiry <= now
        )
        return [user_id for _, user_id in overdue[:limit]]

    async def find_unrefreshed(
        self, day: date, *, limit: int, after: str | None
    ) -> Sequence[tuple[str, Tier]]:
        await self._database.round_trip()
        due = sorted(
            (user.id, user.tier)
            for user in self._database.users.values()
            if user.erased_at is None
            and (after is None or user.id > after)
            and self._is_due(user.id, day)
        )
        return due[:limit]

    async def audit(self) -> Sequence[Violation]:
        await self._database.round_trip()
        return find_violations(self._database)

    def _is_due(self, user_id: str, day: date) -> bool:
        refreshed = self._database.wallets[user_id].daily_on
        return refreshed is None or refreshed < day
