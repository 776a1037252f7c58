"""The real parts that tests run against: one of each for the whole run, all embedded."""

import shutil
import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import psycopg
import pytest
import redis
from hypothesis import settings

from adapters.local.model_server import EmbeddedModelServer
from adapters.local.postgres_server import EmbeddedPostgres
from adapters.local.valkey_server import EmbeddedValkey
from adapters.postgres import migrations

# A busy machine is no defect: what takes long is measured elsewhere. tests/domain says more.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")

# --------------------------------------------------------------------------------------- options


def pytest_addoption(parser: pytest.Parser) -> None:
    """For single folders; they stand here because pytest must know them before it goes there."""
    group = parser.getgroup("features")
    group.addoption(
        "--stack",
        action="append",
        choices=["memory", "embedded"],
        help="what the features run on; both unless told otherwise",
    )
    group.addoption(
        "--base-url",
        metavar="URL",
        help="run the features on this server, which must run in development",
    )
    group = parser.getgroup("acceptance")
    group.addoption(
        "--replicas",
        type=int,
        default=1,
        metavar="N",
        help="let each server of tests/acceptance be N behind nginx",
    )


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


# ------------------------------------------------------------------------------------ PostgreSQL

_TEMPLATE = "companion_template"
_numbers = count(1)


def database_url(server: str, name: str) -> str:
    """The URL of another database of the same server."""
    return server.replace("/postgres?", f"/{name}?", 1)


@pytest.fixture(scope="session")
def postgres_template(postgres_server: str) -> str:
    """The name of a database with the whole schema and nothing in it."""
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {_TEMPLATE}")
    migrations.upgrade(database_url(postgres_server, _TEMPLATE))
    return _TEMPLATE


@pytest.fixture
def postgres_empty_url(postgres_server: str) -> Iterator[str]:
    """A database of this test's own, without any schema."""
    yield from _database(postgres_server, "template1")


@pytest.fixture
def postgres_url(postgres_server: str, postgres_template: str) -> Iterator[str]:
    """A database of this test's own, with the schema and nothing in it."""
    yield from _database(postgres_server, postgres_template)


def _database(server: str, template: str) -> Iterator[str]:
    name = f"test_{next(_numbers)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        try:
            yield database_url(server, name)
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


# ------------------------------------------------------------------------------------------ Redis


@pytest.fixture
def redis_url(valkey_server: str) -> str:
    """The Valkey of the run, emptied for this test."""
    with redis.Redis.from_url(valkey_server) as client:
        client.flushall()
    return valkey_server
