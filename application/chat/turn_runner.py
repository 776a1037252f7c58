"""Owns the running turns of this process, so that no client's connection does."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from contextvars import Context
from functools import partial

from attrs import define

from application.chat.live_turn import LiveTurn
from application.chat.stream_slots import StreamSlots
from application.keyed_locks import KeyedLocks
from application.ports.turn_stream import TurnStream
from domain.chat import Turn
from domain.errors import Unavailable

_TICK_SECONDS = 0.15
_HEARTBEAT_TICKS = 7
_RENEWAL_TICKS = 66
_WRITERS = 64
"""So many are told at once: enough to travel together, few enough not to keep others waiting."""
_SETTLING_SECONDS = 5.0

_logger = logging.getLogger(__name__)


@define
class _Told:
    """What other processes know of a turn, and since which tick."""

    at: int
    slot_at: int
    events: int = 0


class TurnRunner:
    """Runs each turn as a task of its own and copies its events to where other processes see them.

    One ticker serves all turns: new events go out in batches. A turn that has had none for a second
    says that it is alive, and each time learns whether another process was asked to stop it. Turns
    do so a second after their own last words, not all at once: a thousand would keep everybody else
    waiting.
    """

    def __init__(self, stream: TurnStream, slots: StreamSlots, *, capacity: int = 2_000) -> None:
        self._stream = stream
        self._slots = slots
        self._capacity = capacity
        self._live: dict[str, LiveTurn] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._told: dict[str, _Told] = {}
        self._copying = KeyedLocks()
        self._ticks = 0
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
        self._told[turn.id] = _Told(self._ticks, self._ticks)
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
        del self._tasks[turn_id], self._live[turn_id], self._told[turn_id]
        if not task.cancelled() and task.exception() is not None:
            _logger.error("turn ended by a defect", exc_info=task.exception())

    async def _tick(self) -> None:
        writers = asyncio.Semaphore(_WRITERS)

        async def write(live: LiveTurn) -> None:
            async with writers:
                await self._copy(live)

        async def renew(turn: Turn) -> None:
            async with writers:
                told = self._told.get(turn.id)
                if told is not None:
                    told.slot_at = self._ticks
                    await self._slots.renew(turn)

        while True:
            await asyncio.sleep(_TICK_SECONDS)
            self._ticks += 1
            await asyncio.gather(
                *[write(live) for live in self._live.values() if self._has_news(live)],
                *[renew(live.turn) for live in self._live.values() if self._needs_slot(live)],
            )

    def _has_news(self, live: LiveTurn) -> bool:
        """Whether there are events that nobody else has, or a sign of life is due."""
        told = self._told[live.turn.id]
        if self._ticks - told.at >= _HEARTBEAT_TICKS:
            return True
        return live.turn.stream and len(live.events) > told.events

    def _needs_slot(self, live: LiveTurn) -> bool:
        age = self._ticks - self._told[live.turn.id].slot_at
        return live.turn.stream and age >= _RENEWAL_TICKS

    async def _copy(self, live: LiveTurn) -> None:
        """Copy what is new; a turn that does not stream has only its signs of life copied."""
        turn = live.turn
        # One batch of a turn at a time: they must arrive in order.
        async with self._copying.hold(turn.id):
            told = self._told.get(turn.id)
            if told is None:
                return
            batch = live.events[told.events :] if turn.stream else []
            told.events += len(batch)
            told.at = self._ticks
            stop = await self._stream.append(turn.user_id, turn.id, batch)
        if stop:
            live.stop()
