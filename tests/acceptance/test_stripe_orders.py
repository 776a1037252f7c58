"""Nobody pays for two subscriptions because they ordered twice, on two servers."""

import asyncio
import uuid
from typing import Any

import httpx
import pytest

from tests.acceptance.product import Product
from tests.acceptance.test_stripe import Shop, as_it_was, do, order, shop
from tests.acceptance.world import Person, World, eventually
from tests.loopback.stripe_objects import Refusal

PAGE = "https://app.example/"
__all__ = ["as_it_was", "shop"]  # fixtures


def page_of(placed: Any) -> str:
    return str(placed["payment"]["url"]).rpartition("/")[2]


async def on_page(person: Person, product: str) -> str:
    """The page of an order."""
    return page_of(await order(person, product, checkout=True, return_url=PAGE))


async def statuses(person: Person) -> list[str]:
    """Newest first."""
    return [one["status"] for one in (await person.get("/v1/market/purchases"))["data"]]


async def is_active(person: Person) -> bool:
    subscription = (await person.get("/v1/market/subscription"))["subscription"]
    return subscription is not None and subscription["status"] == "active"


async def test_two_pages_cannot_both_be_paid(shop: Shop, world: World) -> None:
    ann = await world.person()
    first = await on_page(ann, "plus_monthly")
    second = await on_page(ann, "premium_monthly")
    assert await statuses(ann) == ["pending", "expired"]
    with pytest.raises(Refusal):
        await do(shop, "pay", id=first)
    await do(shop, "pay", id=second)
    await eventually(lambda: is_active(ann))
    assert await statuses(ann) == ["active", "expired"]


async def test_a_page_takes_the_place_of_what_waited_in_the_app(shop: Shop, world: World) -> None:
    ann = await world.person()
    placed = await order(ann, "plus_monthly")
    intent = str(placed["payment"]["client_secret"]).partition("_secret")[0]
    page = await on_page(ann, "plus_monthly")
    with pytest.raises(Refusal):
        await do(shop, "pay", id=intent)
    await do(shop, "pay", id=page)
    await eventually(lambda: is_active(ann))


async def test_what_is_being_paid_is_not_overtaken(shop: Shop, world: World) -> None:
    ann = await world.person()
    page = await on_page(ann, "plus_monthly")
    shop.stripe.set(webhook_url=None)
    events = await do(shop, "pay", id=page)
    refused = await placed_at(ann, "premium_monthly")
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "conflict")
    assert await statuses(ann) == ["expired", "pending"]
    shop.stripe.set(webhook_url=shop.webhooks[1])
    for event in events:
        assert await asyncio.to_thread(shop.stripe.send, event) == 200
    await eventually(lambda: is_active(ann))
    paid = [one for one in shop.stripe.world.of("subscription") if one["status"] == "active"]
    assert len([one for one in paid if one["metadata"]["user_id"] == await user_id(ann)]) == 1


async def test_of_many_orders_at_once_one_can_be_paid(shop: Shop, world: World) -> None:
    ann = await world.person()
    answers = await asyncio.gather(
        *(
            placed_at(ann, "plus_monthly", at=shop.pair[number % 2], checkout=True)
            for number in range(8)
        )
    )
    assert {one.status_code for one in answers} <= {200, 201, 409}
    paid = 0
    for one in answers:
        if one.is_success:
            try:
                await do(shop, "pay", id=page_of(one.json()))
            except Refusal:
                continue
            paid += 1
    assert paid == 1
    await eventually(lambda: is_active(ann))
    assert sorted(await statuses(ann)) == ["active"] + ["expired"] * 7


async def user_id(person: Person) -> str:
    return str((await person.get("/v1/auth/me"))["id"])


async def placed_at(
    person: Person, product: str, *, at: Product | None = None, **more: Any
) -> httpx.Response:
    """The answer to an order, whatever it is."""
    return await person.call(
        "POST",
        "/v1/market/purchases",
        at=at,
        headers={"Idempotency-Key": uuid.uuid4().hex},
        json={"product_id": product, "provider": "stripe", "return_url": PAGE, **more},
    )
