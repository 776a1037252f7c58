"""The tails of running turns, in Redis Streams."""

import logging
from collections.abc import Sequence

import msgspec

from adapters.redis.connection import RedisConnection, Reply, Script, private_name
from application.ports.turn_stream import StreamEvent
from domain.errors import Unavailable

_APPEND = Script.beside(__file__, "append.lua")
_READ = Script.beside(__file__, "read.lua")

_KEPT_SECONDS = 15 * 60
_ALIVE_SECONDS = 10
_UNSENT_TURNS = 5_000

_EventRow = tuple[int, int, str, str, bytes]
_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(list[_EventRow]).decode

_log = logging.getLogger(__name__)


class RedisTurnStream:
    """One Redis Stream for each turn, one entry for each batch; each call is one round trip.

    A batch that Redis did not take goes out again with the next one, so an outage shorter than
    the turn leaves no gap. After Redis has lost its memory, the rest of the turn is to be had
    only from the process that runs it, and from Postgres when it has ended.
    """

    def __init__(self, connection: RedisConnection) -> None:
        self._connection = connection
        self._unsent: dict[str, list[StreamEvent]] = {}

    async def append(self, user_id: str, turn_id: str, events: Sequence[StreamEvent]) -> bool:
        batch = [*self._unsent.get(turn_id, ()), *events]
        arguments: list[int | bytes] = [_ALIVE_SECONDS, _KEPT_SECONDS]
        if batch:
            arguments += (batch[0].seq, batch[-1].seq, _encode([_row(event) for event in batch]))
            # Set down before it is sent: the caller may be cancelled, too.
            if turn_id in self._unsent or len(self._unsent) < _UNSENT_TURNS:
                self._unsent[turn_id] = batch
        try:
            stop = await self._connection.run(_APPEND, _keys(user_id, turn_id), *arguments)
        except Unavailable:
            if batch and batch[-1].is_last:
                # Nobody comes again to send what is left.
                self._unsent.pop(turn_id, None)
            return False
        self._unsent.pop(turn_id, None)
        return stop == 1

    async def read(
        self, user_id: str, turn_id: str, after_seq: int
    ) -> tuple[list[StreamEvent], bool]:
        events, owner, _ = _keys(user_id, turn_id)
        try:
            reply = await self._connection.run(_READ, [events, owner], after_seq + 1)
        except Unavailable:
            return [], True
        match reply:
            case [int(alive), [*batches]]:
                return _in_order(batches, after_seq), alive == 1
            case _:
                return [], False

    async def request_stop(self, user_id: str, turn_id: str) -> None:
        _, _, stop = _keys(user_id, turn_id)
        try:
            await self._connection.execute("SET", stop, "", "EX", _KEPT_SECONDS)
        except Unavailable:
            _log.warning("A turn in another process could not be asked to stop")

    async def forget(self, user_id: str, turn_ids: Sequence[str]) -> None:
        for turn_id in turn_ids:
            self._unsent.pop(turn_id, None)
            events, owner, _ = _keys(user_id, turn_id)
            # The wish to stop is left: whoever still writes has to learn of it. It says nothing
            # of the person. One command for each turn: in a cluster they are in many places.
            try:
                await self._connection.execute("DEL", events, owner)
            except Unavailable:
                _log.warning("Events of a turn could not be dropped; they expire by themselves")


def _keys(user_id: str, turn_id: str) -> list[str]:
    """The keys of the events, of the owner, and of the wish to stop: in one place of a cluster.

    The user is part of the name, so nobody reads another's turn, whatever its id.
    """
    name = f"turn:{{{private_name(user_id, turn_id)}}}:"
    return [name + "events", name + "owner", name + "stop"]


def _row(event: StreamEvent) -> _EventRow:
    return event.seq, event.offset, event.kind, event.text, event.data


def _in_order(batches: Sequence[Reply], after_seq: int) -> list[StreamEvent]:
    """What follows ``after_seq`` without a gap; batches that were sent again overlap."""
    events: list[StreamEvent] = []
    wanted = after_seq + 1
    for batch in batches:
        if not isinstance(batch, bytes):
            continue
        for row in _decode(batch):
            if row[0] > wanted:
                return events
            if row[0] == wanted:
                events.append(StreamEvent(*row))
                wanted += 1
    return events
