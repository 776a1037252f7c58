"""Stripe sells, and tells us so: W1 to W12, on two servers."""

import asyncio
import json
import time
import uuid
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import httpx
import pytest
from attrs import frozen

from tests.acceptance.product import Product, Stack
from tests.acceptance.world import Person, World, eventually
from tests.loopback.stripe_objects import Json, Price
from tests.loopback.stripe_server import StripeServer
from tests.loopback.stripe_signature import sign

SECRET = "whsec_loopback"
PACK, CREDITS = "credits_1000", 1000
PRICES = (Price("price_plus_monthly", 999), Price("price_premium_monthly", 2499))


@frozen
class Shop:
    """Stripe on loopback, and two servers of ours that sell through it."""

    stripe: StripeServer
    pair: list[Product]

    @property
    def webhooks(self) -> list[str]:
        return [f"{one.url}/v1/market/webhooks/stripe" for one in self.pair]


@pytest.fixture(scope="module")
def shop(stack: Stack) -> Iterator[Shop]:
    with StripeServer(webhook_secret=SECRET, prices=PRICES) as stripe:
        settings = {
            "STRIPE_SECRET_KEY": "sk_test_loopback",
            "STRIPE_PUBLISHABLE_KEY": "pk_test_loopback",
            "STRIPE_WEBHOOK_SECRET": f"whsec_other,{SECRET}",
            "STRIPE_BASE_URL": stripe.base_url,
            "RUN_JOBS": "false",  # comparing with Stripe would tell what a test has not yet sent
        }
        made = Shop(stripe, stack.serve_all(settings, settings))
        stripe.webhook_url = made.webhooks[0]
        yield made


@pytest.fixture(autouse=True)
def as_it_was(shop: Shop) -> Iterator[None]:
    yield
    shop.stripe.set(webhook_url=shop.webhooks[0], shape="basil", failures=[], is_silent=False)


async def order(person: Person, product: str = PACK, **more: Any) -> Any:
    answer = await person.call(
        "POST",
        "/v1/market/purchases",
        headers={"Idempotency-Key": uuid.uuid4().hex},
        json={"product_id": product, "provider": "stripe", **more},
    )
    assert answer.is_success, answer.text
    return answer.json()


def intent_of(placed: Any) -> str:
    return str(placed["payment"]["client_secret"]).partition("_secret")[0]


async def unpaid_pack(person: Person) -> str:
    """The payment intent of a pack that is ordered."""
    return intent_of(await order(person))


async def do(shop: Shop, verb: str, **what: Any) -> list[Json]:
    """Something happens at Stripe; its webhooks have been delivered."""
    return await asyncio.to_thread(shop.stripe.do, verb, **what)


async def bought_pack(shop: Shop, person: Person) -> str:
    intent = await unpaid_pack(person)
    await do(shop, "pay", id=intent)
    await has(person, purchased=CREDITS)
    return intent


async def buckets(person: Person) -> dict[str, int]:
    found: dict[str, int] = {}
    for one in (await person.balance())["buckets"]:
        found[one["bucket"]] = found.get(one["bucket"], 0) + one["credits"]
    return found


async def has(person: Person, **wanted: int) -> None:
    """Wait until the buckets hold so much."""

    async def look() -> bool:
        shown = await buckets(person)
        return all(shown.get(bucket, 0) == amount for bucket, amount in wanted.items())

    await eventually(look)


async def purchase_of(person: Person) -> Any:
    return (await person.get("/v1/market/purchases"))["data"][0]


async def is_parked(world: World, event_id: str) -> Any:
    admin = await world.admin()

    async def look() -> Any:
        page = await admin.get("/v1/admin/market/events?state=parked&limit=100")
        return next((one for one in page["data"] if one["id"].endswith(event_id)), None)

    return await eventually(look)


async def nothing_waits(world: World) -> None:
    """All that was received has been applied or parked."""
    admin = await world.admin()

    async def look() -> bool:
        return not (await admin.get("/v1/admin/market/events?state=waiting"))["data"]

    await eventually(look)


async def post(world: World, url: str, body: bytes, signature: str | None) -> httpx.Response:
    headers = {"Content-Type": "application/json"}
    if signature is not None:
        headers["Stripe-Signature"] = signature
    return await world.http.post(url, content=body, headers=headers)


async def sent(world: World, shop: Shop, event: Json, at: int = 0) -> httpx.Response:
    body = json.dumps(event).encode()
    return await post(world, shop.webhooks[at], body, sign(body, SECRET, int(time.time())))


def renamed(event: Json) -> Json:
    """The same under another id, as no other event has had."""
    return {**deepcopy(event), "id": f"evt_{uuid.uuid4().hex}"}


