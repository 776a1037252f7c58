"""What a process learns in the background, while nobody waits for it."""

import asyncio
from collections.abc import Sequence
from functools import partial

from application.memory.remembering import Remembering
from application.memory.summarizing import Summarizing
from domain.memory.facts import Exchange, Fact

_AT_ONCE = 16
_MOST = 2_000


class MemoryTasks:
    """Learns from the exchanges of this process: of one person in order, of many at once.

    Nothing depends on it: each exchange is also a row of work, and a job picks up what a process
    left behind. ``settled`` lets what reads memories wait a moment for what was just said.
    """

    def __init__(self, remembering: Remembering, summarizing: Summarizing) -> None:
        self._remembering = remembering
        self._summarizing = summarizing
        self._last: dict[str, asyncio.Task[None]] = {}
        self._running: set[asyncio.Task[None]] = set()
        self._slots = asyncio.Semaphore(_AT_ONCE)
        self._draining = False

    def submit(
        self,
        exchange: Exchange,
        *,
        facts: Sequence[Fact],
        needs_summary: bool = False,
        is_final: bool = True,
    ) -> None:
        """Learn the facts of an exchange soon.

        ``needs_summary`` also brings its session's up to date; ``is_final`` tells that nobody
        looks for more facts later. Does nothing when the process is ending or has too much to do:
        then the job does it.
        """
        if self._draining or len(self._running) >= _MOST:
            return
        before = self._last.get(exchange.user_id)
        task = asyncio.create_task(
            self._run(exchange, facts, before, needs_summary=needs_summary, is_final=is_final),
            name=f"memory of {exchange.turn_id}",
        )
        self._running.add(task)
        self._last[exchange.user_id] = task
        task.add_done_callback(partial(self._ended, exchange.user_id))

    async def settled(self, user_id: str, seconds: float) -> None:
        """Wait until all that this user said so far is learnt, at most so long.

        Returns at once when nothing of this user is under way.
        """
        task = self._last.get(user_id)
        if task is not None:
            await asyncio.wait([task], timeout=seconds)

    async def drain(self, seconds: float) -> None:
        """Begin nothing more, let what runs end for so long, then leave it to the job."""
        self._draining = True
        if self._running:
            await asyncio.wait(self._running, timeout=seconds)
        for task in self._running:
            task.cancel()
        if self._running:
            await asyncio.wait(self._running)

    async def _run(
        self,
        exchange: Exchange,
        facts: Sequence[Fact],
        before: asyncio.Task[None] | None,
        *,
        needs_summary: bool,
        is_final: bool,
    ) -> None:
        if before is not None:
            await asyncio.wait([before])
        async with self._slots:
            await self._remembering.keep(exchange, facts, is_final=is_final)
            if needs_summary:
                await self._summarizing.catch_up(exchange)

    def _ended(self, user_id: str, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        if self._last.get(user_id) is task:
            del self._last[user_id]
