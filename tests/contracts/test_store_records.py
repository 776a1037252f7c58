"""What every store's own list promises. Add to ``BOOKS`` how another is made."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest
from attrs import evolve, frozen

from adapters.in_memory.account_store import InMemoryAccountStore
from adapters.in_memory.database import InMemoryDatabase
from adapters.in_memory.purchase_store import InMemoryPurchaseStore
from adapters.in_memory.store_records import InMemoryStoreRecords
from adapters.sandbox.store_records import SandboxRecords
from adapters.stripe import api as stripe_api
from application.ports.store_records import StoreRecords
from domain.accounts import Tier, User
from domain.errors import Unavailable
from domain.market.facts import Fact, FactKind
from domain.market.products import Provider
from domain.market.purchases import Purchase
from domain.market.reports import Report
from domain.market.sandbox import first_payment, reference_of
from domain.market.standing import Status
from tests.adapters.apple import shop as apple_shop
from tests.adapters.google import shop as google_shop
from tests.adapters.stripe.shop import PLUS, SMALL, bought, catalogue, order
from tests.contracts.store_worlds import apple_world, google_world, stripe_world

NOW = datetime.now(UTC)
HOUR = timedelta(hours=1)


@frozen
class Books:
    """A store's records of a pack and of a plan that were paid; ours may not know of it yet."""

    records: StoreRecords
    provider: Provider
    pack: Purchase
    plan: Purchase
    has_list: bool
    """Whether the payment of the pack is in the list of what changed."""
    take_away: Callable[[], None]


@asynccontextmanager
async def in_memory() -> AsyncIterator[Books]:
    records = InMemoryStoreRecords()
    paid = Fact(FactKind.PAID, NOW, "pay_1", product_id="small")
    month = NOW + timedelta(days=30)
    period = Fact(FactKind.RENEWED, NOW, "pay_2", product_id="plus", starts_at=NOW, ends_at=month)
    records.write(Report(Provider.STRIPE, "ref_1", (paid,), product_id="small"), NOW)
    records.write(Report(Provider.STRIPE, "ref_2", (period,), product_id="plus"), NOW - 3 * HOUR)

    def take_away() -> None:
        records.is_away = True

    yield Books(
        records,
        Provider.STRIPE,
        bought(SMALL, "ref_1"),
        bought(PLUS, "ref_2"),
        has_list=True,
        take_away=take_away,
    )


@asynccontextmanager
async def sandbox() -> AsyncIterator[Books]:
    database = InMemoryDatabase()
    await InMemoryAccountStore(database).add(User("usr_1", "ann", Tier.FREE, NOW))
    pack, plan = (
        evolve(
            bought(product, reference_of("pur_1")),
            provider=Provider.SANDBOX,
            facts=(first_payment("pur_1", product, 1, NOW),),
        )
        for product in (SMALL, PLUS)
    )

    def stays() -> None:
        """It is a part of the product itself."""

    records = SandboxRecords(catalogue, InMemoryPurchaseStore(database))
    yield Books(records, Provider.SANDBOX, pack, plan, has_list=False, take_away=stays)


@asynccontextmanager
async def stripe() -> AsyncIterator[Books]:
    async with stripe_world() as world:
        sold = []
        for product in (SMALL, PLUS):
            opened = await world.gateway.open_payment(order(product, purchase_id=product.id))
            reference = opened.report.reference
            await asyncio.to_thread(world.server.do, "pay", id=reference)
            sold.append(evolve(bought(product, reference), id=product.id))

        def take_away() -> None:
            world.server.failures = [500] * 100

        pack, plan = sold
        yield Books(world.records, Provider.STRIPE, pack, plan, has_list=True, take_away=take_away)


@asynccontextmanager
async def apple() -> AsyncIterator[Books]:
    async with apple_world() as world:
        store, server = world.store, world.server
        pack = store.pack("apple.small", at=NOW)
        plan = store.period("apple.plus", at=NOW)
        server.record(pack, plan)
        server.stand(plan, store.renewal(plan), 1)
        server.remember(store.payload("ONE_TIME_CHARGE", pack), NOW)
        yield Books(
            world.records,
            Provider.APPLE,
            apple_shop.purchase("small", pack["transactionId"], NOW),
            apple_shop.purchase("plus", plan["transactionId"], NOW),
            has_list=True,
            take_away=server.stop,
        )


