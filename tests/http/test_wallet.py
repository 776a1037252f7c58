"""Credits over HTTP."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.http.api import Api, Reply

CREDITS = "/v1/admin/users/ann/credits"


async def grant(api: Api, key: str = "key-1", **changes: object) -> Reply:
    body = {"amount": 500, "bucket": "purchased", "reason": "sorry", **changes}
    headers = {"Idempotency-Key": key}
    return await api("POST", CREDITS, by="root", body=body, headers=headers)


async def test_a_balance_is_what_the_contract_says(api: Api) -> None:
    balance = (await api("GET", "/v1/wallet/balance")).json
    tomorrow = datetime.now(UTC).date() + timedelta(days=1)
    midnight = f"{tomorrow.isoformat()}T00:00:00Z"
    assert balance == {
        "balance": 100,
        "held": 0,
        "available": 100,
        "debt": 0,
        "tier": "free",
        "buckets": [{"bucket": "daily", "credits": 100, "expires_at": midnight}],
        "next_daily_refresh_at": midnight,
    }


async def test_a_turn_is_on_the_ledger(api: Api) -> None:
    said = (await api.say()).json["companion"]
    ledger = (await api("GET", "/v1/wallet/transactions")).json["data"]
    balance = (await api("GET", "/v1/wallet/balance")).json["balance"]
    assert [entry["kind"] for entry in ledger] == ["charge", "daily_refresh"]
    assert ledger[0].keys() == {
        "id", "kind", "amount", "bucket", "balance_after", "description", "reference",
        "created_at",
    }  # fmt: skip
    assert ledger[0]["reference"] == said["turn_id"]
    assert ledger[0]["amount"] == -said["receipt"]["charged"]
    assert ledger[0]["balance_after"] == balance == said["balance"]
    assert sum(entry["amount"] for entry in ledger) == balance


async def test_the_ledger_is_read_page_by_page(api: Api) -> None:
    for _ in range(3):
        await api.say()
    whole = (await api("GET", "/v1/wallet/transactions")).json["data"]
    first = (await api("GET", "/v1/wallet/transactions?limit=2")).json
    path = f"/v1/wallet/transactions?limit=2&cursor={first['next_cursor']}"
    second = (await api("GET", path)).json
    assert first["data"] + second["data"] == whole
    assert second["next_cursor"] is None


async def test_prices_are_published(api: Api) -> None:
    pricing = (await api("GET", "/v1/wallet/pricing")).json
    assert pricing.keys() == {"price_version", "minimum", "models", "tiers"}
    assert pricing["models"][0].keys() == {"model", "input", "cached_input", "output"}
    assert [tier["tier"] for tier in pricing["tiers"]] == ["free", "plus", "premium"]
    assert pricing["tiers"][0].keys() == {"tier", "percent", "daily_credits"}


async def test_credits_are_granted(api: Api) -> None:
    await api("GET", "/v1/wallet/balance")
    granted = await grant(api)
    assert granted.status == 201
    assert granted.json["balance"] == 600
    assert granted.json["user_id"] == await api.user_id()
    balance = (await api("GET", "/v1/wallet/balance")).json
    assert balance["buckets"][-1] == {"bucket": "purchased", "credits": 500, "expires_at": None}
    shown = (await api("GET", "/v1/admin/users/ann/balance", by="root")).json
    assert shown == balance
    entry = (await api("GET", "/v1/wallet/transactions")).json["data"][0]
    assert entry["description"] == "sorry"
    assert await api.user_id("root") not in str(entry)


@pytest.mark.parametrize(
    "amount", [b"0", b"-1", b"9223372036854775808", b"1.5", b'"1e3"', b"NaN", b"1e3", b"true",
               b"null", b"1000000001", b"Infinity"],
)  # fmt: skip
async def test_an_amount_is_a_whole_number_from_1_on(api: Api, amount: bytes) -> None:
    await api("GET", "/v1/wallet/balance")
    data = b'{"amount": ' + amount + b', "bucket": "promo", "reason": "x"}'
    reply = await api("POST", CREDITS, by="root", data=data, headers={"Idempotency-Key": "k"})
    assert (reply.status, reply.error["code"]) == (422, "invalid_request")
    assert (await api("GET", "/v1/wallet/balance")).json["balance"] == 100


@pytest.mark.parametrize(
    ("change", "param"),
    [
        ({"bucket": "gold"}, "bucket"),
        ({"bucket": "daily"}, "bucket"),
        ({"reason": ""}, "reason"),
        ({"reason": "  "}, "reason"),
        ({"reason": "x" * 201}, "reason"),
    ],
)
async def test_a_grant_has_rules(api: Api, change: dict[str, Any], param: str) -> None:
    await api("GET", "/v1/auth/me")
    reply = await grant(api, **change)
    assert (reply.status, reply.error["param"]) == (422, param)


async def test_a_grant_demands_a_key(api: Api) -> None:
    await api("GET", "/v1/auth/me")
    body = {"amount": 5, "bucket": "promo", "reason": "x"}
    reply = await api("POST", CREDITS, by="root", body=body)
    assert (reply.status, reply.error["code"]) == (400, "invalid_request")


async def test_a_grant_to_nobody_is_not_found(api: Api) -> None:
    assert (await grant(api)).status == 404
    await api("GET", "/v1/auth/me")
    assert (await grant(api)).status == 201


async def test_twenty_equal_grants_at_once_are_one(api: Api) -> None:
    await api("GET", "/v1/wallet/balance")
    await api("GET", "/v1/auth/me", by="root")
    replies = await asyncio.gather(*(grant(api) for _ in range(20)))
    assert {reply.status for reply in replies} == {201}
    assert len({reply.body for reply in replies}) == 1
    assert (await api("GET", "/v1/wallet/balance")).json["balance"] == 600


async def test_the_same_key_for_another_grant_is_refused(api: Api) -> None:
    await api("GET", "/v1/wallet/balance")
    await grant(api)
    reply = await grant(api, amount=501)
    assert (reply.status, reply.error["code"]) == (422, "idempotency_key_reused")
    assert (await api("GET", "/v1/wallet/balance")).json["balance"] == 600


async def test_the_keys_of_two_administrators_are_two(api: Api) -> None:
    await api("GET", "/v1/wallet/balance")
    await grant(api)
    await api.token("boss", admin=True)
    body = {"amount": 500, "bucket": "purchased", "reason": "sorry"}
    headers = {"Idempotency-Key": "key-1"}
    assert (await api("POST", CREDITS, by="boss", body=body, headers=headers)).status == 201
    assert (await api("GET", "/v1/wallet/balance")).json["balance"] == 1_100