async def silently(shop: Shop, verb: str, **what: Any) -> list[Json]:
    """Something happens at Stripe, and no webhook comes of it yet."""
    shop.stripe.set(webhook_url=None)
    told = await do(shop, verb, **what)
    shop.stripe.set(webhook_url=shop.webhooks[0])
    return told


def named(told: list[Json], kind: str) -> Json:
    return next(event for event in told if event["type"] == kind)


def latest(shop: Shop, kind: str) -> str:
    """The id of the thing of this kind that was made last."""
    return str(shop.stripe.world.of(kind)[0]["id"])


async def test_w1_twenty_deliveries_at_once_are_one_grant(shop: Shop, world: World) -> None:
    person = await world.person()
    told = await silently(shop, "pay", id=await unpaid_pack(person))
    paid = named(told, "payment_intent.succeeded")
    answers = await asyncio.gather(*(sent(world, shop, paid, at=n % 2) for n in range(20)))
    assert {one.status_code for one in answers} == {200}
    await has(person, purchased=CREDITS)
    await nothing_waits(world)
    rows = [one for one in await person.transactions() if one["kind"] == "purchase"]
    assert [one["amount"] for one in rows] == [CREDITS]


async def test_w1_the_same_payment_under_many_event_ids_is_one_grant(
    shop: Shop, world: World
) -> None:
    person = await world.person()
    told = await silently(shop, "pay", id=await unpaid_pack(person))
    paid = named(told, "payment_intent.succeeded")
    answers = await asyncio.gather(*(sent(world, shop, renamed(paid), at=n % 2) for n in range(12)))
    assert {one.status_code for one in answers} == {200}
    await nothing_waits(world)
    await has(person, purchased=CREDITS)


async def test_w2_what_is_not_paid_yet_brings_nothing(shop: Shop, world: World) -> None:
    lucky, unlucky = await world.person(), await world.person()
    for person, end in ((lucky, "pay"), (unlucky, "fail")):
        intent = await unpaid_pack(person)
        await do(shop, "process", id=intent)
        await nothing_waits(world)
        assert (await purchase_of(person))["status"] == "pending"
        assert "purchased" not in await buckets(person)
        await do(shop, end, id=intent)
    await has(lucky, purchased=CREDITS)
    await nothing_waits(world)
    assert (await purchase_of(unlucky))["status"] == "failed"
    assert "purchased" not in await buckets(unlucky)


async def test_w2_on_a_page_of_stripes_too(shop: Shop, world: World) -> None:
    person = await world.person()
    placed = await order(person, checkout=True, return_url="https://app.example/back")
    assert placed["payment"]["url"].startswith("http")
    page = latest(shop, "checkout.session")
    await do(shop, "process", id=page)
    await nothing_waits(world)
    assert "purchased" not in await buckets(person)
    await do(shop, "pay", id=page)
    await has(person, purchased=CREDITS)


async def test_w4_only_a_fresh_signature_by_our_secret_counts(shop: Shop, world: World) -> None:
    person = await world.person()
    told = await silently(shop, "pay", id=await unpaid_pack(person))
    body = json.dumps(named(told, "payment_intent.succeeded")).encode()
    now = int(time.time())
    good = sign(body, SECRET, now)
    refused = [
        sign(body, "whsec_wrong", now),
        None,
        "",
        sign(body, SECRET, now - 301),
        good.replace("v1=", "v0="),
        "t=soon,v1=00",
        sign(body + b" ", SECRET, now),
    ]
    for signature in refused:
        answer = await post(world, shop.webhooks[0], body, signature)
        assert answer.status_code == 400, signature
    admin = await world.admin()
    events = (await admin.get("/v1/admin/market/events?limit=100"))["data"]
    assert not any(one["id"].endswith(json.loads(body)["id"]) for one in events)
    wrong_first = sign(body, "whsec_wrong", now) + "," + good.split(",", 1)[1]
    assert (await post(world, shop.webhooks[0], body, wrong_first)).status_code == 200
    await has(person, purchased=CREDITS)


@pytest.mark.parametrize(
    "body",
    [
        b"\xff\xfe{",
        b"[]",
        b"null",
        b"{}",
        b"",
        b'"event"',
        b"{" * 50_000,
        b'{"id": 5, "object": "event"}',
        b'{"id": "evt_t", "object": "v2.core.event", "type": "v1.billing.meter", "data": {}}',
    ],
)
async def test_w6_signed_oddities_are_refused(shop: Shop, world: World, body: bytes) -> None:
    signature = sign(body, SECRET, int(time.time()))
    assert (await post(world, shop.webhooks[0], body, signature)).status_code == 400


