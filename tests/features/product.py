"""The product that scenarios talk to: in this process, or one that runs elsewhere."""

import asyncio
import socket
import threading
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Any, Protocol, TypeVar

from attrs import evolve
from hypercorn.asyncio import serve
from hypercorn.config import Config

from adapters.in_memory.chat_model import InMemoryChatModel
from adapters.in_memory.health_probe import InMemoryHealthProbe
from application.chat.turn_runner import TurnRunner
from application.memory.memory_tasks import MemoryTasks
from application.ports.clock import Clock
from domain.characters import Character
from domain.market.products import Catalogue
from domain.pricing import PriceTable
from entrypoints.config import Settings
from entrypoints.container import Adapters, UseCases, build_use_cases
from entrypoints.lifecycle import seed
from entrypoints.metrics import Metrics
from entrypoints.server import make_app

T = TypeVar("T")
MODEL = "in-memory"
_START = datetime(2026, 3, 5, 10, 0, tzinfo=UTC)
_SECONDS = 20.0


class MovableClock:
    """Begins on 5 March 2026 at 10:00 UTC and goes on from there, or from where it is set."""

    def __init__(self) -> None:
        self.set(_START)

    def now(self) -> datetime:
        return self._moment + timedelta(seconds=monotonic() - self._set_at)

    def set(self, moment: datetime) -> None:
        self._moment, self._set_at = moment, monotonic()


class Product(Protocol):
    """Something that answers at ``base_url``."""

    @property
    def base_url(self) -> str: ...

    def close(self) -> None: ...


class RemoteProduct:
    """A server that runs already: nothing inside it can be reached."""

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url

    def close(self) -> None:
        return


class LocalProduct:
    """The whole product in a thread of its own, with a model and a clock that do as told.

    It starts at the first use, so that a scenario can still say how it is set up.
    """

    def __init__(self, build: Callable[[Settings, Clock], Adapters], settings: Settings) -> None:
        self._build = build
        self._settings = settings
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._adapters: Adapters | None = None
        self._use_cases: UseCases | None = None
        self._servers: list[tuple[asyncio.Event, asyncio.Task[None]]] = []
        self._runners: list[TurnRunner] = []
        self._learning: list[MemoryTasks] = []
        self._base_url: str | None = None
        self.clock = MovableClock()
        self.model = InMemoryChatModel()

    @property
    def base_url(self) -> str:
        """Where it listens; starts it."""
        if self._base_url is None:
            if not self._thread.is_alive():
                self._thread.start()
            self._base_url = self._run(self._start())
        return self._base_url

    def lose_patience_after(self, seconds: float) -> None:
        """Start again with a model that is given up sooner when it says nothing."""
        self.model = InMemoryChatModel(patience_seconds=seconds)
        self.die_and_start_again()

    def release_model(self) -> None:
        """Let replies that were held up go on."""
        self._loop.call_soon_threadsafe(self.model.release)

    def die_and_start_again(self) -> None:
        """A new process over the same stores; nobody hears of the old one's turns any more."""
        self._base_url = None

    def publish_prices(self, change: Callable[[PriceTable], PriceTable]) -> None:
        """Put other prices in force."""
        cases = self._cases
        table = change(self._run(cases.get_pricing()()))
        self._run(cases.publish_prices()(table))

    def publish_products(self, change: Callable[[Catalogue], Catalogue]) -> None:
        """Put another catalogue of products in force."""
        cases = self._cases
        catalogue = change(self._run(cases.get_catalogue()()))
        self._run(cases.publish_products()(catalogue))

    def publish_character(self, character_id: str, change: Callable[[Character], Character]) -> int:
        """Publish a changed character; returns the new version."""
        cases = self._cases
        character = change(self._run(cases.get_character()(character_id)))
        return int(self._run(cases.publish_characters()([character]))[0].version)

    def silence(self, part: str) -> None:
        """Let a part that the product needs answer no more; on the in-memory stack."""
        assert self.base_url
        for probe in self._adapters.probes if self._adapters else ():
            if probe.name == part:
                assert isinstance(probe, InMemoryHealthProbe)
                probe.is_answering = False

    def close(self) -> None:
        """End everything; replies that still run are given up."""
        if self._thread.is_alive():
            self._run(self._stop())
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join(_SECONDS)
        self._loop.close()

    @property
    def _cases(self) -> UseCases:
        assert self.base_url
        assert self._use_cases is not None
        return self._use_cases

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(_SECONDS)

    async def _start(self) -> str:
        if self._adapters is None:
            self._adapters = self._build(self._settings, self.clock)
            for step in self._adapters.opening:
                await step()
        self._adapters = evolve(self._adapters, model=self.model, models=(MODEL,))
        self._use_cases = build_use_cases(self._settings, self._adapters)
        await seed(self._use_cases)
        self._runners.append(self._use_cases.runner())
        self._learning.append(self._use_cases.memory_tasks())
        app = make_app(self._settings, self._use_cases, self._adapters, Metrics())
        listener = socket.create_server(("127.0.0.1", 0))
        port = listener.getsockname()[1]
        listener.setblocking(False)  # noqa: FBT003 - the standard library's signature
        config = Config()
        config.bind = [f"fd://{listener.detach()}"]
        config.accesslog = config.errorlog = None
        config.graceful_timeout = 0.1
        stop = asyncio.Event()
        serving = asyncio.create_task(serve(app, config, shutdown_trigger=stop.wait))
        self._servers.append((stop, serving))
        return f"http://127.0.0.1:{port}"

    async def _stop(self) -> None:
        for runner in self._runners:
            await runner.drain(0)
        for stop, serving in self._servers:
            stop.set()
            await asyncio.wait([serving])
        for tasks in self._learning:
            await tasks.drain(5)
        for step in self._adapters.closing if self._adapters else ():
            await step()
