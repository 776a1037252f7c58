"""Change an account, as an administrator."""

from attrs import evolve, frozen

from application.accounts.callers import RecentCallers
from application.ports.account_store import AccountStore
from application.ports.clock import Clock
from domain.accounts import AgeBand, AgeSource, Tier, User


@frozen
class ManageUserCommand:
    """What to change; None leaves a field as it is."""

    user: User
    suspended: bool | None = None
    reason: str | None = None
    """Why the account is suspended."""
    tier: Tier | None = None
    age_band: AgeBand | None = None


class ManageUser:
    """Suspends or readmits an account, and sets its tier or age band."""

    def __init__(self, accounts: AccountStore, recent: RecentCallers, clock: Clock) -> None:
        self._accounts = accounts
        self._recent = recent
        self._clock = clock

    async def __call__(self, command: ManageUserCommand) -> User:
        """The account afterwards; raises ``NotFound``."""
        now = self._clock.now()
        user = await self._accounts.get(command.user.id)
        if command.suspended is True:
            user = evolve(user, suspended_at=now, suspended_reason=command.reason)
        elif command.suspended is False:
            user = evolve(user, suspended_at=None, suspended_reason=None)
        if command.tier is not None:
            user = evolve(user, tier=command.tier)
        if command.age_band is not None:
            user = user.with_age_band(command.age_band, AgeSource.ADMINISTRATOR, now)
        await self._accounts.save(user, tier=command.tier)
        self._recent.forget_user(user.id)
        return user
