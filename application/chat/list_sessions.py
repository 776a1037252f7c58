"""A user's conversations."""

from application.pages import Page, id_cursor, page_of
from application.ports.session_store import SessionStore
from domain.chat import Session


class ListSessions:
    """Reads sessions, newest first."""

    def __init__(self, sessions: SessionStore) -> None:
        self._sessions = sessions

    async def __call__(self, user_id: str, *, limit: int, cursor: str | None) -> Page[Session]:
        """One page, from behind ``cursor`` on; raises ``InvalidRequest`` for a foreign one."""
        found = await self._sessions.list(user_id, limit=limit + 1, before=id_cursor("ses", cursor))
        return page_of(found, limit, lambda session: session.id)
