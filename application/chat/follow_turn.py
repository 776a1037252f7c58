"""Resume a reply's stream."""

from application.chat.turn_follower import StreamPosition, TurnFeed, TurnFollower


class FollowTurn:
    """Subscribes to a turn again, on whichever process, from behind the last event seen."""

    def __init__(self, follower: TurnFollower) -> None:
        self._follower = follower

    async def __call__(self, user_id: str, turn_id: str, position: StreamPosition) -> TurnFeed:
        """The events behind ``position``: none missing, none twice; raises ``NotFound``."""
        return await self._follower.feed(user_id, turn_id, position)
