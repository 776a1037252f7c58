from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from adapters.apple.store_events import AppleEvents
from adapters.apple.store_verifier import AppleStoreVerifier
from domain.market.facts import Fact, FactKind, Share
from domain.market.products import Provider
from domain.market.purchases import Purchase
from domain.market.reports import Errand, ErrandKind, Report
from tests.adapters.apple.shop import TOKEN, purchase
from tests.loopback.apple_store import MONTH, AppleStore, milliseconds

BOUGHT = datetime(2026, 3, 10, 12, tzinfo=UTC)
END = BOUGHT + MONTH
LATER = BOUGHT + timedelta(days=5)
TICK = timedelta(milliseconds=1)
BASIC = "apple.basic"


async def _read(events: AppleEvents, body: bytes) -> Report:
    reports = await events.interpret(await events.receive(body, {}))
    assert len(reports) == 1
    return reports[0]


@pytest.mark.parametrize(
    "kind",
    [
        "SUBSCRIBED",
        "DID_RENEW",
        "PRICE_INCREASE",
        "REFUND_DECLINED",
        "RENEWAL_EXTENDED",
        "RENEWAL_EXTENSION",
        "METADATA_UPDATE",
        "MIGRATION",
        "PRICE_CHANGE",
        "OFFER_REDEEMED",
    ],
)
async def test_most_say_what_the_app_could_have_told(
    store: AppleStore, events: AppleEvents, verifier: AppleStoreVerifier, kind: str
) -> None:
    period = store.period(BASIC, token=TOKEN, at=BOUGHT)
    told = await _read(events, store.notify(kind, period, store.renewal(period), at=LATER))
    assert told == await verifier.verify(store.sign(period), product_id="basic")


async def test_a_charge_says_what_the_app_could_have_told(
    store: AppleStore, events: AppleEvents, verifier: AppleStoreVerifier
) -> None:
    pack = store.pack("apple.large", token=TOKEN, quantity=2)
    told = await _read(events, store.notify("ONE_TIME_CHARGE", pack))
    assert told == await verifier.verify(store.sign(pack), product_id="large")


@pytest.mark.parametrize(
    ("kind", "subtype", "renewal", "said"),
    [
        ("DID_CHANGE_RENEWAL_STATUS", "AUTO_RENEW_DISABLED", {}, Fact(FactKind.CANCELLED, LATER)),
        ("DID_CHANGE_RENEWAL_STATUS", "AUTO_RENEW_ENABLED", {}, Fact(FactKind.RESUMED, LATER)),
        (
            "DID_CHANGE_RENEWAL_STATUS",
            None,
            {"autoRenewStatus": 0},
            Fact(FactKind.CANCELLED, LATER),
        ),
        (
            "DID_CHANGE_RENEWAL_PREF",
            "DOWNGRADE",
            {"autoRenewProductId": "apple.plus"},
            Fact(FactKind.DOWNGRADED, LATER, product_id="plus"),
        ),
        (
            "OFFER_REDEEMED",
            "DOWNGRADE",
            {"autoRenewProductId": "apple.plus"},
            Fact(FactKind.DOWNGRADED, LATER, product_id="plus"),
        ),
        (
            "DID_CHANGE_RENEWAL_PREF",
            None,
            {},
            Fact(FactKind.DOWNGRADED, LATER, product_id="basic"),
        ),
        (
            "DID_FAIL_TO_RENEW",
            "GRACE_PERIOD",
            {"gracePeriodExpiresDate": END + timedelta(days=16)},
            Fact(FactKind.IN_GRACE, LATER, ends_at=END + timedelta(days=16)),
        ),
        ("DID_FAIL_TO_RENEW", None, {}, Fact(FactKind.ON_HOLD, LATER, starts_at=END)),
        ("GRACE_PERIOD_EXPIRED", None, {}, Fact(FactKind.ON_HOLD, LATER)),
        ("EXPIRED", "VOLUNTARY", {}, Fact(FactKind.LAPSED, LATER)),
        ("EXPIRED", "BILLING_RETRY", {"expirationIntent": 2}, Fact(FactKind.LAPSED, LATER)),
        ("EXPIRED", "PRICE_INCREASE", {}, Fact(FactKind.LAPSED, LATER)),
        ("REVOKE", None, {}, Fact(FactKind.REVOKED, LATER)),
        ("REFUND_REVERSED", None, {}, Fact(FactKind.REFUND_REVERSED, LATER)),
        ("REFUND", None, {}, Fact(FactKind.REFUNDED, LATER, share=Share(100_000, 100_000))),
    ],
)
async def test_some_say_more_than_the_transaction(
    store: AppleStore,
    events: AppleEvents,
    kind: str,
    subtype: str | None,
    renewal: dict[str, Any],
    said: Fact,
) -> None:
    period = store.period(BASIC, token=TOKEN, at=BOUGHT)
    told = await _read(
        events,
        store.notify(kind, period, store.renewal(period, **renewal), subtype=subtype, at=LATER),
    )
    bought, more = told.facts
    assert bought.kind is FactKind.RENEWED
    assert more == _of(said, period["transactionId"])
    assert (told.reference, told.store_token) == (period["transactionId"], TOKEN)


