"""Work of this process that nobody waits for."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from domain.errors import Unavailable

_logger = logging.getLogger(__name__)
_MOST = 200


class Background:
    """Runs what is handed in, soon. Nothing depends on it: a job does what is left behind."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[None]] = set()
        self._draining = False

    def submit(self, work: Callable[[], Awaitable[object]]) -> None:
        """Begin it, unless the process is ending or has too much to do already."""
        if self._draining or len(self._running) >= _MOST:
            return
        task = asyncio.create_task(self._run(work))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def drain(self, seconds: float) -> None:
        """Begin nothing more, let what runs end for so long, then cancel it."""
        self._draining = True
        if self._running:
            await asyncio.wait(self._running, timeout=seconds)
        for task in self._running:
            task.cancel()
        if self._running:
            await asyncio.wait(self._running)

    async def _run(self, work: Callable[[], Awaitable[object]]) -> None:
        try:
            await work()
        except Unavailable as error:
            # Nobody has to look into that: what is away is told of by whoever watches it.
            _logger.warning("background work has to wait for its job: %s", error)
        except Exception:
            _logger.exception("background work failed; a job will do it")
