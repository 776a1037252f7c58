"""What is done with a message from a store, once or until it works."""

import logging
from datetime import timedelta

from attrs import evolve

from application.market.backoff import Backoff
from application.market.errand_work import ErrandWork
from application.market.purchase_changes import PurchaseChanges
from application.market.purchase_owners import Claim
from application.market.stores import Stores
from application.ports.clock import Clock
from application.ports.inbox import Inbox, InboxMessage, InboxState
from domain.errors import DomainError, Unavailable
from domain.market.products import Provider
from domain.market.reports import Parked

CLAIM = timedelta(seconds=30)
"""After how long without a word a claimed message is taken up by another.

More than a message takes: whoever claimed it was killed. If it was only slow, both do the same.
"""

_logger = logging.getLogger(__name__)
_BACKOFF = Backoff(first=timedelta(seconds=5), longest=timedelta(hours=6), most=28)
"""About four days in all, a day more than the stores themselves go on."""


class EventWork:
    """Applies what a message says and keeps what became of it."""

    def __init__(
        self,
        stores: Stores,
        inbox: Inbox,
        changes: PurchaseChanges,
        errands: ErrandWork,
        clock: Clock,
    ) -> None:
        self._stores = stores
        self._inbox = inbox
        self._changes = changes
        self._errands = errands
        self._clock = clock

    async def take(self, provider: Provider, event_id: str) -> None:
        """Do the message that has just come, unless somebody is at it."""
        until = self._clock.now() + CLAIM
        message = await self._inbox.take(provider, event_id, until=until)
        if message is not None:
            await self.run(message)

    async def run(self, message: InboxMessage) -> InboxMessage:
        """The message afterwards: done, parked for a person, or to be tried again."""
        try:
            after = await self._applied(message)
        except Parked as parked:
            after = self._parked(message, parked.reason)
        except Unavailable as error:
            after = self._postponed(message, error.message)
        except DomainError as error:
            after = self._parked(message, error.message)
        except Exception as error:
            _logger.exception("store message failed", extra={"message_id": message.id})
            after = self._postponed(message, type(error).__name__)
        await self._inbox.finish(after)
        return after

    async def _applied(self, message: InboxMessage) -> InboxMessage:
        event = message.event
        # Without a body it is one that concerned nobody.
        sender = self._stores.sender(event.provider)
        reports = await sender.interpret(event) if event.body else ()
        assigned = message.user_id if message.is_assigned else None
        claim = Claim(assigned, is_proven=False) if assigned is not None else None
        done = (event.provider, event.id) if len(reports) == 1 else None
        user_id = message.user_id
        for report in reports:
            purchase = await self._changes.apply(report, claim=claim, done=done)
            user_id = purchase.user_id
            self._errands.hurry(report.errands)
        now = self._clock.now()
        return evolve(
            message,
            state=InboxState.DONE,
            attempts=message.attempts + 1,
            user_id=user_id,
            reason=None,
            finished_at=now,
        )

    def _postponed(self, message: InboxMessage, reason: str) -> InboxMessage:
        attempts = message.attempts + 1
        if _BACKOFF.is_over(attempts):
            return self._parked(message, f"Tried {attempts} times: {reason}")
        due_at = _BACKOFF.next_try(attempts, self._clock.now())
        return evolve(message, attempts=attempts, due_at=due_at, reason=reason)

    def _parked(self, message: InboxMessage, reason: str) -> InboxMessage:
        return evolve(
            message,
            state=InboxState.PARKED,
            attempts=message.attempts + 1,
            reason=reason,
            finished_at=self._clock.now(),
        )
