"""What a test does with servers: people who talk, an administrator, and the books afterwards."""

import asyncio
import json
import uuid
from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping
from contextlib import aclosing, asynccontextmanager
from types import TracebackType
from typing import Any, Self

import httpx
from attrs import define, field

from tests.acceptance.product import Product, Stack

CHARACTER = "mira"
PATIENCE = 30.0
"""Seconds that only bound a failure; nothing is ever waited for so long when all is well."""


async def eventually(
    holds: Callable[[], Awaitable[Any]], *, seconds: float = PATIENCE, pause: float = 0.05
) -> Any:
    """The first truthy value of ``holds``; fails when there is none in time."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + seconds
    while True:
        value = await holds()
        if value:
            return value
        assert loop.time() < deadline, f"not so within {seconds} s, but {value!r}"
        await asyncio.sleep(pause)


@define(frozen=True)
class Event:
    """One server-sent event; ``data`` is decoded, None for ``[DONE]``."""

    id: str
    raw: str

    @property
    def is_done(self) -> bool:
        return self.raw == "[DONE]"

    @property
    def data(self) -> Any:
        return None if self.is_done else json.loads(self.raw)

    @property
    def text(self) -> str:
        """The words that it adds to the reply."""
        choices = [] if self.is_done else self.data.get("choices") or []
        return "".join(one["delta"].get("content") or "" for one in choices)

    @property
    def companion(self) -> Any:
        return None if self.is_done else self.data.get("companion")


def text_of(events: "list[Event]") -> str:
    return "".join(event.text for event in events)


def events_of(response: httpx.Response) -> AsyncGenerator[Event, None]:
    """The events as they come, without comments; asked again, it goes on where it was left."""
    events: AsyncGenerator[Event, None]
    events = response.extensions.setdefault("events", _events_of(response))
    return events


async def _events_of(response: httpx.Response) -> AsyncGenerator[Event, None]:
    event_id, data = "", []
    async for line in response.aiter_lines():
        if line.startswith("id: "):
            event_id = line[4:]
        elif line.startswith("data: "):
            data.append(line[6:])
        elif not line and data:
            yield Event(event_id, "\n".join(data))
            data = []


@define(eq=False)
class Person:
    """Somebody with an account; every call goes to the first server unless ``at`` names one."""

    world: "World"
    name: str
    token: str
    ledger: dict[str, Any] = field(factory=dict)
    """The ledger's rows as they were first seen, by id."""
    keeps_replies: bool = True
    """Set it to False when replies were deleted or replaced: their charges stay."""

    async def call(
        self, method: str, path: str, *, at: Product | None = None, **more: Any
    ) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.token}", **(more.pop("headers", None) or {})}
        url = (at or self.world.server).url + path
        return await self.world.http.request(method, url, headers=headers, **more)

    async def get(self, path: str, *, at: Product | None = None, **more: Any) -> Any:
        """The JSON of a successful answer."""
        answer = await self.call("GET", path, at=at, **more)
        assert answer.is_success, answer.text
        return answer.json()

    def words(self, text: str, more: Mapping[str, Any]) -> dict[str, Any]:
        """The body of a turn; the length of the reply decides the hold: 12 credits, as it is."""
        said = [{"role": "user", "content": text}]
        return {"model": CHARACTER, "messages": said, "max_tokens": 400, **more}

    async def say(
        self,
        text: str = "Hello there!",
        *,
        at: Product | None = None,
        key: str | None = None,
        timeout: float = PATIENCE,  # noqa: ASYNC109 - httpx's own, for each read
        **more: Any,
    ) -> httpx.Response:
        """A turn that is answered whole."""
        return await self.call(
            "POST",
            "/v1/chat/completions",
            at=at,
            headers={"Idempotency-Key": key} if key else None,
            json=self.words(text, more),
            timeout=timeout,
        )

    @asynccontextmanager
    async def streaming(
        self,
        text: str = "Hello there!",
        *,
        at: Product | None = None,
        key: str | None = None,
        timeout: float = PATIENCE,  # noqa: ASYNC109 - httpx's own, for each read
        **more: Any,
    ) -> AsyncIterator[httpx.Response]:
        """A turn as a stream, to be read with ``events_of``; leaving the block hangs up."""
        headers = {"Authorization": f"Bearer {self.token}"}
        if key:
            headers["Idempotency-Key"] = key
        url = (at or self.world.server).url + "/v1/chat/completions"
        body = self.words(text, {"stream": True, **more})
        async with (
            self.world.http.stream(
                "POST", url, json=body, headers=headers, timeout=timeout
            ) as response,
            aclosing(events_of(response)),
        ):
            yield response

    async def stream(self, text: str = "Hello there!", **more: Any) -> list[Event]:
        """All events of a turn; fails when it is refused."""
        async with self.streaming(text, **more) as response:
            if response.status_code != httpx.codes.OK:
                await response.aread()
            assert response.status_code == httpx.codes.OK, response.text
            return [event async for event in events_of(response)]

    async def resume(
        self, turn_id: str, last_event_id: str | None = None, *, at: Product | None = None
    ) -> list[Event]:
        """The events behind the one with this id, up to the end."""
        headers = {"Authorization": f"Bearer {self.token}"}
        if last_event_id is not None:
            headers["Last-Event-ID"] = last_event_id
        url = (at or self.world.server).url + f"/v1/chat/turns/{turn_id}/stream"
        async with self.world.http.stream("GET", url, headers=headers) as response:
            if response.status_code != httpx.codes.OK:
                await response.aread()
            assert response.status_code == httpx.codes.OK, response.text
            return [event async for event in events_of(response)]

    async def balance(self, *, at: Product | None = None) -> Any:
        return await self.get("/v1/wallet/balance", at=at)

    async def settled(self, *, at: Product | None = None) -> Any:
        """The balance once nothing is held any more."""

        async def look() -> Any:
            balance = await self.balance(at=at)
            return balance if balance["held"] == 0 else None

        return await eventually(look)

    async def transactions(self, *, at: Product | None = None) -> list[Any]:
        """The whole ledger, newest first; rows seen before must be as they were."""
        rows = await self._pages("/v1/wallet/transactions", at)
        for row in rows:
            assert self.ledger.setdefault(row["id"], row) == row
        assert self.ledger.keys() == {row["id"] for row in rows}
        return rows

    async def charges(self) -> list[Any]:
        return [row for row in await self.transactions() if row["kind"] == "charge"]

    async def messages(self, *, at: Product | None = None) -> list[Any]:
        """All messages of all sessions."""
        found = []
        for session in await self._pages("/v1/chat/sessions", at):
            found += await self._pages(f"/v1/chat/sessions/{session['id']}/messages", at)
        return found

    async def replies(self, *, at: Product | None = None) -> list[Any]:
        return [one for one in await self.messages(at=at) if one["role"] == "assistant"]

    async def grant(self, amount: int, bucket: str = "purchased", key: str | None = None) -> None:
        """Credits from an administrator."""
        answer = await self.world.grant(self, amount, bucket, key)
        assert answer.status_code == httpx.codes.CREATED, answer.text

    async def set_available(self, amount: int) -> None:
        """Exactly so much to spend; by default there are the 100 of the day."""
        now = (await self.balance())["available"]
        if amount > now:
            await self.grant(amount - now)
        elif amount < now:
            await self.spend(now - amount)

    async def spend(self, amount: int) -> None:
        """Turns that cost exactly so much: what the model reports decides the price."""
        while amount:
            # A free person's hold is 9 or more, and output costs 8 credits for 1,000 tokens.
            part = min(amount, 9)
            marker = f"@@answer prompt=0 cached=0 completion={part * 125}"
            answer = await self.say(marker, max_tokens=100)
            assert answer.json()["companion"]["receipt"]["charged"] == part, answer.text
            amount -= part

    async def _pages(self, path: str, at: Product | None) -> list[Any]:
        rows: list[Any] = []
        cursor: str | None = None
        while True:
            query = {"limit": "100", **({"cursor": cursor} if cursor else {})}
            page = await self.get(path, at=at, params=query)
            rows += page["data"]
            cursor = page["next_cursor"]
            if cursor is None:
                return rows


