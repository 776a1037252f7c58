import logging
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from adapters.apple.store_events import AppleEvents
from adapters.apple.store_records import AppleRecords
from adapters.apple.store_verifier import AppleStoreVerifier
from domain.market.facts import FactKind
from domain.market.purchases import Purchase
from domain.market.standing import Status
from tests.adapters.apple.shop import TOKEN, purchase
from tests.loopback.apple_api import AppStoreServer
from tests.loopback.apple_store import MONTH, AppleStore, Fields

BOUGHT = datetime(2026, 3, 10, 12, tzinfo=UTC)
END = BOUGHT + MONTH
BASIC = "apple.basic"


async def _known(records: AppleRecords, kept: Purchase, now: datetime = END) -> Purchase:
    """The purchase once it was looked up; looking again must not change it."""
    report = await records.look_up(kept, now)
    assert report is not None
    learned = kept.learn(report.facts, now)
    again = await records.look_up(learned, now)
    assert again is not None
    assert learned.learn(again.facts, now).facts == learned.facts
    return learned


async def test_a_pack_is_told_as_the_app_tells_it(
    store: AppleStore,
    server: AppStoreServer,
    records: AppleRecords,
    verifier: AppleStoreVerifier,
) -> None:
    pack = store.pack("apple.large", token=TOKEN, at=BOUGHT, quantity=2)
    server.record(pack)
    found = await records.look_up(purchase("large", pack["transactionId"], BOUGHT), END)
    assert found == await verifier.verify(store.sign(pack), product_id="large")


async def test_a_refund_that_we_missed_and_one_that_was_reversed_are_found(
    store: AppleStore, server: AppStoreServer, records: AppleRecords
) -> None:
    pack = store.pack("apple.large", token=TOKEN, at=BOUGHT)
    kept = purchase("large", pack["transactionId"], BOUGHT)
    now = datetime.now(UTC)
    for recorded, status in (
        (pack, Status.COMPLETED),
        (
            store.refund(pack, at=BOUGHT + timedelta(days=1), percentage=40),
            Status.PARTIALLY_REFUNDED,
        ),
        (pack, Status.COMPLETED),
    ):
        server.record(recorded)
        kept = await _known(records, kept, now)
        assert kept.status is status


async def test_a_subscription_is_told_with_all_its_periods_over_many_pages(
    store: AppleStore, server: AppStoreServer, records: AppleRecords
) -> None:
    periods = [store.period(BASIC, token=TOKEN, at=BOUGHT)]
    for _ in range(6):
        periods.append(store.next_period(periods[-1]))
    server.record(*periods, store.pack("apple.small", token=TOKEN))
    server.stand(periods[-1], store.renewal(periods[-1]), 1)
    kept = purchase("basic", periods[0]["transactionId"], BOUGHT)
    known = await _known(records, kept, BOUGHT + 6 * MONTH)
    assert [payment.id for payment in known.standing.payments] == [
        period["transactionId"] for period in periods
    ]
    assert known.status is Status.ACTIVE
    pages = [one for one in server.requests if "/history/" in one.path]
    assert len(pages) == 2 * 4


GRACE = {"gracePeriodExpiresDate": END + timedelta(days=16)}


@pytest.mark.parametrize(
    ("standing", "renewal", "status", "renews"),
    [
        (1, {}, Status.ACTIVE, True),
        (1, {"autoRenewStatus": 0}, Status.ACTIVE, False),
        (2, {"autoRenewStatus": 0, "expirationIntent": 1}, Status.EXPIRED, False),
        (2, {"autoRenewStatus": 0, "expirationIntent": 2}, Status.EXPIRED, False),
        (3, {"isInBillingRetryPeriod": True}, Status.ON_HOLD, True),
        (4, {"isInBillingRetryPeriod": True, **GRACE}, Status.IN_GRACE, True),
    ],
)
async def test_the_state_of_a_subscription_is_learned_once(
    store: AppleStore,
    server: AppStoreServer,
    records: AppleRecords,
    standing: int,
    renewal: Fields,
    status: Status,
    renews: bool,  # noqa: FBT001 - a parameter of the example
) -> None:
    period = store.period(BASIC, token=TOKEN, at=BOUGHT)
    server.record(period)
    server.stand(period, store.renewal(period, **renewal), standing)
    now = END - timedelta(hours=1) if standing == 1 else END + timedelta(hours=1)
    known = await _known(records, purchase("basic", period["transactionId"], BOUGHT), now)
    assert known.status is status
    assert known.standing.renews is renews


async def test_what_the_notifications_told_is_not_told_again(
    store: AppleStore, server: AppStoreServer, records: AppleRecords, events: AppleEvents
) -> None:
    period = store.period(BASIC, token=TOKEN, at=BOUGHT)
    failing = store.renewal(period, isInBillingRetryPeriod=True, **GRACE)
    kept = purchase("basic", period["transactionId"], BOUGHT)
    server.record(period)
    server.stand(period, failing, 4)
    soon, late = END + timedelta(hours=1), END + timedelta(days=17)
    for kind, subtype, at, standing, status in (
        ("DID_FAIL_TO_RENEW", "GRACE_PERIOD", soon, 4, Status.IN_GRACE),
        ("GRACE_PERIOD_EXPIRED", None, late, 3, Status.ON_HOLD),
        ("EXPIRED", "BILLING_RETRY", END + timedelta(days=60), 2, Status.EXPIRED),
    ):
        kept = kept.learn(await _facts(store, events, kind, period, failing, subtype, at), at)
        server.stand(period, failing, standing)
        known = await _known(records, kept, at)
        assert known.facts == kept.facts
        assert known.status is status


