"""What a user has to spend."""

from datetime import datetime

from attrs import frozen

from application.ports.clock import Clock
from application.ports.price_book import PriceBook
from application.wallet.wallet_changes import WalletChanges
from domain.accounts import Tier, User
from domain.wallet import Wallet, next_daily_refresh, refresh


@frozen
class Balance:
    """A wallet with what is true of it now."""

    wallet: Wallet
    tier: Tier
    next_daily_refresh_at: datetime


class GetBalance:
    """Shows the wallet; the first look of a day brings the day's credits."""

    def __init__(self, changes: WalletChanges, prices: PriceBook, clock: Clock) -> None:
        self._changes = changes
        self._prices = prices
        self._clock = clock

    async def __call__(self, user: User) -> Balance:
        """The wallet after what is due: the daily refresh and expiries."""
        now = self._clock.now()
        daily = (await self._prices.current()).terms(user.tier).daily_credits
        wallet = await self._changes.apply(
            user.id, lambda before: refresh(before, daily_credits=daily, now=now)
        )
        return Balance(wallet, user.tier, next_daily_refresh(now))
