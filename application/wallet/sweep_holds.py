"""Holds that nobody came back for."""

from application.ports.clock import Clock
from application.ports.wallet_store import WalletStore
from application.wallet.wallet_changes import WalletChanges
from domain.holds import expire_holds
from domain.wallet import Wallet

_BATCH = 200


class SweepHolds:
    """Releases holds past their time: their turn's process died, so nothing is charged."""

    def __init__(self, wallets: WalletStore, changes: WalletChanges, clock: Clock) -> None:
        self._wallets = wallets
        self._changes = changes
        self._clock = clock

    async def __call__(self) -> str:
        """What was done, in words."""
        now = self._clock.now()
        released = 0

        def overdue(wallet: Wallet) -> tuple[str, ...]:
            return expire_holds(wallet, now)[1]

        while users := await self._wallets.find_overdue(now, limit=_BATCH):
            before = released
            for user_id in users:
                counted: list[str] = []

                def decide(wallet: Wallet, counted: list[str] = counted) -> Wallet:
                    swept, turns = expire_holds(wallet, now)
                    counted[:] = turns
                    return swept

                await self._changes.apply(user_id, decide, lapsed_turns=overdue)
                released += len(counted)
            if released == before:
                break
        return f"released {released} holds"
