"""Ask for another reply."""

from attrs import frozen

from application.chat.turn_follower import TurnFeed, TurnFollower
from application.chat.turn_opener import TurnOpener
from application.chat.turn_plan import DEFAULT_OPTIONS, TurnOptions, TurnPlan
from application.ports.turn_store import IdempotencyKey, TurnQuery, TurnSnapshot
from domain.errors import NotFound


@frozen
class RegenerateReplyCommand:
    """Another reply to the message that ``message_id`` answers, or that it is."""

    user_id: str
    message_id: str
    options: TurnOptions = DEFAULT_OPTIONS
    idempotency: IdempotencyKey | None = None


class RegenerateReply:
    """Begins a turn over a message that was sent before.

    The new reply takes the place of the old one in the session once it is complete. It is priced,
    held and refused like any turn; ``NotFound`` when there is no such message.
    """

    def __init__(self, opener: TurnOpener, follower: TurnFollower) -> None:
        self._opener = opener
        self._follower = follower

    async def __call__(self, command: RegenerateReplyCommand) -> TurnFeed:
        """The turn's events, from the first one on."""
        query = TurnQuery(
            user_id=command.user_id,
            history=self._opener.history_messages,
            message_id=command.message_id,
            idempotency_key=command.idempotency.key if command.idempotency else None,
        )
        turn_id = await self._opener.open(query, _plan, command.options, command.idempotency)
        return await self._follower.feed(command.user_id, turn_id)


def _plan(snapshot: TurnSnapshot) -> TurnPlan:
    if snapshot.session is None or snapshot.character is None or snapshot.user_message is None:
        message = "There is no such message to reply to."
        raise NotFound(message)
    return TurnPlan(
        session=snapshot.session,
        is_new_session=False,
        character=snapshot.character,
        history=tuple(snapshot.history),
        user_message=snapshot.user_message,
        new_messages=(),
    )
