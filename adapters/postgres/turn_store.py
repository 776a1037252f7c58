"""Turns: one statement to read all that one needs, one to open it, one to close it."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from psycopg.errors import ForeignKeyViolation, UniqueViolation

from adapters.postgres import codec
from adapters.postgres.connection import PostgresPool, Row
from adapters.postgres.known_characters import KnownCharacters
from adapters.postgres.turn_sql import (
    CLOSE_WITH_MONEY,
    CLOSE_WITHOUT_MONEY,
    FIND_REPLY,
    FORGET_KEY,
    GET,
    HOLDER_OF_KEY,
    LOAD_BY_CHARACTER,
    LOAD_BY_MESSAGE,
    LOAD_BY_SESSION,
    OPEN,
    OPEN_ANSWERED,
)
from application.ports.clock import Clock
from application.ports.turn_store import (
    IdempotencyKey,
    TurnClosing,
    TurnOpening,
    TurnQuery,
    TurnSnapshot,
)
from domain.chat import Message, Turn
from domain.errors import AlreadyRecorded, IdempotencyKeyReused, NotFound

_KEY_LIFETIME = timedelta(hours=24)
_KEY = "Idempotency-Key"


class PostgresTurnStore:
    """Turns, with the wallet, the session and the messages that each of them touches."""

    def __init__(self, pool: PostgresPool, clock: Clock) -> None:
        self._pool = pool
        self._clock = clock
        self._characters = KnownCharacters()

    async def load(self, query: TurnQuery) -> TurnSnapshot:
        known = self._characters
        values: dict[str, Any] = {
            "user_id": query.user_id,
            "history": query.history,
            "key": query.idempotency_key,
            "forgotten_at": self._clock.now() - _KEY_LIFETIME,
            "known_characters": known.listed,
        }
        if query.message_id is not None:
            row = await self._pool.read_one(
                LOAD_BY_MESSAGE, {**values, "message_id": query.message_id}
            )
        elif query.session_id is not None:
            row = await self._pool.read_one(
                LOAD_BY_SESSION, {**values, "session_id": query.session_id}
            )
        else:
            row = await self._pool.read_one(
                LOAD_BY_CHARACTER, {**values, "character_id": query.character_id}
            )
        if row is None:
            raise NotFound("There is no such account.")
        return self._snapshot(row, known)

    async def open(self, opening: TurnOpening) -> bool:
        key = opening.idempotency
        try:
            return await self._open(opening)
        except AlreadyRecorded as error:
            # Either the key is taken, or its time is over and nobody has cleared it away yet.
            taken_key = error.param == _KEY
            if key is None or not taken_key or not await self._forget(opening.turn.user_id, key):
                raise
        return await self._open(opening)

    async def close(self, closing: TurnClosing) -> bool:
        values = _closing_values(closing)
        try:
            if closing.wallet is None:
                await self._close_without_money(values)
                return True
            values.update(codec.wallet_values(closing.wallet))
            [(is_written, is_closed)] = await self._pool.write(CLOSE_WITH_MONEY, values)
        except UniqueViolation as error:
            raise AlreadyRecorded("This turn was closed already.") from error
        if is_closed == b"t":
            raise AlreadyRecorded("This turn was closed already.")
        return is_written == b"t"

    async def get(self, user_id: str, turn_id: str) -> Turn:
        row = await self._pool.read_one(GET, {"user_id": user_id, "turn_id": turn_id})
        if row is None:
            raise NotFound("There is no such turn.")
        return codec.turn(codec.present(row[0]))

    async def find_reply(self, user_id: str, turn_id: str) -> Message | None:
        row = await self._pool.read_one(FIND_REPLY, {"user_id": user_id, "turn_id": turn_id})
        return codec.message(codec.present(row[0])) if row else None

    def _snapshot(self, row: Row, known: KnownCharacters) -> TurnSnapshot:
        user, wallet, session, key, character, history, last_position, said, replay = row
        if key and character:
            known = self._characters = self._characters.with_new(key, character)
        return TurnSnapshot(
            user=codec.user(codec.present(user)),
            wallet=codec.wallet(codec.present(wallet)),
            session=codec.session(session) if session else None,
            character=known.by_key[key] if key else None,
            history=codec.messages(history) if history else (),
            last_position=int(last_position or 0),
            user_message=codec.message(said) if said else None,
            replay=codec.replay(replay) if replay else None,
        )

    async def _open(self, opening: TurnOpening) -> bool:
        turn, key, reply = opening.turn, opening.idempotency, opening.reply
        messages = (*opening.messages, reply) if reply else opening.messages
        sessions: Sequence[object] = (opening.session,) if opening.session else ()
        values = codec.wallet_values(opening.wallet)
        values.update(
            turn=codec.document(turn),
            sessions=codec.document(sessions) if sessions else b"[]",
            messages=codec.document(messages) if messages else b"[]",
            key=key.key if key else None,
            fingerprint=key.fingerprint if key else None,
            turn_id=turn.id,
            created_at=turn.created_at,
            session_id=turn.session_id,
            position=reply.position if reply else None,
        )
        try:
            return bool(await self._pool.write(OPEN_ANSWERED if reply else OPEN, values))
        except ForeignKeyViolation as error:
            raise NotFound("There is no such session.") from error
        except UniqueViolation as error:
            param = _KEY if error.diag.table_name == "idempotency_keys" else None
            raise AlreadyRecorded("This turn was opened already.", param=param) from error

    async def _forget(self, user_id: str, key: IdempotencyKey) -> bool:
        """Forget the key if its time is over, and say whether it is free now.

        Raises ``IdempotencyKeyReused`` when it belongs to another kind of request, which no
        snapshot would show as a turn begun before.
        """
        values = {
            "user_id": user_id,
            "key": key.key,
            "forgotten_at": self._clock.now() - _KEY_LIFETIME,
        }
        if await self._pool.write(FORGET_KEY, values):
            return True
        holder = await self._pool.read_one(HOLDER_OF_KEY, values)
        if holder is not None and holder[0] is None:
            raise IdempotencyKeyReused("This Idempotency-Key was used for another request.")
        return holder is None

    async def _close_without_money(self, values: dict[str, Any]) -> None:
        [(was_open, has_session, is_written)] = await self._pool.write(CLOSE_WITHOUT_MONEY, values)
        # A turn that is gone, or whose session is, was deleted meanwhile: nothing is to be written.
        if was_open == b"f" or (has_session == b"t" and is_written == b"f"):
            raise AlreadyRecorded("This turn was closed already.")


def _closing_values(closing: TurnClosing) -> dict[str, Any]:
    turn, reply = closing.turn, closing.reply
    usage = turn.receipt.usage if turn.receipt else None
    return {
        "user_id": turn.user_id,
        "turn_id": turn.id,
        "session_id": turn.session_id,
        "now": closing.now,
        "status": turn.status,
        "turn_held": turn.held,
        "memory_ids": codec.document(turn.memory_ids),
        "finish_reason": turn.finish_reason,
        "error_code": turn.error_code,
        "receipt": codec.document(turn.receipt) if turn.receipt else None,
        "position": reply.position if reply else None,
        "reply": codec.document((reply,)) if reply else b"[]",
        "notices": codec.document(turn.notices) if turn.notices else b"[]",
        "prompt": codec.document(turn.prompt),
        "work_until": closing.work_until,
        "character_id": turn.character_id,
        "model": closing.model or "",
        "prompt_tokens": usage.prompt if usage else 0,
        "cached_tokens": usage.cached if usage else 0,
        "completion_tokens": usage.completion if usage else 0,
    }
