"""What pretends to come from a store, signed and unsigned: nothing is granted that is not paid."""

import copy
import json
import random
import tempfile
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from attrs import frozen

from tests.acceptance.product import Product, Stack
from tests.acceptance.world import Person, World, eventually
from tests.fuzz.asking import documented
from tests.fuzz.mutation import flipped, mutated
from tests.fuzz.pace import SEED, paced
from tests.fuzz.tally import SERVER_ERROR, TALLY
from tests.loopback.apple_api import AppStoreServer
from tests.loopback.apple_chain import AppleChain
from tests.loopback.apple_store import AppleStore
from tests.loopback.play_api import PlayApiServer
from tests.loopback.play_push import PlayPush
from tests.loopback.play_store import PlayStore
from tests.loopback.stripe_objects import Price
from tests.loopback.stripe_server import StripeServer
from tests.loopback.stripe_signature import sign

SECRET = "whsec_loopback"
PACK = "credits_500"
PRICES = (Price("price_plus_monthly", 999), Price("price_premium_monthly", 2499))
ROUNDS = paced(400, 60)


@frozen
class Shops:
    """All three stores on loopback, and a server of ours that sells at each."""

    stripe: StripeServer
    apple: AppleStore
    play: PlayStore
    push: PlayPush
    server: Product


@pytest.fixture(scope="module")
def shops(stack: Stack) -> Iterator[Shops]:
    apple = AppleStore()
    with (
        tempfile.TemporaryDirectory() as name,
        StripeServer(webhook_secret=SECRET, prices=PRICES) as stripe,
        AppStoreServer(apple) as api,
        PlayApiServer(PlayStore()) as play,
        PlayPush() as push,
    ):
        folder = Path(name)
        key = folder / "key.p8"
        key.write_bytes(api.private_key)
        server = stack.serve(
            STRIPE_SECRET_KEY="sk_test_loopback",
            STRIPE_PUBLISHABLE_KEY="pk_test_loopback",
            STRIPE_WEBHOOK_SECRET=SECRET,
            STRIPE_BASE_URL=stripe.base_url,
            APPLE_BUNDLE_ID=apple.bundle_id,
            APPLE_APP_ID=str(apple.app_apple_id),
            APPLE_ROOT_CERTIFICATES=str(apple.chain.write_root(folder)),
            APPLE_BASE_URL=api.url,
            APPLE_KEY_ID=api.key_id,
            APPLE_ISSUER_ID=api.issuer_id,
            APPLE_PRIVATE_KEY_PATH=str(key),
            GOOGLE_PACKAGE_NAME=play.store.package_name,
            GOOGLE_CREDENTIALS_PATH=str(play.write_credentials(folder)),
            GOOGLE_BASE_URL=play.url,
            GOOGLE_PUSH_AUDIENCE=push.audience,
            GOOGLE_PUSH_EMAIL=push.email,
            GOOGLE_CERTIFICATES_URL=push.certificates_url,
        )
        yield Shops(stripe, apple, play.store, push, server)


async def told(world: World, shops: Shops, store: str, body: bytes, headers: dict[str, str]) -> int:
    """The status of the answer to a message, once it is known to be a sound one."""
    url = f"{shops.server.url}/v1/market/webhooks/{store}"
    sent = {
        name.encode(): value.encode("latin-1", "replace")
        for name, value in {"content-type": "application/json", **headers}.items()
    }
    answer = await world.http.post(url, content=body, headers=sent)
    TALLY.add("anonymous", f"POST /v1/market/webhooks/{store}", answer.status_code)
    assert answer.status_code < SERVER_ERROR, f"{body[:500]!r} {answer.text}"
    assert answer.status_code in documented(shops.server)[f"receive_{store}"], answer.text
    return answer.status_code


async def order(person: Person, **how: Any) -> httpx.Response:
    return await person.call(
        "POST",
        "/v1/market/purchases",
        headers={"Idempotency-Key": uuid.uuid4().hex, "Content-Type": "application/json"},
        content=json.dumps({"product_id": PACK, **how}).encode(),
    )


async def events(world: World) -> int:
    """How many messages were kept."""
    admin, found, cursor = await world.admin(), 0, None
    while True:
        query = {"limit": "100", **({"cursor": cursor} if cursor else {})}
        page = await admin.get("/v1/admin/market/events", params=query)
        found += len(page["data"])
        cursor = page["next_cursor"]
        if cursor is None:
            return found


async def check_nothing_came(world: World, person: Person) -> None:
    """All messages were dealt with, and none of them brought anything."""
    admin = await world.admin()

    async def is_quiet() -> bool:
        return not (await admin.get("/v1/admin/market/events?state=waiting"))["data"]

    await eventually(is_quiet)
    rows = await person.transactions()
    assert {row["kind"] for row in rows} == {"daily_refresh"}, rows
    assert (await person.get("/v1/auth/me"))["tier"] == "free"


