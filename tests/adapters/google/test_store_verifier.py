from datetime import timedelta

import pytest

from adapters.google.play_api import PlayApi
from adapters.google.store_verifier import GoogleStoreVerifier
from adapters.in_memory.clock import InMemoryClock
from domain.errors import InvalidRequest, Unavailable
from domain.market.calendar import add_months
from domain.market.facts import FactKind
from domain.market.products import Money
from domain.market.reports import ErrandKind
from domain.market.standing import Status
from tests.adapters.google.shop import ADA, catalogue, learn, purchase
from tests.loopback.play_api import PlayApiServer
from tests.loopback.play_store import PlayStore

Verifier = GoogleStoreVerifier


async def test_a_paid_pack_is_said_to_be_paid_once_and_is_to_be_consumed(
    verifier: Verifier, store: PlayStore, clock: InMemoryClock
) -> None:
    token = store.sell("play.small", account=ADA, quantity=3)
    bought_at = clock.now()
    clock.advance(timedelta(minutes=5))
    report = await verifier.verify(token, product_id="small")
    [fact] = report.facts
    assert (fact.kind, fact.at, fact.quantity) == (FactKind.PAID, bought_at, 3)
    assert (fact.payment, fact.product_id) == (store.packs[token]["orderId"], "small")
    assert (report.reference, report.store_token, report.user_id) == (token, ADA, None)
    [errand] = report.errands
    assert (errand.kind, errand.reference) == (ErrandKind.CONSUME, token)
    assert errand.store_product == "play.small"
    clock.advance(timedelta(minutes=5))
    assert await verifier.verify(token, product_id="small") == report


async def test_an_account_that_is_no_uuid_is_the_persons_id(
    verifier: Verifier, store: PlayStore
) -> None:
    token = store.sell("play.small", account="usr_0199")
    report = await verifier.verify(token, product_id="small")
    assert (report.store_token, report.user_id) == (None, "usr_0199")
    token = store.sell("play.small", account=ADA.upper())
    assert (await verifier.verify(token, product_id="small")).store_token == ADA


async def test_a_pending_payment_grants_nothing_until_it_is_complete(
    verifier: Verifier, store: PlayStore, clock: InMemoryClock
) -> None:
    token = store.sell("play.small", account=ADA, is_pending=True)
    pending = await verifier.verify(token, product_id="small")
    bought = learn(purchase("small", token), pending, clock.now())
    assert (bought.status, pending.errands) == (Status.PENDING, ())
    clock.advance(timedelta(hours=2))
    store.complete(token)
    paid = await verifier.verify(token, product_id="small")
    assert learn(bought, paid, clock.now()).status is Status.COMPLETED
    assert len(paid.errands) == 1


async def test_a_payment_that_is_given_up_fails(
    verifier: Verifier, store: PlayStore, clock: InMemoryClock
) -> None:
    token = store.sell("play.small", is_pending=True)
    bought = learn(
        purchase("small", token), await verifier.verify(token, product_id="small"), clock.now()
    )
    store.give_up(token)
    report = await verifier.verify(token, product_id="small")
    assert learn(bought, report, clock.now()).status is Status.FAILED


async def test_a_purchase_that_was_taken_back_brings_nothing(
    verifier: Verifier, store: PlayStore, clock: InMemoryClock
) -> None:
    token = store.sell("play.small", quantity=2)
    store.void_pack(token)
    report = await verifier.verify(token, product_id="small")
    bought = learn(purchase("small", token), report, clock.now())
    assert (bought.status, report.errands) == (Status.REFUNDED, ())


async def test_units_that_were_given_back_are_not_counted(
    verifier: Verifier, store: PlayStore, clock: InMemoryClock
) -> None:
    token = store.sell("play.small", quantity=3)
    store.void_pack(token, 1)
    report = await verifier.verify(token, product_id="small")
    [payment] = learn(purchase("small", token), report, clock.now()).standing.payments
    assert (payment.quantity, payment.refunded.of(3)) == (3, 1)


async def test_an_order_of_two_products_is_two_payments(
    verifier: Verifier, store: PlayStore, clock: InMemoryClock
) -> None:
    token = store.sell("play.small", "play.large", quantity=2)
    report = await verifier.verify(token, product_id="large")
    bought = learn(purchase("small", token), report, clock.now())
    assert {(one.product_id, one.quantity) for one in bought.standing.payments} == {
        ("small", 2),
        ("large", 2),
    }
    assert {errand.store_product for errand in report.errands} == {"play.small", "play.large"}
    store.void_pack(token)
    report = await verifier.verify(token, product_id="large")
    assert learn(bought, report, clock.now()).status is Status.REFUNDED


async def test_a_consumed_pack_owes_nothing(verifier: Verifier, store: PlayStore) -> None:
    token = store.sell("play.small")
    for line in store.packs[token]["productLineItem"]:
        line["productOfferDetails"]["consumptionState"] = "CONSUMPTION_STATE_CONSUMED"
    assert (await verifier.verify(token, product_id="small")).errands == ()


async def test_without_an_order_the_token_is_the_payment(
    verifier: Verifier, store: PlayStore
) -> None:
    token = store.sell("play.small")
    del store.packs[token]["orderId"]
    [fact] = (await verifier.verify(token, product_id="small")).facts
    assert fact.payment == token


