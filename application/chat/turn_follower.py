"""A turn's events, wherever it runs and however late one comes."""

import asyncio
from collections.abc import AsyncGenerator, Sequence

from attrs import frozen

from application.chat.live_turn import LiveTurn
from application.chat.stream_data import error_data, finish_data, start_data
from application.chat.turn_runner import TurnRunner
from application.ports.memory_index import MemoryIndex
from application.ports.turn_store import TurnStore
from application.ports.turn_stream import StreamEvent, TurnStream
from application.ports.wallet_store import WalletStore
from domain.chat import Receipt, Turn, TurnStatus
from domain.errors import NotFound, Unavailable, error_from_code
from domain.memory.memories import Memory
from domain.pricing import Usage

_POLL_SECONDS = 0.1
_LOOK_SECONDS = 1.0
_LOST_SECONDS = 12.0


@frozen
class StreamPosition:
    """How far a follower has come: the number of the last event and the characters up to it."""

    seq: int = 0
    offset: int = 0


@frozen
class TurnFeed:
    """A turn and its events behind a position, in batches, up to the last one."""

    turn: Turn
    events: AsyncGenerator[Sequence[StreamEvent], None]


class TurnFollower:
    """Follows turns: from the log of this process, from the shared tail, or from what is stored."""

    def __init__(
        self,
        *,
        runner: TurnRunner,
        stream: TurnStream,
        turns: TurnStore,
        memories: MemoryIndex,
        wallets: WalletStore,
    ) -> None:
        self._runner = runner
        self._stream = stream
        self._turns = turns
        self._memories = memories
        self._wallets = wallets

    async def feed(
        self, user_id: str, turn_id: str, position: StreamPosition | None = None
    ) -> TurnFeed:
        """The events behind ``position``; raises ``NotFound`` when the user has no such turn.

        An event of kind ``error`` ends a turn that failed, also when it failed long ago.
        """
        start = position or StreamPosition()
        live = self._runner.find(user_id, turn_id)
        if live is not None and live.has_been_at(start.seq, start.offset):
            return TurnFeed(live.turn, _local(live, start))
        turn = await self._turns.get(user_id, turn_id)
        return TurnFeed(turn, self._remote(turn, start))

    async def _remote(
        self, turn: Turn, position: StreamPosition
    ) -> AsyncGenerator[Sequence[StreamEvent], None]:
        """Read the shared tail; where it has a gap, wait for the end and read what is stored.

        What was read from what is stored is numbered anew: behind it the tail's numbers mean
        other events, which their offsets tell.
        """
        loop = asyncio.get_running_loop()
        seq, offset = position.seq, position.offset
        looked_at = alive_at = loop.time()
        ended = turn.status is not TurnStatus.RUNNING
        while True:
            events, alive = await self._stream.read(turn.user_id, turn.id, seq)
            if events and _follows(events[0], seq, offset):
                seq, offset = events[-1].seq, events[-1].offset
                alive_at = loop.time()
                yield events
                if events[-1].is_last:
                    return
                continue
            if ended:
                for batch in await self._stored(turn, StreamPosition(seq, offset)):
                    yield batch
                return
            now = loop.time()
            alive_at = now if alive else alive_at
            if now - looked_at >= _LOOK_SECONDS:
                looked_at = now
                turn = await self._turns.get(turn.user_id, turn.id)
                ended = turn.status is not TurnStatus.RUNNING
                if not ended and now - alive_at > _LOST_SECONDS:
                    lost = Unavailable("The server that wrote this reply has gone.")
                    yield [StreamEvent(seq + 1, offset, "error", data=error_data(lost))]
                    return
            if not ended:
                await asyncio.sleep(_POLL_SECONDS)

    async def _stored(
        self, turn: Turn, position: StreamPosition
    ) -> Sequence[Sequence[StreamEvent]]:
        """The rest of an ended turn as one batch, made from what the database has."""
        seq, offset = position.seq, position.offset
        events: list[StreamEvent] = []

        def add(kind: str, text: str = "", data: bytes = b"") -> None:
            at = events[-1].offset if events else offset
            events.append(StreamEvent(seq + len(events) + 1, at + len(text), kind, text, data))

        memories = await self._recalled(turn)
        wallet = await self._wallets.get(turn.user_id)
        reply = await self._turns.find_reply(turn.user_id, turn.id)
        if seq == 0:
            add("start", data=start_data(turn, memories, wallet.balance))
        if reply is not None and reply.content[offset:]:
            add("delta", reply.content[offset:])
        if turn.status is TurnStatus.FAILED:
            add("error", data=error_data(error_from_code(turn.error_code)))
            return [events]
        receipt = turn.receipt or Receipt(
            turn.held, 0, turn.held, turn.price_version, Usage(0, 0, 0, reported=False), {}
        )
        data = finish_data(turn, memories, receipt, wallet.balance, turn.finish_reason or "stop")
        add("finish", data=data)
        if turn.include_usage:
            add("usage", data=data)
        add("done")
        return [events]

    async def _recalled(self, turn: Turn) -> list[Memory]:
        """The memories that the turn used and that are still there."""
        found: list[Memory] = []
        for memory_id in turn.memory_ids:
            try:
                found.append(await self._memories.get(turn.user_id, memory_id))
            except NotFound:
                continue
        return found


def _follows(event: StreamEvent, seq: int, offset: int) -> bool:
    return event.seq == seq + 1 and event.offset - len(event.text) == offset


async def _local(
    live: LiveTurn, position: StreamPosition
) -> AsyncGenerator[Sequence[StreamEvent], None]:
    async for batch in live.follow(position.seq):
        yield batch
