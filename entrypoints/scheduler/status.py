"""What a process that only runs jobs tells whoever looks after it: probes, and Prometheus."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

from hypercorn.asyncio import serve
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest

from entrypoints.hypercorn_config import config_for

_CLOSING_SECONDS = 1.0
_JSON = "application/json"

Asgi = Callable[[Any], Awaitable[None]]


class Status:
    """An ASGI application of three addresses: ``/healthz``, ``/readyz`` and ``/metrics``.

    It answers on the loop that the jobs run on: as long as it does, that is not stuck.
    """

    def __init__(
        self,
        registry: CollectorRegistry,
        check_readiness: Callable[[], Awaitable[Mapping[str, bool]]],
        takes_jobs: Callable[[], bool],
    ) -> None:
        self._registry = registry
        self._check_readiness = check_readiness
        self._takes_jobs = takes_jobs

    async def __call__(
        self, scope: Mapping[str, Any], receive: Callable[[], Awaitable[Any]], send: Asgi
    ) -> None:
        """Answer one request; there is nothing to do when the server starts and ends."""
        if scope["type"] == "lifespan":
            for step in ("startup", "shutdown"):
                await receive()
                await send({"type": f"lifespan.{step}.complete"})
            return
        if scope["type"] != "http":
            return
        status, kind, body = await self._answer(scope["method"], scope["path"])
        headers = [
            (b"content-type", kind.encode()),
            (b"content-length", str(len(body)).encode()),
            (b"cache-control", b"no-store"),
        ]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        shown = b"" if scope["method"] == "HEAD" else body
        await send({"type": "http.response.body", "body": shown})

    async def _answer(self, method: str, path: str) -> tuple[int, str, bytes]:
        if method not in {"GET", "HEAD"}:
            return _told(405, "not_allowed")
        match path:
            case "/healthz":
                return _told(200, "ok")
            case "/readyz":
                checks = {**await self._check_readiness(), "jobs": self._takes_jobs()}
                if all(checks.values()):
                    return _told(200, "ready", checks)
                return _told(503, "unavailable", checks)
            case "/metrics":
                return 200, CONTENT_TYPE_LATEST, generate_latest(self._registry)
        return _told(404, "not_found")


@asynccontextmanager
async def serving(status: Status, listener: socket.socket) -> AsyncIterator[None]:
    """Answer at this socket meanwhile."""
    stop = asyncio.Event()
    task = asyncio.create_task(
        serve(
            status,
            config_for(listener, closing_seconds=_CLOSING_SECONDS),
            shutdown_trigger=stop.wait,
        ),
        name="status",
    )
    try:
        yield
    finally:
        stop.set()
        await task


def _told(
    status: int, word: str, checks: Mapping[str, bool] | None = None
) -> tuple[int, str, bytes]:
    body = {"status": word} if checks is None else {"status": word, "checks": checks}
    return status, _JSON, json.dumps(body).encode()
