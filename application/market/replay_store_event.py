"""An administrator lets a message be applied once more, maybe for somebody."""

from attrs import evolve

from application.market.event_ids import event_key
from application.market.event_work import EventWork
from application.ports.account_store import AccountStore
from application.ports.clock import Clock
from application.ports.inbox import Inbox, InboxMessage, InboxState


class ReplayStoreEvent:
    """Applies a parked message again; one that was applied changes nothing again."""

    def __init__(self, inbox: Inbox, work: EventWork, accounts: AccountStore, clock: Clock) -> None:
        self._inbox = inbox
        self._work = work
        self._accounts = accounts
        self._clock = clock

    async def __call__(self, message_id: str, *, user_id: str | None = None) -> InboxMessage:
        """The message afterwards.

        ``user_id`` says whose it is, for one of which the store does not say so. Raises
        ``NotFound`` for an unknown message or account.
        """
        message = await self._inbox.get(*event_key(message_id))
        if user_id is not None:
            user = await self._accounts.get(user_id)
            message = evolve(message, user_id=user.id, is_assigned=True)
        waiting = evolve(
            message,
            state=InboxState.WAITING,
            attempts=0,
            reason=None,
            due_at=self._clock.now(),
            finished_at=None,
        )
        await self._inbox.finish(waiting)
        return await self._work.run(waiting)
