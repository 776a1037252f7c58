"""Buying from a Stripe server that others wrote, whose webhooks come to us over HTTP."""

import asyncio
import json
import time
import uuid
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from attrs import frozen

from tests.acceptance.product import Product, Stack
from tests.acceptance.world import Person, World, eventually
from tests.loopback.stripe_localstripe import LocalStripe
from tests.loopback.stripe_signature import sign

KEY, SECRET = "sk_test_local", "whsec_local"
PACK, CREDITS = "credits_1000", 1000
CARD = {
    "type": "card",
    "card[number]": "4242424242424242",
    "card[exp_month]": "12",
    "card[exp_year]": "2034",
    "card[cvc]": "123",
}


@frozen
class Shop:
    stripe: LocalStripe
    server: Product

    async def ask(self, world: World, path: str, **form: str) -> Any:
        """What the app's SDK, or an operator, asks of Stripe."""
        answer = await world.http.post(
            f"{self.stripe.base_url}/{path}",
            data=form or {"a": "b"},
            headers={"Authorization": f"Bearer {KEY}"},
        )
        assert answer.is_success, answer.text
        return answer.json() if "json" in answer.headers["content-type"] else None

    async def get(self, world: World, path: str) -> Any:
        headers = {"Authorization": f"Bearer {KEY}"}
        answer = await world.http.get(f"{self.stripe.base_url}/{path}", headers=headers)
        assert answer.is_success, answer.text
        return answer.json()

    async def pay(self, world: World, intent: str) -> None:
        method = (await self.ask(world, "v1/payment_methods", **CARD))["id"]
        await self.ask(world, f"v1/payment_intents/{intent}", payment_method=method)
        await self.ask(world, f"v1/payment_intents/{intent}/confirm", **{"expand[]": "customer"})


@pytest.fixture(scope="module")
def shop(stack: Stack) -> Iterator[Shop]:
    with LocalStripe() as stripe:
        server = stack.serve(
            STRIPE_SECRET_KEY=KEY, STRIPE_WEBHOOK_SECRET=SECRET, STRIPE_BASE_URL=stripe.base_url
        )
        hook = {"url": f"{server.url}/v1/market/webhooks/stripe", "secret": SECRET}
        httpx.post(f"{stripe.base_url}/_config/webhooks/ours", data=hook).raise_for_status()
        yield Shop(stripe, server)


async def order(person: Person, product: str, **more: Any) -> httpx.Response:
    return await person.call(
        "POST",
        "/v1/market/purchases",
        headers={"Idempotency-Key": uuid.uuid4().hex},
        json={"product_id": product, "provider": "stripe", **more},
    )


async def has(person: Person, credits_: int, bucket: str = "purchased") -> None:
    async def look() -> bool:
        buckets = (await person.balance())["buckets"]
        return bool(sum(one["credits"] for one in buckets if one["bucket"] == bucket) == credits_)

    await eventually(look)


async def bought(shop: Shop, world: World, person: Person) -> str:
    placed = (await order(person, PACK)).json()
    intent = str(placed["payment"]["client_secret"]).partition("_secret")[0]
    await shop.pay(world, intent)
    await has(person, CREDITS)
    return intent


async def test_a_pack_is_paid_and_refunded_in_parts(shop: Shop, world: World) -> None:
    ada = await world.person()
    intent = await bought(shop, world, ada)
    url = f"{shop.server.url}/v1/market/webhooks/stripe"
    for amount, left in (("300", 700), ("700", 0)):
        refund = await shop.ask(world, "v1/refunds", payment_intent=intent, amount=amount)
        # It tells nobody of refunds.
        charge = await shop.get(world, f"v1/charges/{refund['charge']}")
        told: dict[str, Any] = {"id": f"evt_{uuid.uuid4().hex}", "type": "charge.refunded"}
        told |= {"created": int(time.time()), "data": {"object": charge}}
        body = json.dumps(told).encode()
        for _ in range(2):
            headers = {"Stripe-Signature": sign(body, SECRET, time.time())}
            answer = await world.http.post(url, content=body, headers=headers)
            assert answer.status_code == 200
        await has(ada, left)
    shown = (await ada.get("/v1/market/purchases"))["data"][0]
    assert (shown["status"], shown["credits_taken_back"]) == ("refunded", CREDITS)


async def test_many_buy_at_once(shop: Shop, world: World) -> None:
    people = await asyncio.gather(*(world.person() for _ in range(5)))
    await asyncio.gather(*(bought(shop, world, one) for one in people))
    for one in people:
        await has(one, CREDITS)
