"""A stand-in for Stripe that can do next to nothing: what its events say must be enough.

It makes customers and payment intents, remembers neither, and knows no other route. The events are
written by hand, as tersely as they may come.
"""

import asyncio
import json
import time
import uuid
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl

import httpx
import pytest
from attrs import frozen

from tests.acceptance.product import Product, Stack
from tests.acceptance.world import Person, World, eventually
from tests.loopback.apple_server import Answer, AppleServer, Request
from tests.loopback.stripe_signature import sign

SECRET = "whsec_second"
PACK, CREDITS, PRICE = "credits_1000", 1000, 1000
Json = dict[str, Any]


class BareStripe(AppleServer):
    """Two routes; ``made`` are the intents, with what we wrote on them."""

    def __init__(self) -> None:
        super().__init__()
        self.made: dict[str, Json] = {}
        self.otherwise = 501

    def answer(self, request: Request) -> Answer:
        form = dict(parse_qsl(request.body.decode()))
        match request.method, request.path:
            case "POST", "/v1/customers":
                return self._object({"id": f"cus_{uuid.uuid4().hex[:14]}", "object": "customer"})
            case "POST", "/v1/payment_intents":
                intent = f"pi_{uuid.uuid4().hex[:14]}"
                self.made[intent] = {
                    name.removeprefix("metadata[").removesuffix("]"): value
                    for name, value in form.items()
                    if name.startswith("metadata[")
                }
                return self._object({"id": intent, "client_secret": f"{intent}_secret_x"})
            case _:
                return Answer(b"<h1>no such thing</h1>", self.otherwise, "text/html")

    def _object(self, thing: Json) -> Answer:
        return Answer(json.dumps(thing).encode())


@frozen
class Shop:
    stripe: BareStripe
    server: Product

    async def tell(
        self, world: World, kind: str, thing: Json, *, header: str = "Stripe-Signature"
    ) -> None:
        """Send an event with nothing in it that it can be without."""
        event = {
            "id": f"evt_{uuid.uuid4().hex}",
            "type": kind,
            "created": int(time.time()),
            "data": {"object": thing},
        }
        answer = await self.post(world, json.dumps(event).encode(), header)
        assert answer.status_code == 200, answer.text
        await nothing_waits(world)

    async def post(self, world: World, body: bytes, header: str) -> httpx.Response:
        url = f"{self.server.url}/v1/market/webhooks/stripe"
        headers = {header: sign(body, SECRET, time.time())}
        return await world.http.post(url, content=body, headers=headers)


@pytest.fixture(scope="module")
def shop(stack: Stack) -> Iterator[Shop]:
    with BareStripe() as stripe:
        server = stack.serve(
            STRIPE_SECRET_KEY="sk_test_bare",
            STRIPE_WEBHOOK_SECRET=f" whsec_first , {SECRET} ",
            STRIPE_BASE_URL=f"{stripe.url}/",
        )
        yield Shop(stripe, server)


@pytest.fixture(params=[404, 405, 501], autouse=True)
def otherwise(shop: Shop, request: pytest.FixtureRequest) -> None:
    """What it says of whatever else it is asked."""
    shop.stripe.otherwise = request.param


async def nothing_waits(world: World) -> None:
    admin = await world.admin()

    async def look() -> bool:
        return not (await admin.get("/v1/admin/market/events?state=waiting"))["data"]

    await eventually(look)


async def order(person: Person) -> str:
    """The payment intent of a pack that is ordered."""
    answer = await person.call(
        "POST",
        "/v1/market/purchases",
        headers={"Idempotency-Key": uuid.uuid4().hex},
        json={"product_id": PACK, "provider": "stripe"},
    )
    assert answer.status_code == 201, answer.text
    return str(answer.json()["payment"]["client_secret"]).partition("_secret")[0]


async def available(person: Person) -> int:
    """Beyond the credits of the day."""
    return int((await person.balance())["available"]) - 100


async def status(person: Person) -> str:
    return str((await person.get("/v1/market/purchases"))["data"][0]["status"])


