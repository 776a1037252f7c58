"""What Google has on record: each purchase for as long as it keeps it, and what was voided."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime

from adapters.google.play_api import PlayApi
from adapters.google.purchases import Purchases, UnknownPurchase
from adapters.google.subscriptions import Told
from application.ports.clock import Clock
from domain.market.products import Catalogue, Provider
from domain.market.purchases import Purchase
from domain.market.reports import Parked, Report


class GoogleRecords:
    """Looks up tokens, and lists voided purchases.

    What cannot be understood says nothing here: the message about it waits for a person already.
    """

    def __init__(
        self,
        api: PlayApi,
        catalogue: Callable[[], Awaitable[Catalogue]],
        clock: Clock,
        *,
        allow_test_purchases: bool = False,
    ) -> None:
        self._purchases = Purchases(api, catalogue, clock, takes_tests=allow_test_purchases)

    async def look_up(self, purchase: Purchase, now: datetime) -> Report | None:  # noqa: ARG002 - Google says how things are, at any time
        token = purchase.reference
        if not token:
            return None
        told = Told(known=purchase.facts)
        try:
            if purchase.is_subscription:
                return (await self._purchases.subscription(token, told))[0]
            return await self._purchases.pack(token, told=told)
        except UnknownPurchase:
            return None
        except Parked:
            return Report(Provider.GOOGLE, token)

    async def list_changed(self, since: datetime, until: datetime) -> AsyncIterator[Report]:
        async for token, given_back in self._purchases.list_voided(since, until):
            try:
                report = await self._purchases.voided(token, given_back)
            except Parked:
                continue
            yield report
