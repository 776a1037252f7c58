"""A server is killed in the middle of a purchase, and another one makes it good, once."""

import asyncio
import json
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from attrs import frozen

from tests.acceptance.product import Product, Stack
from tests.acceptance.world import Person, World, eventually
from tests.loopback.play_api import PlayApiServer
from tests.loopback.play_push import PlayPush
from tests.loopback.stripe_objects import Json, Price
from tests.loopback.stripe_server import StripeServer
from tests.loopback.stripe_signature import sign

pytestmark = pytest.mark.crash

SECRET = "whsec_loopback"
PACK, CREDITS = "credits_500", 500
PLUS = "plus_monthly"


@frozen
class Shop:
    stripe: StripeServer
    play: PlayApiServer
    settings: dict[str, str]
    steady: Product
    """The server that goes on."""

    async def tell(self, world: World, event: Json, at: Product) -> httpx.Response:
        body = json.dumps(event).encode()
        url = f"{at.url}/v1/market/webhooks/stripe"
        headers = {"Stripe-Signature": sign(body, SECRET, time.time())}
        return await world.http.post(url, content=body, headers=headers)

    async def do(self, verb: str, **what: Any) -> list[Json]:
        return await asyncio.to_thread(self.stripe.do, verb, **what)


@pytest.fixture(scope="module")
def shop(stack: Stack) -> Iterator[Shop]:
    with (
        tempfile.TemporaryDirectory() as folder,
        StripeServer(webhook_secret=SECRET, prices=[Price("price_plus_monthly", 999)]) as stripe,
        PlayApiServer() as play,
        PlayPush() as push,
    ):
        settings = {
            "STRIPE_SECRET_KEY": "sk_test_loopback",
            "STRIPE_WEBHOOK_SECRET": SECRET,
            "STRIPE_BASE_URL": stripe.base_url,
            "GOOGLE_PACKAGE_NAME": play.store.package_name,
            "GOOGLE_CREDENTIALS_PATH": str(play.write_credentials(Path(folder))),
            "GOOGLE_BASE_URL": play.url,
            "GOOGLE_PUSH_AUDIENCE": push.audience,
            "GOOGLE_PUSH_EMAIL": push.email,
            "GOOGLE_CERTIFICATES_URL": push.certificates_url,
        }
        yield Shop(stripe, play, settings, stack.serve(**settings))


@pytest.fixture
def doomed(shop: Shop, stack: Stack) -> Iterator[Product]:
    """A server that will be killed."""
    server = stack.serve(**shop.settings)
    yield server
    server.kill()
    stack.servers.remove(server)


async def order(
    person: Person, at: Product, product: str = PACK, *, key: str | None = None, **more: Any
) -> httpx.Response:
    return await person.call(
        "POST",
        "/v1/market/purchases",
        at=at,
        headers={"Idempotency-Key": key or uuid.uuid4().hex},
        json={"product_id": product, "provider": "stripe", **more},
    )


async def purchased(person: Person) -> int:
    buckets = (await person.balance())["buckets"]
    return sum(one["credits"] for one in buckets if one["bucket"] == "purchased")


async def made_good(world: World, job: str, person: Person, credits_: int) -> None:
    """A claim of whoever died is over after half a minute."""

    async def look() -> bool:
        await world.run_job(job)
        return await purchased(person) == credits_

    await eventually(look, seconds=90, pause=0.5)
    await world.run_job(job)
    rows = [one for one in await person.transactions() if one["kind"] == "purchase"]
    assert [one["amount"] for one in rows] == [credits_]


async def test_what_was_taken_and_not_applied_is_applied_by_another(
    shop: Shop, world: World, stack: Stack, doomed: Product
) -> None:
    ada = await world.person()
    placed = (await order(ada, shop.steady)).json()
    intent = str(placed["payment"]["client_secret"]).partition("_secret")[0]
    told = await shop.do("pay", id=intent)
    paid = next(one for one in told if one["type"] == "payment_intent.succeeded")
    user_id = (await ada.get("/v1/auth/me"))["id"]
    with psycopg.connect(stack.database_url) as holder:
        holder.execute("SELECT * FROM purchases WHERE user_id = %s FOR UPDATE", (user_id,))
        holder.execute("SELECT * FROM wallets WHERE user_id = %s FOR UPDATE", (user_id,))
        assert (await shop.tell(world, paid, doomed)).status_code == 200
        doomed.kill()
    assert await purchased(ada) == 0
    await made_good(world, "apply-store-events", ada, CREDITS)


async def test_an_order_that_was_cut_short_is_placed_once(
    shop: Shop, world: World, doomed: Product
) -> None:
    ada = await world.person()
    before = len(shop.stripe.world.of("payment_intent"))
    shop.stripe.set(is_silent=True)
    asked = asyncio.create_task(order(ada, doomed, key="cut-short"))

    async def is_asked() -> bool:
        return bool((await ada.get("/v1/market/purchases"))["data"])

    await eventually(is_asked)
    doomed.kill()
    with suppress(httpx.TransportError):
        await asked
    shop.stripe.set(is_silent=False)

    async def is_placed() -> Any:
        answer = await order(ada, shop.steady, key="cut-short")
        assert answer.status_code in {201, 409, 503}, answer.text
        return answer.json() if answer.status_code == 201 else None

    placed = await eventually(is_placed, seconds=120, pause=1)
    assert placed["payment"]["client_secret"]
    assert len((await ada.get("/v1/market/purchases"))["data"]) == 1
    assert len(shop.stripe.world.of("payment_intent")) == before + 1


async def test_what_was_granted_and_not_consumed_is_consumed_by_another(
    shop: Shop, world: World, doomed: Product
) -> None:
    ada = await world.person()
    account = str((await ada.get("/v1/market/account"))["obfuscated_account_id"])
    token = shop.play.store.sell(PACK, account=account)
    shop.play.failures = {"consume": (503, "backendError")}
    body = {"provider": "google", "purchase_token": token}
    taken = await order(ada, doomed, **body)
    assert taken.status_code == 201, taken.text
    doomed.kill()
    shop.play.failures = {}
    assert await purchased(ada) == CREDITS

    async def is_consumed() -> bool:
        await world.run_job("perform-errands")
        [line] = shop.play.store.packs[token]["productLineItem"]
        state = line["productOfferDetails"]["consumptionState"]
        return bool(state == "CONSUMPTION_STATE_CONSUMED")

    await eventually(is_consumed, seconds=90, pause=0.5)
    assert await purchased(ada) == CREDITS


async def test_what_no_webhook_told_is_found_by_another(
    shop: Shop, world: World, doomed: Product
) -> None:
    ada = await world.person()
    placed = (await order(ada, doomed)).json()
    doomed.kill()
    intent = str(placed["payment"]["client_secret"]).partition("_secret")[0]
    await shop.do("pay", id=intent)
    await made_good(world, "reconcile-purchases", ada, CREDITS)
    await shop.do("refund", id=intent, amount=200)
    await world.run_job("reconcile-purchases")
    assert await purchased(ada) == 300