async def _facts(
    store: AppleStore,
    events: AppleEvents,
    kind: str,
    period: Fields,
    renewal: Fields,
    subtype: str | None,
    at: datetime,
) -> Any:
    payload = store.payload(kind, period, renewal, subtype=subtype, at=at)
    (report,) = await events.explain(payload)
    return report.facts


@pytest.mark.parametrize(
    ("standing", "status"), [(3, Status.ON_HOLD), (2, Status.EXPIRED), (4, Status.IN_GRACE)]
)
async def test_a_lost_notification_is_made_up_for(
    store: AppleStore,
    server: AppStoreServer,
    records: AppleRecords,
    events: AppleEvents,
    standing: int,
    status: Status,
) -> None:
    period = store.period(BASIC, token=TOKEN, at=BOUGHT)
    failing = store.renewal(period, isInBillingRetryPeriod=True, **GRACE)
    told = END + timedelta(minutes=5)
    facts = await _facts(store, events, "DID_FAIL_TO_RENEW", period, failing, "GRACE_PERIOD", told)
    kept = purchase("basic", period["transactionId"], BOUGHT, facts)
    server.record(period)
    server.stand(period, failing, standing)
    assert (await _known(records, kept, END + timedelta(days=1))).status is status


async def test_a_changed_plan_is_learned_and_also_that_it_was_changed_back(
    store: AppleStore, server: AppStoreServer, records: AppleRecords
) -> None:
    period = store.period("apple.plus", token=TOKEN, at=BOUGHT)
    kept = purchase("plus", period["transactionId"], BOUGHT)
    server.record(period)
    for product, expected in ((BASIC, "basic"), ("apple.plus", None)):
        server.stand(period, store.renewal(period, autoRenewProductId=product), 1)
        kept = await _known(records, kept, BOUGHT + timedelta(days=1))
        assert kept.standing.next_product_id == expected


async def test_an_upgrade_is_found(
    store: AppleStore, server: AppStoreServer, records: AppleRecords
) -> None:
    first = store.period(BASIC, token=TOKEN, at=BOUGHT)
    upgrade = store.upgrade(first, "apple.plus", at=BOUGHT + MONTH / 2)
    server.record({**first, "isUpgraded": True}, upgrade)
    server.stand(upgrade, store.renewal(upgrade), 1)
    kept = purchase("basic", first["transactionId"], BOUGHT)
    known = await _known(records, kept, BOUGHT + MONTH / 2)
    assert known.product_id == "plus"
    assert known.standing.payments[0].refunded.of(1000) == 500


async def test_a_product_that_is_no_longer_sold_hides_only_its_own_periods(
    store: AppleStore, server: AppStoreServer, records: AppleRecords
) -> None:
    retired = store.period("apple.retired", token=TOKEN, at=BOUGHT)
    current = store.next_period(retired, productId=BASIC)
    kept = purchase("basic", retired["transactionId"], BOUGHT)
    server.record(retired, current)
    found = await records.look_up(kept, END)
    assert found is not None
    assert [fact.payment for fact in found.facts] == [current["transactionId"]]
    server.record(retired, store.next_period(current, productId="apple.retired"))
    assert await records.look_up(kept, END) is None


async def test_a_plan_that_was_changed_and_then_cancelled_is_learned_once(
    store: AppleStore, server: AppStoreServer, records: AppleRecords
) -> None:
    period = store.period("apple.plus", token=TOKEN, at=BOUGHT)
    server.record(period)
    renewal = store.renewal(period, autoRenewProductId=BASIC, autoRenewStatus=0)
    server.stand(period, renewal, 1)
    kept = purchase("plus", period["transactionId"], BOUGHT)
    known = await _known(records, kept, BOUGHT + timedelta(days=1))
    assert (known.standing.renews, known.standing.next_product_id) == (False, None)


async def test_the_end_of_an_earlier_time_is_not_taken_for_this_ones(
    store: AppleStore, server: AppStoreServer, records: AppleRecords
) -> None:
    first = store.period(BASIC, token=TOKEN, at=BOUGHT)
    again = store.next_period(first, transactionReason="PURCHASE")
    kept = purchase("basic", first["transactionId"], BOUGHT)
    for last, now in ((first, END + timedelta(hours=1)), (again, END + MONTH + timedelta(hours=1))):
        server.record(last)
        server.stand(last, store.renewal(last, autoRenewStatus=0, expirationIntent=1), 2)
        kept = await _known(records, kept, now)
        assert kept.status is Status.EXPIRED
    assert len([fact for fact in kept.facts if fact.kind is FactKind.LAPSED]) == 2


async def test_what_apple_does_not_know_is_none(store: AppleStore, records: AppleRecords) -> None:
    for product in ("large", "basic"):
        assert await records.look_up(purchase(product, "404", BOUGHT), END) is None


async def test_a_record_that_cannot_be_used_is_none(
    store: AppleStore,
    server: AppStoreServer,
    records: AppleRecords,
    caplog: pytest.LogCaptureFixture,
) -> None:
    pack = store.pack("apple.unknown", token=TOKEN)
    server.record(pack)
    with caplog.at_level(logging.WARNING):
        assert await records.look_up(purchase("large", pack["transactionId"], BOUGHT), END) is None
    assert "cannot be used" in caplog.text
    assert TOKEN not in caplog.text
