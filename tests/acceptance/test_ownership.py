"""Nobody reaches what belongs to somebody else, on any route: U4."""

import uuid
from typing import Any

import httpx
import pytest
from attrs import frozen

from tests.acceptance.operations import Operation, operations
from tests.acceptance.product import Product, Stack
from tests.acceptance.world import Person, World, eventually

DAILY = 100
BOASTS = {
    "credits": 1_000_000,
    "balance": 1_000_000,
    "amount": 1_000_000,
    "tier": "premium",
    "admin": True,
    "is_admin": True,
    "suspended": False,
    "suspended_at": None,
    "age_band": "adult",
    "age_band_source": "administrator",
    "age": 40,
    "price": 0,
    "amount_paid": 0,
    "quantity": 1_000,
    "status": "completed",
    "user_id": "usr_1",
    "purchase_id": "pur_1",
    "held": 0,
    "claims": {"admin": True},
}


@pytest.fixture(scope="module", autouse=True)
def server(stack: Stack) -> Product:
    return stack.serve()


@frozen
class Belongings:
    """Ids of everything that somebody has."""

    owner: Person
    ids: dict[str, str]

    async def state(self) -> Any:
        """All of it as its owner sees it, but for what the passing of time changes."""
        export = await self.owner.get("/v1/auth/me/export")
        turn = await self.owner.get(f"/v1/chat/turns/{self.ids['turn_id']}")
        return export, turn


@pytest.fixture
async def belongings(world: World) -> Belongings:
    owner = await world.person()
    told = (await owner.say("I live in Lisbon.")).json()["companion"]
    memory = await owner.call(
        "POST", "/v1/chat/memories", json={"character_id": "mira", "text": "Lives in Lisbon."}
    )
    profile = await owner.get("/v1/auth/me")
    await owner.say("I want to die tonight.")
    report = await owner.call(
        "POST", f"/v1/chat/messages/{told['message_id']}/report", json={"reason": "rude"}
    )
    assert report.is_success, report.text
    admin = await world.admin()

    async def flagged() -> Any:
        flags = (await admin.get("/v1/admin/moderation"))["data"]
        return [one["id"] for one in flags if one["user_id"] == profile["id"]]

    flag_id, *_ = await eventually(flagged)
    reports = (await admin.get("/v1/admin/reports"))["data"]
    bought = await owner.call(
        "POST",
        "/v1/market/purchases",
        headers={"Idempotency-Key": uuid.uuid4().hex},
        json={"product_id": "plus_monthly", "provider": "sandbox"},
    )
    assert bought.is_success, bought.text
    ids = {
        "purchase_id": bought.json()["purchase"]["id"],
        "event_id": "stripe:evt_1",
        "flag_id": flag_id,
        "report_id": next(one["id"] for one in reports if one["user_id"] == profile["id"]),
        "session_id": told["session_id"],
        "turn_id": told["turn_id"],
        "message_id": told["message_id"],
        "memory_id": memory.json()["id"],
        "user_id": profile["id"],
        "name": "sweep-holds",
    }
    await owner.settled()
    return Belongings(owner, ids)


async def attempt(person: Person, operation: Operation, path: str, **more: Any) -> httpx.Response:
    body = operation.body
    if body is not None:
        body |= more
    headers = {"Idempotency-Key": uuid.uuid4().hex}
    return await person.call(operation.method, path, json=body, headers=headers)


def with_ids(server: Product) -> list[Operation]:
    """The routes that take an id of something that is not for everybody."""
    found = [
        one
        for one in operations(server.url)
        if one.variables and "character_id" not in one.variables
    ]
    assert len(found) >= 12
    return found


async def test_u4_another_persons_ids_are_as_good_as_none(
    world: World, server: Product, belongings: Belongings
) -> None:
    other = await world.person()
    before = await belongings.state()
    for operation in with_ids(server):
        theirs = await attempt(other, operation, operation.at(**belongings.ids))
        made_up = {name: f"{value[:4]}{'0' * 20}" for name, value in belongings.ids.items()}
        nobodys = await attempt(other, operation, operation.at(**made_up))
        expected = 403 if operation.path.startswith("/v1/admin/") else 404
        assert theirs.status_code == expected, f"{operation}: {theirs.text}"
        assert nobodys.status_code == expected, f"{operation}: {nobodys.text}"
        assert _without_request_id(theirs) == _without_request_id(nobodys), operation
    assert await belongings.state() == before


async def test_u4_without_a_token_there_is_nothing(
    world: World, server: Product, belongings: Belongings
) -> None:
    for operation in operations(server.url):
        if operation.is_open:
            continue
        path = operation.at(character_id="mira", **belongings.ids)
        answer = await world.http.request(operation.method, server.url + path, json=operation.body)
        assert answer.status_code == 401, f"{operation}: {answer.text}"


