"""Whether the books add up, looked at regularly."""

import logging

from application.operations.invariant_check import InvariantCheck
from application.operations.job import JobNotes
from application.ports.clock import Clock
from application.ports.purchase_store import PurchaseStore
from application.ports.wallet_store import WalletStore

_logger = logging.getLogger(__name__)


class WatchInvariants:
    """Audits wallets and purchases, logs each broken invariant, and keeps how many there are."""

    def __init__(self, wallets: WalletStore, purchases: PurchaseStore, clock: Clock) -> None:
        self._wallets = wallets
        self._purchases = purchases
        self._clock = clock

    async def __call__(self, notes: JobNotes) -> str:
        """What was found, in words."""
        now = self._clock.now()
        broken = [*await self._wallets.audit(), *await self._purchases.audit()]
        for one in broken:
            _logger.error(
                "an invariant is broken: %s of %s: %s", one.invariant, one.subject, one.detail
            )
        await notes.keep(InvariantCheck(now, len(broken)).note())
        return f"{len(broken)} invariants are broken" if broken else "the books add up"
