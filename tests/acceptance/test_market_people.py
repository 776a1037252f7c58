"""People who buy and leave, are suspended, or talk on while their money goes back."""

import asyncio
import json
import time
import uuid
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import httpx
import psycopg
import pytest
from attrs import frozen

from tests.acceptance.product import Product, Stack
from tests.acceptance.world import Person, World, events_of, eventually
from tests.loopback.stripe_objects import Json, Price
from tests.loopback.stripe_server import StripeServer
from tests.loopback.stripe_signature import sign

CANARY = "Roodborstje"
"""A word that stands nowhere else."""
E_MAIL = "robin@roodborstje.example"
KEY, SECRET = "sk_test_roodborstje", "whsec_roodborstje"
PACK, CREDITS = "credits_1000", 1000
PLUS = "plus_monthly"


@frozen
class Shop:
    stripe: StripeServer
    server: Product

    async def tell(self, world: World, event: Json) -> httpx.Response:
        body = json.dumps(event).encode()
        url = f"{self.server.url}/v1/market/webhooks/stripe"
        headers = {"Stripe-Signature": sign(body, SECRET, time.time())}
        return await world.http.post(url, content=body, headers=headers)

    async def do(self, verb: str, **what: Any) -> list[Json]:
        """Something happens at Stripe; its webhooks have been delivered."""
        return await asyncio.to_thread(self.stripe.do, verb, **what)


@pytest.fixture(scope="module")
def shop(stack: Stack) -> Iterator[Shop]:
    with StripeServer(webhook_secret=SECRET, prices=[Price("price_plus_monthly", 999)]) as stripe:
        server = stack.serve(
            STRIPE_SECRET_KEY=KEY,
            STRIPE_WEBHOOK_SECRET=SECRET,
            STRIPE_BASE_URL=stripe.base_url,
            LOG_LEVEL="DEBUG",
        )
        stripe.webhook_url = f"{server.url}/v1/market/webhooks/stripe"
        yield Shop(stripe, server)


async def order(person: Person, product: str = PACK, **more: Any) -> Any:
    answer = await person.call(
        "POST",
        "/v1/market/purchases",
        headers={"Idempotency-Key": f"{CANARY}-{uuid.uuid4().hex}"},
        json={"product_id": product, "provider": "stripe", **more},
    )
    assert answer.is_success, answer.text
    return answer.json()


async def buy(shop: Shop, person: Person) -> str:
    """The payment intent of a pack that is paid."""
    placed = await order(person)
    intent = str(placed["payment"]["client_secret"]).partition("_secret")[0]
    await shop.do("pay", id=intent)
    await has(person, CREDITS)
    return intent


async def subscribe(shop: Shop, person: Person) -> str:
    await order(person, PLUS)
    subscribed = str(shop.stripe.world.of("subscription")[0]["id"])
    await shop.do("pay", id=subscribed)
    await has(person, 1500, "subscription")
    return subscribed


async def credits_of(person: Person, bucket: str) -> int:
    buckets = (await person.balance())["buckets"]
    return sum(one["credits"] for one in buckets if one["bucket"] == bucket)


async def has(person: Person, credits_: int, bucket: str = "purchased") -> None:
    async def look() -> bool:
        return await credits_of(person, bucket) == credits_

    await eventually(look)


async def nothing_waits(world: World) -> None:
    admin = await world.admin()

    async def look() -> bool:
        return not (await admin.get("/v1/admin/market/events?state=waiting"))["data"]

    await eventually(look)


def tables_with(url: str, word: str) -> set[str]:
    """Every table in any row of which the word stands, bytes read as text."""
    found = set()
    with psycopg.connect(url, autocommit=True) as database:
        database.execute("SET bytea_output = 'escape'")
        names = database.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        ).fetchall()
        for (name,) in names:
            query = f'SELECT count(*) FROM "{name}" AS t WHERE t::text ILIKE %s'  # noqa: S608 - own names
            [(rows,)] = database.execute(query.encode(), (f"%{word}%",)).fetchall()
            if rows:
                found.add(name)
    return found