@asynccontextmanager
async def google() -> AsyncIterator[Books]:
    async with google_world() as world:
        yield Books(
            world.records,
            Provider.GOOGLE,
            google_shop.purchase("small", world.store.sell("play.small")),
            google_shop.purchase("plus", world.store.subscribe("play.plus")),
            has_list=False,
            take_away=world.server.stop,
        )


BOOKS: dict[str, Callable[[], AbstractAsyncContextManager[Books]]] = {
    "in_memory": in_memory,
    "sandbox": sandbox,
    "stripe": stripe,
    "apple": apple,
    "google": google,
}


@pytest.fixture(autouse=True)
def quick_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stripe_api, "FIRST_PAUSE_SECONDS", 0.01)


@pytest.fixture(params=BOOKS)
async def books(request: pytest.FixtureRequest) -> AsyncIterator[Books]:
    async with BOOKS[request.param]() as opened:
        yield opened


async def look_up(books: Books, purchase: Purchase) -> Purchase:
    report = await books.records.look_up(purchase, datetime.now(UTC))
    assert report is not None
    assert (report.provider, report.reference) == (books.provider, purchase.reference)
    return purchase.learn(report.facts, datetime.now(UTC))


async def changed(books: Books, since: datetime, until: datetime) -> list[Report]:
    return [report async for report in books.records.list_changed(since, until)]


async def test_a_pack_is_known_to_be_paid(books: Books) -> None:
    pack = await look_up(books, books.pack)
    assert pack.status is Status.COMPLETED
    assert len(pack.standing.payments) == 1


async def test_a_plan_is_known_to_run(books: Books) -> None:
    plan = await look_up(books, books.plan)
    assert (plan.status, plan.standing.renews) == (Status.ACTIVE, True)
    assert plan.standing.ends_at
    assert plan.standing.ends_at > datetime.now(UTC)


async def test_looking_again_tells_nothing_new(books: Books) -> None:
    for purchase in (books.pack, books.plan):
        known = await look_up(books, purchase)
        assert (await look_up(books, known)).facts == known.facts


@pytest.mark.parametrize("reference", [None, "no-such-thing", "pi_unknown", "sub_unknown"])
async def test_what_the_store_does_not_know_is_nothing(books: Books, reference: str | None) -> None:
    for purchase in (books.pack, books.plan):
        unknown = evolve(purchase, reference=reference)
        assert await books.records.look_up(unknown, datetime.now(UTC)) is None


async def test_what_another_store_sold_is_nothing_to_the_fake_and_the_sandbox() -> None:
    for made in (in_memory, sandbox):
        async with made() as books:
            other = evolve(books.pack, provider=Provider.GOOGLE)
            assert await books.records.look_up(other, NOW) is None


async def test_what_changed_is_listed_where_there_is_a_list(books: Books) -> None:
    found = await changed(books, NOW - HOUR, NOW + HOUR)
    listed = {report.reference for report in found}
    assert (books.pack.reference in listed) is books.has_list
    for report in found:
        if report.reference == books.pack.reference:
            told = books.pack.learn(report.facts, datetime.now(UTC))
            assert told.status is Status.COMPLETED


async def test_nothing_is_listed_of_another_time(books: Books) -> None:
    assert await changed(books, NOW - 2 * HOUR, NOW - HOUR) == []


@pytest.mark.parametrize("books", ["in_memory", "stripe", "apple", "google"], indirect=True)
async def test_a_store_that_is_away_is_unavailable(books: Books) -> None:
    books.take_away()
    with pytest.raises(Unavailable):
        await books.records.look_up(books.plan, NOW)
    with pytest.raises(Unavailable):
        await changed(books, NOW - HOUR, NOW + HOUR)
