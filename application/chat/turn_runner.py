"""Owns the running turns of this process, so that no client's connection does."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from contextvars import Context
from functools import partial

from application.chat.live_turn import LiveTurn
from application.chat.stream_slots import StreamSlots
from application.keyed_locks import KeyedLocks
from application.ports.turn_stream import TurnStream
from domain.chat import Turn
from domain.errors import Unavailable

_TICK_SECONDS = 0.15
_HEARTBEAT_TICKS = 7
_RENEWAL_TICKS = 66
_WRITERS = 16
_SETTLING_SECONDS = 5.0

_logger = logging.getLogger(__name__)


class TurnRunner:
    """Runs each turn as a task of its own and copies its events to where other processes see them.

    One ticker serves all turns: new events go out in batches, and every second each turn says
    that it is alive and learns whether another process was asked to stop it.
    """

    def __init__(self, stream: TurnStream, slots: StreamSlots, *, capacity: int = 2_000) -> None:
        self._stream = stream
        self._slots = slots
        self._capacity = capacity
        self._live: dict[str, LiveTurn] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._copied: dict[str, int] = {}
        self._copying = KeyedLocks()
        self._ticker: asyncio.Task[None] | None = None
        self._draining = False

    @property
    def in_flight(self) -> int:
        """How many turns are running here."""
        return len(self._tasks)

    def check_capacity(self) -> None:
        """Raise ``Unavailable`` when no further turn may begin in this process."""
        if self._draining:
            message = "The server is restarting; try again."
            raise Unavailable(message)
        if len(self._tasks) >= self._capacity:
            message = "Too many replies are being written; try again."
            raise Unavailable(message)

    def start(self, turn: Turn, work: Callable[[LiveTurn], Awaitable[None]]) -> LiveTurn:
        """Run ``work`` to its end, whoever follows. It must end with a last event."""
        live = LiveTurn(turn)
        self._live[turn.id] = live
        self._copied[turn.id] = 0
        task = asyncio.create_task(self._run(live, work), name=f"turn {turn.id}")
        self._tasks[turn.id] = task
        task.add_done_callback(partial(self._ended, turn.id))
        if self._ticker is None:
            # It serves all turns: what it logs must not seem to be of the first one.
            self._ticker = asyncio.create_task(self._tick(), name="turn ticker", context=Context())
        return live

    def find(self, user_id: str, turn_id: str) -> LiveTurn | None:
        """The turn, if this process runs it for this user."""
        live = self._live.get(turn_id)
        return live if live is not None and live.turn.user_id == user_id else None

    def stop_all(self, user_id: str) -> list[asyncio.Task[None]]:
        """Stop every turn of a user; returns their tasks, to wait for."""
        mine = [live for live in self._live.values() if live.turn.user_id == user_id]
        for live in mine:
            live.stop()
        return [self._tasks[live.turn.id] for live in mine if live.turn.id in self._tasks]

    async def drain(self, seconds: float) -> None:
        """Begin no more turns, let the running ones end for so long, then give them up.

        A turn that is given up is settled as one that failed: nothing is charged.
        """
        self._draining = True
        if self._tasks:
            await asyncio.wait(self._tasks.values(), timeout=seconds)
        for task in self._tasks.values():
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks.values(), timeout=_SETTLING_SECONDS)
        if self._ticker is not None:
            self._ticker.cancel()
            with suppress(asyncio.CancelledError):
                await self._ticker
            self._ticker = None

    async def _run(self, live: LiveTurn, work: Callable[[LiveTurn], Awaitable[None]]) -> None:
        try:
            await work(live)
        finally:
            if not live.ended:
                # Only a defect or a second cancellation gets here: nobody must wait for ever.
                live.emit("error", data=b'{"code": "internal", "message": "The reply was lost."}')
            if live.turn.stream:
                await self._copy(live)

    def _ended(self, turn_id: str, task: asyncio.Task[None]) -> None:
        del self._tasks[turn_id], self._live[turn_id], self._copied[turn_id]
        if not task.cancelled() and task.exception() is not None:
            _logger.error("turn ended by a defect", exc_info=task.exception())

    async def _tick(self) -> None:
        ticks = 0
        writers = asyncio.Semaphore(_WRITERS)

        async def write(live: LiveTurn) -> None:
            async with writers:
                await self._copy(live)

        while True:
            await asyncio.sleep(_TICK_SECONDS)
            ticks += 1
            heartbeat = ticks % _HEARTBEAT_TICKS == 0
            due = [
                live
                for live in self._live.values()
                if heartbeat or (live.turn.stream and len(live.events) > self._copied[live.turn.id])
            ]
            if due:
                await asyncio.gather(*map(write, due))
            if ticks % _RENEWAL_TICKS == 0:
                streaming = [live.turn for live in self._live.values() if live.turn.stream]
                await asyncio.gather(*map(self._slots.renew, streaming))

    async def _copy(self, live: LiveTurn) -> None:
        """Copy what is new; a turn that does not stream has only its signs of life copied."""
        turn = live.turn
        # One batch of a turn at a time: they must arrive in order.
        async with self._copying.hold(turn.id):
            copied = self._copied.get(turn.id)
            if copied is None:
                return
            batch = live.events[copied:] if turn.stream else []
            self._copied[turn.id] = copied + len(batch)
            stop = await self._stream.append(turn.user_id, turn.id, batch)
        if stop:
            live.stop()