@pytest.mark.timeout(300)
async def test_stripe_without_our_secret_is_nothing(shops: Shops, world: World) -> None:
    chance, person = random.Random(SEED), await world.person()
    placed = (await order(person, provider="stripe")).json()
    intent = placed["payment"]["client_secret"].partition("_secret")[0]
    shops.stripe.set(webhook_url=None)
    paid = copy.deepcopy(shops.stripe.world.get(intent)) | {"status": "succeeded"}
    event = {
        "id": "evt_forged", "object": "event", "type": "payment_intent.succeeded",
        "livemode": False, "created": int(time.time()), "data": {"object": paid},
    }  # fmt: skip
    before = await events(world)
    for _ in range(ROUNDS):
        body = json.dumps(mutated(event, chance)).encode()
        good = sign(body, SECRET, time.time())
        forged = chance.choice(
            [
                sign(body, "whsec_other", time.time()),
                good.replace("v1=", "v0="),
                sign(body, SECRET, time.time() - 400),
                sign(body, SECRET, time.time() + 10**12),
                sign(body + b" ", SECRET, time.time()),
                "t=" + "9" * 5_000 + "," + good,
                "t= 1 ,v1=" + good[-64:],
                f"{good[:-1]}",
                good.upper(),
                "",
                ",,,=,t=,v1=",
                "t=1,v1=" + "é" * 64,
            ]
        )
        headers = {"stripe-signature": forged}
        assert await told(world, shops, "stripe", body, headers) == httpx.codes.BAD_REQUEST
    assert await events(world) == before
    await check_nothing_came(world, person)


@pytest.mark.timeout(300)
async def test_what_stripe_signs_is_taken_as_far_as_it_makes_sense(
    shops: Shops, world: World
) -> None:
    """Signed, but with anything in any place, and never of something that was paid."""
    chance, person = random.Random(SEED + 1), await world.person()
    placed = (await order(person, provider="stripe")).json()
    intent = placed["payment"]["client_secret"].partition("_secret")[0]
    shops.stripe.set(webhook_url=None)
    unpaid = copy.deepcopy(shops.stripe.world.get(intent))
    kinds = (
        "payment_intent.succeeded", "payment_intent.processing", "charge.refunded",
        "charge.dispute.created", "charge.dispute.closed", "invoice.paid",
        "customer.subscription.updated", "checkout.session.completed", "refund.failed", "unknown",
    )  # fmt: skip
    for number in range(ROUNDS):
        event: Any = {
            "id": f"evt_fuzz_{SEED}_{number}", "object": "event", "type": chance.choice(kinds),
            "livemode": False, "created": int(time.time()), "data": {"object": unpaid},
        }  # fmt: skip
        body = json.dumps(mutated(event, chance)).encode()
        if chance.random() < 0.1:
            body = flipped(body, chance)
        await told(
            world, shops, "stripe", body, {"stripe-signature": sign(body, SECRET, time.time())}
        )
    await check_nothing_came(world, person)


@pytest.mark.timeout(300)
async def test_apple_is_believed_only_what_apple_signed(shops: Shops, world: World) -> None:
    chance, person = random.Random(SEED), await world.person()
    account = (await person.get("/v1/market/account"))["app_account_token"]
    bought = shops.apple.pack(PACK, token=account)
    signed, note = shops.apple.sign(bought), shops.apple.notify("ONE_TIME_CHARGE", bought)
    stranger = AppleStore(chain=AppleChain())
    before = await events(world)
    for _ in range(ROUNDS // 2):
        body = chance.choice(
            [
                flipped(note, chance),
                json.dumps(mutated(json.loads(note), chance)).encode(),
                stranger.notify("ONE_TIME_CHARGE", stranger.pack(PACK, token=account)),
                json.dumps(
                    {"signedPayload": flipped(signed.encode(), chance).decode("latin-1")}
                ).encode(),
            ]
        )
        if body == note or json.loads(note).items() <= _loaded(body).items():
            continue  # the same in other words
        assert await told(world, shops, "apple", body, {}) in {400, 413, 422}
        proof = flipped(signed.encode(), chance).decode("latin-1")
        answer = await order(person, provider="apple", signed_transaction=proof)
        TALLY.add("user", "POST /v1/market/purchases", answer.status_code)
        assert answer.status_code in {400, 403, 422} or proof == signed, answer.text
    assert await events(world) == before
    await check_nothing_came(world, person)


@pytest.mark.timeout(300)
async def test_google_is_believed_only_what_google_pushed(shops: Shops, world: World) -> None:
    chance, person = random.Random(SEED), await world.person()
    shops.play.sell(PACK, account="an account of somebody unknown")
    notification = shops.play.notifications[-1]
    for _ in range(ROUNDS // 2):
        body, headers = shops.push.request(mutated(notification, chance))
        match chance.randrange(4):
            case 0:
                body = json.dumps(mutated(json.loads(body), chance)).encode()
            case 1:
                body = flipped(body, chance)
            case 2:
                forged = flipped(headers["authorization"].encode(), chance)
                printable = bytes(one for one in forged if one >= 0x20).decode("latin-1")
                if printable != headers["authorization"]:
                    await told(world, shops, "google", body, {"authorization": printable})
                continue
            case _:
                pass
        await told(world, shops, "google", body, headers)
        token = chance.choice(["x", "a" * 30_000, "../..", "a b", "\u202e", "%00", "?x=1", "é"])
        answer = await order(person, provider="google", purchase_token=token)
        TALLY.add("user", "POST /v1/market/purchases", answer.status_code)
        assert 400 <= answer.status_code < SERVER_ERROR, answer.text
    await check_nothing_came(world, person)


def _loaded(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
