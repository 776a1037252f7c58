"""A message from a store: checked, kept, and done soon after."""

from collections.abc import Mapping

from application.background import Background
from application.market.event_work import EventWork
from application.market.stores import Stores
from application.ports.clock import Clock
from application.ports.inbox import Inbox
from domain.errors import InvalidRequest, NotGenuine
from domain.market.products import Provider


class ReceiveStoreEvent:
    """Keeps a message as it came; only then may the store be told that we have it."""

    def __init__(
        self, stores: Stores, inbox: Inbox, work: EventWork, background: Background, clock: Clock
    ) -> None:
        self._stores = stores
        self._inbox = inbox
        self._work = work
        self._background = background
        self._clock = clock

    async def __call__(self, provider: Provider, body: bytes, headers: Mapping[str, str]) -> bool:
        """Whether the message is new; it is applied in the background, or by the job.

        Raises ``NotFound`` for a store that is not configured, ``NotGenuine`` and what else
        ``StoreEvents.receive`` raises, and ``Unavailable`` when the message could not be kept.
        """
        try:
            event = await self._stores.sender(provider).receive(body, headers)
        except InvalidRequest as error:
            raise NotGenuine(error.message) from error
        is_new = await self._inbox.add(event, self._clock.now())
        if is_new:
            self._background.submit(lambda: self._work.take(provider, event.id))
        return is_new