@define(eq=False)
class World:
    """The people of one test. At its end the books of all of them must add up."""

    stack: Stack
    http: httpx.AsyncClient = field(init=False)
    people: list[Person] = field(factory=list)
    _admin: Person | None = None

    @property
    def server(self) -> Product:
        """The first server that runs."""
        return next(one for one in self.stack.servers if one.runs)

    @property
    def servers(self) -> list[Product]:
        return [one for one in self.stack.servers if one.runs]

    async def __aenter__(self) -> Self:
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=100)
        self.http = httpx.AsyncClient(timeout=PATIENCE, limits=limits, trust_env=False)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.http.aclose()

    async def inside(self, path: str, server: Product) -> list[httpx.Response]:
        """What each process of a server says of itself; the outside does not hear it."""
        return [await self.http.get(url + path) for url in server.inner_urls]

    async def is_ready(self, server: Product) -> bool:
        return all(answer.is_success for answer in await self.inside("/readyz", server))

    async def token(self, name: str, **claims: Any) -> str:
        body = {"user_id": name, "claims": claims}
        answer = await self.http.post(f"{self.server.url}/v1/auth/dev-token", json=body)
        assert answer.is_success, answer.text
        return str(answer.json()["id_token"])

    async def person(self, available: int | None = None, **claims: Any) -> Person:
        """Somebody new, with a wallet; ``available`` replaces the credits of the first day."""
        name = f"person-{uuid.uuid4().hex[:12]}"
        person = Person(self, name, await self.token(name, **claims))
        self.people.append(person)
        if available is not None:
            await person.set_available(available)
        else:
            await person.balance()
        return person

    async def admin(self) -> Person:
        if self._admin is None:
            name = "acceptance-admin"
            self._admin = Person(self, name, await self.token(name, admin=True))
        return self._admin

    async def grant(
        self, person: Person, amount: Any, bucket: str = "purchased", key: str | None = None
    ) -> httpx.Response:
        admin = await self.admin()
        return await admin.call(
            "POST",
            f"/v1/admin/users/{person.name}/credits",
            headers={"Idempotency-Key": key or uuid.uuid4().hex},
            json={"amount": amount, "bucket": bucket, "reason": "acceptance"},
        )

    async def run_job(self, name: str) -> Any:
        admin = await self.admin()

        async def run() -> Any:
            answer = await admin.call("POST", f"/v1/admin/jobs/{name}/run")
            # 409: the scheduler has it at this moment.
            return answer if answer.status_code != httpx.codes.CONFLICT else None

        answer = await eventually(run)
        assert answer.is_success, answer.text
        return answer.json()

    async def check_books(self) -> None:
        """What holds after every case."""
        audit = await (await self.admin()).get("/v1/admin/invariants")
        assert audit == {"ok": True, "violations": []}
        for person in self.people:
            await check_books_of(person)


