"""Apple sells, and tells us so: A1 to A7, and the life of a subscription, on two servers."""

import asyncio
import tempfile
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from attrs import frozen

from tests.acceptance.product import Product, Stack
from tests.acceptance.world import Person, World, eventually
from tests.loopback.apple_api import AppStoreServer
from tests.loopback.apple_chain import AppleChain, hs256, unsigned
from tests.loopback.apple_ocsp import OcspResponder
from tests.loopback.apple_store import AppleStore, Fields

PACK, CREDITS = "credits_500", 500
PLUS, PREMIUM = "plus_monthly", "premium_monthly"
HERE_SECONDS = 20.0
"""Far above what an answer takes that has a deadline of its own; far below never."""


@frozen
class Shop:
    """Apple on loopback, and two servers of ours that take what it sold."""

    store: AppleStore
    api: AppStoreServer
    settings: dict[str, str]
    pair: list[Product]

    async def told(self, world: World, body: bytes, at: int = 0) -> int:
        """The status of the answer to a notification."""
        url = f"{self.pair[at].url}/v1/market/webhooks/apple"
        headers = {"content-type": "application/json"}
        return (await world.http.post(url, content=body, headers=headers)).status_code


@pytest.fixture(scope="module")
def shop(stack: Stack) -> Iterator[Shop]:
    store = AppleStore()
    with tempfile.TemporaryDirectory() as folder, AppStoreServer(store) as api:
        key = Path(folder) / "key.p8"
        key.write_bytes(api.private_key)
        settings = {
            "APPLE_BUNDLE_ID": store.bundle_id,
            "APPLE_APP_ID": str(store.app_apple_id),
            "APPLE_ROOT_CERTIFICATES": str(store.chain.write_root(Path(folder))),
            "APPLE_BASE_URL": api.url,
            "APPLE_KEY_ID": api.key_id,
            "APPLE_ISSUER_ID": api.issuer_id,
            "APPLE_PRIVATE_KEY_PATH": str(key),
            "APPLE_CUSTOMERS_CONSENTED": "true",
        }
        yield Shop(store, api, settings, stack.serve_all(settings, settings))


async def account(person: Person) -> str:
    return str((await person.get("/v1/market/account"))["app_account_token"])


async def hand_in(
    person: Person, signed: str, product: str = PACK, at: Product | None = None
) -> httpx.Response:
    return await person.call(
        "POST",
        "/v1/market/purchases",
        at=at,
        headers={"Idempotency-Key": uuid.uuid4().hex},
        json={"product_id": product, "provider": "apple", "signed_transaction": signed},
    )


async def credits_of(person: Person, bucket: str = "purchased") -> int:
    buckets = (await person.balance())["buckets"]
    return sum(one["credits"] for one in buckets if one["bucket"] == bucket)


async def has(person: Person, credits_: int, bucket: str = "purchased") -> None:
    async def look() -> bool:
        return await credits_of(person, bucket) == credits_

    await eventually(look)


async def nothing_waits(world: World) -> None:
    """All that was received has been applied or parked."""
    admin = await world.admin()

    async def look() -> bool:
        return not (await admin.get("/v1/admin/market/events?state=waiting"))["data"]

    await eventually(look)


async def tier_is(person: Person, tier: str) -> None:
    async def look() -> bool:
        return bool((await person.get("/v1/market/subscription"))["tier"] == tier)

    await eventually(look)


async def test_a1_three_of_a_pack_posted_twenty_times_at_once_come_once(
    shop: Shop, world: World
) -> None:
    ada = await world.person()
    bought = shop.store.pack(PACK, token=await account(ada), quantity=3)
    signed = shop.store.sign(bought)
    note = shop.store.notify("ONE_TIME_CHARGE", bought)
    taken, told = await asyncio.gather(
        asyncio.gather(*(hand_in(ada, signed, at=shop.pair[n % 2]) for n in range(20))),
        asyncio.gather(*(shop.told(world, note, n % 2) for n in range(6))),
    )
    assert Counter(one.status_code for one in taken) == {201: 20}
    assert Counter(told) == {200: 6}
    assert len({one.json()["purchase"]["id"] for one in taken}) == 1
    await nothing_waits(world)
    assert await credits_of(ada) == 3 * CREDITS
    assert len([one for one in await ada.transactions() if one["kind"] == "purchase"]) == 1
    mine = (await ada.get("/v1/market/purchases"))["data"]
    assert [(one["status"], one["quantity"], one["credits"]) for one in mine] == [
        ("completed", 3, 3 * CREDITS)
    ]


