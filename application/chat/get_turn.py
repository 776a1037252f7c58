"""How a turn stands."""

from application.chat.turn_state import TurnState
from application.ports.turn_store import TurnStore


class GetTurn:
    """Looks a turn up."""

    def __init__(self, turns: TurnStore) -> None:
        self._turns = turns

    async def __call__(self, user_id: str, turn_id: str) -> TurnState:
        """The turn with its reply; raises ``NotFound``, also for somebody else's."""
        turn = await self._turns.get(user_id, turn_id)
        return TurnState(turn, await self._turns.find_reply(user_id, turn_id))
