"""The ledger, as its owner reads it."""

from application.pages import Page, number_cursor, page_of
from application.ports.wallet_store import WalletStore
from domain.ledger import LedgerEntry


class ListTransactions:
    """Reads the user's ledger, newest first."""

    def __init__(self, wallets: WalletStore) -> None:
        self._wallets = wallets

    async def __call__(self, user_id: str, *, limit: int, cursor: str | None) -> Page[LedgerEntry]:
        """One page; raises ``InvalidRequest`` for a foreign cursor."""
        entries = await self._wallets.list_entries(
            user_id, limit=limit + 1, before=number_cursor(cursor)
        )
        return page_of(entries, limit, lambda entry: str(entry.seq))