async def check_books_of(person: Person) -> None:
    balance = await person.settled()
    rows = await person.transactions()
    assert sum(row["amount"] for row in rows) == balance["balance"]
    assert balance["available"] == balance["balance"] - balance["held"] >= 0
    buckets: dict[str, int] = {}
    for row in rows:
        buckets[row["bucket"]] = buckets.get(row["bucket"], 0) + row["amount"]
    for part in balance["buckets"]:
        buckets[part["bucket"]] -= part["credits"]
    assert not any(buckets.values()), buckets
    charged: dict[str, int] = {}
    for row in rows:
        if row["kind"] == "charge":
            charged[row["reference"]] = charged.get(row["reference"], 0) - row["amount"]
    export = await person.get("/v1/auth/me/export")
    said = [message for session in export["sessions"] for message in session["messages"]]
    # What the person says has no receipt, and neither has a greeting.
    receipts = [message["receipt"] for message in said if message["receipt"]]
    for receipt in receipts:
        assert receipt["charged"] <= receipt["held"]
        assert receipt["released"] == receipt["held"] - receipt["charged"]
    paid = Counter(receipt["charged"] for receipt in receipts if receipt["charged"])
    if person.keeps_replies:
        assert paid == Counter(charged.values()), "each charge has its reply, and the reverse"
    else:
        assert paid <= Counter(charged.values())