async def test_what_is_null_counts_as_left_out(verifier: Verifier, store: PlayStore) -> None:
    token = store.sell("play.small")
    store.packs[token] |= {"testPurchaseContext": None, "obfuscatedExternalAccountId": None}
    report = await verifier.verify(token, product_id="small")
    assert (report.store_token, report.user_id) == (None, None)


async def test_a_subscription_is_paid_from_its_start_and_is_to_be_acknowledged(
    verifier: Verifier, store: PlayStore, clock: InMemoryClock
) -> None:
    token = store.subscribe("play.plus", account=ADA)
    begun = clock.now()
    report = await verifier.verify(token, product_id="plus")
    [fact] = report.facts
    assert (fact.kind, fact.product_id) == (FactKind.RENEWED, "plus")
    assert (fact.starts_at, fact.ends_at) == (begun, add_months(begun, 1))
    assert fact.paid == Money("EUR", 999)
    assert report.store_token == ADA
    [errand] = report.errands
    assert (errand.kind, errand.reference) == (ErrandKind.ACKNOWLEDGE, token)
    assert errand.store_product == "play.plus"
    store.subscriptions[token]["acknowledgementState"] = "ACKNOWLEDGEMENT_STATE_ACKNOWLEDGED"
    assert (await verifier.verify(token, product_id="plus")).errands == ()


async def test_a_pending_subscription_opens_nothing(
    verifier: Verifier, store: PlayStore, clock: InMemoryClock
) -> None:
    token = store.subscribe("play.plus", is_pending=True)
    report = await verifier.verify(token, product_id="plus")
    bought = learn(purchase("plus", token), report, clock.now())
    assert (bought.status, report.errands) == (Status.PENDING, ())
    store.give_up_subscription(token)
    report = await verifier.verify(token, product_id="plus")
    assert learn(bought, report, clock.now()).status is Status.FAILED


async def test_a_subscription_taken_up_again_in_googles_app_is_that_of_the_expired_one(
    verifier: Verifier, store: PlayStore
) -> None:
    token = store.subscribe("play.plus")
    store.subscriptions[token]["outOfAppPurchaseContext"] = {
        "expiredExternalAccountIdentifiers": {"obfuscatedExternalAccountId": ADA},
        "expiredPurchaseToken": "token-before",
    }
    assert (await verifier.verify(token, product_id="plus")).store_token == ADA


@pytest.mark.parametrize("product_id", ["large", "plus", "none"])
async def test_a_pack_is_not_another_product(
    verifier: Verifier, store: PlayStore, product_id: str
) -> None:
    token = store.sell("play.small")
    with pytest.raises(InvalidRequest):
        await verifier.verify(token, product_id=product_id)


@pytest.mark.parametrize("product_id", ["small", "pro"])
async def test_a_subscription_is_not_another_product(
    verifier: Verifier, store: PlayStore, product_id: str
) -> None:
    token = store.subscribe("play.plus")
    with pytest.raises(InvalidRequest):
        await verifier.verify(token, product_id=product_id)


@pytest.mark.parametrize(
    "token", ["token-of-another-app", "", "../..", "a b", "x\n", "/", "?", "%2e", ".", "ä" * 3000]
)
async def test_a_token_that_google_does_not_know_is_refused(
    verifier: Verifier, store: PlayStore, token: str
) -> None:
    store.sell("play.small")
    with pytest.raises(InvalidRequest):
        await verifier.verify(token, product_id="small")


async def test_a_product_that_is_not_in_the_catalogue_is_refused(
    verifier: Verifier, store: PlayStore
) -> None:
    with pytest.raises(InvalidRequest):
        await verifier.verify(store.sell("play.gone"), product_id="small")
    with pytest.raises(InvalidRequest):
        await verifier.verify(store.subscribe("play.gone"), product_id="plus")


async def test_a_test_purchase_is_taken_only_where_that_is_allowed(
    verifier: Verifier, api: PlayApi, store: PlayStore, clock: InMemoryClock
) -> None:
    lenient = GoogleStoreVerifier(api, catalogue, clock, allow_test_purchases=True)
    for token, product_id in (
        (store.sell("play.small", is_test=True), "small"),
        (store.subscribe("play.plus", is_test=True), "plus"),
    ):
        with pytest.raises(InvalidRequest):
            await verifier.verify(token, product_id=product_id)
        assert (await lenient.verify(token, product_id=product_id)).facts


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (500, "backendError"),
        (503, "backendError"),
        (429, "rateLimitExceeded"),
        (403, "quotaExceeded"),
        (403, "permissionDenied"),
        (401, "authError"),
        (404, "applicationNotFound"),
        (302, "moved"),
    ],
)
async def test_what_is_not_about_the_purchase_may_pass(
    verifier: Verifier, play: PlayApiServer, status: int, reason: str
) -> None:
    token = play.store.sell("play.small")
    play.failures["productsv2"] = (status, reason)
    with pytest.raises(Unavailable):
        await verifier.verify(token, product_id="small")
    play.failures.clear()
    assert (await verifier.verify(token, product_id="small")).facts