async def test_a2_what_apple_did_not_sign_for_us_is_refused(shop: Shop, world: World) -> None:
    ada = await world.person()
    store, token = shop.store, await account(ada)
    bought = store.pack(PACK, token=token)
    stranger = AppleChain()
    other_app = AppleStore(bundle_id="com.example.other", chain=store.chain)
    forged = {
        "another root": stranger.sign(bought),
        "HS256": store.chain.sign(bought, header={"alg": "HS256"}, sign=hs256(b"secret")),
        "none": store.chain.sign(bought, header={"alg": "none"}, sign=unsigned),
        "two certificates": store.chain.sign(bought, header={"x5c": store.chain.x5c[:2]}),
        "no certificates": store.chain.sign(bought, header={"x5c": []}),
        "our root, another's leaf": store.chain.sign(
            bought, header={"x5c": [*stranger.x5c[:2], store.chain.x5c[2]]}
        ),
        "another bundle": other_app.sign(other_app.pack(PACK, token=token)),
        "Xcode": store.sign({**bought, "environment": "Xcode"}),
        "LocalTesting": store.sign({**bought, "environment": "LocalTesting"}),
        "changed": _with_another_body(store.sign(bought), store.sign({**bought, "quantity": 9})),
        "words": "not.a.token",
    }
    for name, signed in forged.items():
        answer = await hand_in(ada, signed)
        assert answer.status_code == 400, (name, answer.text)
    for body in (
        AppleStore(chain=stranger).notify("ONE_TIME_CHARGE", bought),
        other_app.notify("ONE_TIME_CHARGE", other_app.pack(PACK, token=token)),
        b"{}",
        b"[]",
        b'{"signedPayload": "x"}',
        b"\xff",
    ):
        assert await shop.told(world, body) == 400, body[:60]
    await nothing_waits(world)
    assert await credits_of(ada) == 0
    assert (await hand_in(ada, store.sign(bought))).status_code == 201


def _with_another_body(signed: str, other: str) -> str:
    header, _, signature = signed.split(".")
    return ".".join((header, other.split(".")[1], signature))


async def test_a2_what_belongs_to_somebody_else_or_to_nobody_is_refused(
    shop: Shop, world: World
) -> None:
    ada, bob = await world.person(), await world.person()
    token = await account(ada)
    bought = shop.store.sign(shop.store.pack(PACK, token=token))
    assert (await hand_in(bob, bought)).status_code == 403
    for nobodys in (None, str(uuid.uuid4())):
        signed = shop.store.sign(shop.store.pack(PACK, token=nobodys))
        assert (await hand_in(ada, signed)).status_code == 403
    shared = shop.store.pack(PACK, token=token, inAppOwnershipType="FAMILY_SHARED")
    assert (await hand_in(ada, shop.store.sign(shared))).status_code == 400
    assert (await hand_in(ada, bought, "credits_1000")).status_code == 400
    assert (await hand_in(ada, bought)).status_code == 201
    assert (await hand_in(bob, bought)).status_code == 403
    assert [await credits_of(one) for one in (ada, bob)] == [CREDITS, 0]


@pytest.mark.parametrize("name", ["Xcode", "LocalTesting"])
def test_a3_a_server_that_would_take_unsigned_data_does_not_start(
    shop: Shop, stack: Stack, name: str
) -> None:
    for environment in ("production", "development"):
        server = stack.product(**shop.settings).launch(
            ENVIRONMENT=environment, APPLE_ENVIRONMENTS=f"production,{name}"
        )
        assert server.wait() != 0
        assert f"APPLE_ENVIRONMENTS names {name}" in server.log()
        stack.retire(server)


