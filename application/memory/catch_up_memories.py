"""Learn from what a process left behind."""

from datetime import timedelta

from application.memory.remembering import Remembering
from application.ports.clock import Clock
from application.ports.memory_work import MemoryWork

_BATCH = 20
_MOST = 2_000
_CLAIM = timedelta(minutes=10)


class CatchUpMemories:
    """Claims exchanges from which nothing has been learnt yet, and learns from them."""

    def __init__(self, work: MemoryWork, remembering: Remembering, clock: Clock) -> None:
        self._work = work
        self._remembering = remembering
        self._clock = clock

    async def __call__(self) -> str:
        """What was done, in words."""
        learnt = postponed = 0
        while learnt + postponed < _MOST:
            now = self._clock.now()
            exchanges = await self._work.claim(now=now, until=now + _CLAIM, limit=_BATCH)
            for exchange in exchanges:
                if await self._remembering.learn(exchange):
                    learnt += 1
                else:
                    postponed += 1
            if len(exchanges) < _BATCH:
                break
        return f"learnt from {learnt} exchanges, postponed {postponed}"
