"""``companion doctor``: is everything there that the product needs, and if not, what to do."""

import argparse
import asyncio
import os
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from pathlib import Path

from application.ports.chat_model import ModelRequest
from domain.context import PromptMessage
from domain.errors import DomainError
from entrypoints.cli.environment import parts
from entrypoints.cli.failures import CommandFailed
from entrypoints.config import Settings
from entrypoints.container import Adapters
from entrypoints.lifecycle import running
from entrypoints.metrics import Metrics
from entrypoints.server import PortTaken, bind

_LONGEST_HOLD_SECONDS = 3_600.0


def doctor(settings: Settings, _: argparse.Namespace) -> None:
    """Check everything, print a line each, and fail if anything is wrong."""
    failures = _check_port(settings)
    failures += _check_operation(settings)
    with parts(settings, with_model=True) as filled:
        failures += _check_schema(filled)
        failures += asyncio.run(_check_adapters(settings, filled))
    if failures:
        message = f"{failures} of the checks failed."
        raise CommandFailed(message)
    print("All is well.")


def _check_port(settings: Settings) -> int:
    try:
        bind(settings).close()
    except PortTaken as error:
        return _say("port", f"{error} (fine if the server is running)", "Set PORT.", failed=False)
    return _say("port", f"{settings.host}:{settings.port} is free")


def _check_operation(settings: Settings) -> int:
    """What production needs and no adapter can tell; most of it has refused to start before."""
    if not settings.is_production:
        return _say("operation", f"{settings.environment}: production would demand more")
    failures = 0
    for path in _key_files(settings):
        if not os.access(path, os.R_OK):
            advice = "Mount it, and let the user of this process read it."
            failures += _say("files", f"{path} cannot be read", advice, failed=True)
    if settings.trusted_proxy_hops == 0:
        advice = "Behind one, set TRUSTED_PROXY_HOPS: see deploy/README.md."
        _say("proxies", "none is trusted", advice)
    if not (settings.redis_url or "").startswith("rediss://"):
        _say("redis", "without TLS", "Fine inside a network of your own; else use rediss://.")
    if settings.hold_seconds > _LONGEST_HOLD_SECONDS:
        _say("holds", f"{settings.hold_seconds:.0f} s", "A crash keeps credits for so long.")
    return failures or _say("operation", "production")


def _key_files(settings: Settings) -> list[Path]:
    stores = settings.stores
    paths = (
        settings.firebase_credentials_path,
        stores.apple_private_key_path,
        stores.google_credentials_path,
        *stores.apple_root_certificates,
    )
    return [path for path in paths if path is not None]


def _check_schema(settings: Settings) -> int:
    from entrypoints.container.migrations import MigrationFailed, status

    url = settings.database_migration_url or settings.database_url or ""
    try:
        pending = [step for step in status(url) if not step.is_applied]
    except MigrationFailed as error:
        return _say("schema", str(error), "Check DATABASE_URL.", failed=True)
    if pending:
        lacking = f"{len(pending)} migrations are missing"
        return _say("schema", lacking, "Run: companion migrate up", failed=True)
    return _say("schema", "up to date")


async def _check_adapters(settings: Settings, filled: Settings) -> int:
    failures = 0
    async with running(filled, Metrics()) as (_, adapters):
        for probe in adapters.probes:
            failures += await _ask(probe.name, f"Check {probe.name}'s URL.", probe.check)
        advice = "Check XAI_API_KEY, XAI_BASE_URL and XAI_MODEL."
        failures += await _ask("model", advice, lambda: _generate(adapters))
        advice = "Check OPENAI_API_KEY, OPENAI_BASE_URL and EMBEDDING_MODEL."
        failures += await _ask("embeddings", advice, lambda: adapters.embedder.embed(["hello"]))
        failures += await _ask("prices", "Run: companion seed", lambda: _check_prices(adapters))
    if settings.uses_local_issuer:
        _say("identity", "the local issuer (development only)")
    else:
        known = settings.firebase_credentials_path is not None
        advice = "Set FIREBASE_CREDENTIALS_PATH: without it revoked tokens live for an hour."
        _say(
            "identity", f"Firebase project {settings.firebase_project_id}", "" if known else advice
        )
    return failures


async def _generate(adapters: Adapters) -> None:
    request = ModelRequest(adapters.models, (PromptMessage("user", "Say yes."),), 4, stream=False)
    async with aclosing(adapters.model.generate(request)) as events:
        async for _ in events:
            pass


async def _check_prices(adapters: Adapters) -> None:
    table = await adapters.prices.current()
    for model in adapters.models:
        if model not in table.models:
            message = f"the model {model} has no price in version {table.version}"
            raise CommandFailed(message)


async def _ask(name: str, advice: str, check: Callable[[], Awaitable[object]]) -> int:
    try:
        await check()
    except (DomainError, CommandFailed) as error:
        return _say(name, str(error), advice, failed=True)
    return _say(name, "answers")


def _say(name: str, finding: str, advice: str = "", *, failed: bool = False) -> int:
    mark = "FAIL" if failed else "ok"
    print(f"{mark:4}  {name:11} {finding}{'  ' + advice if advice else ''}", flush=True)
    return int(failed)