@pytest.mark.parametrize("is_marked", [True, False])
@pytest.mark.parametrize("header", ["stripe-signature", "STRIPE-SIGNATURE"])
async def test_a_pack_from_its_payment_to_its_refund(
    shop: Shop, world: World, header: str, *, is_marked: bool
) -> None:
    ada = await world.person()
    intent = await order(ada)
    marks = shop.stripe.made[intent]
    assert marks["user_id"] == (await ada.get("/v1/auth/me"))["id"]
    paid: Json = {"id": intent, "object": "payment_intent", "amount": PRICE, "currency": "usd"}
    if is_marked:
        paid["metadata"] = marks
    await shop.tell(world, "payment_intent.succeeded", paid, header=header)
    assert await available(ada) == CREDITS
    for total, left in ((300, 700), (300, 700), (1000, 0), (1000, 0)):
        refund = {"payment_intent": intent, "amount": PRICE, "amount_refunded": total}
        await shop.tell(world, "charge.refunded", refund, header=header)
        assert await available(ada) == left
    assert await status(ada) == "refunded"


async def test_a_dispute_with_hardly_a_word(shop: Shop, world: World) -> None:
    for end, left in (("won", CREDITS), ("lost", 0)):
        ada = await world.person()
        intent = await order(ada)
        marks = shop.stripe.made[intent]
        paid = {"id": intent, "amount_received": PRICE, "currency": "usd", "metadata": marks}
        await shop.tell(world, "payment_intent.succeeded", paid)
        dispute = {
            "id": f"dp_{uuid.uuid4().hex[:14]}",
            "charge": f"ch_{uuid.uuid4().hex[:14]}",
            "payment_intent": intent,
            "amount": PRICE,
            "currency": "usd",
        }
        asked = {**dispute, "status": "needs_response"}
        await shop.tell(world, "charge.dispute.created", asked)
        assert (await available(ada), await status(ada)) == (0, "disputed")
        for _ in range(2):
            await shop.tell(world, "charge.dispute.closed", {**dispute, "status": end})
        assert await available(ada) == left


async def test_a_page_that_is_paid_later(shop: Shop, world: World) -> None:
    lucky, unlucky = await world.person(), await world.person()
    for person, end, credits_ in ((lucky, "succeeded", CREDITS), (unlucky, "failed", 0)):
        intent = await order(person)
        marks = shop.stripe.made[intent]
        page: Json = {"id": f"cs_{uuid.uuid4().hex}", "object": "checkout.session"}
        page |= {"mode": "payment", "payment_intent": intent, "metadata": marks}
        page |= {"amount_total": PRICE, "currency": "usd"}
        unpaid = {**page, "payment_status": "unpaid"}
        await shop.tell(world, "checkout.session.completed", unpaid)
        assert (await available(person), await status(person)) == (0, "pending")
        kind = f"checkout.session.async_payment_{end}"
        done = {**page, "payment_status": "paid" if credits_ else "unpaid"}
        await shop.tell(world, kind, done)
        # The same payment under its other name.
        if credits_:
            paid = {"id": intent, "amount": PRICE, "currency": "usd", "metadata": marks}
            await shop.tell(world, "payment_intent.succeeded", paid)
        assert await available(person) == credits_


async def test_what_says_less_than_is_needed_waits_for_a_person(shop: Shop, world: World) -> None:
    ada = await world.person()
    intent = await order(ada)
    paid = {"id": intent, "object": "payment_intent", "currency": "usd"}
    await shop.tell(world, "payment_intent.succeeded", paid)
    stranger = {"id": "pi_nobodys", "amount": PRICE, "currency": "usd"}
    await shop.tell(world, "payment_intent.succeeded", stranger)
    unknown = {"payment_intent": "pi_nobodys", "amount": PRICE, "amount_refunded": 1}
    await shop.tell(world, "charge.refunded", unknown)
    assert (await available(ada), await status(ada)) == (0, "pending")
    admin = await world.admin()
    parked = (await admin.get("/v1/admin/market/events?state=parked&limit=100"))["data"]
    assert len(parked) >= 3
    assert all(one["reason"] for one in parked)


async def test_payment_and_refund_at_once_in_any_order(shop: Shop, world: World) -> None:
    ada = await world.person()
    intent = await order(ada)
    marks = shop.stripe.made[intent]
    refund = {"payment_intent": intent, "amount": PRICE, "amount_refunded": 400}
    paid = {"id": intent, "amount": PRICE, "currency": "usd", "metadata": marks}
    await asyncio.gather(
        *(shop.tell(world, "charge.refunded", refund) for _ in range(4)),
        *(shop.tell(world, "payment_intent.succeeded", paid) for _ in range(4)),
    )
    assert await available(ada) == 600
