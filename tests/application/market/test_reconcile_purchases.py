"""What the stores have on record, beside ours."""

import logging
from collections.abc import AsyncIterator
from datetime import datetime

import pytest
from attrs import evolve

from application.market.reconcile_purchases import ReconcilePurchases
from application.market.stores import Stores
from domain.errors import Unavailable
from domain.market.facts import FactKind
from domain.market.purchases import Purchase
from domain.market.reports import Errand, ErrandKind, Parked, Report
from domain.market.standing import Status
from tests.application.market.shop import GOOGLE, STRIPE, Shop, report
from tests.domain.market.stories import START, paid, refunded, renewed, said, upgraded

CLEAN = "stripe: 1 compared, 0 repaired, 0 unclear"
REPAIRED = "stripe: 1 compared, 1 repaired, 0 unclear"
UNCLEAR = "stripe: 1 compared, 0 repaired, 1 unclear"


async def test_what_we_know_is_left_alone(shop: Shop) -> None:
    purchase = await shop.changes.apply(report())
    shop.records.write(report(), shop.clock.now())
    shop.wait(minutes=1)
    assert await shop.reconcile() == CLEAN
    assert (await shop.get(purchase)).version == purchase.version


async def test_a_missed_refund_is_made_good_and_told(
    shop: Shop, caplog: pytest.LogCaptureFixture
) -> None:
    purchase = await shop.changes.apply(report())
    shop.records.write(report(paid(), refunded(1, 1_000)), shop.clock.now())
    shop.wait(minutes=1)
    with caplog.at_level(logging.WARNING):
        assert await shop.reconcile() == REPAIRED
    assert (await shop.get(purchase)).status is Status.REFUNDED
    assert (await shop.wallet()).balance == 0
    assert [record.message for record in caplog.records] == ["repaired a purchase"]
    assert await shop.reconcile() == CLEAN


async def test_a_missed_purchase_is_made_good(shop: Shop) -> None:
    shop.records.write(report(), shop.clock.now())
    shop.wait(minutes=1)
    assert await shop.reconcile() == REPAIRED
    assert (await shop.wallet()).balance == 1_000


@pytest.mark.parametrize("changes", [{"user_id": None}, {"product_id": "gone"}])
async def test_what_belongs_to_nobody_known_is_counted(
    shop: Shop, changes: dict[str, str | None]
) -> None:
    told = evolve(report(), **changes)  # type: ignore[arg-type]  # one of its fields
    shop.records.write(told, shop.clock.now())
    shop.wait(minutes=1)
    assert await shop.reconcile() == UNCLEAR
    assert shop.database.purchases == {}


async def test_what_is_open_is_looked_up_however_old_it_is(shop: Shop) -> None:
    """More of them than are read at once; what is over is not asked about."""
    for number in range(205):
        awaited = said(FactKind.AWAITING, 0)
        await shop.changes.apply(report(awaited, reference=f"ref_{number}"))
    await shop.changes.apply(report(paid(0, "other"), reference="ref_done"))
    for number in range(205):
        told = report(paid(0, f"p_{number}"), reference=f"ref_{number}")
        shop.records.write(told, shop.clock.now())
    shop.wait(days=30)
    assert await shop.reconcile() == "stripe: 205 compared, 205 repaired, 0 unclear"
    assert (await shop.wallet()).balance == 206_000
    assert await shop.reconcile() == "stripe: 0 compared, 0 repaired, 0 unclear"


async def test_an_order_that_nobody_paid_is_not_asked_about_for_ever(shop: Shop) -> None:
    await shop.changes.apply(report(said(FactKind.AWAITING, 0)))
    shop.wait(days=30)
    shop.records.write(report(), START)
    shop.wait(seconds=1)
    assert await shop.reconcile() == "stripe: 0 compared, 0 repaired, 0 unclear"
    # What runs is, however old it is.
    await shop.changes.apply(report(renewed(0, 99), reference="sub_1", product_id="plus"))
    shop.records.write(report(renewed(0, 99), reference="sub_1", product_id="plus"), START)
    shop.wait(days=31)
    assert await shop.reconcile() == CLEAN


async def test_what_is_owed_is_owed_again(shop: Shop) -> None:
    errand = Errand(ErrandKind.ACKNOWLEDGE, STRIPE, "ref_1")
    await shop.changes.apply(report())
    shop.records.write(report(errands=(errand,)), shop.clock.now())
    shop.wait(minutes=1)
    assert await shop.reconcile() == CLEAN
    assert await shop.owed() == [errand]


async def test_a_replacement_is_seen_once_what_it_replaces_is_known(shop: Shop) -> None:
    new = report(upgraded(10, 41, "x0"), reference="sub_2", product_id="premium", replaces="sub_1")
    await shop.changes.apply(new)
    old = await shop.changes.apply(report(renewed(0, 30), reference="sub_1", product_id="plus"))
    shop.records.write(new, shop.clock.now())
    shop.wait(minutes=1)
    await shop.reconcile()
    assert (await shop.get(old)).credits_taken_back == 200


async def test_a_store_that_is_away_does_not_keep_the_others(shop: Shop) -> None:
    shop.records.is_away = True
    with pytest.raises(Unavailable):
        await shop.reconcile()

    class Empty:
        async def look_up(self, purchase: Purchase, now: datetime) -> Report | None:
            return None

        async def list_changed(self, since: datetime, until: datetime) -> AsyncIterator[Report]:
            nothing: tuple[Report, ...] = ()
            for told in nothing:
                yield told

    stores = Stores(records={STRIPE: shop.records, GOOGLE: Empty()})
    both = ReconcilePurchases(stores, shop.purchases, shop.changes, shop.clock)
    assert await both() == (
        "stripe did not answer after 0; google: 0 compared, 0 repaired, 0 unclear"
    )
    nothing = ReconcilePurchases(Stores(), shop.purchases, shop.changes, shop.clock)
    assert await nothing() == "no store to compare with"


async def test_one_odd_record_does_not_end_the_comparing(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    await shop.changes.apply(report(said(FactKind.AWAITING, 0), reference="ref_1"))
    await shop.changes.apply(report(said(FactKind.AWAITING, 0), reference="ref_2"))
    look_up = shop.records.look_up

    async def odd(purchase: Purchase, now: datetime) -> Report | None:
        if purchase.reference == "ref_1":
            reason = "An unknown price."
            raise Parked(reason)
        return await look_up(purchase, now)

    monkeypatch.setattr(shop.records, "look_up", odd)
    shop.records.write(report(reference="ref_2"), shop.clock.now())
    shop.wait(days=9)
    assert await shop.reconcile() == "stripe: 1 compared, 1 repaired, 1 unclear"


async def test_an_odd_list_is_counted(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    async def odd(since: datetime, until: datetime) -> AsyncIterator[Report]:
        yield report()
        reason = "An unknown price."
        raise Parked(reason)

    monkeypatch.setattr(shop.records, "list_changed", odd)
    assert await shop.reconcile() == "stripe: 1 compared, 1 repaired, 1 unclear"


async def test_away_in_between_says_how_far_it_came(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(purchase: Purchase, now: datetime) -> Report | None:
        message = "away"
        raise Unavailable(message)

    await shop.changes.apply(report(said(FactKind.AWAITING, 0), reference="ref_2"))
    monkeypatch.setattr(shop.records, "look_up", away)
    shop.records.write(report(), shop.clock.now())
    shop.wait(minutes=1)
    with pytest.raises(Unavailable):
        await shop.reconcile()
    assert (await shop.wallet()).balance == 1_000
