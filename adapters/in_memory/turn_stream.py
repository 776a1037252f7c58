"""The tails of running turns, in the memory of one process."""

import math
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence

from attrs import define, field

from application.ports.turn_stream import StreamEvent

_KEPT_SECONDS = 15 * 60
_ALIVE_SECONDS = 10

_Key = tuple[str, str]


@define
class _Turn:
    """A turn's events by number; the times are of the injected clock."""

    events: dict[int, StreamEvent] = field(factory=dict)
    kept_until: float = -math.inf
    alive_until: float = -math.inf
    stop_until: float = -math.inf

    def is_over(self, now: float) -> bool:
        return max(self.kept_until, self.alive_until, self.stop_until) <= now


class InMemoryTurnStream:
    """Readable only in the process that writes, which is all there is when nothing is shared.

    ``seconds`` is a clock that never goes back; its zero does not matter.
    """

    def __init__(self, seconds: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        # In the order of their last use, so that what is over is found at the front.
        self._turns: OrderedDict[_Key, _Turn] = OrderedDict()

    def __len__(self) -> int:
        """How many turns it keeps something about."""
        return len(self._turns)

    async def append(self, user_id: str, turn_id: str, events: Sequence[StreamEvent]) -> bool:
        now = self._seconds()
        turn = self._touched((user_id, turn_id), now)
        turn.alive_until = now + _ALIVE_SECONDS
        # As in a shared store, only a turn's first events make room for it: what comes later
        # must not bring text back after an erasure.
        if events and (events[0].seq == 1 or turn.events):
            turn.kept_until = now + _KEPT_SECONDS
            for event in events:
                turn.events.setdefault(event.seq, event)
        return turn.stop_until > now

    async def read(
        self, user_id: str, turn_id: str, after_seq: int
    ) -> tuple[list[StreamEvent], bool]:
        now = self._seconds()
        turn = self._turns.get((user_id, turn_id))
        if turn is None:
            return [], False
        events = []
        if turn.kept_until > now:
            seq = after_seq + 1
            while (event := turn.events.get(seq)) is not None:
                events.append(event)
                seq += 1
        return events, turn.alive_until > now

    async def request_stop(self, user_id: str, turn_id: str) -> None:
        now = self._seconds()
        self._touched((user_id, turn_id), now).stop_until = now + _KEPT_SECONDS

    async def forget(self, user_id: str, turn_ids: Sequence[str]) -> None:
        for turn_id in turn_ids:
            turn = self._turns.get((user_id, turn_id))
            if turn is not None:
                # A wish to stop is left: whoever still writes has to learn of it.
                turn.events.clear()
                turn.kept_until = turn.alive_until = -math.inf

    def _touched(self, key: _Key, now: float) -> _Turn:
        while self._turns and next(iter(self._turns.values())).is_over(now):
            self._turns.popitem(last=False)
        turn = self._turns.setdefault(key, _Turn())
        self._turns.move_to_end(key)
        if turn.kept_until <= now:
            turn.events.clear()
        return turn
