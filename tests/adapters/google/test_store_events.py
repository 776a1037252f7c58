import json
from base64 import b64encode
from datetime import timedelta

import pytest

from adapters.google.play_api import PlayApi
from adapters.google.store_events import GoogleEvents
from adapters.in_memory.clock import InMemoryClock
from domain.errors import InvalidRequest, Unavailable
from domain.market.facts import FactKind
from domain.market.products import Provider
from domain.market.reports import Parked, Report, StoreEvent
from domain.market.standing import Status
from tests.adapters.google.shop import ADA, catalogue, learn, purchase
from tests.loopback.play_api import PlayApiServer
from tests.loopback.play_books import Json
from tests.loopback.play_push import PlayPush
from tests.loopback.play_store import PlayStore


async def receive(events: GoogleEvents, push: PlayPush, notification: Json) -> StoreEvent:
    return await events.receive(*push.request(notification))


async def interpret(events: GoogleEvents, push: PlayPush, notification: Json) -> list[Report]:
    return list(await events.interpret(await receive(events, push, notification)))


async def test_a_push_keeps_googles_id_and_time(
    events: GoogleEvents, push: PlayPush, store: PlayStore, clock: InMemoryClock
) -> None:
    store.sell("play.small")
    body, headers = push.request(store.notifications[-1], "136969346945")
    event = await events.receive(body, headers)
    assert (event.provider, event.id, event.at) == (Provider.GOOGLE, "136969346945", clock.now())
    assert event.name == "oneTimeProductNotification.1"
    assert event == await events.receive(body, headers)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff\xfe",
        b"[]",
        b"null",
        b"{}",
        b'{"message": null}',
        b'{"message": {"messageId": "1"}}',
        b'{"message": {"data": "e30=", "messageId": "1"}}',
        b'{"message": {"data": "?", "messageId": "1"}}',
        b'{"message": {"data": "W10=", "messageId": "1"}}',
        b'{"message": {"data": "bnVsbA==", "messageId": "1"}}',
        b'{"message": {"data": "/////w==", "messageId": "1"}}',
        b"[" * 100_000,
    ],
)
async def test_an_odd_body_is_refused(events: GoogleEvents, push: PlayPush, body: bytes) -> None:
    with pytest.raises(InvalidRequest):
        await events.receive(body, push.headers())


@pytest.mark.parametrize(
    "changes",
    [
        {"eventTimeMillis": "soon"},
        {"eventTimeMillis": str(2**62)},
        {"packageName": 5},
        {"subscriptionNotification": []},
        {"oneTimeProductNotification": {"purchaseToken": {}}},
    ],
)
async def test_an_odd_notification_is_refused(
    events: GoogleEvents, push: PlayPush, store: PlayStore, changes: Json
) -> None:
    with pytest.raises(InvalidRequest):
        await receive(events, push, store.notification(**changes))


@pytest.mark.parametrize("message_id", [None, "", "x" * 300, "a\0b"])
async def test_a_message_without_a_proper_id_is_refused(
    events: GoogleEvents, push: PlayPush, store: PlayStore, message_id: str | None
) -> None:
    data = b64encode(json.dumps(store.notification(testNotification={})).encode()).decode()
    body = json.dumps({"message": {"data": data, "messageId": message_id}}).encode()
    with pytest.raises(InvalidRequest):
        await events.receive(body, push.headers())


@pytest.mark.parametrize("without", [["eventTimeMillis"], ["eventTimeMillis", "publishTime"]])
async def test_a_push_that_names_no_time_is_of_when_it_was_published_or_came(
    events: GoogleEvents,
    push: PlayPush,
    store: PlayStore,
    clock: InMemoryClock,
    without: list[str],
) -> None:
    told = store.notification(testNotification={})
    del told["eventTimeMillis"]
    sent = json.loads(push.message(told))
    published = clock.now()
    clock.advance(timedelta(minutes=1))
    if "publishTime" in without:
        del sent["message"]["publishTime"]
        published = clock.now()
    event = await events.receive(json.dumps(sent).encode(), push.headers())
    assert event.at == published


