"""Whether the books add up."""

from collections.abc import Sequence

from application.ports.purchase_store import PurchaseStore
from application.ports.wallet_store import Violation, WalletStore


class CheckInvariants:
    """Audits every wallet against ledger, holds and receipts, and every purchase against both."""

    def __init__(self, wallets: WalletStore, purchases: PurchaseStore) -> None:
        self._wallets = wallets
        self._purchases = purchases

    async def __call__(self) -> Sequence[Violation]:
        """Everything that is broken; empty when all is well."""
        return [*await self._wallets.audit(), *await self._purchases.audit()]
