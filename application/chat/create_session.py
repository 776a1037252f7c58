"""Begin a conversation with the character's greeting."""

from attrs import frozen

from application.ports.character_store import CharacterStore
from application.ports.clock import Clock, IdGenerator
from application.ports.session_store import SessionStore
from domain.accounts import User
from domain.chat import (
    Message,
    MessageStatus,
    Role,
    Session,
    checked_title,
    next_position,
)
from domain.first_time import FirstTime
from domain.macros import replace_macros


@frozen
class CreateSessionCommand:
    """A new session of ``user`` with a character; None for the title takes the character's name.

    With ``first`` the same request begins one session, however often it comes.
    """

    user: User
    character_id: str
    title: str | None = None
    first: FirstTime | None = None


class CreateSession:
    """Begins a session; it keeps the character's version of this moment for good."""

    def __init__(
        self, characters: CharacterStore, sessions: SessionStore, clock: Clock, ids: IdGenerator
    ) -> None:
        self._characters = characters
        self._sessions = sessions
        self._clock = clock
        self._ids = ids

    async def __call__(self, command: CreateSessionCommand) -> Session:
        """The new session; raises ``NotFound``, ``InvalidRequest``, or as ``admit`` does."""
        character = await self._characters.get(command.character_id)
        character.admit(command.user, param="character_id")
        title = character.name if command.title is None else checked_title(command.title)
        now = self._clock.now()
        session = Session(
            id=self._ids.new("ses") if command.first is None else command.first.new_id("ses"),
            user_id=command.user.id,
            character_id=character.id,
            character_version=character.version,
            title=title,
            created_at=now,
            updated_at=now,
        )
        name = command.user.display_name or "you"
        greeting = Message(
            id=self._ids.new("msg"),
            session_id=session.id,
            position=next_position(now, 0) + 1,
            role=Role.ASSISTANT,
            content=replace_macros(
                character.greeting,
                char=character.name,
                user=name,
                seed=session.id,
                pick_seed=session.id,
            ),
            status=MessageStatus.COMPLETE,
            created_at=now,
        )
        return await self._sessions.add(session, greeting if greeting.content else None)