async def test_a_message_only_says_that_something_changed(
    events: GoogleEvents, push: PlayPush, store: PlayStore, clock: InMemoryClock
) -> None:
    token = store.sell("play.small", account=ADA, is_pending=True)
    store.complete(token)
    told = store.notifications[-1]
    for kind in (1, 2, 99):
        told["oneTimeProductNotification"]["notificationType"] = kind
        [report] = await interpret(events, push, told)
        assert learn(purchase("small", token), report, clock.now()).status is Status.COMPLETED


@pytest.mark.parametrize("kind", [*range(1, 25), 0, -1, 4_000_000_000])
async def test_any_kind_of_subscription_message_leads_to_the_same_question(
    events: GoogleEvents, push: PlayPush, store: PlayStore, clock: InMemoryClock, kind: int
) -> None:
    token = store.subscribe("play.plus", account=ADA)
    told = store.notifications[-1]
    told["subscriptionNotification"]["notificationType"] = kind
    [report] = await interpret(events, push, told)
    assert report.store_token == ADA
    assert learn(purchase("plus", token), report, clock.now()).status is Status.ACTIVE


async def test_a_payment_that_was_given_up_failed_when_google_says_so(
    events: GoogleEvents, push: PlayPush, store: PlayStore, clock: InMemoryClock
) -> None:
    token = store.sell("play.small", is_pending=True)
    clock.advance(timedelta(hours=1))
    store.give_up(token)
    [report] = await interpret(events, push, store.notifications[-1])
    [fact] = report.facts
    assert (fact.kind, fact.at) == (FactKind.FAILED, clock.now())


async def test_units_given_back_count_once_by_whatever_way_they_are_told(
    events: GoogleEvents, push: PlayPush, store: PlayStore, clock: InMemoryClock
) -> None:
    token = store.sell("play.small", quantity=3)
    bought = learn(
        purchase("small", token),
        (await interpret(events, push, store.notifications[-1]))[0],
        clock.now(),
    )
    for given_back in (1, 2):
        clock.advance(timedelta(hours=1))
        store.void_pack(token, 1)
        for _ in range(2):
            [report] = await interpret(events, push, store.notifications[-1])
            bought = learn(bought, report, clock.now())
            [payment] = bought.standing.payments
            assert payment.refunded.of(3) == given_back
            assert bought.status is Status.PARTIALLY_REFUNDED
    clock.advance(timedelta(hours=1))
    store.void_pack(token)
    [report] = await interpret(events, push, store.notifications[-1])
    assert learn(bought, report, clock.now()).status is Status.REFUNDED


async def test_units_are_counted_from_the_list_where_google_does_not_say_what_is_left(
    events: GoogleEvents, push: PlayPush, store: PlayStore, clock: InMemoryClock
) -> None:
    token = store.sell("play.small", quantity=3)
    for _ in range(2):
        clock.advance(timedelta(hours=1))
        store.void_pack(token, 1)
    del store.packs[token]["productLineItem"][0]["productOfferDetails"]["refundableQuantity"]
    [report] = await interpret(events, push, store.notifications[-1])
    [payment] = learn(purchase("small", token), report, clock.now()).standing.payments
    assert payment.refunded.of(3) == 2


async def test_a_message_that_waited_for_months_still_counts_units(
    events: GoogleEvents, push: PlayPush, store: PlayStore, clock: InMemoryClock
) -> None:
    token = store.sell("play.small", quantity=3)
    store.void_pack(token, 1)
    event = await receive(events, push, store.notifications[-1])
    clock.advance(timedelta(days=90))
    [report] = await events.interpret(event)
    [payment] = learn(purchase("small", token), report, clock.now()).standing.payments
    assert payment.refunded.of(3) == 1


