"""Which call comes next when one has failed before anything of the reply was seen."""

import random
from collections.abc import Iterable

from adapters.grok.failures import RETRIED, CallFailed, Outcome

ATTEMPTS = 3
"""Calls of one model in one turn, the first one included."""

FIRST_PAUSE_SECONDS = 0.2
"""Before the second attempt; doubled before each further one, and spread by chance."""

LONGEST_PAUSE_SECONDS = 3.0
"""A provider that asks for more patience than this is not asked again in this turn."""


class CallPlan:
    """The models still to try and the attempt of the current one."""

    def __init__(self, models: Iterable[str]) -> None:
        self._models = list(models)
        self.attempt = 1

    @property
    def model(self) -> str | None:
        """The model to call now; None when none is left."""
        return self._models[0] if self._models else None

    def pause_after(self, failure: CallFailed) -> float | None:
        """Seconds to wait before the next call; None to give up."""
        if failure.outcome is Outcome.MODEL_GONE:
            del self._models[0]
            self.attempt = 1
            return 0.0 if self._models else None
        if failure.outcome not in RETRIED or self.attempt >= ATTEMPTS:
            return None
        spread: float = random.uniform(0.5, 1.5)  # noqa: S311 - keeps callers apart, guards nothing
        pause = FIRST_PAUSE_SECONDS * 2.0 ** (self.attempt - 1) * spread
        if failure.retry_after is not None:
            if failure.retry_after > LONGEST_PAUSE_SECONDS:
                return None
            pause += failure.retry_after
        self.attempt += 1
        return pause
