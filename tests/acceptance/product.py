"""Real processes of the product and of what stands around it, for black-box tests.

A module's fixture ``stack`` (see ``conftest``) holds a database and a Valkey of the module's own
and starts servers over them::

    server = stack.serve(MAX_STREAMS_PER_USER="1000")    # ready when it returns
    pair = stack.serve_all({}, {"HOLD_SECONDS": "1"})    # the same, side by side
    server.url; server.log(); server.kill(); server.stop(); server.start()

With ``--replicas N`` each of them is N processes behind nginx (see ``replicas``).

The model is always ``stack.model``, a scripted server in a process of its own; ``stack.proxy(url)``
puts a breakable network before a URL. All of it is stopped at the module's end.
"""

import os
import random
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import IO, Any, Self
from urllib.parse import parse_qs, quote, unquote, urlsplit

import httpx
import psycopg
import redis
from attrs import define, field

ROOT = Path(__file__).parents[2]
MODEL = "grok-4.5"
MODEL_KEY = "xai-loopback-secret-key"
START_SECONDS = 300.0
"""Only bounds a failure: a start takes one to three seconds on an idle machine."""
_NEVER_LENT = range(20_000, 32_768)
_MOST_WORKERS = 8
_given: set[int] = set()
_numbers = count(1)
_INHERITED = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "PYTHONPATH", "COVERAGE_PROCESS_CONFIG")
_PLENTY = {
    "ENVIRONMENT": "development",
    "LOG_LEVEL": "INFO",
    "RATE_LIMIT_PER_USER": "1000000/minute",
    "RATE_LIMIT_PER_ADDRESS": "1000000/minute",
}


def environment(**more: str) -> dict[str, str]:
    """The environment of a process: nothing of ours but what a program needs to run at all."""
    kept = {name: os.environ[name] for name in _INHERITED if name in os.environ}
    return {**kept, **more}


def free_port() -> int:
    """A port that connections never get by themselves, for it may be minutes until it is used.

    Nor does anybody else who asks here, in this process or in another worker of this run.
    """
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    ours = _NEVER_LENT[worker % _MOST_WORKERS :: _MOST_WORKERS]
    for port in random.SystemRandom().sample(ours, 100):
        if port in _given:
            continue
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            _given.add(port)
            return port
    message = "no port is free"
    raise OSError(message)


@define
class Product:
    """One ``companion serve``; ``environ`` are its settings, kept for every start."""

    environ: dict[str, str]
    folder: Path
    port: int = field(factory=free_port)
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def members(self) -> "list[Product]":
        """The servers behind this address."""
        return [self]

    @property
    def inner_urls(self) -> list[str]:
        """Where what is not for everybody is asked: ``/metrics``, ``/readyz``."""
        return [self.url]

    @property
    def processes(self) -> list[int]:
        """Their ids."""
        assert self.process is not None
        return [self.process.pid]

    @property
    def log_path(self) -> Path:
        return self.folder / f"server-{self.port}.log"

    @property
    def runs(self) -> bool:
        return self.process is not None and self.process.poll() is None

    @property
    def has_run(self) -> bool:
        return self.process is not None

    def log(self) -> str:
        """All that it has written so far, over all its starts."""
        return self.log_path.read_text(encoding="utf-8", errors="replace")

    def launch(self, **more: str) -> Self:
        """Start it, with settings for this start only, and do not wait."""
        assert not self.runs
        with self.log_path.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "entrypoints.cli.main", "serve"],
                cwd=self.folder,
                env={**self.environ, **more, "PORT": str(self.port), "PYTHONPATH": str(ROOT)},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        return self

    def start(self, **more: str) -> Self:
        """Start it and wait until it answers."""
        self.launch(**more)
        self.wait_ready()
        return self

    def wait_ready(self, path: str = "/readyz") -> None:
        deadline = time.monotonic() + START_SECONDS
        while True:
            assert self.runs, f"the server ended ({self.wait()}):\n{self.log()}"
            try:
                if httpx.get(self.url + path, timeout=2).status_code == httpx.codes.OK:
                    return
            except httpx.TransportError:
                pass
            assert time.monotonic() < deadline, f"the server is not ready:\n{self.log()}"
            time.sleep(0.05)

    def signal(self, number: int = signal.SIGTERM) -> None:
        assert self.process is not None
        self.process.send_signal(number)

    def wait(self, seconds: float = START_SECONDS) -> int:
        """Its exit code once it has ended."""
        assert self.process is not None
        return self.process.wait(seconds)

    def stop(self) -> int:
        """End it as an operator does, and return its exit code."""
        self.signal()
        return self.wait()

    def kill(self) -> None:
        """End it as a crash does."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def close(self) -> None:
        """Leave nothing of it behind."""
        self.kill()


class Model:
    """The scripted model (``tests/loopback``) in a process of its own.

    A message may carry its own behaviour, which disturbs no other test: ``@@tokens count=9``.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        """Its base URL, with ``/v1``."""
        self._client = httpx.Client(base_url=url.removesuffix("/v1"), timeout=30)

    def script(self, *behaviours: Mapping[str, Any]) -> None:
        """Do these from now on, by default what ``answer`` does."""
        self._client.post("/control", json=list(behaviours)).raise_for_status()

    def release(self) -> None:
        """Let every stalled reply go on."""
        self._client.post("/control/release").raise_for_status()

    def reset(self) -> None:
        """Forget the script and the calls."""
        self._client.delete("/control").raise_for_status()
        self._client.delete("/requests").raise_for_status()

    def seen(self) -> Any:
        """``{count, bodies, active, peak, abandoned}`` since the last reset."""
        return self._client.get("/requests").json()

    def close(self) -> None:
        self._client.close()