async def test_u4_every_route_of_administrators_is_theirs_alone(
    world: World, server: Product, belongings: Belongings
) -> None:
    other = await world.person()
    tried = 0
    for operation in operations(server.url):
        if operation.path.startswith("/v1/admin/"):
            answer = await attempt(
                other, operation, operation.at(character_id="mira", **belongings.ids)
            )
            assert answer.status_code == 403, f"{operation}: {answer.text}"
            tried += 1
    assert tried > 8


async def test_u4_anothers_session_cannot_be_continued(
    world: World, belongings: Belongings
) -> None:
    other = await world.person()
    before = await belongings.state()
    answer = await other.say("Hello!", session_id=belongings.ids["session_id"])
    assert answer.status_code == 404, answer.text
    assert answer.json()["error"]["code"] == "not_found"
    assert (await other.balance())["available"] == DAILY
    assert await belongings.state() == before


async def test_u4_anothers_memories_are_neither_listed_nor_forgotten(
    world: World, belongings: Belongings
) -> None:
    other = await world.person()
    assert (await other.get("/v1/chat/memories", params={"character_id": "mira"}))["data"] == []
    answer = await other.call("DELETE", "/v1/chat/memories", params={"character_id": "mira"})
    assert answer.is_success, answer.text
    kept = await belongings.owner.get("/v1/chat/memories")
    assert belongings.ids["memory_id"] in {one["id"] for one in kept["data"]}


async def test_u4_anothers_subscription_is_not_cancelled(
    world: World, belongings: Belongings
) -> None:
    other = await world.person()
    before = await belongings.state()
    assert (await other.call("POST", "/v1/market/subscription/cancel")).status_code == 404
    assert (await other.call("POST", "/v1/market/portal")).status_code == 404
    shown = await other.get("/v1/market/subscription")
    assert (shown["subscription"], shown["tier"]) == (None, "free")
    mine, theirs = [await one.get("/v1/market/account") for one in (other, belongings.owner)]
    assert set(mine.values()).isdisjoint(theirs.values())
    assert await belongings.state() == before


async def test_u4_lists_show_only_ones_own(world: World, belongings: Belongings) -> None:
    other = await world.person()
    for path in (
        "/v1/chat/sessions",
        "/v1/chat/memories",
        "/v1/market/purchases",
        "/v1/market/sandbox/purchases",
    ):
        assert (await other.get(path))["data"] == []
    export = await other.get("/v1/auth/me/export")
    assert belongings.owner.name not in str(export)
    for one in belongings.ids.values():
        assert one in {"sweep-holds", "stripe:evt_1"} or one not in str(export)


async def test_u4_what_a_body_claims_of_its_sender_counts_for_nothing(
    world: World, server: Product, belongings: Belongings
) -> None:
    other = await world.person()
    boasts = {**BOASTS, "user_id": belongings.ids["user_id"], "user": belongings.ids["user_id"]}
    before = await belongings.state()
    tried = 0
    for operation in operations(server.url):
        if not operation.has_body or operation.is_open or operation.variables:
            continue
        answer = await attempt(other, operation, operation.path, **boasts)
        # 404: who has bought nothing has no page of a store's.
        refusals = {403, 404, 422} if operation.name == "open_portal" else {403, 422}
        assert answer.is_success or answer.status_code in refusals, f"{operation}: {answer.text}"
        tried += 1
    assert tried >= 4
    profile = await other.get("/v1/auth/me")
    assert profile["tier"] == "free"
    assert profile["age_band"] == "unknown"
    assert profile["id"] != belongings.ids["user_id"]
    balance = await other.settled()
    assert balance["balance"] <= DAILY
    assert balance["tier"] == "free"
    assert (await other.call("GET", "/v1/admin/users")).status_code == 403
    rows = await other.transactions()
    assert {row["kind"] for row in rows if row["amount"] > 0} == {"daily_refresh"}, rows
    assert await belongings.state() == before


async def test_u4_a_login_with_boasts_is_a_plain_login(world: World, server: Product) -> None:
    name = f"boaster-{uuid.uuid4().hex[:12]}"
    body = {"id_token": await world.token(name), **BOASTS}
    answer = await world.http.post(f"{server.url}/v1/auth/login", json=body)
    assert answer.is_success, answer.text
    assert answer.json()["user"]["tier"] == "free"
    assert answer.json()["user"]["age_band"] == "unknown"


@pytest.mark.parametrize("age_band", ["adult", "16_17", "13_15"])
async def test_u4_who_is_known_to_be_young_does_not_grow_by_saying_so(
    world: World, age_band: str
) -> None:
    child = await world.person(age_band="under_13")
    assert (await child.get("/v1/auth/me"))["age_band"] == "under_13"
    answer = await child.call("PATCH", "/v1/auth/me", json={"age_band": age_band})
    assert answer.is_success or answer.status_code == 422, answer.text
    assert (await child.get("/v1/auth/me"))["age_band"] == "under_13"


def _without_request_id(answer: httpx.Response) -> Any:
    error = answer.json()["error"]
    del error["request_id"]
    return error