@pytest.mark.parametrize("shape", ["basil", "acacia"])
async def test_w7_both_shapes_of_a_subscription_mean_the_same(
    shop: Shop, world: World, shape: str
) -> None:
    person = await world.person()
    shop.stripe.set(shape=shape)
    await order(person, "plus_monthly")
    subscribed = latest(shop, "subscription")
    await do(shop, "pay", id=subscribed)
    await has(person, subscription=1500)
    assert (await person.balance())["tier"] == "plus"
    await do(shop, "renew", id=subscribed)
    await has(person, subscription=3000)
    invoice = (await purchase_of(person))["payments"][-1]["id"]
    await do(shop, "refund", id=invoice)
    await has(person, subscription=1500)
    await do(shop, "cancel_now", id=subscribed)

    async def is_free() -> bool:
        return bool((await person.balance())["tier"] == "free")

    await eventually(is_free)


async def test_w8_refunds_are_told_in_totals(shop: Shop, world: World) -> None:
    person = await world.person()
    intent = await bought_pack(shop, person)
    for amount, left in ((300, 700), (700, 0)):
        told = await do(shop, "refund", id=intent, amount=amount)
        refunded = named(told, "charge.refunded")
        await has(person, purchased=left)
        for again in (refunded, renamed(refunded)):
            assert (await sent(world, shop, again)).status_code == 200
        await nothing_waits(world)
        await has(person, purchased=left)
    taken = [one["amount"] for one in await person.transactions() if one["kind"] == "claw_back"]
    assert taken == [-700, -300]
    assert (await purchase_of(person))["status"] == "refunded"


async def test_w8_what_was_spent_is_owed_and_the_next_purchase_pays_it(
    shop: Shop, world: World
) -> None:
    person = await world.person()
    intent = await bought_pack(shop, person)
    await person.spend(100 + 400)  # the day's credits go first
    await do(shop, "refund", id=intent)

    async def owes() -> bool:
        return bool((await person.balance())["debt"] == 400)

    await eventually(owes)
    assert (await person.balance())["available"] == 0
    await do(shop, "pay", id=await unpaid_pack(person))
    await has(person, purchased=600)
    assert (await person.balance())["debt"] == 0


async def test_w10_a_dispute_freezes_and_is_decided_once(shop: Shop, world: World) -> None:
    winner, loser = await world.person(), await world.person()
    for person, end in ((winner, "won"), (loser, "lost")):
        intent = await bought_pack(shop, person)
        opened = named(await do(shop, "dispute", id=intent), "charge.dispute.created")
        await nothing_waits(world)
        frozen_ = await person.balance()
        assert (frozen_["available"], frozen_["held"], frozen_["debt"]) == (100, CREDITS, 0)
        told = await do(shop, "close_dispute", id=opened["data"]["object"]["id"], status=end)
        closed = named(told, "charge.dispute.closed")
        for again in (closed, renamed(closed), renamed(opened)):
            assert (await sent(world, shop, again)).status_code == 200
        await nothing_waits(world)
    assert (await winner.balance())["available"] == CREDITS + 100
    assert (await purchase_of(winner))["status"] == "completed"
    lost = await loser.balance()
    assert (lost["available"], lost["held"], lost["debt"]) == (100, 0, 0)
    assert (await purchase_of(loser))["credits_taken_back"] == CREDITS


async def test_w10_a_status_that_nobody_knows_is_for_a_person(shop: Shop, world: World) -> None:
    person = await world.person()
    intent = await bought_pack(shop, person)
    opened = named(await silently(shop, "dispute", id=intent), "charge.dispute.created")
    strange = renamed(opened)
    strange["type"] = "charge.dispute.updated"
    strange["data"]["object"]["status"] = "under_the_carpet"
    assert (await sent(world, shop, strange)).status_code == 200
    await is_parked(world, strange["id"])
    assert (await person.balance())["available"] == CREDITS + 100


async def test_w11_what_could_not_be_kept_is_sent_again(
    shop: Shop, world: World, stack: Stack
) -> None:
    person = await world.person()
    network = stack.proxy(stack.database_url)
    lonely = stack.serve(**(shop.pair[0].environ | {"DATABASE_URL": network.url}))
    told = await silently(shop, "pay", id=await unpaid_pack(person))
    body = json.dumps(named(told, "payment_intent.succeeded")).encode()
    url = f"{lonely.url}/v1/market/webhooks/stripe"
    for fault in ("refuse", "black_hole"):
        network.switch(fault)
        answer = await post(world, url, body, sign(body, SECRET, int(time.time())))
        assert answer.status_code == 503, fault
    assert "purchased" not in await buckets(person)
    network.switch("pass")

    async def is_taken() -> bool:
        answer = await post(world, url, body, sign(body, SECRET, int(time.time())))
        return answer.status_code == 200

    await eventually(is_taken)
    await has(person, purchased=CREDITS)
    stack.retire(lonely)


