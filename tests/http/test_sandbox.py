"""Letting things happen to what was bought at the sandbox."""

from typing import Any

import pytest

from entrypoints.config import Settings
from entrypoints.http.services import HttpSettings
from tests.http.api import Api, Reply, api_with

PURCHASES = "/v1/market/sandbox/purchases"


async def buy(api: Api, product_id: str, outcome: str = "succeed", by: str = "ann") -> Any:
    reply = await api(
        "POST",
        "/v1/market/purchases",
        by=by,
        body={"product_id": product_id, "provider": "sandbox", "sandbox_outcome": outcome},
        headers={"Idempotency-Key": f"{by}-{product_id}-{outcome}"},
    )
    assert reply.status == 201, reply.body
    return reply.json


async def simulate(
    api: Api, purchase_id: str, action: str, by: str | None = "ann", **more: Any
) -> Reply:
    path = f"{PURCHASES}/{purchase_id}/simulate"
    headers = more.pop("headers", None)
    return await api("POST", path, by=by, body={"action": action, **more}, headers=headers)


async def balance(api: Api, by: str = "ann") -> Any:
    return (await api("GET", "/v1/wallet/balance", by=by)).json


@pytest.fixture
async def products(api: Api) -> dict[str, Any]:
    """What is sold, one of each kind, by kind."""
    listed = (await api("GET", "/v1/market/products")).json["data"]
    return {one["kind"]: one for one in reversed(listed)}


async def test_a_refund_reaches_the_wallet(api: Api, products: dict[str, Any]) -> None:
    pack = products["credits"]
    before = (await balance(api))["balance"]
    bought = (await buy(api, pack["id"]))["purchase"]
    half = await simulate(api, bought["id"], "refund", percent=50)
    assert (half.status, half.json["status"]) == (200, "partially_refunded")
    assert (await balance(api))["balance"] == before + pack["credits"] // 2
    whole = await simulate(api, bought["id"], "refund")
    assert whole.json["status"] == "refunded"
    assert whole.json["credits_taken_back"] == pack["credits"]
    again = await simulate(api, bought["id"], "reverse_refund")
    assert again.json == (await api("GET", f"/v1/market/purchases/{bought['id']}")).json
    assert (await balance(api))["balance"] == before + pack["credits"]


async def test_a_payment_that_waits_has_what_the_app_needs_and_then_arrives(
    api: Api, products: dict[str, Any]
) -> None:
    placed = await buy(api, products["credits"]["id"], "wait")
    assert placed["purchase"]["status"] == "pending"
    assert placed["payment"]["client_secret"].startswith("sandbox_")
    paid = await simulate(api, placed["purchase"]["id"], "succeed")
    assert paid.json["status"] == "completed"
    failed = await buy(api, products["credits"]["id"], "fail")
    assert (failed["purchase"]["status"], failed["payment"]) == ("failed", None)


async def test_the_tier_follows_the_subscription(api: Api, products: dict[str, Any]) -> None:
    plan = products["subscription"]
    bought = (await buy(api, plan["id"]))["purchase"]
    assert (await balance(api))["tier"] == plan["tier"]
    for action, status, tier in [
        ("fail_renewal", "in_grace", plan["tier"]),
        ("hold", "on_hold", "free"),
        ("recover", "active", plan["tier"]),
        ("cancel", "active", plan["tier"]),
        ("lapse", "expired", "free"),
    ]:
        reply = await simulate(api, bought["id"], action)
        assert (reply.status, reply.json["status"]) == (200, status), reply.body
        assert (await balance(api))["tier"] == tier


async def test_what_can_happen_is_listed_page_by_page(api: Api, products: dict[str, Any]) -> None:
    pack = (await buy(api, products["credits"]["id"]))["purchase"]
    plan = (await buy(api, products["subscription"]["id"]))["purchase"]
    first = (await api("GET", f"{PURCHASES}?limit=1")).json
    assert [one["purchase"]["id"] for one in first["data"]] == [plan["id"]]
    assert "renew" in first["data"][0]["actions"]
    rest = (await api("GET", f"{PURCHASES}?limit=1&cursor={first['next_cursor']}")).json
    assert rest["next_cursor"] is None
    assert rest["data"][0]["purchase"] == pack
    assert sorted(rest["data"][0]["actions"]) == ["open_dispute", "refund"]


async def test_what_cannot_happen_is_a_conflict_and_says_why(
    api: Api, products: dict[str, Any]
) -> None:
    bought = (await buy(api, products["credits"]["id"]))["purchase"]
    for action in ("renew", "win_dispute", "succeed", "pause"):
        refused = await simulate(api, bought["id"], action)
        assert (refused.status, refused.error["code"]) == (409, "conflict")
        assert refused.error["message"]
    too_much = await simulate(api, bought["id"], "refund", percent=100)
    assert too_much.status == 200
    assert (await simulate(api, bought["id"], "refund")).status == 409


@pytest.mark.parametrize(
    "wish", [{"action": "explode"}, {}, *({"percent": odd} for odd in (0, 101, -1, 1.5, "x"))]
)
async def test_an_odd_wish_is_refused(
    api: Api, products: dict[str, Any], wish: dict[str, Any]
) -> None:
    bought = (await buy(api, products["credits"]["id"]))["purchase"]
    body = {"action": "refund", **wish} if "percent" in wish else wish
    refused = await api("POST", f"{PURCHASES}/{bought['id']}/simulate", body=body)
    assert (refused.status, refused.error["code"]) == (422, "invalid_request")
    assert refused.error["param"] in {"action", "percent"}


async def test_the_same_key_lets_it_happen_once(api: Api, products: dict[str, Any]) -> None:
    bought = (await buy(api, products["subscription"]["id"]))["purchase"]
    key = {"Idempotency-Key": "renew-once"}
    replies = [await simulate(api, bought["id"], "renew", headers=key) for _ in range(3)]
    assert [len(reply.json["payments"]) for reply in replies] == [2, 2, 2]


async def test_it_is_ones_own_purchase_and_ones_own_only(
    api: Api, products: dict[str, Any]
) -> None:
    bought = (await buy(api, products["credits"]["id"]))["purchase"]
    assert (await simulate(api, bought["id"], "refund", by="eve")).status == 404
    assert (await simulate(api, "pur_none", "refund")).status == 404
    assert (await simulate(api, bought["id"], "refund", by=None)).status == 401
    assert (await api("GET", PURCHASES, by=None)).status == 401
    assert (await api("GET", PURCHASES, by="eve")).json["data"] == []


async def test_elsewhere_there_is_none_of_it() -> None:
    async with api_with(Settings(), HttpSettings()) as api:
        assert (await api("GET", PURCHASES)).status == 404
        assert (await simulate(api, "pur_1", "refund")).status == 404
        for path in ("", "/style.css", "/script.js", "/dom.js"):
            assert (await api("GET", f"/sandbox{path}", by=None)).status == 404
