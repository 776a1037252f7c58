"""Asking a server as somebody, and what every answer keeps to, whatever was asked."""

from collections.abc import Mapping
from typing import Any, Self

import httpx
import psutil
from attrs import define, field

from tests.acceptance.operations import Operation, operations
from tests.acceptance.product import Product
from tests.acceptance.world import Person, World
from tests.fuzz.cast import Owner, leaks
from tests.fuzz.tally import SERVER_ERROR, TALLY

JSON = "application/json"
MEGABYTE = 1024 * 1024
LONGEST_ERROR = 2_000
"""Characters; an error that says more repeats what it was sent."""
PATIENCE = 30.0
"""Seconds for one answer, on however slow a machine; without load it takes milliseconds."""
ERROR_FIELDS = {"type", "code", "message", "param", "request_id"}


@define(eq=False)
class Asker:
    """One role before one server; a connection is used again and again, as phones do."""

    role: str
    server: Product
    token: str | None
    statuses: Mapping[str, frozenset[int]]
    """What the document says that each operation may answer."""
    owner: Owner | None = None
    """Somebody else, nothing of whom may be in any answer."""
    http: httpx.AsyncClient = field(init=False)

    async def __aenter__(self) -> Self:
        limits = httpx.Limits(max_connections=1, max_keepalive_connections=1)
        self.http = httpx.AsyncClient(timeout=PATIENCE, limits=limits, trust_env=False)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.http.aclose()

    async def ask(
        self, operation: Operation, path: str, about: str = "", **more: Any
    ) -> httpx.Response:
        """The answer, once it is known to be a sound one."""
        headers = dict(more.pop("headers", None) or {})
        if self.token is not None:
            headers.setdefault("Authorization", f"Bearer {self.token}")
        answer = await self.http.request(
            operation.method, self.server.url + path, headers=headers, **more
        )
        TALLY.add(self.role, f"{operation.method} {operation.path}", answer.status_code)
        told = f"{self.role}: {operation.name} {path[:80]} {about}: {answer.status_code}"
        self.check(answer, told, self.statuses[operation.name])
        return answer

    def check(self, answer: httpx.Response, told: str, statuses: frozenset[int]) -> None:
        assert answer.status_code < SERVER_ERROR, f"{told} {answer.text[:500]}"
        assert answer.status_code in statuses, f"{told} is not documented: {answer.text[:500]}"
        if answer.is_error:
            check_error(answer, told)
        if self.owner is not None:
            assert not leaks(self.owner, answer), told

    async def check_next(self) -> None:
        """The connection is in order: the next answer on it is that to the next request."""
        mark = "next-request"
        answer = await self.http.get(f"{self.server.url}/healthz", headers={"X-Request-ID": mark})
        assert answer.status_code == httpx.codes.OK
        assert answer.headers["x-request-id"] == mark


def check_error(answer: httpx.Response, told: str) -> None:
    """An error has our one shape, and repeats no long part of what was sent."""
    assert answer.headers["content-type"] == JSON, told
    assert len(answer.text) < LONGEST_ERROR, told
    assert answer.json()["error"].keys() == ERROR_FIELDS, told


def documented(server: Product) -> dict[str, frozenset[int]]:
    """The statuses of each operation by its name; 405 and 404 of the router are not among them."""
    document = httpx.get(f"{server.url}/openapi.json", timeout=PATIENCE).json()
    return {
        told["operationId"]: frozenset(map(int, told["responses"]))
        for methods in document["paths"].values()
        for told in methods.values()
    }


def asker(world: World, person: Person | None, role: str, owner: Owner | None = None) -> Asker:
    token = None if person is None else person.token
    return Asker(role, world.server, token, documented(world.server), owner)


def with_json(server: Product) -> list[Operation]:
    """The operations that take JSON."""
    return [one for one in operations(server.url) if one.has_body]


def memory_of(server: Product) -> int:
    """Bytes of memory that the server has."""
    assert server.process is not None
    return int(psutil.Process(server.process.pid).memory_info().rss)
