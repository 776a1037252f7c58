"""Give a conversation another title."""

from application.ports.clock import Clock
from application.ports.session_store import SessionStore
from domain.chat import Session, checked_title


class RenameSession:
    """Changes a session's title."""

    def __init__(self, sessions: SessionStore, clock: Clock) -> None:
        self._sessions = sessions
        self._clock = clock

    async def __call__(self, user_id: str, session_id: str, title: str) -> Session:
        """The session afterwards; raises ``NotFound`` or ``InvalidRequest``."""
        line = checked_title(title)
        return await self._sessions.rename(user_id, session_id, line, self._clock.now())
