"""One message from a store, as an administrator reads it."""

from application.market.event_ids import event_key
from application.ports.inbox import Inbox, InboxMessage


class GetStoreEvent:
    """Reads a message, its body included."""

    def __init__(self, inbox: Inbox) -> None:
        self._inbox = inbox

    async def __call__(self, message_id: str) -> InboxMessage:
        """Raises ``NotFound``."""
        return await self._inbox.get(*event_key(message_id))
