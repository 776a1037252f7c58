"""A circuit breaker for a provider whose replies are streams.

Closed, it lets every call through. ``failures`` of them in a row, none more than
``window_seconds`` after the one before, open it: no call goes through for ``open_seconds``. Then
one call, the probe, may try; the circuit closes as soon as that one gets an answer, and opens
again when it fails.

The libraries for this wrap a coroutine and look at how it ends. Here three things differ: a reply
proves that the provider lives long before it ends, some ends prove nothing either way (a refusal
of the content, a bad key, a user who left), and exactly one probe may run.
"""

import logging
import time
from collections.abc import Callable
from enum import StrEnum

_log = logging.getLogger(__name__)


class CircuitState(StrEnum):
    """What the breaker does with the next call."""

    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half_open"


class CircuitBreaker:
    """Counts failures and decides; meant for one event loop, it never awaits.

    ``probe_seconds`` is after how long a probe that reported nothing is taken for lost and
    another one let through. ``now`` gives monotonic seconds.
    """

    def __init__(
        self,
        *,
        failures: int = 10,
        window_seconds: float = 60.0,
        open_seconds: float = 5.0,
        probe_seconds: float = 60.0,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._limit = failures
        self._window = window_seconds
        self._open_seconds = open_seconds
        self._probe_seconds = probe_seconds
        self._now = now
        self._state = CircuitState.CLOSED
        self._failures = 0
        self._failed_at = 0.0
        self._next_probe_at = 0.0
        # Raised whenever the circuit opens or a probe starts: what was let through before that
        # tells nothing about now, so its outcome no longer counts.
        self._epoch = 0

    @property
    def state(self) -> CircuitState:
        """``OPEN`` also when the time is over, until a call comes along to be the probe."""
        return self._state

    def admit(self) -> "Permit | None":
        """A permit for one call, or None while the circuit is open."""
        if self._state is not CircuitState.CLOSED:
            now = self._now()
            if now < self._next_probe_at:
                return None
            self._next_probe_at = now + self._probe_seconds
            self._enter(CircuitState.HALF_OPEN)
            self._epoch += 1
        return Permit(self, self._epoch)

    def record_answer(self, epoch: int) -> None:
        """The provider has begun to answer: enough for a probe."""
        if epoch == self._epoch and self._state is CircuitState.HALF_OPEN:
            self._failures = 0
            self._enter(CircuitState.CLOSED)

    def record_success(self, epoch: int) -> None:
        """The call came to its proper end."""
        self.record_answer(epoch)
        if epoch == self._epoch:
            self._failures = 0

    def record_failure(self, epoch: int) -> None:
        """The provider did not do its part."""
        if epoch != self._epoch:
            return
        now = self._now()
        self._failures = self._failures + 1 if now - self._failed_at <= self._window else 1
        self._failed_at = now
        if self._state is CircuitState.HALF_OPEN or self._failures >= self._limit:
            self._failures = 0
            self._next_probe_at = now + self._open_seconds
            self._enter(CircuitState.OPEN)
            self._epoch += 1

    def record_nothing(self, epoch: int) -> None:
        """The call says nothing of the provider; if it was the probe, another may take over."""
        if epoch == self._epoch and self._state is CircuitState.HALF_OPEN:
            self._next_probe_at = self._now()

    def _enter(self, state: CircuitState) -> None:
        if state is not self._state:
            _log.warning("the model's circuit is %s", state.value)
        self._state = state


class Permit:
    """The right to make one call; its first final report counts, later ones do nothing."""

    __slots__ = ("_breaker", "_epoch", "_settled")

    def __init__(self, breaker: CircuitBreaker, epoch: int) -> None:
        self._breaker = breaker
        self._epoch = epoch
        self._settled = False

    def answered(self) -> None:
        """The first sign of life; not final."""
        self._breaker.record_answer(self._epoch)

    def succeed(self) -> None:
        """The call came to its proper end."""
        if not self._settled:
            self._settled = True
            self._breaker.record_success(self._epoch)

    def fail(self) -> None:
        """The provider did not do its part."""
        if not self._settled:
            self._settled = True
            self._breaker.record_failure(self._epoch)

    def release(self) -> None:
        """The call ended in a way that says nothing of the provider."""
        if not self._settled:
            self._settled = True
            self._breaker.record_nothing(self._epoch)
