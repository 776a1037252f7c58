"""Asks Google about one purchase, and says the answer in our words."""

import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import TypeVar

from attrs import evolve

from adapters.google.packs import Voiding, read_pack, read_voided, voidings
from adapters.google.play_api import PlayApi, Refusal, Refused, part
from adapters.google.subscriptions import Told, read_subscription
from adapters.google.wire import ProductPurchase, Subscription, VoidedPurchase, VoidedPurchases
from application.ports.clock import Clock
from domain.errors import Unavailable
from domain.market.products import Catalogue
from domain.market.reports import Parked, Report

_T = TypeVar("_T")
_log = logging.getLogger(__name__)

MOST_PAGES = 100
"""Of voided purchases, with 1,000 each."""
PAGE_SIZE = 1000
LONGEST_LIST = timedelta(days=30) - timedelta(minutes=5)
"""Google lists no more; the rest is for a clock that differs from Google's."""


class UnknownPurchase(Exception):
    """Google does not know this token: not of this app, not of this kind, or no longer."""


class TestPurchase(Parked):
    """Bought by a tester, without money; this server takes none of those."""

    __test__ = False  # or pytest would take it for a test

    def __init__(self) -> None:
        super().__init__("A test purchase at Google, which this server does not take.")


class Purchases:
    """Google's answers as reports. Everything raises ``Unavailable`` when Google does not answer.

    ``takes_tests`` is for development and review: testers' purchases bring credits like any other.
    """

    def __init__(
        self,
        api: PlayApi,
        catalogue: Callable[[], Awaitable[Catalogue]],
        clock: Clock,
        *,
        takes_tests: bool,
    ) -> None:
        self._api = api
        self.catalogue = catalogue
        self._clock = clock
        self._takes_tests = takes_tests

    @property
    def package_name(self) -> str:
        """The app whose purchases these are."""
        return self._api.package_name

    async def pack(
        self,
        token: str,
        *,
        given_back: Sequence[Voiding] = (),
        cancelled_at: datetime | None = None,
        told: Told | None = None,
    ) -> Report:
        """A pack by its token. Raises ``UnknownPurchase`` or ``Parked``."""
        bought = await self._get(f"purchases/productsv2/tokens/{part(token)}", ProductPurchase)
        self._check_test(bought.test_purchase_context)
        return read_pack(
            token,
            bought,
            await self.catalogue(),
            self._clock.now(),
            given_back=given_back,
            cancelled_at=cancelled_at,
            known=told.known if told is not None else (),
        )

    async def subscription(self, token: str, told: Told) -> tuple[Report, ...]:
        """A subscription by its token, and maybe the one it follows; raises as ``pack`` does."""
        bought = await self._get(f"purchases/subscriptionsv2/tokens/{part(token)}", Subscription)
        self._check_test(bought.test_purchase)
        return await read_subscription(self._api, token, bought, await self.catalogue(), told)

    async def voided(
        self, token: str, given_back: Sequence[Voiding], *, is_subscription: bool = False
    ) -> Report:
        """What it means that this was given back: for a pack, in units of it.

        A list does not say what a token is of, so a pack is asked for first.
        """
        alone = read_voided(token, given_back)
        if not is_subscription:
            with suppress(UnknownPurchase):
                return await self.pack(token, given_back=given_back)
        try:
            report = (await self.subscription(token, Told()))[0]
        except UnknownPurchase:
            return alone
        aliases = dict.fromkeys((*report.aliases, *alone.aliases))
        return evolve(report, facts=(*report.facts, *alone.facts), aliases=tuple(aliases))

    async def list_voided(
        self, since: datetime, until: datetime
    ) -> AsyncIterator[tuple[str, tuple[Voiding, ...]]]:
        """What Google saw as voided in that time, by token, each order once and complete."""
        entries: list[VoidedPurchase] = []
        now = self._clock.now()
        since = max(since, now - LONGEST_LIST)
        if since >= min(until, now):
            return
        params = {
            "startTime": str(int(since.timestamp() * 1000)),
            "maxResults": str(PAGE_SIZE),
            "type": "1",
            "includeQuantityBasedPartialRefund": "true",
        }
        if until < now:
            # Left out, it is Google's now; ours may be ahead of it, which Google refuses.
            params["endTime"] = str(int(until.timestamp() * 1000))
        seen: set[str] = set()
        for _ in range(MOST_PAGES):
            page = await self._page(params)
            entries.extend(page.voided_purchases)
            following = page.token_pagination.next_page_token
            if not following or following in seen:
                break
            seen.add(following)
            params["token"] = following
        for (token, _order), given_back in voidings(entries).items():
            if token:
                yield token, given_back

    async def _page(self, params: dict[str, str]) -> VoidedPurchases:
        try:
            return await self._api.get("purchases/voidedpurchases", VoidedPurchases, params)
        except Refused as refused:
            raise unavailable() from refused

    async def _get(self, path: str, shape: type[_T]) -> _T:
        try:
            return await self._api.get(path, shape)
        except Refused as refused:
            if refused.refusal is Refusal.UNKNOWN:
                raise UnknownPurchase from refused
            _log.warning("Google Play does not let our account see purchases: %s", refused)
            raise unavailable() from refused

    def _check_test(self, context: dict[str, object] | None) -> None:
        if context is not None and not self._takes_tests:
            raise TestPurchase


def unavailable() -> Unavailable:
    """Google does not answer as it should."""
    return Unavailable("Google Play cannot be asked right now.")
