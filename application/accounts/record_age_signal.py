"""Take in what an app store says of somebody's age."""

from application.accounts.callers import RecentCallers
from application.ports.account_store import AccountStore
from application.ports.clock import Clock
from domain.accounts import AgeBand, AgeSource, User


class RecordAgeSignal:
    """Keeps a store's signal, as far as it may change what is known."""

    def __init__(self, accounts: AccountStore, recent: RecentCallers, clock: Clock) -> None:
        self._accounts = accounts
        self._recent = recent
        self._clock = clock

    async def __call__(self, user_id: str, age_band: AgeBand) -> User:
        """The account afterwards; raises ``NotFound``."""
        user = await self._accounts.get(user_id)
        known = user.with_age_band(age_band, AgeSource.STORE, self._clock.now())
        if known is not user:
            await self._accounts.save(known)
            self._recent.forget_user(user_id)
        return known
