"""Leave, and be forgotten."""

import asyncio

from attrs import evolve

from application.accounts.callers import Caller, RecentCallers
from application.chat.turn_runner import TurnRunner
from application.ports.account_store import AccountStore
from application.ports.clock import Clock
from application.ports.identity_provider import IdentityProvider
from application.ports.rate_limiter import RateLimiter
from application.ports.turn_stream import TurnStream
from application.rate_keys import crisis_key, stream_slot, user_key
from domain.accounts import AgeBand

_STOPPING_SECONDS = 3.0


class EraseAccount:
    """Removes what a person said and told, here, in Redis and at the identity provider.

    The ledger stays under an id that leads to nobody. The order matters: first our own data, so
    that a provider that does not answer cannot keep it alive; asking again is safe.
    """

    def __init__(
        self,
        *,
        accounts: AccountStore,
        identities: IdentityProvider,
        recent: RecentCallers,
        runner: TurnRunner,
        stream: TurnStream,
        limiter: RateLimiter,
        clock: Clock,
    ) -> None:
        self._accounts = accounts
        self._identities = identities
        self._recent = recent
        self._runner = runner
        self._stream = stream
        self._limiter = limiter
        self._clock = clock

    async def __call__(self, caller: Caller) -> None:
        """Raises ``Unavailable`` when a part did not answer: ask again."""
        user = caller.user
        running = self._runner.stop_all(user.id)
        if running:
            await asyncio.wait(running, timeout=_STOPPING_SECONDS)
        erased = evolve(
            user,
            subject=None,
            display_name=None,
            country=None,
            age_band=AgeBand.UNKNOWN,
            age_band_source=None,
            age_band_at=None,
            suspended_reason=None,
            erased_at=self._clock.now(),
        )
        turns = await self._accounts.erase(erased)
        for turn_id in turns:
            await self._stream.request_stop(user.id, turn_id)
        await self._stream.forget(user.id, turns)
        await self._limiter.forget(user_key(user.id))
        await self._limiter.forget(stream_slot(user.id))
        await self._limiter.forget(crisis_key(user.id))
        self._recent.forget_user(user.id)
        await self._identities.delete(caller.identity.subject)
        self._recent.forget_user(user.id)
