"""A turn while this process runs it: the log of its events, and who follows it."""

import asyncio
from collections.abc import AsyncGenerator, Sequence

from application.ports.turn_stream import StreamEvent
from domain.chat import Turn


class LiveTurn:
    """The events so far, kept once however many follow; a follower is an index into them.

    So a slow reader costs nothing but its socket, and a reader that comes late misses nothing.
    """

    def __init__(self, turn: Turn) -> None:
        self.turn = turn
        self.events: list[StreamEvent] = []
        self.stop_requested = False
        self._offset = 0
        self._waiting: set[asyncio.Future[None]] = set()
        self._generation: asyncio.Task[object] | None = None

    @property
    def text(self) -> str:
        """The reply so far."""
        return "".join(event.text for event in self.events)

    @property
    def ended(self) -> bool:
        """Whether the last event is out."""
        return bool(self.events) and self.events[-1].is_last

    def has_been_at(self, seq: int, offset: int) -> bool:
        """Whether event ``seq`` is out and ended at this offset; 0 is the beginning."""
        if seq == 0:
            return offset == 0
        return seq <= len(self.events) and self.events[seq - 1].offset == offset

    def emit(self, kind: str, *, text: str = "", data: bytes = b"") -> None:
        """Append an event and wake the followers."""
        self._offset += len(text)
        self.events.append(StreamEvent(len(self.events) + 1, self._offset, kind, text, data))
        if self._waiting:
            for waiter in self._waiting:
                if not waiter.done():
                    waiter.set_result(None)
            self._waiting.clear()

    def say(self, text: str) -> None:
        """Emit a piece of the reply, unless it is empty."""
        if text:
            self.emit("delta", text=text)

    async def follow(self, after: int = 0) -> AsyncGenerator[Sequence[StreamEvent], None]:
        """Batches of the events behind number ``after``, until the last one."""
        while True:
            batch = self.events[after:]
            if batch:
                after += len(batch)
                yield batch
                if batch[-1].is_last:
                    return
            elif self.ended:
                return
            else:
                waiter = asyncio.get_running_loop().create_future()
                self._waiting.add(waiter)
                try:
                    await waiter
                finally:
                    self._waiting.discard(waiter)

    def begin_generation(self) -> None:
        """From now on a stop interrupts the current task.

        Raises ``CancelledError`` when it came before.
        """
        self._generation = asyncio.current_task()
        if self.stop_requested:
            raise asyncio.CancelledError

    def end_generation(self) -> None:
        """From now on a stop comes too late."""
        self._generation = None

    def stop(self) -> None:
        """Ask the reply to end where it is. Asking again, or too late, changes nothing."""
        if not self.stop_requested:
            self.stop_requested = True
            if self._generation is not None:
                self._generation.cancel()
