"""Whether the books add up."""

from collections.abc import Sequence

from application.ports.wallet_store import Violation, WalletStore


class CheckInvariants:
    """Audits every wallet against its ledger, its holds and its receipts."""

    def __init__(self, wallets: WalletStore) -> None:
        self._wallets = wallets

    async def __call__(self) -> Sequence[Violation]:
        """Everything that is broken; empty when all is well."""
        return await self._wallets.audit()
