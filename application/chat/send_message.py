"""Say something to a character."""

from attrs import evolve, frozen

from application.chat.crisis_answer import CrisisAnswer, Cry
from application.chat.turn_follower import TurnFeed, TurnFollower
from application.chat.turn_opener import TurnOpener
from application.chat.turn_plan import DEFAULT_OPTIONS, TurnOptions, TurnPlan
from application.ports.clock import Clock, IdGenerator
from application.ports.turn_store import IdempotencyKey, TurnQuery, TurnSnapshot
from domain.chat import (
    MAX_MESSAGE_CHARACTERS,
    Message,
    MessageStatus,
    Role,
    Session,
    next_position,
    title_from,
)
from domain.errors import (
    AccountUnavailable,
    InvalidRequest,
    NotFound,
    RateLimited,
    Unavailable,
)

MAX_EARLIER_MESSAGES = 100
"""Of more the latest count: a prompt has no room for others."""
MAX_EARLIER_REPLY_CHARACTERS = 16_000
"""What a character said before may come back whole, with room for the longest of its replies."""
_HEARD_CHARACTERS = 16_000
"""How much of a message that is too long is looked at for a cry for help."""


@frozen
class EarlierMessage:
    """What the client says was said before; it begins a session that we do not know yet."""

    role: Role
    content: str


@frozen
class SendMessageCommand:
    """One message to a character, in a session or, when ``session_id`` is None, in a new one.

    ``earlier`` becomes the beginning of a new session, and is ignored for one that we know: then
    our own history counts.
    """

    user_id: str | None
    """None: their account cannot be had now. Then only somebody in a crisis is answered."""
    character_id: str
    content: str
    session_id: str | None = None
    country: str | None = None
    """Where the person lives, for help that must not wait for the tables."""
    earlier: tuple[EarlierMessage, ...] = ()
    options: TurnOptions = DEFAULT_OPTIONS
    idempotency: IdempotencyKey | None = None


class SendMessage:
    """Begins a turn and returns its events; the turn goes on if nobody reads them.

    Refused before anything is stored or held: ``NotFound`` for the session or the character,
    ``TierRequired``, ``InsufficientCredits``, ``RateLimited`` for too many streams,
    ``InvalidRequest``, ``AccountSuspended``, ``ContentBlocked``, ``Forbidden``,
    ``ModelUnavailable`` without a price, ``Unavailable``. The same idempotency key gives the same
    turn. Somebody in a crisis is told where help is, also when everything else is away, when the
    message is too long to be kept, and when the conversation or the character is gone.
    """

    def __init__(
        self,
        opener: TurnOpener,
        crisis: CrisisAnswer,
        follower: TurnFollower,
        clock: Clock,
        ids: IdGenerator,
    ) -> None:
        self._opener = opener
        self._crisis = crisis
        self._follower = follower
        self._clock = clock
        self._ids = ids

    async def __call__(self, command: SendMessageCommand) -> TurnFeed:
        """The turn's events, from the first one on."""
        # Nobody's id, for the answer to somebody whose own is not known.
        user_id = command.user_id or self._ids.new("usr")
        command = self._with_the_cry(command)
        try:
            _check_words(command)
            turn_id = await self._open(command)
        except (Unavailable, RateLimited, NotFound, InvalidRequest):
            cry = Cry(
                user_id=user_id,
                character_id=command.character_id,
                session_id=command.session_id,
                country=command.country,
                text=command.content[:_HEARD_CHARACTERS],
            )
            answered = self._crisis.give(cry, command.options)
            if answered is None:
                raise
            turn_id = answered
        return await self._follower.feed(user_id, turn_id)

    def _with_the_cry(self, command: SendMessageCommand) -> SendMessageCommand:
        """Of a message that is too long, the part that can be kept with a cry for help in it.

        So the answer is stored, and whoever was answered can go on in its conversation.
        """
        text = command.content
        if len(text) <= MAX_MESSAGE_CHARACTERS:
            return command
        for part in (text[:MAX_MESSAGE_CHARACTERS], text[-MAX_MESSAGE_CHARACTERS:]):
            if self._crisis.is_for(part):
                return evolve(command, content=part)
        return command

    async def _open(self, command: SendMessageCommand) -> str:
        if command.user_id is None:
            message = "Your account cannot be looked up now; try again."
            raise AccountUnavailable(message)
        query = TurnQuery(
            user_id=command.user_id,
            history=self._opener.history_messages,
            session_id=command.session_id,
            character_id=None if command.session_id else command.character_id,
            idempotency_key=command.idempotency.key if command.idempotency else None,
        )
        return await self._opener.open(
            query,
            lambda snapshot: self._plan(command, snapshot),
            command.options,
            command.idempotency,
        )

    def _plan(self, command: SendMessageCommand, snapshot: TurnSnapshot) -> TurnPlan:
        if command.session_id is not None and snapshot.session is None:
            message = "There is no such session."
            raise NotFound(message, param="session_id")
        if snapshot.character is None:
            message = "There is no such character."
            raise NotFound(message, param="model")
        if snapshot.character.id != command.character_id:
            message = "This session is with another character."
            raise InvalidRequest(message, param="model")
        now = self._clock.now()
        session = snapshot.session or Session(
            id=self._ids.new("ses"),
            user_id=snapshot.user.id,
            character_id=snapshot.character.id,
            character_version=snapshot.character.version,
            title=title_from(command.content),
            created_at=now,
            updated_at=now,
        )
        new: list[Message] = []
        position = next_position(now, snapshot.last_position)
        earlier = () if snapshot.session else command.earlier[-MAX_EARLIER_MESSAGES:]
        for role, content in (
            *((one.role, one.content) for one in earlier),
            (Role.USER, command.content),
        ):
            message_id = self._ids.new("msg")
            new.append(
                Message(
                    message_id, session.id, position, role, content, MessageStatus.COMPLETE, now
                )
            )
            position += 2
        return TurnPlan(
            session=session,
            is_new_session=snapshot.session is None,
            character=snapshot.character,
            history=(*snapshot.history, *new[:-1]),
            user_message=new[-1],
            new_messages=new,
        )


def _check_words(command: SendMessageCommand) -> None:
    if not command.content.strip():
        message = "the last message must not be empty"
        raise InvalidRequest(message, param="messages")
    for role, content in (
        (Role.USER, command.content),
        *((one.role, one.content) for one in command.earlier),
    ):
        most = MAX_MESSAGE_CHARACTERS if role is Role.USER else MAX_EARLIER_REPLY_CHARACTERS
        if len(content) > most:
            message = f"a message has at most {most} characters"
            raise InvalidRequest(message, param="messages")
