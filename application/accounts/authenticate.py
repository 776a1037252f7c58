"""From a token to the account that it belongs to."""

from attrs import frozen

from application.accounts.callers import Caller, RecentCallers
from application.ports.account_store import AccountStore
from application.ports.clock import Clock, IdGenerator
from application.ports.identity_provider import IdentityProvider
from application.ports.rate_limiter import RateCheck, RateLimit, RateLimiter
from domain.accounts import AgeBand, AgeSource, Identity, Tier, User
from domain.errors import (
    AccountSuspended,
    AccountUnavailable,
    NotFound,
    RateLimited,
    Unauthenticated,
    Unavailable,
)

SIGN_UPS_PER_ADDRESS = RateLimit(amount=10_000, seconds=3_600)
"""Behind one address of a mobile network are thousands of people: this stops loops, not crowds."""


@frozen
class AuthenticateCommand:
    """A bearer token, and from which address it came.

    ``fresh`` asks the identity provider and our own record now, as money and administration
    demand; otherwise an answer of the last 60 s will do.
    """

    token: str
    address: str
    fresh: bool = False


class Authenticate:
    """Verifies a token and finds its account, creating it and its wallet at first sight.

    A verified token is remembered for 60 s, and never beyond its own life. A provider that cannot
    be asked whether the account still stands is no reason to refuse a genuine token, unless a
    fresh answer is demanded.
    """

    def __init__(
        self,
        identities: IdentityProvider,
        accounts: AccountStore,
        recent: RecentCallers,
        limiter: RateLimiter,
        clock: Clock,
        ids: IdGenerator,
    ) -> None:
        self._identities = identities
        self._accounts = accounts
        self._limiter = limiter
        self._clock = clock
        self._ids = ids
        self._recent = recent

    async def __call__(self, command: AuthenticateCommand) -> Caller:
        """The caller.

        Raises ``Unauthenticated``, ``TokenExpired``, ``AccountSuspended``, and ``Unavailable`` when
        the token cannot be checked. Only for a token that is good: ``AccountUnavailable``, and
        ``RateLimited`` when too many accounts are created from one address.
        """
        now = self._clock.now()
        known = self._recent.find(command.token, now)
        if known is not None and not command.fresh:
            return known
        identity = await self._identities.verify(command.token)
        try:
            identity = await self._identities.confirm(identity)
        except Unauthenticated:
            self._recent.forget_token(command.token)
            raise
        except Unavailable:
            if command.fresh:
                raise
        try:
            caller = await self._find_or_create(identity, command.address)
        except Unavailable as away:
            raise AccountUnavailable(away.message) from away
        self._recent.remember(command.token, caller, now)
        if caller.user.is_suspended:
            message = "This account is suspended."
            raise AccountSuspended(message)
        return caller

    async def _find_or_create(self, identity: Identity, address: str) -> Caller:
        user = await self._accounts.find_by_subject(identity.subject)
        if user is not None:
            return Caller(await self._with_age_band(user, identity), identity)
        check = RateCheck(f"sign-up:{address}", SIGN_UPS_PER_ADDRESS)
        decision = await self._limiter.check([check], strict=True)
        if not decision.allowed:
            message = "Too many new accounts from this address."
            raise RateLimited(message, retry_after=decision.retry_after)
        now = self._clock.now()
        is_known = identity.age_band is not AgeBand.UNKNOWN
        candidate = User(
            id=self._ids.new("usr"),
            subject=identity.subject,
            tier=Tier.FREE,
            created_at=now,
            display_name=identity.name,
            age_band=identity.age_band,
            age_band_source=AgeSource.IDENTITY if is_known else None,
            age_band_at=now if is_known else None,
        )
        user = await self._accounts.add(candidate)
        return Caller(user, identity, is_new=user.id == candidate.id)

    async def _with_age_band(self, user: User, identity: Identity) -> User:
        """Take over the provider's word on the age, if it says something else than before."""
        known = user.with_age_band(identity.age_band, AgeSource.IDENTITY, self._clock.now())
        if known is user:
            return user
        try:
            await self._accounts.save(known)
        except NotFound as erased:
            message = "This account was deleted."
            raise Unauthenticated(message) from erased
        return known