def talkative(event: Json, kind: str | None = None) -> Json:
    """The same from another hand, which says more of the person than is needed."""
    told = {**deepcopy(event), "id": f"evt_{uuid.uuid4().hex}"}
    told["type"] = kind or told["type"]
    told["data"]["object"]["receipt_email"] = E_MAIL
    told["data"]["object"]["billing_details"] = {"name": CANARY, "email": E_MAIL}
    return told


async def test_whoever_leaves_takes_along_what_the_store_said_of_them(
    shop: Shop, world: World, stack: Stack
) -> None:
    ada = await world.person(email=E_MAIL)
    user_id = (await ada.get("/v1/auth/me"))["id"]
    intent = await buy(shop, ada)
    subscribed = await subscribe(shop, ada)
    await order(ada, checkout=True, return_url=f"https://app.example/{CANARY}")
    customers = {str(one["id"]) for one in shop.stripe.world.of("customer")}
    paid = await shop.do("refund", id=intent, amount=100)
    refunded = next(one for one in paid if one["type"] == "charge.refunded")
    for kind in (None, "charge.succeeded", "charge.captured", "customer.updated"):
        assert (await shop.tell(world, talkative(refunded, kind))).status_code == 200
    await nothing_waits(world)
    assert "store_messages" in tables_with(stack.database_url, CANARY)
    export = json.dumps(await ada.get("/v1/auth/me/export"))
    assert PACK in export
    assert (await ada.call("DELETE", "/v1/auth/me")).status_code == 204
    world.people.remove(ada)
    for word in (CANARY, E_MAIL, ada.name):
        assert tables_with(stack.database_url, word) == set()
    assert tables_with(stack.database_url, user_id) <= {
        "users", "wallets", "ledger", "purchases", "store_names", "errands",
    }  # fmt: skip

    async def is_told() -> bool:
        await world.run_job("perform-errands")
        asked = [(one["method"], one["path"]) for one in shop.stripe.requests]
        gone = {path.rpartition("/")[2] for method, path in asked if method == "DELETE"}
        return subscribed in gone and bool(customers & gone)

    await eventually(is_told)

    # The store goes on telling: the books follow, and nothing of it is kept.
    back = await shop.do("refund", id=intent, amount=400)
    late = next(one for one in back if one["type"] == "charge.refunded")
    assert (await shop.tell(world, talkative(late))).status_code == 200
    await nothing_waits(world)
    await world.run_job("purge-store-events")
    for word in (CANARY, E_MAIL):
        assert tables_with(stack.database_url, word) == set()
    with psycopg.connect(stack.database_url) as database:
        rows = database.execute(
            "SELECT sum(amount)::int FROM ledger WHERE user_id = %s AND bucket = 'purchased'",
            (user_id,),
        ).fetchall()
    assert rows == [(CREDITS - 500,)]

    ada.token = await world.token(ada.name)
    assert (await ada.get("/v1/market/purchases"))["data"] == []
    assert (await ada.get("/v1/market/subscription"))["subscription"] is None


async def test_no_log_has_a_key_a_token_or_who_somebody_is(shop: Shop, world: World) -> None:
    ada = await world.person(email=E_MAIL)
    placed = await order(ada)
    secret = str(placed["payment"]["client_secret"])
    told = await shop.do("pay", id=secret.partition("_secret")[0])
    await has(ada, CREDITS)
    odd = talkative(next(one for one in told if one["type"] == "payment_intent.succeeded"))
    odd["data"]["object"]["metadata"]["product_id"] = CANARY
    await shop.tell(world, odd)
    body = json.dumps(odd).encode()
    signature = sign(body, f"{SECRET}x", time.time())
    url = f"{shop.server.url}/v1/market/webhooks/stripe"
    for headers in ({"Stripe-Signature": signature}, {}):
        refused = await world.http.post(url, content=body, headers=headers)
        assert refused.status_code == 400
    shop.stripe.set(failures=[402, 400, 500, 0, 401])
    for _ in range(3):
        await ada.call(
            "POST",
            "/v1/market/purchases",
            headers={"Idempotency-Key": CANARY + uuid.uuid4().hex},
            json={"product_id": PACK, "provider": "stripe"},
        )
    shop.stripe.set(failures=[])
    await world.run_job("reconcile-purchases")
    await nothing_waits(world)
    log = shop.server.log().lower()
    assert log
    hidden = (KEY, SECRET, CANARY, E_MAIL, ada.token, ada.name, secret, signature[-64:])
    for word in hidden:
        at = log.find(word.lower())
        assert at < 0, log[max(0, at - 300) : at + 100]


