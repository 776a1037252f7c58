"""What every store promises that checks what apps say. Add to ``COUNTERS`` how another is made."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime

import pytest
from attrs import frozen

from adapters.in_memory.store_verifier import InMemoryStoreVerifier
from application.ports.store_verifier import StoreVerifier
from domain.errors import InvalidRequest, Unavailable
from domain.market.facts import Fact, FactKind
from domain.market.products import Provider
from domain.market.reports import Report
from tests.contracts.store_worlds import apple_world, google_world

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
ANN = "5a2f5d0e-6f1c-4a2b-9f0e-1d2c3b4a5f60"


@frozen
class Counter:
    """A verifier, the proofs of a pack and of a plan that Ann bought, and forgeries of others."""

    verifier: StoreVerifier
    pack: tuple[str, str]
    """The proof, and what the product is called here."""
    plan: tuple[str, str]
    nobodys: tuple[str, str]
    """A pack of which the store does not say who bought it."""
    forgeries: tuple[str, ...]
    take_away: Callable[[], None]


@asynccontextmanager
async def in_memory() -> AsyncIterator[Counter]:
    verifier = InMemoryStoreVerifier()
    paid = Fact(FactKind.PAID, NOW, "pay_1", product_id="small")
    period = Fact(FactKind.RENEWED, NOW, "pay_2", product_id="plus", starts_at=NOW, ends_at=NOW)
    google = Provider.GOOGLE
    verifier.sell("proof", Report(google, "a", (paid,), product_id="small", store_token=ANN))
    verifier.sell("plan", Report(google, "b", (period,), product_id="plus", store_token=ANN))
    verifier.sell("nobody", Report(google, "c", (paid,), product_id="small"))

    def take_away() -> None:
        verifier.is_away = True

    yield Counter(
        verifier, ("proof", "small"), ("plan", "plus"), ("nobody", "small"), ("other",), take_away
    )


@asynccontextmanager
async def apple() -> AsyncIterator[Counter]:
    async with apple_world() as world, apple_world() as other:
        store = world.store
        pack = store.pack("apple.small", token=ANN)

        def stays() -> None:
            """What is signed is checked without asking anybody."""

        yield Counter(
            world.verifier,
            (store.sign(pack), "small"),
            (store.sign(store.period("apple.plus", token=ANN)), "plus"),
            (store.sign(store.pack("apple.small")), "small"),
            (
                other.store.sign(pack),
                store.sign(pack)[:-8],
                store.sign({**pack, "bundleId": "com.example.other"}),
            ),
            stays,
        )


@asynccontextmanager
async def google() -> AsyncIterator[Counter]:
    async with google_world() as world:
        store = world.store
        yield Counter(
            world.verifier,
            (store.sell("play.small", account=ANN), "small"),
            (store.subscribe("play.plus", account=ANN), "plus"),
            (store.sell("play.small"), "small"),
            ("no-such-token", "../../orders"),
            world.server.stop,
        )


COUNTERS: dict[str, Callable[[], AbstractAsyncContextManager[Counter]]] = {
    "in_memory": in_memory,
    "apple": apple,
    "google": google,
}


@pytest.fixture(params=COUNTERS)
async def counter(request: pytest.FixtureRequest) -> AsyncIterator[Counter]:
    async with COUNTERS[request.param]() as opened:
        yield opened


async def verify(counter: Counter, bought: tuple[str, str]) -> Report:
    proof, product_id = bought
    return await counter.verifier.verify(proof, product_id=product_id)


async def test_a_pack_is_paid_and_belongs_to_whom_the_store_says(counter: Counter) -> None:
    report = await verify(counter, counter.pack)
    assert [fact.kind for fact in report.facts] == [FactKind.PAID]
    assert report.facts[0].payment
    assert report.facts[0].product_id == report.product_id == "small"
    assert report.reference
    assert report.store_token == ANN


async def test_a_plan_is_paid_for_a_period(counter: Counter) -> None:
    report = await verify(counter, counter.plan)
    (paid,) = [fact for fact in report.facts if fact.kind is FactKind.RENEWED]
    assert paid.starts_at
    assert paid.ends_at
    assert report.product_id == "plus"
    assert report.store_token == ANN


async def test_whose_it_is_may_be_left_open(counter: Counter) -> None:
    report = await verify(counter, counter.nobodys)
    assert (report.store_token, report.user_id, report.purchase_id) == (None, None, None)


async def test_asked_again_it_says_the_same(counter: Counter) -> None:
    for bought in (counter.pack, counter.plan):
        assert await verify(counter, bought) == await verify(counter, bought)


async def test_what_is_not_genuine_is_refused(counter: Counter) -> None:
    for forgery in counter.forgeries:
        with pytest.raises(InvalidRequest):
            await counter.verifier.verify(forgery, product_id="small")


@pytest.mark.parametrize(
    "proof", ["", " ", "x", "a.b.c", "a" * 30_000, "\x00", "漢字", "../..", "e30.e30.e30"]
)
async def test_an_odd_proof_is_refused(counter: Counter, proof: str) -> None:
    with pytest.raises(InvalidRequest):
        await counter.verifier.verify(proof, product_id="small")


@pytest.mark.parametrize("product_id", ["large", "plus", "no such product", ""])
async def test_what_is_for_another_product_is_refused(counter: Counter, product_id: str) -> None:
    with pytest.raises(InvalidRequest):
        await verify(counter, (counter.pack[0], product_id))


@pytest.mark.parametrize("counter", ["in_memory", "google"], indirect=True)
async def test_a_store_that_is_away_is_unavailable(counter: Counter) -> None:
    counter.take_away()
    with pytest.raises(Unavailable):
        await verify(counter, counter.pack)
