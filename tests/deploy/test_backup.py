"""The commands of deploy/README.md that save and bring back the database, word for word."""

import os
import re
import shlex
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psycopg
import pytest
from attrs import frozen

from adapters.in_memory.clock import InMemoryClock
from adapters.local.postgres_programs import find_programs
from adapters.local.postgres_server import EmbeddedPostgres
from adapters.postgres import migrations
from adapters.postgres.connection import PostgresPool
from tests.contracts.builders import NOW
from tests.contracts.postgres_stores import stores_over
from tests.deploy.tools import DEPLOY

SOMEBODY = """
INSERT INTO users (id, tier, created_at, age_band) VALUES ('usr_1', 'free', now(), 'unknown');
INSERT INTO identities (subject, user_id) VALUES ('ann', 'usr_1');
INSERT INTO wallets (user_id, version, balance, entry_count, lots) VALUES ('usr_1', 1, 5, 1,
    '[{"id":"gift","bucket":"promo","credits":5,"expires_at":null,"held":0,"owed":0}]');
INSERT INTO ledger VALUES ('usr_1', 1, 'grant', 'promo', 'gift', 5, 0, 5, 'gift', '', now());
"""


@frozen
class Server:
    """What the image of PostgreSQL is to an operator: its user, its database, its programs."""

    url: str
    programs: Path

    def run(self, command: str, given: bytes = b"") -> bytes:
        """One command inside it."""
        parts = urlsplit(self.url)
        query = parse_qs(parts.query)
        name, *arguments = shlex.split(command)
        done = subprocess.run(
            [str(self.programs / name), *arguments],
            env={
                "PATH": os.environ["PATH"],
                "PGHOST": query["host"][0],
                "PGPORT": query["port"][0],
            },
            input=given,
            capture_output=True,
            timeout=100,
            check=False,
        )
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout

    @property
    def database(self) -> str:
        return self.url.replace("//postgres@/postgres?", "//companion@/companion?", 1)


@contextmanager
def server(folder: Path) -> Iterator[Server]:
    embedded = EmbeddedPostgres(folder, durable=False)
    url = embedded.start()
    try:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("CREATE ROLE companion SUPERUSER LOGIN")
            connection.execute("CREATE DATABASE companion OWNER companion")
        yield Server(url, find_programs(embedded.cluster).folder)
    finally:
        embedded.stop()


def commands() -> list[str]:
    """What is run inside the container, in order, without where it comes from and goes to."""
    text = (DEPLOY / "README.md").read_text().replace("\\\n", " ")
    found = re.findall(r"exec -T postgres\s+([^<>\n]+)", text)
    return [one.strip() for one in found]


async def test_what_was_saved_is_brought_back_whole(tmp_path: Path) -> None:
    save, *restore = commands()
    assert [command.split()[0] for command in (save, *restore)] == [
        "pg_dump",
        "createuser",
        "dropdb",
        "createdb",
        "pg_restore",
    ]
    with server(tmp_path / "one") as one:
        migrations.upgrade(one.database)
        with psycopg.connect(one.database) as connection:
            connection.execute(SOMEBODY)
        backup = one.run(save)
    with server(tmp_path / "other") as other:
        for command in restore:
            other.run(command, backup if command.startswith("pg_restore") else b"")
        assert all(step.is_applied for step in migrations.status(other.database))
        pool = PostgresPool(other.database)
        await pool.open()
        try:
            stores = stores_over(pool, InMemoryClock(NOW))
            assert (await stores.wallets.get("usr_1")).balance == 5
            assert await stores.wallets.audit() == []
        finally:
            await pool.close()
        with psycopg.connect(other.database) as connection:
            connection.execute("SET ROLE companion_app")
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute("DELETE FROM ledger")