def _of(fact: Fact, payment: str) -> Fact:
    return Fact(
        fact.kind,
        fact.at,
        payment,
        product_id=fact.product_id,
        starts_at=fact.starts_at,
        ends_at=fact.ends_at,
        share=fact.share,
    )


async def test_failures_and_ends_are_dated_by_the_period_not_by_the_message(
    store: AppleStore, events: AppleEvents
) -> None:
    period = store.period(BASIC, token=TOKEN, at=BOUGHT)
    soon, late = END + timedelta(hours=5), END + timedelta(days=60)
    plain = store.renewal(period)
    billing = store.renewal(period, expirationIntent=2)
    for kind, subtype, renewal, at, dated in (
        ("DID_FAIL_TO_RENEW", None, plain, soon, END),
        ("DID_FAIL_TO_RENEW", "GRACE_PERIOD", plain, soon, END),
        ("EXPIRED", "VOLUNTARY", plain, soon, END),
        ("EXPIRED", "VOLUNTARY", plain, late, late),
        ("EXPIRED", "BILLING_RETRY", billing, late, late),
        ("GRACE_PERIOD_EXPIRED", None, plain, late, late),
    ):
        body = store.notify(kind, period, renewal, subtype=subtype, at=at)
        assert (await _read(events, body)).facts[1].at == dated


async def test_what_is_told_of_a_period_comes_after_its_payment(
    store: AppleStore, events: AppleEvents
) -> None:
    """Apple charges up to a day before the period begins."""
    period = store.period(BASIC, token=TOKEN, at=BOUGHT)
    body = store.notify(
        "DID_CHANGE_RENEWAL_STATUS",
        period,
        store.renewal(period),
        subtype="AUTO_RENEW_DISABLED",
        at=BOUGHT - timedelta(hours=3),
    )
    assert (await _read(events, body)).facts[1].at == BOUGHT + TICK


async def test_an_end_that_was_overtaken_by_a_new_beginning_is_none(
    store: AppleStore, events: AppleEvents
) -> None:
    period = store.period(BASIC, token=TOKEN, at=BOUGHT)
    body = store.notify("EXPIRED", period, subtype="VOLUNTARY", at=LATER, data={"status": 1})
    assert [fact.kind for fact in (await _read(events, body)).facts] == [FactKind.RENEWED]


async def test_an_upgrade_is_one_even_if_the_transaction_does_not_tell(
    store: AppleStore, events: AppleEvents
) -> None:
    first = store.period(BASIC, token=TOKEN, at=BOUGHT)
    for reason in ("PURCHASE", None):
        new = store.upgrade(first, "apple.plus", at=LATER, transactionReason=reason)
        body = store.notify("DID_CHANGE_RENEWAL_PREF", new, subtype="UPGRADE", at=LATER)
        told = await _read(events, body)
        assert [fact.kind for fact in told.facts] == [FactKind.UPGRADED]
        assert (told.reference, told.product_id) == (first["transactionId"], "plus")


async def test_a_prolonged_period_ends_later(store: AppleStore, events: AppleEvents) -> None:
    period = store.period(BASIC, token=TOKEN, at=BOUGHT)
    longer = {**period, "expiresDate": milliseconds(END + timedelta(days=14))}
    kept = purchase("basic", period["transactionId"], BOUGHT)
    for kind, told in (("RENEWAL_EXTENDED", longer), ("SUBSCRIBED", period)):
        kept = kept.learn((await _read(events, store.notify(kind, told, at=LATER))).facts, LATER)
        assert kept.standing.ends_at == END + timedelta(days=14)
    assert len(kept.standing.payments) == 1


async def test_a_request_for_the_use_becomes_an_errand(
    store: AppleStore, events: AppleEvents
) -> None:
    first = store.period(BASIC, token=TOKEN, at=BOUGHT)
    second = store.next_period(first)
    told = await _read(events, store.notify("CONSUMPTION_REQUEST", second))
    assert told.errands == (
        Errand(
            ErrandKind.TELL_CONSUMPTION,
            Provider.APPLE,
            first["transactionId"],
            payment=second["transactionId"],
            store_product=BASIC,
        ),
    )
    assert [fact.kind for fact in told.facts] == [FactKind.RENEWED]


async def test_refunds_leave_the_right_share_whichever_and_however_often(
    store: AppleStore, events: AppleEvents
) -> None:
    pack = store.pack("apple.large", token=TOKEN, at=BOUGHT)
    days = [BOUGHT + timedelta(days=day) for day in range(1, 5)]
    partly = store.refund(pack, at=days[0], percentage=40)
    wholly = store.refund(pack, at=days[2])
    kept = purchase("large", pack["transactionId"], BOUGHT)
    for body, refunded in (
        (store.notify("ONE_TIME_CHARGE", pack, at=BOUGHT), 0),
        (store.notify("REFUND", partly, at=days[0]), 400),
        (store.notify("REFUND_REVERSED", pack, at=days[1]), 0),
        (store.notify("REFUND", wholly, at=days[2]), 1000),
        (store.notify("REFUND_REVERSED", pack, at=days[3]), 0),
    ):
        for _ in range(2):
            kept = kept.learn((await _read(events, body)).facts, days[3])
            assert _returned(kept) == refunded


def _returned(kept: Purchase) -> int:
    (payment,) = kept.standing.payments
    return payment.refunded.of(1000)
