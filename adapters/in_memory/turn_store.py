"""Turns in memory: what opens and closes them is written in one step or not at all."""

from attrs import evolve

from adapters.in_memory.database import InMemoryDatabase, KeyRow, MessageRow, TurnRow, WorkRow
from application.ports.clock import Clock
from application.ports.turn_store import TurnClosing, TurnOpening, TurnQuery, TurnSnapshot
from domain.characters import Character
from domain.chat import Message, Role, Session, Turn, TurnStatus
from domain.errors import AlreadyRecorded, IdempotencyKeyReused, NotFound


class InMemoryTurnStore:
    """Turns, with the wallet, the session and the messages that each of them touches."""

    def __init__(self, database: InMemoryDatabase, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def load(self, query: TurnQuery) -> TurnSnapshot:
        await self._database.round_trip()
        tables = self._database
        if not tables.is_living(query.user_id):
            raise NotFound("There is no such account.")
        session, said = self._find_session(query)
        character = self._find_character(query, session)
        rows = tables.messages_of(session.id) if session else []
        behind = session.summarized_until if session else 0
        if said is not None and said.position <= behind:
            behind = 0
        history = [
            row.message
            for row in rows
            if row.is_active
            and row.message.position > behind
            and (said is None or row.message.position < said.position)
        ]
        return TurnSnapshot(
            user=tables.users[query.user_id],
            wallet=tables.wallets[query.user_id],
            session=session,
            character=character,
            history=history[max(0, len(history) - query.history) :],
            last_position=rows[-1].message.position if rows else 0,
            user_message=said,
            replay=self._find_replay(query.user_id, query.idempotency_key),
        )

    async def open(self, opening: TurnOpening) -> bool:
        await self._database.round_trip()
        tables, turn = self._database, opening.turn
        key = opening.idempotency
        now = self._clock.now()
        used = tables.find_key(turn.user_id, key.key, now) if key else None
        if used is not None and used.turn_id is None:
            raise IdempotencyKeyReused("This Idempotency-Key was used for another request.")
        if used is not None:
            raise AlreadyRecorded("This key has begun a turn already.")
        if opening.session is None and self._owned(turn.user_id, turn.session_id) is None:
            raise NotFound("There is no such session.")
        if not tables.check_wallet(opening.wallet):
            return False
        tables.put_wallet(opening.wallet)
        if opening.session is not None:
            tables.sessions[opening.session.id] = opening.session
        for message in opening.messages:
            tables.messages[message.id] = MessageRow(message)
        if opening.reply is not None:
            tables.deactivate_replies(turn.session_id, opening.reply.position)
            tables.messages[opening.reply.id] = MessageRow(opening.reply)
        tables.turns[turn.id] = TurnRow(turn, is_closed=opening.reply is not None)
        if opening.reply is not None:
            tables.days.note_turn(turn, turn.created_at, outcome="answered")
        if key is not None:
            tables.keys[turn.user_id, key.key] = KeyRow(key.fingerprint, now, now, turn.id)
        return True

    async def close(self, closing: TurnClosing) -> bool:
        await self._database.round_trip()
        tables, turn = self._database, closing.turn
        stored = tables.turns.get(turn.id)
        if stored is not None and stored.is_closed:
            raise AlreadyRecorded("This turn was closed already.")
        if closing.wallet is not None:
            if not tables.check_wallet(closing.wallet):
                return False
            tables.put_wallet(closing.wallet)
        self._note(closing, stored)
        if stored is None:
            # The session was deleted while the turn ran: its words are not wanted any more.
            return True
        tables.turns[turn.id] = TurnRow(turn, is_closed=True)
        session = tables.sessions[turn.session_id]
        tables.sessions[session.id] = evolve(session, updated_at=closing.now)
        if closing.reply is not None:
            tables.deactivate_replies(session.id, closing.reply.position)
            tables.messages[closing.reply.id] = MessageRow(closing.reply)
        if closing.work_until is not None:
            work = WorkRow(turn.user_id, turn.id, closing.now, closing.work_until)
            tables.memory_work[turn.id] = work
        return True

    async def get(self, user_id: str, turn_id: str) -> Turn:
        await self._database.round_trip()
        row = self._database.turns.get(turn_id)
        if row is None or row.turn.user_id != user_id:
            raise NotFound("There is no such turn.")
        return row.turn

    async def find_reply(self, user_id: str, turn_id: str) -> Message | None:
        await self._database.round_trip()
        row = self._database.turns.get(turn_id)
        if row is None or row.turn.user_id != user_id:
            return None
        reply = self._database.messages.get(row.turn.message_id)
        return None if reply is None else reply.message

    def _note(self, closing: TurnClosing, stored: TurnRow | None) -> None:
        """Keep how the turn ended; one that had lapsed was counted as failed before."""
        turn, tables = closing.turn, self._database
        has_lapsed = stored is not None and stored.turn.status is TurnStatus.FAILED
        if (stored is None and closing.wallet is None) or (
            has_lapsed and turn.status is TurnStatus.FAILED
        ):
            return
        if stored is not None and has_lapsed:
            tables.days.note_turn(stored.turn, stored.turn.created_at, turns=-1)
        tables.days.note_turn(turn, closing.now, model=closing.model or "")

    def _owned(self, user_id: str, session_id: str) -> Session | None:
        session = self._database.sessions.get(session_id)
        return session if session is not None and session.user_id == user_id else None

    def _find_session(self, query: TurnQuery) -> tuple[Session | None, Message | None]:
        """The session that is meant and, for another reply, the message to answer again."""
        if query.session_id is not None:
            return self._owned(query.user_id, query.session_id), None
        if query.message_id is None:
            return None, None
        row = self._database.messages.get(query.message_id)
        session = self._owned(query.user_id, row.message.session_id) if row else None
        if row is None or session is None:
            return None, None
        if row.message.role is Role.USER:
            return session, row.message
        said = [
            one.message
            for one in self._database.messages_of(session.id)
            if one.message.role is Role.USER and one.message.position == row.message.position - 1
        ]
        return session, said[0] if said else None

    def _find_character(self, query: TurnQuery, session: Session | None) -> Character | None:
        wanted = session.character_id if session else query.character_id
        versions = self._database.characters.get(wanted or "", ())
        if session is not None:
            return next((one for one in versions if one.version == session.character_version), None)
        return versions[-1] if versions else None

    def _find_replay(self, user_id: str, key: str | None) -> tuple[str, str] | None:
        row = self._database.find_key(user_id, key or "", self._clock.now())
        if row is None or row.turn_id is None:
            return None
        return row.turn_id, row.fingerprint
