"""The day's credits for everybody, before they ask."""

from functools import partial

from application.ports.clock import Clock
from application.ports.price_book import PriceBook
from application.ports.wallet_store import WalletStore
from application.wallet.wallet_changes import WalletChanges
from domain.errors import NotPublished
from domain.wallet import refresh

_BATCH = 500


class RefreshDailyCredits:
    """Gives every account its daily credits; whoever has them already gets nothing more."""

    def __init__(
        self, wallets: WalletStore, changes: WalletChanges, prices: PriceBook, clock: Clock
    ) -> None:
        self._wallets = wallets
        self._changes = changes
        self._prices = prices
        self._clock = clock

    async def __call__(self) -> str:
        """What was done, in words; safe to repeat and to resume at any point."""
        now = self._clock.now()
        try:
            table = await self._prices.current()
        except NotPublished:
            return "nothing to give before prices are published"
        done = 0
        after: str | None = None
        while True:
            batch = await self._wallets.find_unrefreshed(now.date(), limit=_BATCH, after=after)
            for user_id, tier in batch:
                daily = table.terms(tier).daily_credits
                await self._changes.apply(user_id, partial(refresh, daily_credits=daily, now=now))
                done += 1
            if len(batch) < _BATCH:
                return f"refreshed {done} wallets"
            after = batch[-1][0]
