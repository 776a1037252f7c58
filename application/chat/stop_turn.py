"""Stop a reply."""

import asyncio
from contextlib import aclosing

from application.chat.turn_follower import StreamPosition, TurnFollower
from application.chat.turn_runner import TurnRunner
from application.chat.turn_state import TurnState
from application.ports.turn_store import TurnStore
from application.ports.turn_stream import TurnStream
from domain.chat import TurnStatus

_WAIT_SECONDS = 5.0


class StopTurn:
    """Ends a running reply where it is; the person pays for what was generated."""

    def __init__(
        self,
        turns: TurnStore,
        runner: TurnRunner,
        stream: TurnStream,
        follower: TurnFollower,
    ) -> None:
        self._turns = turns
        self._runner = runner
        self._stream = stream
        self._follower = follower

    async def __call__(self, user_id: str, turn_id: str) -> TurnState:
        """The turn as it is afterwards, or, if its process is slow to hear of it, still running.

        Stopping a turn that has ended changes nothing. Raises ``NotFound``.
        """
        turn = await self._turns.get(user_id, turn_id)
        if turn.status is TurnStatus.RUNNING:
            live = self._runner.find(user_id, turn_id)
            if live is not None:
                live.stop()
            else:
                await self._stream.request_stop(user_id, turn_id)
            await self._wait_for_end(user_id, turn_id)
            turn = await self._turns.get(user_id, turn_id)
        return TurnState(turn, await self._turns.find_reply(user_id, turn_id))

    async def _wait_for_end(self, user_id: str, turn_id: str) -> None:
        try:
            async with asyncio.timeout(_WAIT_SECONDS):
                feed = await self._follower.feed(user_id, turn_id, StreamPosition())
                async with aclosing(feed.events) as events:
                    async for _ in events:
                        pass
        except TimeoutError:
            return