async def test_a_payment_of_a_subscription_that_was_given_back_is_the_one_that_is_named(
    events: GoogleEvents, push: PlayPush, store: PlayStore, clock: InMemoryClock
) -> None:
    token = store.subscribe("play.plus")
    first = store.subscriptions[token]["latestOrderId"]
    [report] = await interpret(events, push, store.notifications[-1])
    bought = learn(purchase("plus", token), report, clock.now())
    clock.advance(timedelta(days=31))
    store.renew(token)
    [report] = await interpret(events, push, store.notifications[-1])
    bought = learn(bought, report, clock.now())
    store.void_order(token, first)
    [report] = await interpret(events, push, store.notifications[-1])
    assert first in report.aliases
    bought = learn(bought, report, clock.now())
    assert [one.is_taken_back for one in bought.standing.payments] == [True, False]
    assert bought.status is Status.ACTIVE


async def test_what_does_not_concern_us_says_nothing(
    events: GoogleEvents, push: PlayPush, store: PlayStore
) -> None:
    assert (
        await interpret(events, push, store.notification(testNotification={"version": "1"})) == []
    )
    assert await interpret(events, push, store.notification()) == []
    later = store.notification(pendingRefundReviewNotification={"orderId": "GPA.1"})
    assert await interpret(events, push, later) == []


async def test_another_app_is_not_ours(
    events: GoogleEvents, push: PlayPush, store: PlayStore
) -> None:
    store.sell("play.small")
    with pytest.raises(Parked):
        await interpret(
            events, push, store.notifications[-1] | {"packageName": "com.example.other"}
        )


@pytest.mark.parametrize(
    "what",
    [
        {"oneTimeProductNotification": {"notificationType": 1, "purchaseToken": "unknown"}},
        {"oneTimeProductNotification": {"notificationType": 1}},
        {"subscriptionNotification": {"notificationType": 4, "purchaseToken": "unknown"}},
        {"subscriptionNotification": {"notificationType": 4}},
        {"voidedPurchaseNotification": {"orderId": "GPA.1"}},
    ],
)
async def test_a_message_about_nothing_waits_for_a_person(
    events: GoogleEvents, push: PlayPush, store: PlayStore, what: Json
) -> None:
    with pytest.raises(Parked):
        await interpret(events, push, store.notification(**what))


async def test_what_is_not_for_sale_here_waits_for_a_person(
    events: GoogleEvents, push: PlayPush, store: PlayStore
) -> None:
    store.sell("play.gone")
    with pytest.raises(Parked):
        await interpret(events, push, store.notifications[-1])
    store.subscribe("play.gone")
    with pytest.raises(Parked):
        await interpret(events, push, store.notifications[-1])
    token = store.subscribe("play.plus")
    store.subscriptions[token]["subscriptionState"] = "SUBSCRIPTION_STATE_NEW"
    with pytest.raises(Parked):
        await interpret(events, push, store.notifications[-1])
    token = store.sell("play.small")
    store.packs[token]["purchaseStateContext"] = {"purchaseState": "NEW"}
    with pytest.raises(Parked):
        await interpret(events, push, store.notifications[-1])


async def test_a_test_purchase_waits_for_a_person_unless_it_is_allowed(
    events: GoogleEvents, api: PlayApi, push: PlayPush, store: PlayStore, clock: InMemoryClock
) -> None:
    store.sell("play.small", is_test=True)
    with pytest.raises(Parked):
        await interpret(events, push, store.notifications[-1])
    lenient = GoogleEvents(
        api,
        catalogue,
        clock,
        audience=push.audience,
        email=push.email,
        certificates_url=push.certificates_url,
        allow_test_purchases=True,
    )
    assert len(await interpret(lenient, push, store.notifications[-1])) == 1


async def test_a_message_waits_until_google_can_be_asked(
    events: GoogleEvents, push: PlayPush, play: PlayApiServer
) -> None:
    play.store.sell("play.small")
    event = await receive(events, push, play.store.notifications[-1])
    play.failures["productsv2"] = (503, "backendError")
    with pytest.raises(Unavailable):
        await events.interpret(event)
    play.failures.clear()
    assert len(await events.interpret(event)) == 1
