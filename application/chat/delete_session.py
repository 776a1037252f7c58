"""Delete a conversation."""

from application.ports.session_store import SessionStore
from application.ports.turn_stream import TurnStream


class DeleteSession:
    """Deletes a session, its messages, what was remembered of it, and the tails of its streams."""

    def __init__(self, sessions: SessionStore, stream: TurnStream) -> None:
        self._sessions = sessions
        self._stream = stream

    async def __call__(self, user_id: str, session_id: str) -> None:
        """Raises ``NotFound``. A reply being written meanwhile is charged but not kept."""
        turns = await self._sessions.delete(user_id, session_id)
        await self._stream.forget(user_id, turns)
