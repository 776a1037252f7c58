"""Moving windows and slots, counted in Redis for all processes together."""

import logging
from collections.abc import Sequence

from adapters.redis.connection import RedisConnection, Reply, Script, private_name
from application.ports.rate_limiter import RateCheck, RateDecision, RateLimiter
from domain.errors import Unavailable

_CHECK = Script.beside(__file__, "rate_limit.lua")
_SLOT = Script.beside(__file__, "slot.lua")

# One hash tag for all of a limiter's keys, so that a cluster keeps them on one node. Only so can
# one script look at the user's and the address's count before it adds to either. Should a single
# node ever be too slow for that (it does about 100,000 checks a second), the tag is what to split.
_WINDOWS = "{rate}:windows"
_HITS = "{rate}:hits:"
_SLOTS = "{rate}:slots:"

_MICROSECONDS = 1_000_000
_UNRELEASED_KEYS = 10_000

_log = logging.getLogger(__name__)


class RedisRateLimiter:
    """Exact moving windows: the moments of the last ``amount`` requests under each key.

    A call is one round trip and one step for Redis, whatever the number of its checks, so a
    refused request is counted nowhere. Time is Redis's own, so the processes' clocks do not
    matter. A key holds 10 bytes for each request that is in its window now, ``amount`` at most.

    The package ``limits`` offers a moving window too. It is not used because each of its calls
    is about one key, and telling what remains takes another; and because it takes the time from
    the calling process.

    While Redis is away ``fallback`` decides, and starts from nothing.
    """

    def __init__(self, connection: RedisConnection, fallback: RateLimiter) -> None:
        self._connection = connection
        self._fallback = fallback
        # Slots given back while Redis was away, by key: it learns of them when the key is next
        # asked for. Otherwise a short outage would keep people out for as long as a slot lasts.
        self._unreleased: dict[str, set[str]] = {}

    async def check(self, checks: Sequence[RateCheck], *, strict: bool = False) -> RateDecision:
        keys = [_WINDOWS]
        arguments: list[int] = []
        for check in checks:
            keys.append(_hits_key(check.key, check.limit.seconds))
            arguments += (check.limit.amount, check.limit.seconds)
        try:
            reply = await self._connection.run(_CHECK, keys, *arguments)
        except Unavailable:
            if strict:
                raise
            return await self._fallback.check(checks)
        return _decision(checks, reply)

    async def acquire_slot(
        self, key: str, holder: str, *, slots: int, seconds: int, strict: bool = False
    ) -> bool:
        gone = self._unreleased.get(key, set()) - {holder}
        try:
            taken = await self._connection.run(
                _SLOT, [_SLOTS + private_name(key)], holder, slots, seconds * 1000, *gone
            )
        except Unavailable:
            if strict:
                raise
            return await self._fallback.acquire_slot(key, holder, slots=slots, seconds=seconds)
        self._told(key, {holder, *gone})
        return taken == 1

    async def release_slot(self, key: str, holder: str) -> None:
        # It may have been taken in either: Redis can come and go in the meantime.
        await self._fallback.release_slot(key, holder)
        try:
            await self._connection.execute("ZREM", _SLOTS + private_name(key), holder)
        except Unavailable:
            if key in self._unreleased or len(self._unreleased) < _UNRELEASED_KEYS:
                self._unreleased.setdefault(key, set()).add(holder)

    async def forget(self, key: str) -> None:
        await self._fallback.forget(key)
        self._unreleased.pop(key, None)
        try:
            windows = await self._connection.execute("SMEMBERS", _WINDOWS)
            keys = [_SLOTS + private_name(key)]
            if isinstance(windows, list):
                keys += [_hits_key(key, int(one)) for one in windows if isinstance(one, bytes)]
            await self._connection.execute("DEL", *keys)
        except Unavailable:
            _log.warning("Rate-limit counts could not be dropped; they end with their window")

    def _told(self, key: str, holders: set[str]) -> None:
        waiting = self._unreleased.get(key)
        if waiting is not None:
            waiting -= holders
            if not waiting:
                del self._unreleased[key]


def _hits_key(key: str, seconds: int) -> str:
    return f"{_HITS}{private_name(key)}:{seconds}"


def _decision(checks: Sequence[RateCheck], reply: Reply) -> RateDecision:
    if not isinstance(reply, bytes):
        raise Unavailable("Redis answers what nobody asked for.")
    allowed, tightest, remaining, reset, retry = map(int, reply.split())
    return RateDecision(
        allowed=allowed == 1,
        limit=checks[tightest - 1].limit,
        remaining=remaining,
        reset_after=_seconds(reset),
        retry_after=_seconds(retry),
    )


def _seconds(microseconds: int) -> int:
    """Rounded up, so that whoever waits so long has waited long enough."""
    return -(-microseconds // _MICROSECONDS)
