"""Who takes part: an owner with something everywhere, and those who must not see it.

Every text of the owner has a canary in it, a word that nobody else could come up with, and no
answer to anybody else may have one.
"""

import uuid
from typing import Any

import httpx
from attrs import frozen

from tests.acceptance.world import Person, World, eventually

PLENTY = 1_000_000


@frozen
class Owner:
    """Somebody who has one of everything."""

    person: Person
    ids: dict[str, list[str]]
    """By the name of the variable in paths that takes them."""
    canaries: tuple[str, ...]
    """Words in what belongs to this person, and ids of it."""

    async def state(self) -> Any:
        """All of it, as its owner sees it."""
        export = await self.person.get("/v1/auth/me/export")
        shown = [
            await self.person.get(path)
            for path in (
                "/v1/chat/sessions",
                "/v1/chat/memories",
                "/v1/market/purchases",
                "/v1/wallet/balance",
                *(f"/v1/chat/turns/{one}" for one in self.ids["turn_id"]),
            )
        ]
        return export, shown


async def an_owner(world: World) -> Owner:
    """Somebody new with sessions, memories, purchases, reports and flags, each with a canary."""
    mark = f"canary{uuid.uuid4().hex[:10]}"
    name = f"{mark}-person"
    person = Person(world, name, await world.token(name, email=f"{mark}@example.com"))
    await person.call("PATCH", "/v1/auth/me", json={"display_name": f"{mark} name"})
    told = [
        (await person.say(f"{mark} said. @@answer text={mark}-answered")).json()["companion"],
        (await person.say("I want to die tonight.", max_tokens=20)).json()["companion"],
    ]
    session, message = told[0]["session_id"], told[0]["message_id"]
    await post(person, f"/v1/chat/messages/{message}/report", {"reason": f"{mark} reason"})
    titled = await person.call(
        "PATCH", f"/v1/chat/sessions/{session}", json={"title": f"{mark} title"}
    )
    assert titled.is_success, titled.text
    memory = await post(
        person, "/v1/chat/memories", {"character_id": "mira", "text": f"{mark} lives in Lisbon"}
    )
    bought = [
        await post(person, "/v1/market/purchases", {"product_id": one, "provider": "sandbox"})
        for one in ("plus_monthly", "credits_500")
    ]
    await world.grant(person, 5, "promo")
    profile = await person.get("/v1/auth/me")
    admin = await world.admin()

    async def flagged() -> Any:
        flags = (await admin.get("/v1/admin/moderation"))["data"]
        return [one["id"] for one in flags if one["user_id"] == profile["id"]]

    flags = await eventually(flagged)
    reports = (await admin.get("/v1/admin/reports"))["data"]
    await person.settled()
    ids = {
        "session_id": [one["session_id"] for one in told],
        "turn_id": [one["turn_id"] for one in told],
        "message_id": [one[key] for one in told for key in ("message_id", "user_message_id")],
        "memory_id": [memory["id"]],
        "purchase_id": [one["purchase"]["id"] for one in bought],
        "user_id": [profile["id"], name],
        "flag_id": flags,
        "report_id": [one["id"] for one in reports if one["user_id"] == profile["id"]],
    }
    canaries = (
        mark,
        profile["app_account_token"],
        *(one for those in ids.values() for one in those if one != name),
    )
    return Owner(person, ids, canaries)


async def post(person: Person, path: str, body: dict[str, Any]) -> Any:
    """The answer to something that succeeds."""
    headers = {"Idempotency-Key": uuid.uuid4().hex}
    answer = await person.call("POST", path, json=body, headers=headers)
    assert answer.is_success, answer.text
    return answer.json()


async def check_money(person: Person) -> None:
    """What holds for whoever has been through anything, also when a dispute freezes credits."""
    balance = await person.balance()
    rows = await person.transactions()
    assert sum(row["amount"] for row in rows) == balance["balance"]
    assert balance["available"] == balance["balance"] - balance["held"] >= 0


def leaks(owner: Owner, answer: httpx.Response) -> list[str]:
    """What of the owner's is in an answer to somebody else who did not send it in."""
    request = answer.request
    sent = str(request.url) + request.content.decode("utf-8", "replace")
    found = answer.text + repr(sorted(answer.headers.items()))
    return [one for one in owner.canaries if one in found and one not in sent]
