"""Moving windows and slots in the memory of one process."""

import time
from collections import OrderedDict, deque
from collections.abc import Callable, Sequence
from operator import itemgetter

from attrs import define, field

from application.ports.rate_limiter import RateCheck, RateDecision, RateLimit
from domain.errors import Unavailable

_MAX_KEYS = 20_000
_MAX_HITS = 500_000
_MICROSECONDS = 1_000_000


@define
class _Window:
    """The moments of the requests that were counted, oldest first. All in µs, so exact."""

    length: int
    hits: deque[int] = field(factory=deque)

    def expire(self, now: int) -> int:
        """Drop what is over; returns how many that were."""
        before = len(self.hits)
        while self.hits and self.hits[0] <= now - self.length:
            self.hits.popleft()
        return before - len(self.hits)


class InMemoryRateLimiter:
    """Exact moving windows and slots, local to this process.

    Also decides in production while the shared store is away, so its memory is bounded: beyond
    ``max_keys`` keys or ``max_hits`` counted requests (about 40 bytes each) the key that was
    used least recently is forgotten, and whoever it stands for begins anew.

    ``seconds`` is a clock that never goes back; its zero does not matter.
    """

    def __init__(
        self,
        seconds: Callable[[], float] = time.monotonic,
        *,
        max_keys: int = _MAX_KEYS,
        max_hits: int = _MAX_HITS,
    ) -> None:
        self._seconds = seconds
        self.is_shared = True
        """False plays a shared store that is away: whatever is ``strict`` is refused."""
        self._max_keys = max_keys
        self._max_hits = max_hits
        # Both are in the order of their last use.
        self._windows: OrderedDict[tuple[str, int], _Window] = OrderedDict()
        self._slots: OrderedDict[str, dict[str, float]] = OrderedDict()
        self._hits = 0
        self._lengths: set[int] = set()

    def __len__(self) -> int:
        """How many keys it keeps something about."""
        return len(self._windows) + len(self._slots)

    async def check(self, checks: Sequence[RateCheck], *, strict: bool = False) -> RateDecision:
        self._demand_shared(strict=strict)
        now = int(self._seconds() * _MICROSECONDS)
        windows = [self._window(check, now) for check in checks]
        pairs = list(zip(checks, windows, strict=True))
        waits = [_wait(check.limit, window, now) for check, window in pairs]
        longest = max(waits)
        if longest > 0:
            return _refusal(*pairs[waits.index(longest)], longest, now)
        remaining = [(check, check.limit.amount - len(window.hits) - 1) for check, window in pairs]
        # One key may stand in several checks with the same window: it is still one request.
        for window in {id(window): window for window in windows}.values():
            window.hits.append(now)
            self._hits += 1
        self._make_room()
        tightest, left = min(remaining, key=itemgetter(1))
        return RateDecision(
            allowed=True,
            limit=tightest.limit,
            remaining=left,
            reset_after=tightest.limit.seconds,
            retry_after=0,
        )

    async def acquire_slot(
        self, key: str, holder: str, *, slots: int, seconds: int, strict: bool = False
    ) -> bool:
        self._demand_shared(strict=strict)
        now = self._seconds()
        holders = {one: end for one, end in self._slots.pop(key, {}).items() if end > now}
        taken = holder in holders or len(holders) < slots
        if taken:
            holders[holder] = now + seconds
        if holders:
            self._slots[key] = holders
            if len(self._slots) > self._max_keys:
                self._slots.popitem(last=False)
        return taken

    async def release_slot(self, key: str, holder: str) -> None:
        holders = self._slots.get(key, {})
        holders.pop(holder, None)
        if not holders:
            self._slots.pop(key, None)

    async def forget(self, key: str) -> None:
        self._slots.pop(key, None)
        for seconds in self._lengths:
            self._drop((key, seconds))

    def _demand_shared(self, *, strict: bool) -> None:
        if strict and not self.is_shared:
            raise Unavailable("The shared counter does not answer.")

    def _window(self, check: RateCheck, now: int) -> _Window:
        name = (check.key, check.limit.seconds)
        window = self._windows.get(name)
        if window is None:
            window = self._windows[name] = _Window(check.limit.seconds * _MICROSECONDS)
            self._lengths.add(check.limit.seconds)
        else:
            self._windows.move_to_end(name)
        self._hits -= window.expire(now)
        return window

    def _make_room(self) -> None:
        while len(self._windows) > 1 and (
            len(self._windows) > self._max_keys or self._hits > self._max_hits
        ):
            self._drop(next(iter(self._windows)))

    def _drop(self, name: tuple[str, int]) -> None:
        window = self._windows.pop(name, None)
        if window is not None:
            self._hits -= len(window.hits)


def _wait(limit: RateLimit, window: _Window, now: int) -> int:
    """In how many µs there is room; 0 when there is. What is over is dropped already."""
    if len(window.hits) < limit.amount:
        return 0
    if limit.amount < 1:
        return window.length
    # When the amount-th latest request leaves the window.
    return window.hits[-limit.amount] + window.length - now


def _refusal(check: RateCheck, window: _Window, wait: int, now: int) -> RateDecision:
    hits = window.hits
    return RateDecision(
        allowed=False,
        limit=check.limit,
        remaining=0,
        reset_after=_rounded_up(hits[-1] + window.length - now) if hits else 0,
        retry_after=_rounded_up(wait),
    )


def _rounded_up(microseconds: int) -> int:
    """Whole seconds, so that whoever waits so long has waited long enough."""
    return -(-microseconds // _MICROSECONDS)
