"""What every store promises that is told things. Add to ``DESKS`` how another is made."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import pytest
from attrs import evolve, frozen

from adapters.in_memory.store_errands import InMemoryStoreErrands
from adapters.sandbox.store_errands import SandboxErrands
from adapters.stripe import api as stripe_api
from application.ports.store_errands import StoreErrands, Usage
from domain.errors import Unavailable
from domain.market.facts import Share
from domain.market.products import Provider
from domain.market.reports import Errand, ErrandKind, Parked
from tests.adapters.stripe.shop import PLUS, order
from tests.contracts.store_worlds import apple_world, google_world, stripe_world
from tests.loopback.apple_server import Answer

USAGE = Usage(spent=Share(1, 3), account_days=40)


@frozen
class Desk:
    """A store that can be told things: what it does, and what it refuses for good, if anything."""

    errands: StoreErrands
    wanted: tuple[Errand, ...]
    is_done: Callable[[], bool]
    """Whether all of ``wanted`` has been done."""
    refused: Errand
    refuse: Callable[[], None]
    """Have the store refuse ``refused`` from now on."""
    take_away: Callable[[], None]


def _nothing() -> None:
    """It is so anyway."""


@asynccontextmanager
async def in_memory() -> AsyncIterator[Desk]:
    errands = InMemoryStoreErrands()
    wanted = tuple(Errand(kind, Provider.STRIPE, "ref_1", "pay_1") for kind in ErrandKind)
    refused = Errand(ErrandKind.CANCEL, Provider.STRIPE, "ref_2")

    def take_away() -> None:
        errands.is_away = True

    yield Desk(
        errands,
        wanted,
        lambda: {errand for errand, _ in errands.done} == set(wanted),
        refused,
        lambda: errands.refuse("ref_2", "It will not."),
        take_away,
    )


@asynccontextmanager
async def sandbox() -> AsyncIterator[Desk]:
    wanted = tuple(Errand(kind, Provider.SANDBOX, "sbx_pur_1", "pay_1") for kind in ErrandKind)
    yield Desk(SandboxErrands(), wanted, lambda: True, wanted[0], _nothing, _nothing)


@asynccontextmanager
async def stripe() -> AsyncIterator[Desk]:
    async with stripe_world() as world:
        opened = await world.gateway.open_payment(order(PLUS))
        reference, customer = opened.report.reference, str(opened.customer)
        await asyncio.to_thread(world.server.do, "pay", id=reference)
        stripe = Provider.STRIPE

        def take_away() -> None:
            world.server.failures = [500] * 100

        def is_done() -> bool:
            known = world.server.world.things
            return known[reference]["status"] == "canceled" and customer not in known

        yield Desk(
            world.errands,
            (
                Errand(ErrandKind.CANCEL, stripe, reference),
                Errand(ErrandKind.FORGET_CUSTOMER, stripe, customer),
            ),
            is_done,
            Errand(ErrandKind.CONSUME, stripe, reference),
            _nothing,
            take_away,
        )


@asynccontextmanager
async def apple() -> AsyncIterator[Desk]:
    async with apple_world() as world:
        pack = world.store.pack("apple.small")
        world.server.record(pack)
        errand = Errand(
            ErrandKind.TELL_CONSUMPTION,
            Provider.APPLE,
            pack["originalTransactionId"],
            payment=pack["transactionId"],
            store_product="apple.small",
        )

        def refuse() -> None:
            world.server.failure = Answer(b'{"errorCode": 4000185, "errorMessage": "no"}', 400)

        def take_away() -> None:
            world.server.failure = Answer(status=500)

        yield Desk(
            world.errands,
            (errand,),
            lambda: pack["transactionId"] in {told for told, _ in world.server.consumption},
            errand,
            refuse,
            take_away,
        )


@asynccontextmanager
async def google() -> AsyncIterator[Desk]:
    async with google_world() as world:
        store, provider = world.store, Provider.GOOGLE
        pack, plan = store.sell("play.small"), store.subscribe("play.plus")

        def is_done() -> bool:
            (line,) = store.packs[pack]["productLineItem"]
            consumed = line["productOfferDetails"]["consumptionState"]
            known = store.subscriptions[plan]
            return [consumed, known["acknowledgementState"], known["subscriptionState"]] == [
                "CONSUMPTION_STATE_CONSUMED",
                "ACKNOWLEDGEMENT_STATE_ACKNOWLEDGED",
                "SUBSCRIPTION_STATE_CANCELED",
            ]

        yield Desk(
            world.errands,
            (
                Errand(ErrandKind.CONSUME, provider, pack, store_product="play.small"),
                Errand(ErrandKind.ACKNOWLEDGE, provider, plan, store_product="play.plus"),
                Errand(ErrandKind.CANCEL, provider, plan),
            ),
            is_done,
            Errand(ErrandKind.TELL_CONSUMPTION, provider, pack),
            _nothing,
            world.server.stop,
        )


DESKS: dict[str, Callable[[], AbstractAsyncContextManager[Desk]]] = {
    "in_memory": in_memory,
    "sandbox": sandbox,
    "stripe": stripe,
    "apple": apple,
    "google": google,
}
OUTSIDE = [name for name in DESKS if name != "sandbox"]


@pytest.fixture(autouse=True)
def quick_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stripe_api, "FIRST_PAUSE_SECONDS", 0.01)


@pytest.fixture(params=DESKS)
async def desk(request: pytest.FixtureRequest) -> AsyncIterator[Desk]:
    async with DESKS[request.param]() as opened:
        yield opened


async def test_what_is_owed_is_done_and_again_does_no_harm(desk: Desk) -> None:
    for _ in range(2):
        for errand in desk.wanted:
            await desk.errands.perform(errand, USAGE)
        assert desk.is_done()


async def test_what_the_store_no_longer_knows_is_done(desk: Desk) -> None:
    for errand in desk.wanted:
        await desk.errands.perform(evolve(errand, reference="gone", payment="gone"), USAGE)


@pytest.mark.parametrize("desk", OUTSIDE, indirect=True)
async def test_what_the_store_refuses_for_good_is_for_a_person(desk: Desk) -> None:
    desk.refuse()
    with pytest.raises(Parked) as parked:
        await desk.errands.perform(desk.refused, USAGE)
    assert parked.value.reason


@pytest.mark.parametrize("desk", OUTSIDE, indirect=True)
async def test_a_store_that_is_away_is_told_later(desk: Desk) -> None:
    desk.take_away()
    for errand in desk.wanted:
        with pytest.raises(Unavailable):
            await desk.errands.perform(errand, USAGE)
    assert not desk.is_done()


async def test_what_was_told_to_the_fake_can_be_looked_at() -> None:
    errands = InMemoryStoreErrands()
    errand = Errand(ErrandKind.TELL_CONSUMPTION, Provider.APPLE, "1", payment="1")
    await errands.perform(errand, USAGE)
    assert errands.done == [(errand, USAGE)]
