"""``companion serve`` and ``companion scheduler``."""

import argparse
import asyncio
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, ExitStack, contextmanager
from threading import Thread
from types import FrameType

import uvloop
from attrs import evolve

from application.accounts.issue_token import IssueTokenCommand
from entrypoints.cli.failures import CommandFailed
from entrypoints.cli.welcome import welcome
from entrypoints.config import Settings, local_url
from entrypoints.container import Adapters, UseCases
from entrypoints.garbage import keep_what_was_loaded
from entrypoints.lifecycle import running, seed
from entrypoints.logs import configure_logs
from entrypoints.metrics import Metrics
from entrypoints.observability.vitals import watching_vitals
from entrypoints.safety.rules import load_rules
from entrypoints.scheduler.scheduler import make_scheduler, stop_scheduler
from entrypoints.schema import SchemaError, is_current, migrate
from entrypoints.server import PortTaken, bind, make_app, serve_until_stopped
from entrypoints.tracing import tracing_for

Report = Callable[[str], None]


def serve(settings: Settings, _: argparse.Namespace) -> None:
    """Start what is missing, migrate, seed, serve; until SIGINT or SIGTERM."""
    started = time.monotonic()
    _prepare_process(settings)

    def report(line: str) -> None:
        print(f"  {time.monotonic() - started:5.1f} s  {line}", flush=True)

    print(f"Companion, {settings.environment}", flush=True)
    # Reading them takes a second of a processor that would otherwise wait for the parts to start.
    Thread(target=load_rules, name="safety rules", daemon=True).start()
    try:
        listener = bind(settings)
    except PortTaken as error:
        message = f"{error}\nChoose another port: PORT={settings.port + 1} make run"
        raise CommandFailed(message) from error
    with listener, _filled(settings, report) as filled:
        uvloop.run(_serve(filled, listener, report))
    print("Stopped.", flush=True)


def scheduler(settings: Settings, _: argparse.Namespace) -> None:
    """Run the jobs only; any number of such processes may run."""
    _prepare_process(settings)
    if settings.is_memory:
        message = "STACK=memory runs its jobs inside the server: there is nothing to share."
        raise CommandFailed(message)
    with ExitStack() as stack:
        listener = None
        if settings.scheduler_port:
            listener = stack.enter_context(_status_listener(settings))
        filled = stack.enter_context(_filled(settings, lambda line: print(line, flush=True)))
        uvloop.run(_schedule(filled, listener))


async def _serve(settings: Settings, listener: socket.socket, report: Report) -> None:
    metrics = Metrics()
    async with AsyncExitStack() as stack:
        tracing = await stack.enter_async_context(tracing_for(settings))
        use_cases, adapters = await stack.enter_async_context(
            running(settings, metrics, tracing=tracing)
        )
        if not settings.is_production:
            report("seeding prices and characters")
            await seed(use_cases)
        jobs = make_scheduler(use_cases.run_job()) if settings.run_jobs else None
        token = None
        if adapters.issuer is not None:
            issued = await use_cases.issue_token()(IssueTokenCommand("demo"))
            token = issued.id_token
        await stack.enter_async_context(_watching(metrics, use_cases, adapters))
        host, port = listener.getsockname()[:2]

        def on_ready() -> None:
            if jobs is not None:
                jobs.start()
            report("ready")
            is_development = settings.environment == "development"
            shown = welcome(local_url(host, port), token, is_development=is_development)
            print(shown, flush=True)
            keep_what_was_loaded()

        try:
            await serve_until_stopped(
                make_app(settings, use_cases, adapters, metrics, tracing),
                listener,
                use_cases.runner(),
                shutdown_seconds=settings.shutdown_seconds,
                on_ready=on_ready,
            )
        finally:
            if jobs is not None and jobs.running:
                await stop_scheduler(jobs, use_cases.run_job())


async def _schedule(settings: Settings, listener: socket.socket | None) -> None:
    metrics = Metrics()
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stop.set)
    async with AsyncExitStack() as stack:
        tracing = await stack.enter_async_context(tracing_for(settings))
        use_cases, adapters = await stack.enter_async_context(
            running(settings, metrics, tracing=tracing)
        )
        jobs = make_scheduler(use_cases.run_job())
        if listener is not None:
            from entrypoints.scheduler.status import Status, serving

            status = Status(
                metrics.registry, use_cases.check_readiness(), lambda: not stop.is_set()
            )
            await stack.enter_async_context(_watching(metrics, use_cases, adapters))
            await stack.enter_async_context(serving(status, listener))
        jobs.start()
        print(f"Running {len(use_cases.jobs())} jobs.", flush=True)
        await stop.wait()
        await stop_scheduler(jobs, use_cases.run_job())


def _watching(
    metrics: Metrics, use_cases: UseCases, adapters: Adapters
) -> AbstractAsyncContextManager[None]:
    periods = {name: job.every for name, job in use_cases.jobs().items()}
    return watching_vitals(metrics, adapters.vital_signs, adapters.clock, periods)


def _status_listener(settings: Settings) -> socket.socket:
    try:
        return bind(evolve(settings, port=settings.scheduler_port))
    except PortTaken as error:
        raise CommandFailed(f"{error}\nChoose another port: SCHEDULER_PORT") from error


@contextmanager
def _filled(settings: Settings, report: Report) -> Iterator[Settings]:
    """The settings with every embedded part started and the schema in place."""
    if settings.is_memory:
        yield settings
        return
    from entrypoints.container.embedded import EmbeddedPartError, embedded_parts

    try:
        with embedded_parts(settings, report) as filled:
            _migrate(filled, report)
            yield filled
    except EmbeddedPartError as error:
        raise CommandFailed(f"{error.message}\n{error.hint}") from error


def _migrate(settings: Settings, report: Report) -> None:
    """Bring the schema up in development; elsewhere a release's job does, so only check."""
    url = settings.database_migration_url or settings.database_url or ""
    try:
        if is_current(url):
            return
        if settings.is_production:
            message = "The database lacks migrations of this release.\nRun: companion migrate up"
            raise CommandFailed(message)
        report("migrating the database")
        migrate(url)
    except SchemaError as error:
        message = f"The database cannot be reached or migrated: {error}\nRun: companion doctor"
        raise CommandFailed(message) from error


def _prepare_process(settings: Settings) -> None:
    configure_logs(
        settings.log_level,
        json=settings.is_production or not sys.stderr.isatty(),
        secret_key=settings.secret_key,
    )

    def on_sigterm(_: int, __: FrameType | None) -> None:
        # While things start, a SIGTERM unwinds like Ctrl-C, so that no child is left behind.
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, on_sigterm)
