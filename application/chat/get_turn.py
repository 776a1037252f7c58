"""How a turn stands."""

from attrs import frozen

from application.ports.turn_store import TurnStore
from domain.chat import Message, Turn


@frozen
class TurnState:
    """A turn and its reply, None while there is none."""

    turn: Turn
    reply: Message | None


class GetTurn:
    """Looks a turn up."""

    def __init__(self, turns: TurnStore) -> None:
        self._turns = turns

    async def __call__(self, user_id: str, turn_id: str) -> TurnState:
        """The turn with its reply; raises ``NotFound``, also for somebody else's."""
        turn = await self._turns.get(user_id, turn_id)
        return TurnState(turn, await self._turns.find_reply(user_id, turn_id))
