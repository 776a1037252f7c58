"""What we owe the stores, done once or until it works."""

import logging
from collections.abc import Sequence
from datetime import timedelta

from attrs import evolve

from application.background import Background
from application.market.backoff import Backoff
from application.market.stores import Stores
from application.ports.clock import Clock
from application.ports.errand_queue import ErrandQueue, QueuedErrand
from application.ports.purchase_store import PurchaseStore
from application.ports.store_errands import Usage
from domain.errors import DomainError, NotFound, Unavailable
from domain.market.facts import Share
from domain.market.reports import Errand, ErrandKind, Parked

_logger = logging.getLogger(__name__)
_BATCH = 20
_CLAIM = timedelta(seconds=30)
_BACKOFF = Backoff(first=timedelta(seconds=5), longest=timedelta(hours=1), most=84)
"""More than three days in all, after which Google takes a purchase back."""


class ErrandWork:
    """Runs errands that are due."""

    def __init__(
        self,
        stores: Stores,
        queue: ErrandQueue,
        purchases: PurchaseStore,
        background: Background,
        clock: Clock,
    ) -> None:
        self._stores = stores
        self._queue = queue
        self._purchases = purchases
        self._background = background
        self._clock = clock

    def hurry(self, errands: Sequence[Errand]) -> None:
        """Begin with what is due now, in the background; the job does it otherwise."""
        if errands:
            self._background.submit(self.run_due)

    async def run_due(self) -> tuple[int, int]:
        """How many errands are done, and how many did not work."""
        done = failed = 0
        while True:
            now = self._clock.now()
            claimed = await self._queue.claim(now=now, until=now + _CLAIM, limit=_BATCH)
            for queued in claimed:
                if await self._run(queued):
                    done += 1
                else:
                    failed += 1
            if len(claimed) < _BATCH:
                return done, failed

    async def _run(self, queued: QueuedErrand) -> bool:
        errand = queued.errand
        store = self._stores.errands.get(errand.provider)
        if store is None:
            await self._queue.postpone(self._parked(queued, "This store is not configured."))
            return False
        try:
            await store.perform(errand, await self._usage(queued))
        except Unavailable as error:
            await self._queue.postpone(self._later(queued, error.message))
        except Parked as parked:
            await self._queue.postpone(self._parked(queued, parked.reason))
        except DomainError as error:
            await self._queue.postpone(self._parked(queued, error.message))
        except Exception as error:
            _logger.exception("errand failed", extra={"errand": errand.kind})
            await self._queue.postpone(self._later(queued, type(error).__name__))
        else:
            await self._queue.finish(queued)
            return True
        return False

    async def _usage(self, queued: QueuedErrand) -> Usage | None:
        """How much of a payment was spent, out of the ledger."""
        errand = queued.errand
        if errand.kind is not ErrandKind.TELL_CONSUMPTION:
            return None
        owner = await self._purchases.find_owner(errand.provider, (errand.payment,))
        if owner is None:
            return None
        holding = await self._purchases.open(owner)
        lots = [lot for lot in holding.purchase.lots if lot.payment == errand.payment]
        granted = sum(lot.credits for lot in lots)
        spent = sum(holding.lots[lot.lot_id].spent for lot in lots if lot.lot_id in holding.lots)
        try:
            since = (await self._purchases.get_holder(queued.user_id)).created_at
        except NotFound:
            return None
        age = self._clock.now() - since
        return Usage(spent=Share(spent, max(1, granted)), account_days=age.days)

    def _later(self, queued: QueuedErrand, reason: str) -> QueuedErrand:
        attempts = queued.attempts + 1
        if _BACKOFF.is_over(attempts):
            return self._parked(queued, f"Tried {attempts} times: {reason}")
        due_at = _BACKOFF.next_try(attempts, self._clock.now())
        return evolve(queued, attempts=attempts, due_at=due_at, reason=reason)

    def _parked(self, queued: QueuedErrand, reason: str) -> QueuedErrand:
        return evolve(queued, attempts=queued.attempts + 1, reason=reason, is_parked=True)
