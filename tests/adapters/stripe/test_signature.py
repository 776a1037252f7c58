import itertools
import json
import time
from collections.abc import Callable

import pytest

from adapters.stripe.api import StripeApi
from adapters.stripe.store_events import StripeEvents
from adapters.system.clock import SystemClock
from domain.errors import NotGenuine
from domain.market.products import Provider
from tests.adapters.stripe.shop import SECRET, catalogue
from tests.adapters.stripe.webhooks import event
from tests.loopback.stripe_signature import sign

BODY = json.dumps(event("payment_intent.succeeded", {"id": "pi_1"})).encode()


def by_number(name: str) -> Callable[[object], str]:
    """Names that are the same in every process that collects these tests."""
    numbers = itertools.count()
    return lambda _: f"{name}{next(numbers)}"


def signed(body: bytes, *, age: float = 0, secret: str = SECRET) -> str:
    return sign(body, secret, time.time() - age)


@pytest.mark.parametrize("secret", [SECRET, "whsec_old"])
async def test_each_secret_is_accepted(events: StripeEvents, secret: str) -> None:
    header = signed(BODY, secret=secret)
    received = await events.receive(BODY, {"stripe-signature": header})
    assert (received.provider, received.body) == (Provider.STRIPE, BODY)
    assert received.name == "payment_intent.succeeded"
    assert received.id == "evt_payment_intent.succeeded_pi_1"
    assert received.at.timestamp() == json.loads(BODY)["created"]


async def test_the_second_of_two_signatures_may_be_the_right_one(events: StripeEvents) -> None:
    wrong = signed(BODY, secret="whsec_new").partition(",")[2]
    stamp, right = signed(BODY).split(",")
    header = f"{stamp},{wrong},{right},v0=abc"
    assert (await events.receive(BODY, {"stripe-signature": header})).body == BODY


@pytest.mark.parametrize(
    "header",
    [
        "",
        "nonsense",
        "t=,v1=",
        "t=abc,v1=abc",
        "v1=abc",
        f"t={int(time.time())}",
        f"t={int(time.time())},v1=é",
        f"t={'9' * 400},v1=abc",
        "t=²,v1=abc",
        signed(BODY, secret="whsec_wrong"),
        signed(BODY, secret=""),
        signed(BODY, age=302),
        signed(BODY + b" "),
        sign(BODY, SECRET, time.time(), scheme="v0"),
    ],
    ids=by_number("header"),
)
async def test_a_bad_signature_is_refused(events: StripeEvents, header: str) -> None:
    with pytest.raises(NotGenuine):
        await events.receive(BODY, {"stripe-signature": header})


async def test_no_header_is_refused(events: StripeEvents) -> None:
    with pytest.raises(NotGenuine):
        await events.receive(BODY, {})


@pytest.mark.parametrize("secrets", [[], [""], [" "]])
async def test_without_a_secret_nothing_is_accepted(api: StripeApi, secrets: list[str]) -> None:
    events = StripeEvents(api, SystemClock(), secrets, catalogue)
    with pytest.raises(NotGenuine):
        await events.receive(BODY, {"stripe-signature": signed(BODY, secret="".join(secrets))})


@pytest.mark.parametrize("age", [290, -3600])
async def test_stamps_within_the_tolerance_and_ahead_of_us_are_taken(
    events: StripeEvents, age: int
) -> None:
    header = signed(BODY, age=age)
    assert (await events.receive(BODY, {"stripe-signature": header})).body == BODY


async def test_an_event_without_a_time_is_of_when_it_was_signed(events: StripeEvents) -> None:
    told = event("payment_intent.succeeded", {"id": "pi_1"})
    del told["created"]
    body = json.dumps(told).encode()
    header = signed(body, age=100)
    received = await events.receive(body, {"stripe-signature": header})
    assert header.startswith(f"t={received.at.timestamp():.0f},")


def changed(**changes: object) -> bytes:
    return json.dumps(event("payment_intent.succeeded", {"id": "pi_1"}) | changes).encode()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"null",
        b"{}",
        b"7",
        b'"x"',
        b"{",
        b"\xff\xfe",
        b'{"id": "\xff"}',
        "{}".encode("utf-16"),
        BODY.replace(b"pi_1", b"\xc3\x28"),
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b'{"created": NaN}',
        changed(object="v2.core.event"),
        changed(object=["event"]),
        changed(id=None),
        changed(id=""),
        changed(id="evt\x00"),
        changed(id="e" * 256),
        changed(id=7),
        changed(type=None),
        changed(type="a b"),
        changed(created=None),
        changed(created="now"),
        changed(created=2**40),
        changed(created=2**60),
        changed(created=2**70),
        changed(created=-(2**60)),
        changed(created=1.5),
        changed(data=None),
        changed(data=[]),
        changed(data={}),
        changed(data={"object": "pi_1"}),
    ],
    ids=by_number("body"),
)
async def test_odd_bodies_are_refused_although_they_are_signed(
    events: StripeEvents, body: bytes
) -> None:
    with pytest.raises(NotGenuine):
        await events.receive(body, {"stripe-signature": signed(body)})
