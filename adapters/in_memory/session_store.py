"""Sessions and their messages in memory."""

from collections.abc import Sequence
from datetime import datetime

from attrs import evolve

from adapters.in_memory.database import InMemoryDatabase, MessageRow, ReportRow
from application.ports.session_store import MessageCount, Unsummarized
from domain.chat import Message, Role, Session, TurnStatus
from domain.errors import NotFound


class InMemorySessionStore:
    """A user's sessions; somebody else's do not exist."""

    def __init__(self, database: InMemoryDatabase) -> None:
        self._database = database

    async def add(self, session: Session, greeting: Message | None) -> Session:
        await self._database.round_trip()
        if not self._database.is_living(session.user_id):
            raise NotFound("There is no such account.")
        if session.id in self._database.sessions:
            return self._get(session.user_id, session.id)
        self._database.sessions[session.id] = session
        if greeting is not None:
            self._database.messages[greeting.id] = MessageRow(greeting)
        return session

    async def get(self, user_id: str, session_id: str) -> Session:
        await self._database.round_trip()
        return self._get(user_id, session_id)

    async def list(self, user_id: str, *, limit: int, before: str | None) -> Sequence[Session]:
        await self._database.round_trip()
        found = [
            session
            for session in self._database.sessions.values()
            if session.user_id == user_id and (before is None or session.id < before)
        ]
        return sorted(found, key=lambda session: session.id, reverse=True)[:limit]

    async def rename(self, user_id: str, session_id: str, title: str, now: datetime) -> Session:
        await self._database.round_trip()
        renamed = evolve(self._get(user_id, session_id), title=title, updated_at=now)
        self._database.sessions[session_id] = renamed
        return renamed

    async def delete(self, user_id: str, session_id: str) -> Sequence[str]:
        await self._database.round_trip()
        self._get(user_id, session_id)
        return self._database.delete_session(session_id)

    async def find_idle(
        self, before: datetime, *, limit: int, after: tuple[str, str] | None
    ) -> Sequence[tuple[str, str]]:
        await self._database.round_trip()
        busy = {
            row.turn.session_id
            for row in self._database.turns.values()
            if row.turn.status is TurnStatus.RUNNING
        }
        found = sorted(
            (session.user_id, session.id)
            for session in self._database.sessions.values()
            if session.updated_at < before and session.id not in busy
        )
        return [one for one in found if after is None or one > after][:limit]

    async def delete_message(self, user_id: str, message_id: str) -> Sequence[str]:
        await self._database.round_trip()
        message = self._get_message(user_id, message_id)
        return self._database.delete_message(message)

    async def list_messages(
        self, user_id: str, session_id: str, *, limit: int, before: int | None
    ) -> Sequence[Message]:
        await self._database.round_trip()
        self._get(user_id, session_id)
        found = [
            row.message
            for row in self._database.messages_of(session_id)
            if row.is_active and (before is None or row.message.position < before)
        ]
        return found[::-1][:limit]

    async def count_messages(self, user_id: str, session_id: str, *, before: int) -> MessageCount:
        await self._database.round_trip()
        session = self._database.sessions.get(session_id)
        if session is None or session.user_id != user_id:
            return MessageCount(0, 0)
        rows = self._database.messages_of(session_id)
        found = [row.message for row in rows if row.is_active and row.message.position < before]
        return MessageCount(len(found), sum(one.role is Role.ASSISTANT for one in found))

    async def get_message(self, user_id: str, message_id: str) -> Message:
        await self._database.round_trip()
        return self._get_message(user_id, message_id)

    async def report(
        self, user_id: str, message_id: str, *, report_id: str, reason: str, now: datetime
    ) -> str:
        await self._database.round_trip()
        self._get_message(user_id, message_id)
        for known in self._database.reports.values():
            if known.message_id == message_id:
                return known.id
        self._database.reports[report_id] = ReportRow(report_id, user_id, message_id, reason, now)
        return report_id

    async def find_unsummarized(self, user_id: str, session_id: str, *, limit: int) -> Unsummarized:
        await self._database.round_trip()
        session = self._get(user_id, session_id)
        until = session.summarized_until
        rows = (row for row in self._database.messages_of(session_id) if row.is_active)
        behind = [row.message for row in rows if row.message.position > until]
        return Unsummarized(session.summary, until, behind[:limit])

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
        await self._database.round_trip()
        session = self._database.sessions.get(session_id)
        if session is None or session.user_id != user_id:
            return False
        present = {
            row.message.id for row in self._database.messages_of(session_id) if row.is_active
        }
        if session.summarized_until != expected_until or not present.issuperset(message_ids):
            return False
        changed = evolve(session, summary=text, summarized_until=until)
        self._database.sessions[session_id] = changed
        return True

    def _get(self, user_id: str, session_id: str) -> Session:
        session = self._database.sessions.get(session_id)
        if session is None or session.user_id != user_id:
            raise NotFound("There is no such session.")
        return session

    def _get_message(self, user_id: str, message_id: str) -> Message:
        row = self._database.messages.get(message_id)
        if row is None or self._database.sessions[row.message.session_id].user_id != user_id:
            raise NotFound("There is no such message.")
        return row.message
