"""Conversations that nobody has gone on with."""

import json
from datetime import timedelta

from application.operations.job import JobNotes
from application.ports.clock import Clock
from application.ports.session_store import SessionStore
from application.ports.turn_stream import TurnStream
from domain.errors import NotFound

_BATCH = 200


class PurgeSessions:
    """Deletes conversations in which nothing was said for ``kept``, as their owners would.

    What was learnt only from them is forgotten with them; receipts stay in the ledger.
    """

    def __init__(
        self,
        sessions: SessionStore,
        stream: TurnStream,
        clock: Clock,
        *,
        kept: timedelta | None,
    ) -> None:
        self._sessions = sessions
        self._stream = stream
        self._clock = clock
        self._kept = kept

    async def __call__(self, notes: JobNotes) -> str:
        """What was done, in words; goes on where a killed run was."""
        if self._kept is None:
            return "conversations are kept for ever"
        before = self._clock.now() - self._kept
        deleted = 0
        place = await notes.find()
        after: tuple[str, str] | None = tuple(json.loads(place)) if place else None
        while True:
            batch = await self._sessions.find_idle(before, limit=_BATCH, after=after)
            for user_id, session_id in batch:
                try:
                    turns = await self._sessions.delete(user_id, session_id)
                except NotFound:
                    continue  # by its owner, a moment ago
                await self._stream.forget(user_id, turns)
                deleted += 1
            if len(batch) < _BATCH:
                await notes.keep(None)
                days = self._kept.days
                return f"deleted {deleted} conversations that rested for {days} days"
            after = batch[-1]
            await notes.keep(json.dumps(after))