async def test_w12_what_fits_nobody_is_parked_and_an_administrator_assigns_it(
    shop: Shop, world: World
) -> None:
    person = await world.person()
    told = await silently(shop, "pay", id=await unpaid_pack(person))
    paid = named(told, "payment_intent.succeeded")

    stranger = renamed(paid)
    thing = stranger["data"]["object"]
    thing |= {"id": f"pi_{uuid.uuid4().hex}", "latest_charge": f"ch_{uuid.uuid4().hex}"}
    thing["metadata"] |= {"user_id": "usr_nobody", "purchase_id": "pur_nothing"}
    cheap = renamed(paid)
    cheap["data"]["object"] |= {"amount": 1, "amount_received": 1}
    unknown = renamed(paid)
    unknown["data"]["object"]["metadata"] |= {"product_id": "gold_bars"}
    for event in (stranger, cheap, unknown):
        assert (await sent(world, shop, event)).status_code == 200
        assert (await is_parked(world, event["id"]))["reason"]
    assert "purchased" not in await buckets(person)

    admin = await world.admin()
    user_id = (await person.get("/v1/auth/me"))["id"]
    parked = await is_parked(world, stranger["id"])
    path = f"/v1/admin/market/events/{parked['id']}/assign/{user_id}"
    answer = await admin.call("POST", path)
    assert answer.json()["state"] == "done", answer.text
    await has(person, purchased=CREDITS)
    answer = await admin.call("POST", path)
    await has(person, purchased=CREDITS)

    assert (await sent(world, shop, paid)).status_code == 200
    await has(person, purchased=2 * CREDITS)


async def test_w12_a_live_shop_gives_nothing_for_play_money(
    shop: Shop, world: World, stack: Stack
) -> None:
    live = stack.serve(**(shop.pair[0].environ | {"STRIPE_SECRET_KEY": "sk_live_loopback"}))
    person = await world.person()
    told = await silently(shop, "pay", id=await unpaid_pack(person))
    paid = renamed(named(told, "payment_intent.succeeded"))
    assert paid["livemode"] is False
    for one in shop.pair:
        one.stop()  # they have a test key, and would take it when it waits
    body = json.dumps(paid).encode()
    url = f"{live.url}/v1/market/webhooks/stripe"
    signature = sign(body, SECRET, int(time.time()))
    assert (await post(world, url, body, signature)).status_code == 200
    await is_parked(world, paid["id"])
    assert "purchased" not in await buckets(person)
    stack.retire(live)
    for one in shop.pair:
        one.start()


async def test_orders_tell_apart_a_store_that_is_away(shop: Shop, world: World) -> None:
    person = await world.person()
    shop.stripe.set(failures=[500] * 9)
    key = {"Idempotency-Key": "while-away"}
    body = {"product_id": PACK, "provider": "stripe"}
    answer = await person.call("POST", "/v1/market/purchases", headers=key, json=body)
    assert answer.status_code == 503
    shop.stripe.set(failures=[])
    answers = await asyncio.gather(
        *(
            person.call("POST", "/v1/market/purchases", headers=key, json=body, at=one)
            for one in shop.pair * 5
        )
    )
    assert {one.status_code for one in answers} == {201}
    assert len({one.json()["purchase"]["id"] for one in answers}) == 1
    assert len((await person.get("/v1/market/purchases"))["data"]) == 1


async def test_a_refund_that_was_never_told_is_found_by_comparing(shop: Shop, world: World) -> None:
    person = await world.person()
    intent = await bought_pack(shop, person)
    await silently(shop, "refund", id=intent, amount=400)
    assert (await buckets(person))["purchased"] == CREDITS
    outcome = (await world.run_job("reconcile-purchases"))["outcome"]
    assert "stripe: " in outcome
    await has(person, purchased=600)
    again = (await world.run_job("reconcile-purchases"))["outcome"]
    assert ", 0 repaired" in again.partition("stripe: ")[2], again


async def test_u4_nobody_reaches_what_somebody_else_has_bought(shop: Shop, world: World) -> None:
    person, other = await world.person(), await world.person()
    await bought_pack(shop, person)
    mine = (await purchase_of(person))["id"]
    assert (await other.call("GET", f"/v1/market/purchases/{mine}")).status_code == 404
    assert (await other.get("/v1/market/purchases"))["data"] == []
    extra: dict[str, Any] = {
        "user_id": "usr_other",
        "credits": 10**6,
        "tier": "premium",
        "quantity": 99,
    }
    placed = await order(other, **extra)
    assert placed["purchase"]["credits"] == 0
    assert placed["purchase"]["quantity"] == 1
    answer = await other.call("GET", "/v1/admin/market/events")
    assert answer.status_code == 403
