"""A PostgreSQL for a measurement: databases with the product's schema, and what it costs."""

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import psycopg
from attrs import define

from adapters.local.postgres_programs import find_programs
from adapters.local.postgres_server import EmbeddedPostgres
from adapters.postgres import migrations

_TRIES = 100
_SETTLING_SECONDS = 0.05


@define
class Database:
    """One running server; ``url`` is its superuser's, of the database ``postgres``."""

    server: EmbeddedPostgres
    url: str

    def create(self, name: str) -> str:
        """The URL of a new database with the product's schema and nothing in it."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"')
        url = self.url.replace("/postgres?", f"/{name}?", 1)
        migrations.upgrade(url)
        return url

    def program(self, name: str) -> str:
        """Where one of PostgreSQL's own programs is, such as pgbench."""
        return str(find_programs(self.server.cluster).folder / name)

    @property
    def cpu_seconds(self) -> float:
        """CPU time so far of all its processes, those included that ended with a connection."""
        pid = int((self.server.cluster / "postmaster.pid").read_text().split()[0])
        postmaster = psutil.Process(pid)
        for _ in range(_TRIES):
            time.sleep(_SETTLING_SECONDS)
            before = set(postmaster.children())
            seconds = sum(map(_seconds, (postmaster, *before)))
            ended = postmaster.cpu_times()
            # Who was just ending would count in both places or in none.
            if before == set(postmaster.children()):
                return seconds + float(ended.children_user + ended.children_system)
        message = "PostgreSQL's processes come and go all the time"
        raise RuntimeError(message)


def _seconds(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    return float(times.user + times.system)


@contextmanager
def running_database(*, durable: bool) -> Iterator[Database]:
    """A server over a folder of its own; both are gone after the block."""
    with tempfile.TemporaryDirectory(prefix="companion-bench-") as folder:
        server = EmbeddedPostgres(Path(folder), durable=durable)
        try:
            yield Database(server, server.start())
        finally:
            server.stop()
