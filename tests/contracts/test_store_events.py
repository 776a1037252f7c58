"""What every store promises that sends messages. Add to ``MAIL`` how another is made."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest
from attrs import frozen

from adapters.in_memory.store_events import InMemoryStoreEvents
from application.ports.store_events import StoreEvents
from domain.errors import Forbidden, InvalidRequest, Unauthenticated, Unavailable
from domain.market.facts import Fact, FactKind
from domain.market.products import Provider
from domain.market.reports import Parked, Report
from tests.adapters.apple.shop import TOKEN as ANN
from tests.adapters.stripe.shop import SECRET, SMALL, order
from tests.contracts.store_worlds import apple_world, google_world, stripe_world
from tests.loopback.stripe_signature import sign

Message = tuple[bytes, Mapping[str, str]]
NOW = datetime.now(UTC)


@frozen
class Mail:
    """A store's messages: of a pack that was paid, of nothing, of something unknown; and forged."""

    events: StoreEvents
    provider: Provider
    paid: Message
    idle: Message
    """Genuine, and no concern of ours."""
    unclear: Message
    """Genuine, and about a product that nobody here knows."""
    forged: tuple[Message, ...]
    odd: tuple[Message, ...]
    """Signed where a signature covers the body, but no message of this store."""
    take_away: Callable[[], None]


@asynccontextmanager
async def in_memory() -> AsyncIterator[Mail]:
    events = InMemoryStoreEvents()
    fact = Fact(FactKind.PAID, NOW, "pay_1", product_id="small")
    paid = events.send("evt_1", NOW, Report(Provider.STRIPE, "ref", (fact,), product_id="small"))
    bodies = (b"", b"null", b"[]", b"{}", b'{"id": 1}', b"\xff")

    def take_away() -> None:
        events.is_away = True

    yield Mail(
        events,
        Provider.STRIPE,
        paid,
        events.send("evt_2", NOW),
        events.send("evt_3", NOW, parked="Nobody knows this product."),
        ((paid[0] + b" ", paid[1]), (paid[0], {}), (paid[0], {"x-store-signature": "é"})),
        tuple((body, events.sign(body)) for body in bodies),
        take_away,
    )


@asynccontextmanager
async def stripe() -> AsyncIterator[Mail]:
    async with stripe_world() as world:
        opened = await world.gateway.open_payment(order(SMALL))
        happened = await asyncio.to_thread(world.server.do, "pay", id=opened.report.reference)
        paid = next(one for one in happened if one["type"] == "payment_intent.succeeded")
        strange = json.loads(json.dumps(paid))
        strange["id"] = "evt_strange"
        strange["data"]["object"]["metadata"]["product_id"] = "no such product"
        idle = paid | {"id": "evt_idle", "type": "balance.available", "data": {"object": {}}}

        def signed(body: bytes, secret: str = SECRET, late: float = 0) -> Message:
            when = datetime.now(UTC).timestamp() - late
            return body, {"stripe-signature": sign(body, secret, when)}

        def take_away() -> None:
            """What it says is all in the message."""

        told = json.dumps(paid).encode()
        yield Mail(
            world.events,
            Provider.STRIPE,
            signed(told),
            signed(json.dumps(idle).encode()),
            signed(json.dumps(strange).encode()),
            (
                (told + b" ", signed(told)[1]),
                (told, {}),
                signed(told, "whsec_other"),
                signed(told, late=3_600),
            ),
            tuple(signed(body) for body in (b"", b"null", b"[]", b"{}", b"\xff")),
            take_away,
        )


@asynccontextmanager
async def apple() -> AsyncIterator[Mail]:
    async with apple_world() as world, apple_world() as other:
        store = world.store
        pack = store.pack("apple.small", token=ANN)
        strange = store.pack("apple.unknown", token=ANN)

        def take_away() -> None:
            """What it says is all in the message."""

        yield Mail(
            world.events,
            Provider.APPLE,
            (store.notify("ONE_TIME_CHARGE", pack), {}),
            (store.notify("TEST", data={}), {}),
            (store.notify("ONE_TIME_CHARGE", strange), {}),
            (
                (other.store.notify("ONE_TIME_CHARGE", pack), {}),
                (json.dumps({"signedPayload": other.store.sign(pack)}).encode(), {}),
            ),
            tuple((body, {}) for body in (b"", b"null", b"[]", b"{}", b"\xff")),
            take_away,
        )


