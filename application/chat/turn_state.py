"""How a turn stands."""

from attrs import frozen

from domain.chat import Message, Turn


@frozen
class TurnState:
    """A turn and its reply, None while there is none."""

    turn: Turn
    reply: Message | None
