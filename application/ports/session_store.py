"""Sessions and their messages, outside of turns."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from attrs import frozen

from domain.chat import Message, Session


@frozen
class Unsummarized:
    """A session's summary so far, and what was said since.

    ``until`` is the position of the last message that the summary covers, 0 when there is none;
    ``messages`` are the active ones behind it, oldest first.
    """

    summary: str
    until: int
    messages: Sequence[Message]


@frozen
class MessageCount:
    """How many messages there are: all, and those of the character."""

    messages: int
    replies: int


class SessionStore(Protocol):
    """A user's sessions. All that is somebody else's is ``NotFound``."""

    async def add(self, session: Session, greeting: Message | None) -> Session:
        """Store a new session and, if given, the character's first message.

        Returns it, or the one that has its id already: then nothing is written.
        """
        ...

    async def get(self, user_id: str, session_id: str) -> Session:
        """The session; raises ``NotFound``."""
        ...

    async def list(self, user_id: str, *, limit: int, before: str | None) -> Sequence[Session]:
        """Sessions, newest first by id, from below the id ``before`` on."""
        ...

    async def rename(self, user_id: str, session_id: str, title: str, now: datetime) -> Session:
        """Give it another title; raises ``NotFound``."""
        ...

    async def delete(self, user_id: str, session_id: str) -> Sequence[str]:
        """Delete it with its messages, turns and reports; returns the ids of its turns.

        What was learnt only from it is forgotten. Raises ``NotFound``.
        """
        ...

    async def find_idle(
        self, before: datetime, *, limit: int, after: tuple[str, str] | None
    ) -> Sequence[tuple[str, str]]:
        """Sessions of all people that have rested since ``before``: owner and id, in that order.

        Those with a turn that is running are left out. ``after`` is the last of an earlier answer.
        """
        ...

    async def delete_message(self, user_id: str, message_id: str) -> Sequence[str]:
        """Delete a user's message with all replies to it, or one reply; raises ``NotFound``.

        Their turns and reports go with them, what was learnt only from them is forgotten, and so
        is the session's summary if it tells of them. Returns the ids of the turns. A turn that is
        still running is charged when it ends, but its reply is not kept.
        """
        ...

    async def list_messages(
        self, user_id: str, session_id: str, *, limit: int, before: int | None
    ) -> Sequence[Message]:
        """Active messages, newest first, from below the position ``before`` on.

        Raises ``NotFound`` when there is no such session.
        """
        ...

    async def count_messages(self, user_id: str, session_id: str, *, before: int) -> MessageCount:
        """The active messages below the position ``before``; none where there is no session."""
        ...

    async def get_message(self, user_id: str, message_id: str) -> Message:
        """One message, active or not; raises ``NotFound``."""
        ...

    async def report(
        self, user_id: str, message_id: str, *, report_id: str, reason: str, now: datetime
    ) -> str:
        """Keep a report of a message for review; the same message again keeps the first report.

        Returns the id of the report that is kept. Raises ``NotFound``.
        """
        ...

    async def find_unsummarized(self, user_id: str, session_id: str, *, limit: int) -> Unsummarized:
        """The summary and at most ``limit`` messages behind it; raises ``NotFound``."""
        ...

    async def save_summary(
        self,
        user_id: str,
        session_id: str,
        text: str,
        *,
        until: int,
        expected_until: int,
        message_ids: Sequence[str],
    ) -> bool:
        """Put a new summary in the place of the one that covered up to ``expected_until``.

        Returns False, and writes nothing, when another summary was written meanwhile, or one of
        the messages that this one was made of (``message_ids``) is gone: what a person deleted
        must not live on in it.
        """
        ...
