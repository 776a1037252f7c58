"""Wallets and their ledger."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Protocol

from attrs import frozen

from domain.accounts import Tier
from domain.ledger import LedgerEntry
from domain.wallet import Wallet


@frozen
class Violation:
    """A broken invariant: which, and for whom or what."""

    invariant: str
    subject: str
    detail: str


class WalletStore(Protocol):
    """One wallet per user, saved with its new ledger entries or not at all."""

    async def get(self, user_id: str) -> Wallet:
        """The wallet as it is now, ``entries`` empty; raises ``NotFound``."""
        ...

    async def save(self, wallet: Wallet, *, lapsed_turns: Sequence[str] = ()) -> bool:
        """Write the wallet and append ``wallet.entries`` in one statement.

        ``lapsed_turns`` still running become failed in the same step (error code ``unavailable``):
        their hold has expired. False when the wallet is no longer at ``wallet.version``: read it
        again and decide again. Raises ``AlreadyRecorded`` when an entry with the same kind,
        reference and lot exists, and ``Unavailable`` when the row stays locked by somebody.
        """
        ...

    async def list_entries(
        self, user_id: str, *, limit: int, before: int | None
    ) -> Sequence[LedgerEntry]:
        """Ledger entries, newest first, from below the sequence number ``before`` on."""
        ...

    async def find_overdue(self, now: datetime, *, limit: int) -> Sequence[str]:
        """Users with an open hold whose time is over, the most overdue first."""
        ...

    async def find_unrefreshed(
        self, day: date, *, limit: int, after: str | None
    ) -> Sequence[tuple[str, Tier]]:
        """Living users, by id from behind ``after`` on, not refreshed on ``day`` or later."""
        ...

    async def audit(self) -> Sequence[Violation]:
        """Every broken invariant of money, over all users; empty when all is well.

        Ledger sums against balance, bucket and debt; sequence without gaps; holds against lots
        and turns; receipts against charges: one charge per charged reply and one reply per
        charge, never above the hold.
        """
        ...
