"""Google Play sells, and tells us so: G1 to G5, and the life of a subscription."""

import asyncio
import tempfile
import uuid
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from attrs import define, frozen

from tests.acceptance.product import Product, Stack
from tests.acceptance.world import Person, World, eventually
from tests.loopback.play_api import PlayApiServer
from tests.loopback.play_books import Json
from tests.loopback.play_push import PlayPush
from tests.loopback.play_store import PlayStore

PACK, CREDITS = "credits_500", 500
PLUS, PREMIUM = "plus_monthly", "premium_monthly"


@define
class Calendar:
    """Google's clock: now, unless a test has moved it."""

    ahead: timedelta = timedelta(0)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead


@frozen
class Shop:
    """Google on loopback, and two servers of ours that sell there."""

    play: PlayApiServer
    push: PlayPush
    pair: list[Product]
    calendar: Calendar

    @property
    def store(self) -> PlayStore:
        return self.play.store

    async def told(self, notification: Json, message_id: str | None = None) -> int:
        """The status of the answer to a push."""
        body, headers = self.push.request(notification, message_id)
        async with httpx.AsyncClient(trust_env=False, timeout=30) as client:
            url = f"{self.pair[0].url}/v1/market/webhooks/google"
            return (await client.post(url, content=body, headers=headers)).status_code


@pytest.fixture(scope="module")
def shop(stack: Stack) -> Iterator[Shop]:
    calendar = Calendar()
    with (
        tempfile.TemporaryDirectory() as folder,
        PlayApiServer(PlayStore(now=calendar.now)) as play,
        PlayPush() as push,
    ):
        settings = {
            "GOOGLE_PACKAGE_NAME": play.store.package_name,
            "GOOGLE_CREDENTIALS_PATH": str(play.write_credentials(Path(folder))),
            "GOOGLE_BASE_URL": play.url,
            "GOOGLE_PUSH_AUDIENCE": push.audience,
            "GOOGLE_PUSH_EMAIL": push.email,
            "GOOGLE_CERTIFICATES_URL": push.certificates_url,
        }
        yield Shop(play, push, stack.serve_all(settings, settings), calendar)


@pytest.fixture(autouse=True)
def back_to_now(shop: Shop) -> Iterator[None]:
    yield
    shop.calendar.ahead = timedelta(0)


async def account(person: Person) -> str:
    return str((await person.get("/v1/market/account"))["obfuscated_account_id"])


async def hand_in(
    person: Person, product: str, token: str, at: Product | None = None
) -> httpx.Response:
    return await person.call(
        "POST",
        "/v1/market/purchases",
        at=at,
        headers={"Idempotency-Key": uuid.uuid4().hex},
        json={"product_id": product, "provider": "google", "purchase_token": token},
    )


async def purchased(person: Person) -> int:
    buckets = (await person.balance())["buckets"]
    return sum(one["credits"] for one in buckets if one["bucket"] == "purchased")


async def tier(person: Person) -> str:
    return str((await person.get("/v1/market/subscription"))["tier"])


def consumption(shop: Shop, token: str) -> str:
    [line] = shop.store.packs[token]["productLineItem"]
    return str(line["productOfferDetails"]["consumptionState"])


async def is_consumed(shop: Shop, token: str) -> Any:
    async def look() -> bool:
        return consumption(shop, token) == "CONSUMPTION_STATE_CONSUMED"

    return await eventually(look)


async def has_purchased(person: Person, credits_: int) -> Any:
    async def look() -> bool:
        return await purchased(person) == credits_

    return await eventually(look)


async def test_g1_pending_brings_nothing_and_purchased_is_granted_then_consumed(
    shop: Shop, world: World
) -> None:
    ada = await world.person()
    token = shop.store.sell(PACK, account=await account(ada), is_pending=True)
    pending = await hand_in(ada, PACK, token)
    assert pending.json()["purchase"]["status"] == "pending"
    assert await purchased(ada) == 0
    shop.store.complete(token)
    assert await shop.told(shop.store.notifications[-1]) == 200
    await has_purchased(ada, CREDITS)
    await is_consumed(shop, token)


async def test_a_token_handed_in_twenty_times_at_once_is_granted_once(
    shop: Shop, world: World
) -> None:
    ada = await world.person()
    token = shop.store.sell(PACK, account=await account(ada), quantity=3)
    told = shop.store.notifications[-1]
    taken, pushed = await asyncio.gather(
        asyncio.gather(*(hand_in(ada, PACK, token, shop.pair[n % 2]) for n in range(20))),
        asyncio.gather(*(shop.told(told, "the same") for _ in range(5))),
    )
    assert Counter(one.status_code for one in taken) == {201: 20}
    assert Counter(pushed) == {200: 5}
    assert await purchased(ada) == 3 * CREDITS
    await is_consumed(shop, token)