async def test_what_a_suspended_account_bought_is_still_booked(shop: Shop, world: World) -> None:
    ada = await world.person()
    user_id = (await ada.get("/v1/auth/me"))["id"]
    intent = str((await order(ada))["payment"]["client_secret"]).partition("_secret")[0]
    admin = await world.admin()
    path = f"/v1/admin/users/{user_id}"
    assert (await admin.call("POST", f"{path}/suspend", json={"reason": "trouble"})).is_success
    await shop.do("pay", id=intent)
    await shop.do("refund", id=intent, amount=300)
    await nothing_waits(world)
    refused = await ada.call("GET", "/v1/market/purchases")
    assert refused.status_code == 403
    assert (await admin.call("POST", f"{path}/unsuspend")).is_success
    await has(ada, 700)


async def test_a_refund_and_a_dispute_while_the_model_is_writing(shop: Shop, world: World) -> None:
    ada, bob = await world.person(), await world.person()
    for person, verb in ((ada, "refund"), (bob, "dispute")):
        intent = await buy(shop, person)
        await person.spend(100)  # so that the turn is paid with what was bought
        async with person.streaming("@@tokens count=40 delay=0.1") as response:
            events = events_of(response)
            await anext(events)
            await anext(events)
            assert (await person.balance())["held"] > 0
            told = await shop.do(verb, id=intent)
            await nothing_waits(world)
            rest = [event async for event in events]
        assert rest[-1].is_done
        if verb == "dispute":
            opened = next(one for one in told if one["type"] == "charge.dispute.created")
            shown = await person.balance()
            assert shown["available"] == 0
            dispute = opened["data"]["object"]["id"]
            await shop.do("close_dispute", id=dispute, status="won")
            await nothing_waits(world)
        balance = await person.settled()
        charged = -(await person.charges())[0]["amount"]
        assert charged > 0
        if verb == "refund":
            assert (balance["available"], balance["debt"]) == (0, charged)
        else:
            assert (balance["available"], balance["debt"]) == (CREDITS - charged, 0)


@pytest.mark.parametrize(
    ("broken", "invariant"),
    [
        ("[]", "origin"),
        (r"""regexp_replace(lots::text, '"credits": *1000', '"credits":900')""", "grant"),
        (r"""regexp_replace(lots::text, '"is_frozen": *false', '"is_frozen":true')""", "freeze"),
    ],
)
async def test_books_that_were_meddled_with_are_told(
    shop: Shop, world: World, stack: Stack, broken: str, invariant: str
) -> None:
    ada = await world.person()
    await buy(shop, ada)
    user_id = (await ada.get("/v1/auth/me"))["id"]
    admin = await world.admin()
    value = "'[]'" if broken == "[]" else broken
    change = f"UPDATE purchases SET lots = ({value})::json WHERE user_id = %s"  # noqa: S608 - ours
    with psycopg.connect(stack.database_url, autocommit=True) as database:
        [(kept,)] = database.execute(
            "SELECT lots::text FROM purchases WHERE user_id = %s", (user_id,)
        ).fetchall()
        database.execute(change.encode(), (user_id,))
        audit = await admin.get("/v1/admin/invariants")
        database.execute("UPDATE purchases SET lots = %s::json WHERE user_id = %s", (kept, user_id))
    assert audit["ok"] is False
    assert invariant in {one["invariant"] for one in audit["violations"]}
