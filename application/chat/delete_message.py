"""Take back what was said."""

from application.ports.character_store import CharacterStore
from application.ports.clock import Clock
from application.ports.session_store import SessionStore
from application.ports.turn_stream import TurnStream
from domain.chat import Message, Role, title_from


class DeleteMessage:
    """Deletes a message, what was learnt only from it, and the tails of its streams.

    A session that was named after it is named after its character then.
    """

    def __init__(
        self,
        sessions: SessionStore,
        characters: CharacterStore,
        stream: TurnStream,
        clock: Clock,
    ) -> None:
        self._sessions = sessions
        self._characters = characters
        self._stream = stream
        self._clock = clock

    async def __call__(self, user_id: str, message_id: str) -> None:
        """One's own message goes with its replies, a reply alone; raises ``NotFound``."""
        message = await self._sessions.get_message(user_id, message_id)
        turns = await self._sessions.delete_message(user_id, message_id)
        await self._stream.forget(user_id, turns)
        if message.role is Role.USER:
            await self._rename(user_id, message)

    async def _rename(self, user_id: str, message: Message) -> None:
        session = await self._sessions.get(user_id, message.session_id)
        if session.title == title_from(message.content):
            character = await self._characters.get(session.character_id, session.character_version)
            await self._sessions.rename(user_id, session.id, character.name, self._clock.now())
