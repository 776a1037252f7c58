"""What we owe the sandbox."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from application.ports.clock import Clock
from application.ports.store_errands import Usage
from domain.market.facts import Fact, FactKind
from domain.market.products import Provider
from domain.market.reports import Errand, ErrandKind, Report


class SandboxErrands:
    """Ends subscriptions that shall end; of everything else there is nothing to do.

    ``tell`` is where the store's own messages go: it keeps nothing, so that what it did must be
    known to the purchase.
    """

    def __init__(self, clock: Clock, tell: Callable[[Report], Awaitable[object]]) -> None:
        self._clock = clock
        self._tell = tell

    async def perform(self, errand: Errand, usage: Usage | None) -> None:
        del usage
        if errand.kind is ErrandKind.CANCEL:
            # A moment later: it comes after what was bought in this very one.
            at = self._clock.now() + timedelta(microseconds=1)
            facts = Fact(FactKind.CANCELLED, at), Fact(FactKind.LAPSED, at)
            await self._tell(Report(Provider.SANDBOX, errand.reference, facts=facts))
