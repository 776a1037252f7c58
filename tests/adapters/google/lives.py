"""The lives of packs and subscriptions at Google Play, and how news of them reaches us.

A life is what happens at Google, each time with its notification. News of it come as they do in
reality: late, again, in another order; what Google answers is always how things are at the moment
when it is asked.
"""

import asyncio
import json
from collections.abc import Callable, Coroutine, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from urllib.parse import urlencode

import httpx
from hypothesis import strategies as st

from adapters.google.play_api import PlayApi, answer_as
from adapters.google.store_events import GoogleEvents
from adapters.google.store_records import GoogleRecords
from adapters.in_memory.clock import InMemoryClock
from domain.market.products import Provider
from domain.market.purchases import Purchase
from domain.market.reports import Report, StoreEvent
from domain.market.standing import Standing
from tests.adapters.google.shop import catalogue, purchase
from tests.loopback.play_api import PlayApiServer
from tests.loopback.play_books import Json
from tests.loopback.play_push import PlayPush
from tests.loopback.play_store import PlayStore

_T = TypeVar("_T")
START = datetime(2026, 1, 31, 9, 30, tzinfo=UTC)


class DirectPlayApi(PlayApi):
    """The same answers without a network: thousands of lives are lived here."""

    def __init__(self, server: PlayApiServer) -> None:
        self.package_name = server.store.package_name
        self._server = server

    async def get(
        self, path: str, shape: type[_T], params: Mapping[str, str | list[str]] | None = None
    ) -> _T:
        app = f"/androidpublisher/v3/applications/{self.package_name}/"
        target = f"{app}{path}?{urlencode(params or {}, doseq=True)}"
        status, said = self._server.reply("GET", target, "Bearer direct", b"")
        return answer_as(httpx.Response(status, content=json.dumps(said).encode()), shape)


class World:
    """Google, and what we have learnt of one purchase there."""

    def __init__(self, *, has_orders: bool = True) -> None:
        self.clock = InMemoryClock(START)
        self.store = PlayStore(now=self.clock.now)
        self.server = PlayApiServer(self.store)
        self.server.has_orders = has_orders
        self.server.trust("direct")
        api = DirectPlayApi(self.server)
        self.events = GoogleEvents(api, catalogue, self.clock, audience="a", email="e")
        self.records = GoogleRecords(api, catalogue, self.clock)
        self.push = PlayPush(now=self.clock.now)
        self.known: dict[str, Purchase] = {}
        self.stored: list[StoreEvent] = []
        self._heard = 0

    def hear(self) -> int:
        """Receive the notifications that are new; how many there are by now."""
        for told in self.store.notifications[self._heard :]:
            at = datetime.fromtimestamp(int(told["eventTimeMillis"]) / 1000, UTC)
            body = self.push.message(told)
            self.stored.append(StoreEvent(Provider.GOOGLE, str(len(self.stored)), "", at, body))
        self._heard = len(self.store.notifications)
        return self._heard

    async def interpret(self, number: int) -> None:
        """Learn what a notification, received some time ago, means now."""
        for report in await self.events.interpret(self.stored[number]):
            known = self.known.get(report.reference)
            if known is None:
                assert report.product_id is not None
                known = purchase(report.product_id, report.reference)
            self.known[report.reference] = known.learn(report.facts, self.clock.now())

    async def look_up(self, token: str) -> None:
        """Reconcile."""
        report = await self.records.look_up(self.known[token], self.clock.now())
        assert report is not None
        self.known[token] = self.known[token].learn(report.facts, self.clock.now())


Step = Callable[[World, str], None]


def pass_time(hours: int) -> Step:
    return lambda world, _: world.clock.advance(timedelta(hours=hours))


PACK_STEPS: dict[str, Callable[[Json, int], bool]] = {
    "complete": lambda pack, _: state_of_pack(pack) == "PENDING",
    "give_up": lambda pack, _: state_of_pack(pack) == "PENDING",
    "void_1": lambda pack, _: state_of_pack(pack) == "PURCHASED" and left_of(pack) > 1,
    "void_all": lambda pack, _: state_of_pack(pack) == "PURCHASED",
}


def state_of_pack(pack: Json) -> str:
    return str(pack["purchaseStateContext"]["purchaseState"])


def left_of(pack: Json) -> int:
    return int(pack["productLineItem"][0]["productOfferDetails"]["refundableQuantity"])


def live_pack(world: World, token: str, step: str) -> None:
    """One step of a pack's life, if it is possible now."""
    if not PACK_STEPS[step](world.store.packs[token], 0):
        return
    world.clock.advance(timedelta(minutes=7))
    if step == "complete":
        world.store.complete(token)
    elif step == "give_up":
        world.store.give_up(token)
    else:
        world.store.void_pack(token, 1 if step == "void_1" else None)


SUBSCRIPTION_STEPS = {
    "renew": {"ACTIVE"},
    "enter_grace": {"ACTIVE"},
    "hold": {"ACTIVE", "IN_GRACE_PERIOD"},
    "pause": {"ACTIVE"},
    "recover": {"IN_GRACE_PERIOD", "ON_HOLD", "PAUSED"},
    "cancel": {"ACTIVE"},
    "restart": {"CANCELED"},
    "expire": {"CANCELED", "ON_HOLD"},
    "revoke": {"ACTIVE", "CANCELED", "IN_GRACE_PERIOD"},
    "void_first": {"ACTIVE", "CANCELED", "EXPIRED"},
}
AT_THE_END = {"renew", "enter_grace", "hold", "pause", "expire"}
"""What happens when the time that is paid, or grace, has run out."""


def live_subscription(world: World, token: str, step: str) -> None:
    """One step of a subscription's life, if it is possible now, at the time when it would be."""
    store, one = world.store, world.store.subscriptions[token]
    state = one["subscriptionState"].removeprefix("SUBSCRIPTION_STATE_")
    if state not in SUBSCRIPTION_STEPS[step]:
        return
    expiry = datetime.fromisoformat(one["lineItems"][0]["expiryTime"])
    if step in AT_THE_END:
        world.clock.set(max(world.clock.now() + timedelta(minutes=1), expiry))
    else:
        world.clock.advance(timedelta(hours=5))
    if step == "void_first":
        first = one["lineItems"][0]["latestSuccessfulOrderId"].partition("..")[0]
        if store.orders[first]["state"] == "PROCESSED":
            store.void_order(token, first)
        return
    getattr(store, step)(token)


def schedules(steps: list[str], most: int) -> st.SearchStrategy[list[Any]]:
    """What happens, and between it which of the stored notifications are looked at."""
    looks = st.integers(min_value=0, max_value=40)
    return st.lists(st.one_of(st.sampled_from(steps), looks), min_size=1, max_size=most)


def run(life: Coroutine[Any, Any, _T]) -> _T:
    return asyncio.run(life)


async def hear(world: World, token: str) -> Standing:
    before = len(world.stored)
    for number in range(before, world.hear()):
        await world.interpret(number)
    return world.known[token].standing


async def reports_of(world: World) -> list[Report]:
    """What the last notification means."""
    return list(await world.events.interpret(world.stored[world.hear() - 1]))


def at_end(world: World, token: str) -> datetime:
    """Let time pass until what is paid has run out."""
    line = world.store.subscriptions[token]["lineItems"][0]
    end = datetime.fromisoformat(line["expiryTime"])
    world.clock.set(end)
    return end
