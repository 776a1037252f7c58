"""Clients of the product over HTTP, on the in-memory stack, with a model that does as told."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from typing import Any, cast

from attrs import Factory, define, evolve, fields, frozen
from hypercorn.asyncio import serve
from hypercorn.config import Config
from quart import Quart
from quart.testing import QuartClient

from adapters.in_memory.chat_model import InMemoryChatModel
from adapters.in_memory.identity_provider import InMemoryIdentityProvider
from adapters.in_memory.rate_limiter import InMemoryRateLimiter
from entrypoints.config import Settings
from entrypoints.container import Adapters, UseCases, build_use_cases
from entrypoints.container.in_memory import build_in_memory
from entrypoints.http.app import create_app
from entrypoints.http.services import HttpSettings, Services
from entrypoints.lifecycle import seed
from entrypoints.metrics import Metrics
from entrypoints.server import make_app

FREE_CHARACTER = "mira"
PREMIUM_CHARACTER = "bronagh"


@frozen
class Reply:
    """An answer as a client sees it."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def error(self) -> Any:
        """The error object, whose shape is checked on the way."""
        error = self.json["error"]
        assert error.keys() == {"type", "code", "message", "param", "request_id"}
        assert error["request_id"] == self.headers["x-request-id"]
        return error


@define
class Api:
    """Clients of one server; each person is a name."""

    app: Quart
    use_cases: UseCases
    adapters: Adapters
    tokens: dict[str, str] = Factory(dict)

    @property
    def model(self) -> InMemoryChatModel:
        assert isinstance(self.adapters.model, InMemoryChatModel)
        return self.adapters.model

    @property
    def limiter(self) -> InMemoryRateLimiter:
        assert isinstance(self.adapters.limiter, InMemoryRateLimiter)
        return self.adapters.limiter

    @property
    def identities(self) -> InMemoryIdentityProvider:
        assert isinstance(self.adapters.identities, InMemoryIdentityProvider)
        return self.adapters.identities

    async def token(self, name: str, **claims: object) -> str:
        """The person's ID token; with claims, a new one that has them."""
        if claims or name not in self.tokens:
            issued = await self.identities.issue(name, claims or None)
            self.tokens[name] = issued.id_token
        return self.tokens[name]

    async def __call__(
        self,
        method: str,
        path: str,
        *,
        by: str | None = "ann",
        body: object = None,
        data: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """Call a route as this person, None for nobody; ``data`` are the very bytes to send."""
        sent = dict(headers or {})
        if by is not None:
            token = await self.token(by, admin=True) if by == "root" else await self.token(by)
            sent.setdefault("Authorization", f"Bearer {token}")
        if body is not None:
            data = json.dumps(body).encode()
        if data is not None:
            sent.setdefault("Content-Type", "application/json")
        client = cast("QuartClient", self.app.test_client())
        response = await client.open(path, method=method, headers=sent, data=data or b"")
        received = {name.lower(): value for name, value in response.headers.items()}
        return Reply(response.status_code, received, await response.get_data(as_text=False))

    async def say(self, text: str = "Tell me about the sea.", **more: Any) -> Reply:
        """Send a message and wait for the whole answer."""
        by = more.pop("by", "ann")
        headers = more.pop("headers", None)
        body = {
            "model": FREE_CHARACTER,
            "messages": [{"role": "user", "content": text}],
            **more,
        }
        return await self("POST", "/v1/chat/completions", by=by, body=body, headers=headers)

    async def user_id(self, name: str = "ann") -> str:
        """Our id of this person."""
        return str((await self("GET", "/v1/auth/me", by=name)).json["id"])

    async def grant(self, amount: int, name: str = "ann") -> None:
        """Give somebody credits."""
        await self("GET", "/v1/auth/me", by=name)
        granted = await self(
            "POST",
            f"/v1/admin/users/{name}/credits",
            by="root",
            body={"amount": amount, "bucket": "purchased", "reason": "test"},
            headers={"Idempotency-Key": f"grant-{name}-{amount}"},
        )
        assert granted.status == 201, granted.body


async def until(holds: Callable[[], bool]) -> None:
    """Let others run until it is so; a test that waits in vain ends by its own limit."""
    while not holds():  # noqa: ASYNC110 - nobody sets an event for it
        await asyncio.sleep(0)


@asynccontextmanager
async def api_with(settings: Settings, http: HttpSettings | None = None) -> AsyncIterator[Api]:
    """A product with these settings; turns that still run at the end are given up.

    ``http`` replaces what the settings say of HTTP.
    """
    settings = evolve(settings, stack="memory")
    adapters = build_in_memory()
    use_cases = build_use_cases(settings, adapters)
    await seed(use_cases)
    metrics = Metrics()
    app: Quart
    if http is None:
        app = make_app(settings, use_cases, adapters, metrics)
    else:
        app = create_app(_services(use_cases, adapters, metrics), http)
    yield Api(app, use_cases, adapters)
    await use_cases.runner().drain(0)
    await use_cases.memory_tasks().drain(1)


def _services(use_cases: UseCases, adapters: Adapters, metrics: Metrics) -> Services:
    ports: dict[str, Any] = {
        "job_runs": adapters.job_runs,
        "idempotency": adapters.idempotency,
        "clock": adapters.clock,
        "registry": metrics.registry,
    }
    names = (field.name for field in fields(Services) if field.name not in ports)
    return Services(**{name: getattr(use_cases, name)() for name in names}, **ports)


@asynccontextmanager
async def serving(app: Quart) -> AsyncIterator[str]:
    """The base URL of the application on a loopback port."""
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    listener.setblocking(False)  # noqa: FBT003 - the standard library's signature
    config = Config()
    config.bind = [f"fd://{listener.detach()}"]
    config.accesslog = config.errorlog = None
    config.graceful_timeout = 0.1
    stop = asyncio.Event()
    server = asyncio.create_task(serve(app, config, shutdown_trigger=stop.wait))
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        stop.set()
        with suppress(asyncio.CancelledError):
            await server