async def test_a5_refunds_in_part_and_undone_count_once_each(shop: Shop, world: World) -> None:
    ada, store = await world.person(), shop.store
    began = datetime.now(UTC) - timedelta(hours=2)
    bought = store.pack(PACK, token=await account(ada), at=began, quantity=2)
    assert (await hand_in(ada, store.sign(bought))).status_code == 201
    hour = began + timedelta(hours=1)
    minute = timedelta(minutes=1)
    notes = [
        (store.notify("REFUND", store.refund(bought, at=hour, percentage=40), at=hour), 600),
        (store.notify("REFUND_REVERSED", bought, at=hour + minute), 1000),
        (
            store.notify(
                "REFUND", store.refund(bought, at=hour + 2 * minute), at=hour + 2 * minute
            ),
            0,
        ),
        (store.notify("REFUND_REVERSED", bought, at=hour + 3 * minute), 1000),
    ]
    for note, left in notes:
        for again in range(2):
            assert await shop.told(world, note, again) == 200
        await nothing_waits(world)
        await has(ada, left)
    changes = [one["amount"] for one in await ada.transactions() if one["kind"] != "daily_refresh"]
    assert changes == [1000, -1000, 400, -400, 1000]
    # What is told late, and is older than what is known, changes nothing.
    late = store.notify("REFUND", store.refund(bought, at=hour, percentage=40), at=hour)
    assert await shop.told(world, late) == 200
    await nothing_waits(world)
    assert await credits_of(ada) == 1000


async def test_a5_a_refund_of_what_was_spent_is_owed_and_apple_is_told_how_much(
    shop: Shop, world: World
) -> None:
    ada, store = await world.person(), shop.store
    bought = store.pack(PACK, token=await account(ada), at=datetime.now(UTC) - timedelta(hours=1))
    assert (await hand_in(ada, store.sign(bought))).status_code == 201
    shop.api.record(bought)
    await ada.spend(100 + 125)  # the day's credits go first
    assert await shop.told(world, store.notify("CONSUMPTION_REQUEST", bought)) == 200

    async def is_answered() -> Any:
        return [body for name, body in shop.api.consumption if name == bought["transactionId"]]

    [told] = await eventually(is_answered)
    assert told["customerConsented"] is True
    assert told["consumptionPercentage"] == 25_000
    back = store.refund(bought, at=datetime.now(UTC) - timedelta(minutes=1))
    assert await shop.told(world, store.notify("REFUND", back)) == 200

    async def owes() -> bool:
        return bool((await ada.balance())["debt"] == 125)

    await eventually(owes)
    again = store.pack(PACK, token=await account(ada))
    assert (await hand_in(ada, store.sign(again))).status_code == 201
    balance = await ada.balance()
    assert (balance["debt"], balance["available"]) == (0, CREDITS - 125)


async def test_a_refund_that_was_never_told_is_found_in_apples_history(
    shop: Shop, world: World
) -> None:
    ada, store = await world.person(), shop.store
    bought = store.pack(PACK, token=await account(ada), at=datetime.now(UTC) - timedelta(hours=1))
    assert (await hand_in(ada, store.sign(bought))).status_code == 201
    at = datetime.now(UTC) - timedelta(minutes=5)
    back = store.refund(bought, at=at)
    shop.api.record(back)
    shop.api.remember(store.payload("REFUND", back, at=at), at, has_arrived=False)
    outcome = (await world.run_job("reconcile-purchases"))["outcome"]
    assert "apple: " in outcome, outcome
    await has(ada, 0)
    again = (await world.run_job("reconcile-purchases"))["outcome"]
    assert ", 0 repaired" in again.partition("apple: ")[2], again