async def test_g3_anothers_token_product_or_package_is_refused(shop: Shop, world: World) -> None:
    ada, bob = await world.person(), await world.person()
    token = shop.store.sell(PACK, account=await account(ada))
    assert (await hand_in(bob, PACK, token)).status_code in {400, 403}
    assert (await hand_in(ada, "credits_1000", token)).status_code == 400
    assert (await hand_in(ada, PLUS, token)).status_code == 400
    assert (await hand_in(ada, PACK, "a-token-of-another-app")).status_code == 400
    nobodys = shop.store.sell(PACK)
    assert (await hand_in(ada, PACK, nobodys)).status_code in {400, 403}
    assert [await purchased(one) for one in (ada, bob)] == [0, 0]
    assert (await hand_in(ada, PACK, token)).status_code == 201
    assert (await hand_in(bob, PACK, token)).status_code in {400, 403}
    assert [await purchased(one) for one in (ada, bob)] == [CREDITS, 0]


async def test_g4_only_our_subscriptions_pushes_are_taken(shop: Shop, world: World) -> None:
    ada = await world.person()
    shop.store.sell(PACK, account=await account(ada))
    body = shop.push.message(shop.store.notifications[-1], "g4")
    url = f"{shop.pair[0].url}/v1/market/webhooks/google"
    bad: list[dict[str, str]] = [
        {"content-type": "application/json"},
        shop.push.headers(aud="https://elsewhere.example"),
        shop.push.headers(email="somebody@example.com"),
        shop.push.headers(email_verified=False),
    ]
    for headers in bad:
        assert (await world.http.post(url, content=body, headers=headers)).status_code in {401, 403}
    assert await purchased(ada) == 0
    odd = await world.http.post(url, content=b"[]", headers=shop.push.headers())
    assert odd.status_code == 400
    for _ in range(2):
        sent = await world.http.post(url, content=body, headers=shop.push.headers())
        assert sent.status_code == 200
    await has_purchased(ada, CREDITS)


async def test_g5_one_unit_of_three_on_overlapping_pages_is_taken_back_once(
    shop: Shop, world: World
) -> None:
    ada = await world.person()
    shop.play.page_size, shop.play.overlap = 2, 1
    token = shop.store.sell(PACK, account=await account(ada), quantity=3)
    assert (await hand_in(ada, PACK, token)).status_code == 201
    shop.store.void_pack(token, 1)
    for _ in range(3):
        other = shop.store.sell(PACK, account=await account(ada))
        assert (await hand_in(ada, PACK, other)).status_code == 201
        shop.store.void_pack(other)
    for _ in range(2):
        await world.run_job("reconcile-purchases")
        assert await purchased(ada) == 2 * CREDITS
    for told in shop.store.notifications[-9:]:
        assert await shop.told(told) == 200
    await world.run_job("apply-store-events")
    assert await purchased(ada) == 2 * CREDITS


async def test_a_subscription_opens_its_tier_renews_changes_and_ends(
    shop: Shop, world: World
) -> None:
    ada = await world.person()
    store = shop.store
    token = store.subscribe(PLUS, account=await account(ada))
    assert (await hand_in(ada, PLUS, token)).json()["purchase"]["status"] == "active"
    assert await tier(ada) == "plus"

    async def is_acknowledged() -> bool:
        state = store.subscriptions[token]["acknowledgementState"]
        return bool(state == "ACKNOWLEDGEMENT_STATE_ACKNOWLEDGED")

    await eventually(is_acknowledged)
    shop.calendar.ahead = timedelta(minutes=1)
    new = store.subscribe(PREMIUM, account=await account(ada), replaces=token)
    for told in store.notifications[-2:]:
        assert await shop.told(told) == 200

    async def is_premium() -> bool:
        return await tier(ada) == "premium"

    await eventually(is_premium)
    shop.calendar.ahead = timedelta(minutes=2)
    store.revoke(new)
    for told in store.notifications[-2:]:
        assert await shop.told(told) == 200

    async def is_free() -> bool:
        return await tier(ada) == "free"

    await eventually(is_free)


async def test_google_away_is_503_here_and_nothing_elsewhere(shop: Shop, world: World) -> None:
    ada = await world.person()
    token = shop.store.sell(PACK, account=await account(ada))
    shop.play.fall_silent()
    try:
        refused = await hand_in(ada, PACK, token)
        assert refused.status_code == 503
        # A push is kept though nobody can be asked what it means.
        assert await shop.told(shop.store.notifications[-1]) == 200
        assert (await ada.call("GET", "/v1/wallet/balance")).is_success
    finally:
        shop.play.answer()
    assert (await hand_in(ada, PACK, token)).status_code == 201
    assert await purchased(ada) == CREDITS
    for server in shop.pair:
        log = server.log()
        assert not [one for one in shop.store.packs if one in log]
