"""Runs the HTTP server until it is told to stop, and then lets the turns end first."""

import asyncio
import logging
import signal
import socket
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from attrs import fields
from hypercorn.asyncio import serve
from hypercorn.config import Config
from quart import Quart

from application.chat.turn_runner import TurnRunner
from domain.market.products import Provider
from entrypoints.config import Settings
from entrypoints.container import Adapters, UseCases
from entrypoints.http.app import create_app
from entrypoints.http.services import HttpSettings, Services
from entrypoints.hypercorn_config import config_for
from entrypoints.metrics import Metrics

if TYPE_CHECKING:
    from entrypoints.observability.otel import Tracing

_logger = logging.getLogger(__name__)
_BACKLOG = 1_024
_CLOSING_SECONDS = 3.0


_SERVICES = [one.name for one in fields(Services)]


def make_app(
    settings: Settings,
    use_cases: UseCases,
    adapters: Adapters,
    metrics: Metrics,
    tracing: "Tracing | None" = None,
) -> Quart:
    """The HTTP application over these use cases."""
    ports: dict[str, Any] = {
        "job_runs": adapters.job_runs,
        "idempotency": adapters.idempotency,
        "clock": adapters.clock,
        "registry": metrics.registry,
    }
    wired: dict[str, Any] = {
        name: getattr(use_cases, name)() for name in _SERVICES if name not in ports
    }
    http = HttpSettings(
        is_development=settings.environment == "development",
        has_sandbox=Provider.SANDBOX in adapters.stores.gateways,
        has_local_issuer=adapters.issuer is not None,
        trusted_proxy_hops=settings.trusted_proxy_hops,
        cors_origins=settings.cors_origins,
    )
    return create_app(Services(**wired, **ports), http, tracing)


class PortTaken(Exception):
    """The port cannot be had; the message says so in one line."""


def bind(settings: Settings) -> socket.socket:
    """A listening socket, taken before anything slow starts; raises ``PortTaken``."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.host, settings.port))
    except OSError as error:
        listener.close()
        message = f"Cannot listen on {settings.host}:{settings.port}: {error.strerror}."
        raise PortTaken(message) from error
    listener.listen(_BACKLOG)
    listener.setblocking(False)  # noqa: FBT003 - the standard library's signature
    return listener


async def serve_until_stopped(
    app: Quart,
    listener: socket.socket,
    runner: TurnRunner,
    *,
    shutdown_seconds: float,
    on_ready: Callable[[], None],
) -> None:
    """Serve until SIGINT or SIGTERM.

    On the first signal no more turns begin; the running ones may end within ``shutdown_seconds``,
    their streams stay open so long, then the server closes. A second signal waits for nothing.
    """
    stop, hurry = asyncio.Event(), asyncio.Event()

    def on_signal() -> None:
        if stop.is_set():
            hurry.set()
        stop.set()

    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, on_signal)

    async def shutdown() -> None:
        await stop.wait()
        if runner.in_flight:
            _logger.info("waiting for %d running turns", runner.in_flight)
        draining = asyncio.create_task(runner.drain(shutdown_seconds))
        hurrying = asyncio.create_task(hurry.wait())
        await asyncio.wait({draining, hurrying}, return_when=asyncio.FIRST_COMPLETED)
        hurrying.cancel()
        if not draining.done():
            draining.cancel()
            with suppress(asyncio.CancelledError):
                await draining
            await runner.drain(0)

    serving = asyncio.create_task(
        serve(app, _hypercorn_config(listener), shutdown_trigger=shutdown)
    )
    await asyncio.sleep(0)
    on_ready()
    await serving


def _hypercorn_config(listener: socket.socket) -> Config:
    config = config_for(listener, closing_seconds=_CLOSING_SECONDS)
    config.keep_alive_timeout = 75
    config.backlog = _BACKLOG
    # Ours are the deadlines: a stream may be silent while the model thinks.
    config.read_timeout = None
    return config
