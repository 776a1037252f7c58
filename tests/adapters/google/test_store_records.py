from datetime import timedelta

import pytest

from adapters.google.store_events import GoogleEvents
from adapters.google.store_records import GoogleRecords
from adapters.in_memory.clock import InMemoryClock
from domain.errors import Unavailable
from domain.market.facts import FactKind
from domain.market.reports import Report
from domain.market.standing import Status
from tests.adapters.google.shop import learn, purchase
from tests.loopback.play_api import PlayApiServer
from tests.loopback.play_push import PlayPush
from tests.loopback.play_store import PlayStore


async def changed(records: GoogleRecords, clock: InMemoryClock) -> list[Report]:
    now = clock.now()
    return [one async for one in records.list_changed(now - timedelta(days=1), now)]


async def test_a_purchase_is_looked_up_by_its_token(
    records: GoogleRecords, store: PlayStore, clock: InMemoryClock
) -> None:
    pack = purchase("small", store.sell("play.small"))
    report = await records.look_up(pack, clock.now())
    assert learn(pack, report, clock.now()).status is Status.COMPLETED
    plan = purchase("plus", store.subscribe("play.plus"))
    report = await records.look_up(plan, clock.now())
    assert learn(plan, report, clock.now()).status is Status.ACTIVE


@pytest.mark.parametrize("reference", [None, "forgotten"])
@pytest.mark.parametrize("product_id", ["small", "plus"])
async def test_what_google_does_not_know_is_nothing(
    records: GoogleRecords, clock: InMemoryClock, product_id: str, reference: str | None
) -> None:
    assert await records.look_up(purchase(product_id, reference), clock.now()) is None


async def test_what_cannot_be_understood_says_nothing_new(
    records: GoogleRecords, store: PlayStore, clock: InMemoryClock
) -> None:
    token = store.sell("play.small", is_test=True)
    report = await records.look_up(purchase("small", token), clock.now())
    assert report is not None
    assert (report.reference, report.facts) == (token, ())
    store.void_pack(token)
    assert await changed(records, clock) == []


async def test_units_given_back_are_found_though_every_message_was_lost(
    records: GoogleRecords, store: PlayStore, clock: InMemoryClock
) -> None:
    token = store.sell("play.small", quantity=3)
    bought = learn(
        purchase("small", token),
        await records.look_up(purchase("small", token), clock.now()),
        clock.now(),
    )
    for given_back in (1, 2, 3):
        clock.advance(timedelta(hours=1))
        store.void_pack(token, 1)
        bought = learn(bought, await records.look_up(bought, clock.now()), clock.now())
        assert bought.standing.payments[0].refunded.of(3) == given_back


async def test_a_look_counts_on_from_what_the_list_has_told(
    records: GoogleRecords, store: PlayStore, clock: InMemoryClock
) -> None:
    token = store.sell("play.small", quantity=3)
    clock.advance(timedelta(minutes=1))
    store.void_pack(token, 1)
    clock.advance(timedelta(minutes=1))
    [listed] = await changed(records, clock)
    bought = learn(purchase("small", token), listed, clock.now())
    store.void_pack(token, 1)
    bought = learn(bought, await records.look_up(bought, clock.now()), clock.now())
    assert bought.standing.payments[0].refunded.of(3) == 2


async def test_of_two_products_the_one_that_was_given_back_counts(
    records: GoogleRecords, store: PlayStore, clock: InMemoryClock
) -> None:
    token = store.sell("play.small", "play.large", quantity=2)
    store.void_pack(token, 1)
    kept = store.packs[token]["productLineItem"][1]["productOfferDetails"]
    kept["refundableQuantity"] = 2
    clock.advance(timedelta(minutes=1))
    [report] = await changed(records, clock)
    bought = learn(purchase("small", token), report, clock.now())
    given_back = {one.product_id: one.refunded.of(2) for one in bought.standing.payments}
    assert given_back == {"small": 1, "large": 0}


async def test_one_of_three_units_on_overlapping_pages_is_one_unit(
    records: GoogleRecords, play: PlayApiServer, clock: InMemoryClock
) -> None:
    play.page_size, play.overlap = 2, 1
    store = play.store
    token = store.sell("play.small", quantity=3)
    others = [store.sell("play.large") for _ in range(3)]
    clock.advance(timedelta(minutes=1))
    store.void_pack(others[0])
    store.void_pack(token, 1)
    for other in others[1:]:
        store.void_pack(other)
    store.voided.append(store.voided[1])
    clock.advance(timedelta(minutes=1))
    reports = await changed(records, clock)
    assert sorted(one.reference for one in reports) == sorted([token, *others])
    bought = purchase("small", token)
    for _ in range(2):
        for report in await changed(records, clock):
            if report.reference == token:
                bought = learn(bought, report, clock.now())
    [payment] = bought.standing.payments
    assert (payment.refunded.of(3), bought.status) == (1, Status.PARTIALLY_REFUNDED)


async def test_the_list_and_the_message_together_count_once(
    records: GoogleRecords,
    events: GoogleEvents,
    push: PlayPush,
    store: PlayStore,
    clock: InMemoryClock,
) -> None:
    token = store.sell("play.small", quantity=3)
    clock.advance(timedelta(minutes=1))
    store.void_pack(token, 1)
    [told] = await events.interpret(await events.receive(*push.request(store.notifications[-1])))
    clock.advance(timedelta(minutes=1))
    [listed] = await changed(records, clock)
    for reports in ((told, listed), (listed, told), (listed, listed), (told, told)):
        bought = purchase("small", token)
        for report in reports:
            bought = learn(bought, report, clock.now())
        assert bought.standing.payments[0].refunded.of(3) == 1


async def test_payments_of_subscriptions_are_listed_each_by_its_order(
    records: GoogleRecords, store: PlayStore, clock: InMemoryClock
) -> None:
    token = store.subscribe("play.plus")
    first = store.subscriptions[token]["latestOrderId"]
    clock.advance(timedelta(days=31))
    second = store.renew(token)
    store.void_order(token, first)
    store.void_order(token, second)
    clock.advance(timedelta(minutes=1))
    reports = await changed(records, clock)
    assert {one.reference for one in reports} == {token}
    given_back = {
        fact.payment
        for report in reports
        for fact in report.facts
        if fact.kind is FactKind.REFUNDED
    }
    assert given_back == {first, second}


async def test_the_list_ends_where_it_is_asked_to(
    records: GoogleRecords, store: PlayStore, clock: InMemoryClock
) -> None:
    token = store.sell("play.small")
    store.void_pack(token)
    clock.advance(timedelta(days=2))
    assert await changed(records, clock) == []
    now = clock.now()
    assert [one async for one in records.list_changed(now, now)] == []
    everything = [one async for one in records.list_changed(now - timedelta(days=400), now)]
    assert [one.reference for one in everything] == [token]


async def test_a_list_that_goes_round_in_circles_ends(
    records: GoogleRecords, play: PlayApiServer, clock: InMemoryClock
) -> None:
    play.body = b'{"voidedPurchases": [], "tokenPagination": {"nextPageToken": "1"}}'
    assert await changed(records, clock) == []
    assert len(play.requests) == 2


@pytest.mark.parametrize(("status", "reason"), [(503, "backendError"), (400, "invalid")])
async def test_a_list_that_cannot_be_had_is_unavailable(
    records: GoogleRecords, play: PlayApiServer, clock: InMemoryClock, status: int, reason: str
) -> None:
    play.failures["voidedpurchases"] = (status, reason)
    with pytest.raises(Unavailable):
        await changed(records, clock)
