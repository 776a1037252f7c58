"""Starts the embedded parts for the settings that are absent, and stops them again."""

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

from attrs import evolve

from adapters.local.data_directory import DataDirectory
from adapters.local.errors import EmbeddedPartError
from adapters.local.model_server import EmbeddedModelServer
from adapters.local.postgres_server import EmbeddedPostgres
from adapters.local.token_issuer import LocalTokenIssuer
from adapters.local.valkey_server import EmbeddedValkey
from adapters.system.clock import SystemClock
from application.ports.identity_provider import TokenIssuer
from entrypoints.config import Settings

__all__ = ["EmbeddedPartError", "embedded_parts", "local_issuer", "running_parts"]

_ADDRESSES = "running.json"


@contextmanager
def embedded_parts(settings: Settings, report: Callable[[str], None]) -> Iterator[Settings]:
    """The settings with every gap filled by a part that runs until the end of the block.

    The parts start side by side; ``report`` is told what happens, a line each. Raises
    ``EmbeddedPartError`` with one line on what is wrong and one on the way out; what had started
    is stopped then. Their addresses stand in the data directory, for ``running_parts``.
    """
    with ExitStack() as stack:
        directory = DataDirectory(settings.data_dir)
        directory.prepare()
        if settings.embeds_postgres or settings.embeds_valkey:
            directory.lock(settings.port)
            stack.callback(directory.release)
        model: EmbeddedModelServer | None = None
        if settings.uses_local_model:
            report("starting the local language model")
            model = EmbeddedModelServer(settings.data_dir)
            stack.callback(model.stop)
            model.start()
            settings = settings.with_local_model(model.base_url)
        settings = _start_servers(settings, report, stack)
        if model is not None:
            model.wait_ready()
        yield settings


@contextmanager
def running_parts(
    settings: Settings, report: Callable[[str], None], *, with_model: bool = False
) -> Iterator[Settings]:
    """Like ``embedded_parts``, but joins the parts of a run that has the data directory.

    So commands can be given while the server runs. A local model is not started unless asked for.
    """
    addresses = settings.data_dir / _ADDRESSES
    if settings.embeds_postgres or settings.embeds_valkey:
        known = _read(addresses) if _is_in_use(settings) else {}
        missing: dict[str, Any] = {
            name: known[name]
            for name in ("database_url", "redis_url")
            if name in known and getattr(settings, name) is None
        }
        settings = evolve(settings, **missing)
    if settings.uses_local_model and not with_model:
        # Commands that ask the model nothing need no model, but the adapter needs an address.
        settings = settings.with_local_model("http://127.0.0.1:9/v1")
    with embedded_parts(settings, report) as filled:
        yield filled


def local_issuer(settings: Settings) -> TokenIssuer:
    """The issuer whose key is in the data directory."""
    DataDirectory(settings.data_dir).prepare()
    return LocalTokenIssuer(settings.data_dir / "identity", SystemClock())


def _start_servers(settings: Settings, report: Callable[[str], None], stack: ExitStack) -> Settings:
    starters = ThreadPoolExecutor(max_workers=2, thread_name_prefix="embedded")
    stack.callback(starters.shutdown)
    pending = {}
    if settings.embeds_postgres:
        report("starting PostgreSQL")
        postgres = EmbeddedPostgres(settings.data_dir)
        stack.callback(postgres.stop)
        pending["database_url"] = starters.submit(postgres.start)
    if settings.embeds_valkey:
        report("starting Valkey")
        valkey = EmbeddedValkey(settings.data_dir)
        stack.callback(valkey.stop)
        pending["redis_url"] = starters.submit(valkey.start)
    urls: dict[str, Any] = {name: started.result() for name, started in pending.items()}
    if urls:
        addresses = settings.data_dir / _ADDRESSES
        addresses.touch(mode=0o600)
        addresses.write_text(json.dumps(urls), encoding="utf-8")
        stack.callback(addresses.unlink, missing_ok=True)
    return evolve(settings, **urls)


def _is_in_use(settings: Settings) -> bool:
    directory = DataDirectory(settings.data_dir)
    directory.prepare()
    try:
        directory.lock(settings.port)
    except EmbeddedPartError:
        return True
    directory.release()
    return False


def _read(addresses: Path) -> dict[str, str]:
    with suppress(OSError, ValueError):
        found = json.loads(addresses.read_text(encoding="utf-8"))
        if isinstance(found, dict):
            return found
    return {}
