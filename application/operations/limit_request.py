"""How often somebody may ask."""

from attrs import frozen

from application.ports.price_book import PriceBook
from application.ports.rate_limiter import RateCheck, RateDecision, RateLimit, RateLimiter
from application.rate_keys import user_key
from domain.accounts import User
from domain.errors import RateLimited

_MINUTE = 60


@frozen
class LimitRequestCommand:
    """One request: from an address, and by a user once one is known.

    ``strict`` refuses with ``Unavailable`` when the shared counter is away, as administration
    demands; otherwise this process counts alone then.
    """

    address: str
    user: User | None = None
    strict: bool = False


class LimitRequest:
    """Counts a request against the address's limit and the user's, or refuses it."""

    def __init__(
        self,
        limiter: RateLimiter,
        prices: PriceBook,
        *,
        per_user: RateLimit | None,
        per_address: RateLimit,
    ) -> None:
        self._limiter = limiter
        self._prices = prices
        self._per_user = per_user
        self._per_address = per_address

    async def __call__(self, command: LimitRequestCommand) -> RateDecision:
        """What is left; raises ``RateLimited`` or, when ``strict``, ``Unavailable``."""
        checks = [RateCheck(f"address:{command.address}", self._per_address)]
        if command.user is not None:
            limit = self._per_user or await self._tier_limit(command.user)
            checks.append(RateCheck(user_key(command.user.id), limit))
        decision = await self._limiter.check(checks, strict=command.strict)
        if not decision.allowed:
            amount, seconds = decision.limit.amount, decision.limit.seconds
            message = f"At most {amount} requests in {seconds} s."
            raise RateLimited(message, retry_after=decision.retry_after, most=(amount, seconds))
        return decision

    async def _tier_limit(self, user: User) -> RateLimit:
        terms = (await self._prices.current()).terms(user.tier)
        return RateLimit(terms.requests_per_minute, _MINUTE)
