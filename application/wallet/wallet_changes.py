"""How a wallet is changed: read, decide in the domain, compare and set, again if lost."""

from collections.abc import Callable, Sequence

from application.keyed_locks import KeyedLocks
from application.ports.wallet_store import WalletStore
from domain.errors import Unavailable
from domain.wallet import Wallet

ATTEMPTS = 12
"""Lost races before we give up. Each means that another process got through."""


class WalletChanges:
    """Applies a pure decision to a user's wallet, whoever else is at it."""

    def __init__(self, wallets: WalletStore, locks: KeyedLocks) -> None:
        self._wallets = wallets
        self._locks = locks

    async def apply(
        self,
        user_id: str,
        decide: Callable[[Wallet], Wallet],
        *,
        lapsed_turns: Callable[[Wallet], Sequence[str]] = lambda _: (),
    ) -> Wallet:
        """The wallet after ``decide``, saved unless it is the same.

        ``decide`` may run several times. What it raises comes out and nothing is saved;
        ``lapsed_turns`` is asked about the wallet as it was read. Raises ``Unavailable`` when
        every race was lost.
        """
        async with self._locks.hold(user_id, fails_together=True):
            for _ in range(ATTEMPTS):
                before = await self._wallets.get(user_id)
                after = decide(before)
                if after == before:
                    return before
                if await self._wallets.save(after, lapsed_turns=lapsed_turns(before)):
                    return after.saved()
        message = "The wallet is too busy; try again."
        raise Unavailable(message)
