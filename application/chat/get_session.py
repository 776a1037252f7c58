"""One conversation."""

from application.ports.session_store import SessionStore
from domain.chat import Session


class GetSession:
    """Looks a session up."""

    def __init__(self, sessions: SessionStore) -> None:
        self._sessions = sessions

    async def __call__(self, user_id: str, session_id: str) -> Session:
        """The session; raises ``NotFound``, also for somebody else's."""
        return await self._sessions.get(user_id, session_id)