@asynccontextmanager
async def google() -> AsyncIterator[Mail]:
    async with google_world() as world:
        store, push = world.store, world.push
        store.sell("play.small", account=ANN)
        bought = store.notifications[-1]
        store.sell("play.unknown", account=ANN)
        strange = store.notifications[-1]
        idle = store.notification(testNotification={"version": "1.0"})
        body, headers = push.request(bought)
        long_ago = int((datetime.now(UTC) - timedelta(days=1)).timestamp())
        yield Mail(
            world.events,
            Provider.GOOGLE,
            (body, headers),
            push.request(idle),
            push.request(strange),
            (
                (body, {}),
                (body, {"authorization": "Bearer x"}),
                (body, push.headers(aud="https://other.example")),
                (body, push.headers(email="somebody@example.com")),
                (body, push.headers(exp=long_ago)),
            ),
            tuple((odd, push.headers()) for odd in (b"", b"null", b"[]", b"{}", b"\xff")),
            world.server.stop,
        )


MAIL: dict[str, Callable[[], AbstractAsyncContextManager[Mail]]] = {
    "in_memory": in_memory,
    "stripe": stripe,
    "apple": apple,
    "google": google,
}


@pytest.fixture(params=MAIL)
async def mail(request: pytest.FixtureRequest) -> AsyncIterator[Mail]:
    async with MAIL[request.param]() as opened:
        yield opened


async def test_a_message_keeps_the_stores_id_and_time_and_every_byte(mail: Mail) -> None:
    event = await mail.events.receive(*mail.paid)
    assert event.provider is mail.provider
    assert event.id
    assert event.name
    assert event.at.utcoffset() == timedelta(0)
    assert event.body == mail.paid[0]


async def test_sent_again_it_is_the_same_message(mail: Mail) -> None:
    assert await mail.events.receive(*mail.paid) == await mail.events.receive(*mail.paid)
    others = {(await mail.events.receive(*one)).id for one in (mail.paid, mail.idle, mail.unclear)}
    assert len(others) == 3


async def test_what_is_not_genuine_is_refused(mail: Mail) -> None:
    for forged in mail.forged:
        with pytest.raises((InvalidRequest, Unauthenticated, Forbidden)):
            await mail.events.receive(*forged)


async def test_an_odd_body_is_refused(mail: Mail) -> None:
    for odd in mail.odd:
        with pytest.raises(InvalidRequest):
            await mail.events.receive(*odd)


async def test_what_it_says_is_a_fact_about_a_purchase(mail: Mail) -> None:
    (report,) = await mail.events.interpret(await mail.events.receive(*mail.paid))
    assert report.provider is mail.provider
    assert report.reference
    assert report.product_id == "small"
    (fact,) = [fact for fact in report.facts if fact.kind is FactKind.PAID]
    assert (fact.product_id, fact.quantity) == ("small", 1)
    assert fact.payment


async def test_understood_again_it_says_the_same(mail: Mail) -> None:
    event = await mail.events.receive(*mail.paid)
    once = await mail.events.interpret(event)
    assert list(await mail.events.interpret(event)) == list(once)


async def test_what_does_not_concern_us_says_nothing(mail: Mail) -> None:
    event = await mail.events.receive(*mail.idle)
    assert list(await mail.events.interpret(event)) == []


async def test_what_nobody_knows_here_waits_for_a_person(mail: Mail) -> None:
    event = await mail.events.receive(*mail.unclear)
    with pytest.raises(Parked) as parked:
        await mail.events.interpret(event)
    assert parked.value.reason
    assert ANN not in parked.value.reason


@pytest.mark.parametrize("mail", ["in_memory", "google"], indirect=True)
async def test_what_cannot_be_asked_for_now_is_tried_again(mail: Mail) -> None:
    event = await mail.events.receive(*mail.paid)
    mail.take_away()
    with pytest.raises(Unavailable):
        await mail.events.interpret(event)


async def test_without_keys_to_check_with_it_is_sent_again() -> None:
    events = InMemoryStoreEvents()
    body, headers = events.send("evt_1", NOW)
    events.has_keys = False
    with pytest.raises(Unavailable):
        await events.receive(body, headers)
    async with google_world() as world:
        world.store.sell("play.small")
        body, pushed = world.push.request(world.store.notifications[-1])
        world.push.stop()
        with pytest.raises(Unavailable):
            await world.events.receive(body, pushed)