class Proxy:
    """A breakable network (``tests/loopback/fault_proxy``) before the server of a URL."""

    def __init__(self, process: "subprocess.Popen[str]", url: str) -> None:
        self._process = process
        first = self._line()
        port = int(first.rpartition(":")[2])
        self.url = _with_address(url, port)
        """The same URL through the proxy."""

    def switch(self, mode: str, amount: float | None = None) -> None:
        """``pass``, ``delay S``, ``black_hole``, ``reset``, ``refuse``, ``cut N``."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{mode} {'' if amount is None else amount}".strip() + "\n")
        self._process.stdin.flush()
        answer = self._line()
        assert answer.startswith(mode), answer

    def _line(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()


@define
class Stack:
    """A database, a Valkey, a model, and any number of servers over them."""

    folder: Path
    database_url: str
    redis_url: str
    model: Model
    make: Callable[[dict[str, str], Path], Product] = Product
    """What a server is: its settings, and the folder that it may write to."""
    servers: list[Product] = field(factory=list)
    _closing: ExitStack = field(factory=ExitStack)

    @property
    def settings(self) -> dict[str, str]:
        """What every server of this stack is started with, unless told otherwise."""
        return environment(
            **_PLENTY,
            DATA_DIR=str(self.folder / "data"),
            DATABASE_URL=self.database_url,
            REDIS_URL=self.redis_url,
            XAI_API_KEY=MODEL_KEY,
            XAI_BASE_URL=self.model.url,
            XAI_MODEL=MODEL,
        )

    def product(self, **settings: str) -> Product:
        """A server that is not started yet; ends with the stack."""
        product = self.make({**self.settings, **settings}, self.folder)
        self.servers.append(product)
        self._closing.callback(product.close)
        return product

    def serve(self, **settings: str) -> Product:
        """A server that answers."""
        return self.product(**settings).start()

    def serve_all(self, *settings: Mapping[str, str]) -> list[Product]:
        """Servers that answer, one for each of these settings, started side by side."""
        products = [self.product(**one).launch() for one in settings]
        for product in products:
            product.wait_ready()
        return products

    def retire(self, product: Product) -> None:
        """End a server that only one test needed, politely if it still runs."""
        if product.runs:
            product.stop()
        product.close()
        self.servers.remove(product)

    def proxy(self, url: str) -> Proxy:
        return self._closing.enter_context(proxy_before(url))

    def close(self) -> None:
        # Side by side: each may take a moment.
        for product in self.servers:
            if product.runs:
                product.signal()
        for product in self.servers:
            if product.has_run:
                with suppress(subprocess.TimeoutExpired):
                    product.wait(20)
        self._closing.close()

    def flush_redis(self) -> None:
        with redis.Redis.from_url(self.redis_url) as client:
            client.flushall()


@contextmanager
def running_stack(
    postgres_server: str,
    template: str,
    valkey_server: str,
    model: Model,
    make: Callable[[dict[str, str], Path], Product] = Product,
) -> Iterator[Stack]:
    """A fresh database and an emptied Valkey, and no server yet."""
    name = f"acceptance_{next(_numbers)}"
    url = postgres_server.replace("/postgres?", f"/{name}?", 1)
    with (
        # Around all else: it goes also when the database cannot be made or dropped.
        tempfile.TemporaryDirectory(
            prefix="companion-acceptance-", ignore_cleanup_errors=True
        ) as folder,
        psycopg.connect(postgres_server, autocommit=True) as connection,
    ):
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        stack = Stack(Path(folder), url, valkey_server, model, make)
        try:
            stack.flush_redis()
            yield stack
        finally:
            stack.close()
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def running_model() -> Iterator[Model]:
    with _child("tests.loopback.model_server", "--port", "0") as process:
        assert process.stdout is not None
        model = Model(process.stdout.readline().strip())
        yield model
        model.close()


@contextmanager
def proxy_before(url: str) -> Iterator[Proxy]:
    with _child("tests.loopback.fault_proxy", "--target", _address(url)) as process:
        yield Proxy(process, url)


@contextmanager
def _child(*command: str) -> Iterator["subprocess.Popen[str]"]:
    process = subprocess.Popen(
        [sys.executable, "-m", *command],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            _close(pipe)


def _close(pipe: IO[str] | None) -> None:
    if pipe is not None:
        with suppress(BrokenPipeError):
            pipe.close()


def _address(url: str) -> str:
    """``host:port`` of a URL, or the path of its Unix socket."""
    parts = urlsplit(url)
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    folder = unquote(query.get("host", ""))
    if folder.startswith("/"):
        return f"{folder}/.s.PGSQL.{query.get('port', '5432')}"
    return f"{parts.hostname}:{parts.port}"


def _with_address(url: str, port: int) -> str:
    parts = urlsplit(url)
    user = "" if parts.username is None else quote(parts.username)
    if parts.password:
        user += f":{parts.password}"
    query = re.sub(r"(^|&)(host|port)=[^&]*", "", parts.query).lstrip("&")
    host = f"{user}@127.0.0.1:{port}" if user else f"127.0.0.1:{port}"
    return parts._replace(netloc=host, query=query).geturl()
