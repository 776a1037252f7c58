"""The real parts that tests run against: one of each for the whole run, all embedded."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.local.model_server import EmbeddedModelServer
from adapters.local.postgres_server import EmbeddedPostgres
from adapters.local.valkey_server import EmbeddedValkey

# -------------------------------------------------------------------------------- embedded parts


@pytest.fixture(scope="session")
def parts_dir() -> Iterator[Path]:
    """Not below pytest's own folder, whose path is long and which only its owner may enter."""
    folder = Path(tempfile.mkdtemp(prefix="companion-tests-"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_server(parts_dir: Path) -> Iterator[str]:
    """The superuser's URL of a PostgreSQL with nothing in it."""
    server = EmbeddedPostgres(parts_dir, durable=False)
    yield server.start()
    server.stop()


@pytest.fixture(scope="session")
def valkey_server(parts_dir: Path) -> Iterator[str]:
    """The URL of a Valkey; whoever uses it empties it."""
    server = EmbeddedValkey(parts_dir)
    yield server.start()
    server.stop()


@pytest.fixture(scope="session")
def model_server(parts_dir: Path) -> Iterator[EmbeddedModelServer]:
    """A language model that answers: it takes a second to load, and 0.7 GB of memory."""
    server = EmbeddedModelServer(parts_dir)
    server.start()
    try:
        server.wait_ready()
        yield server
    finally:
        server.stop()
