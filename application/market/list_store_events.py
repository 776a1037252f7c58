"""Messages from the stores, as an administrator reads them."""

from application.pages import Page, page_of
from application.ports.inbox import Inbox, InboxMessage, InboxState


class ListStoreEvents:
    """Reads the inbox, newest first."""

    def __init__(self, inbox: Inbox) -> None:
        self._inbox = inbox

    async def __call__(
        self, *, state: InboxState | None, limit: int, cursor: str | None
    ) -> Page[InboxMessage]:
        """One page, from behind ``cursor`` on; of any state when None is given."""
        found = await self._inbox.list(state=state, limit=limit + 1, before=cursor)
        return page_of(found, limit, lambda message: message.id)
