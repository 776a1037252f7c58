"""What was said in a conversation."""

from application.pages import Page, number_cursor, page_of
from application.ports.session_store import SessionStore
from domain.chat import Message


class ListMessages:
    """Reads a session's messages, newest first."""

    def __init__(self, sessions: SessionStore) -> None:
        self._sessions = sessions

    async def __call__(
        self, user_id: str, session_id: str, *, limit: int, cursor: str | None
    ) -> Page[Message]:
        """One page; raises ``NotFound``, or ``InvalidRequest`` for a foreign cursor."""
        found = await self._sessions.list_messages(
            user_id, session_id, limit=limit + 1, before=number_cursor(cursor)
        )
        return page_of(found, limit, lambda message: str(message.position))