async def test_a_subscription_opens_its_tier_renews_changes_and_ends(
    shop: Shop, world: World
) -> None:
    ada, store = await world.person(), shop.store
    began = datetime.now(UTC) - timedelta(days=29)
    first = store.period(PLUS, token=await account(ada), at=began)
    assert (await hand_in(ada, store.sign(first), PLUS)).json()["purchase"]["status"] == "active"
    await tier_is(ada, "plus")

    # Apple tries to renew before the end: what is paid stays open.
    trying = store.renewal(first, isInBillingRetryPeriod=True, expirationIntent=2)
    assert await shop.told(world, store.notify("DID_FAIL_TO_RENEW", first, trying)) == 200
    await nothing_waits(world)
    shown = (await ada.get("/v1/market/subscription"))["subscription"]
    assert (shown["status"], (await ada.balance())["tier"]) == ("active", "plus")

    second = store.next_period(first, purchaseDate=datetime.now(UTC) - timedelta(minutes=9))
    for again in range(2):
        assert await shop.told(world, store.notify("DID_RENEW", second), again) == 200
    await has(ada, 3000, "subscription")

    now = datetime.now(UTC)
    greater = store.upgrade(second, PREMIUM, at=now)
    note = store.notify(
        "DID_CHANGE_RENEWAL_PREF", greater, store.renewal(greater), subtype="UPGRADE"
    )
    assert await shop.told(world, note) == 200
    await tier_is(ada, "premium")

    at = datetime.now(UTC) + timedelta(milliseconds=5)
    gone = store.refund(greater, at=at)
    assert await shop.told(world, store.notify("REVOKE", gone, at=at)) == 200
    await tier_is(ada, "free")


async def test_a7_while_certificates_cannot_be_checked_this_route_waits_for_nobody(
    shop: Shop, world: World, stack: Stack, tmp_path: Path
) -> None:
    with OcspResponder() as responder:
        store = AppleStore(chain=responder.certify())
        root = store.chain.write_root(tmp_path)
        server = stack.serve(**shop.settings | {"APPLE_ROOT_CERTIFICATES": str(root)})
        ada = await world.person()
        token = await account(ada)
        first, second, third = (
            store.pack(PACK, token=token, transactionId=shop.store.new_id()) for _ in range(3)
        )
        signed, note = store.sign(first), store.notify("ONE_TIME_CHARGE", second)
        url = f"{server.url}/v1/market/webhooks/apple"
        headers = {"content-type": "application/json"}
        responder.fall_silent()
        try:
            began = time.monotonic()
            *refused, kept, shown = await asyncio.gather(
                *(hand_in(ada, signed, at=server) for _ in range(8)),
                world.http.post(url, content=note, headers=headers),
                ada.call("GET", "/v1/wallet/balance", at=server),
            )
            assert {one.status_code for one in refused} == {503}
            assert kept.status_code == 503, "not kept: so it is sent again"
            assert shown.status_code == 200
            assert time.monotonic() - began < HERE_SECONDS
            assert (await ada.say(at=server)).is_success
        finally:
            responder.speak()
        assert await credits_of(ada) == 0

        async def is_taken() -> bool:
            return (await hand_in(ada, signed, at=server)).status_code == 201

        await eventually(is_taken)
        assert await credits_of(ada) == CREDITS
        assert (await world.http.post(url, content=note, headers=headers)).status_code == 200
        await has(ada, 2 * CREDITS)
        responder.revoked = True
        stack.retire(server)
        suspicious = stack.serve(**shop.settings | {"APPLE_ROOT_CERTIFICATES": str(root)})
        assert (await hand_in(ada, store.sign(third), at=suspicious)).status_code == 400
        stack.retire(suspicious)


async def test_no_log_has_what_apple_signed(shop: Shop, world: World) -> None:
    ada = await world.person()
    token = await account(ada)
    bought = shop.store.pack(PACK, token=token)
    signed = shop.store.sign(bought)
    await hand_in(ada, signed)
    await hand_in(ada, signed + "x")
    other: Fields = {**bought, "bundleId": "com.example.other"}
    await hand_in(ada, shop.store.sign(other))
    await shop.told(world, shop.store.notify("REFUND", bought))
    await nothing_waits(world)
    key = shop.api.private_key.decode().splitlines()[1]
    for server in shop.pair:
        log = server.log()
        assert log
        for secret in (signed, signed.split(".")[2], token, key):
            assert secret not in log
