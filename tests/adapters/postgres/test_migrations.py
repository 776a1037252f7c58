"""The schema goes up and down, and up only once however many try; nobody has to wait for it."""

import runpy
import subprocess
import sys
import time
from pathlib import Path
from threading import Thread

import psycopg
import pytest

from adapters.local.postgres_server import EmbeddedPostgres
from adapters.postgres import migrations
from tests.conftest import database_url

ROOT = Path(__file__).parents[3]
UPGRADE = "import sys; from adapters.postgres import migrations; migrations.upgrade(sys.argv[1])"
TABLES = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public' AND tablename <> %s"


def table_count(url: str) -> int:
    with psycopg.connect(url) as connection:
        row = connection.execute(TABLES, ["alembic_version"]).fetchone()
    assert row
    return int(row[0])


def test_an_empty_database_has_every_step_before_it(postgres_empty_url: str) -> None:
    steps = migrations.status(postgres_empty_url)
    assert [step.revision for step in steps] == sorted(step.revision for step in steps)
    assert steps
    assert not any(step.is_applied for step in steps)


def test_the_schema_goes_up_and_down_and_up_again(postgres_empty_url: str) -> None:
    migrations.upgrade(postgres_empty_url)
    assert all(step.is_applied for step in migrations.status(postgres_empty_url))
    tables = table_count(postgres_empty_url)
    migrations.downgrade(postgres_empty_url, "base")
    assert not any(step.is_applied for step in migrations.status(postgres_empty_url))
    assert table_count(postgres_empty_url) == 0
    migrations.upgrade(postgres_empty_url)
    assert table_count(postgres_empty_url) == tables > 0


def test_upgrading_again_changes_nothing(postgres_url: str) -> None:
    before = migrations.status(postgres_url)
    migrations.upgrade(postgres_url)
    assert migrations.status(postgres_url) == before
    assert all(step.is_applied for step in before)


def test_a_url_with_network_options_is_understood(postgres_url: str) -> None:
    migrations.upgrade(f"{postgres_url}&options=-c%20statement_timeout%3D60s")
    assert migrations.status(f"{postgres_url}&application_name=a%25b")


@pytest.mark.parametrize("processes", [3])
def test_processes_that_start_at_once_migrate_once(tmp_path: Path, processes: int) -> None:
    """Two databases of a cluster that has no role yet, each migrated by several processes."""
    server = EmbeddedPostgres(tmp_path, durable=False)
    url = server.start()
    try:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("CREATE DATABASE one")
            connection.execute("CREATE DATABASE two")
        urls = [database_url(url, name) for name in ("one", "two")]
        started = [
            subprocess.Popen([sys.executable, "-c", UPGRADE, url], cwd=ROOT)
            for url in urls
            for _ in range(processes)
        ]
        assert [process.wait(timeout=100) for process in started] == [0] * len(started)
        for url in urls:
            assert all(step.is_applied for step in migrations.status(url))
    finally:
        server.stop()


def test_the_application_may_read_which_schema_there_is(postgres_url: str) -> None:
    """A server need not know the owner's password to compare the schema with its own."""
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute("CREATE ROLE only_the_application LOGIN")
        connection.execute("GRANT companion_app TO only_the_application")
        try:
            url = postgres_url.replace("//postgres@", "//only_the_application@", 1)
            assert all(step.is_applied for step in migrations.status(url))
        finally:
            connection.execute("DROP ROLE only_the_application")


VERSIONS = ROOT / "migrations" / "versions"
BROKEN = "UPDATE pg_index SET indisvalid = false WHERE indexrelid = %s::regclass"
VALID = "SELECT indisvalid FROM pg_index WHERE indexrelid = %s::regclass"
PERSON = """
INSERT INTO users (id, tier, created_at, age_band) VALUES ('usr_1', 'free', now(), 'unknown');
INSERT INTO identities (subject, user_id) VALUES ('ann', 'usr_1');
INSERT INTO wallets (user_id, version, balance, entry_count, lots) VALUES ('usr_1', 1, 5, 1,
    '[{"id":"gift","bucket":"promo","credits":5,"expires_at":null,"held":0,"owed":0}]');
"""
ENTRY = """
INSERT INTO ledger VALUES ('usr_1', %s, 'grant', 'promo', 'gift', 5, 0, 5, %s, '', now())"""
WAITS = """
SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
    AND wait_event_type = 'Lock' AND query LIKE '%%INDEX%%ledger_lots%%'"""


@pytest.mark.parametrize(
    ("before", "file", "index"),
    [
        ("0005", "0006_market.py", "ledger_lots"),
        ("0005", "0006_market.py", "identities_store_token_key"),
        ("0006", "0007_operations.py", "job_runs_tick"),
    ],
)
def test_a_migration_that_was_interrupted_runs_again(
    postgres_empty_url: str, before: str, file: str, index: str
) -> None:
    """Everything was done that is committed at once, but one index was not built to its end."""
    migrations.upgrade(postgres_empty_url, before)
    with psycopg.connect(postgres_empty_url, autocommit=True) as connection:
        connection.execute(PERSON)
        for statement in runpy.run_path(str(VERSIONS / file))["ONLINE"]:
            connection.execute(statement)
        connection.execute(BROKEN, [index])
        migrations.upgrade(postgres_empty_url)
        assert connection.execute(VALID, [index]).fetchall() == [(True,)]
    assert all(step.is_applied for step in migrations.status(postgres_empty_url))


def test_others_write_while_an_index_is_built(postgres_empty_url: str) -> None:
    url = postgres_empty_url
    migrations.upgrade(url, "0005")
    with psycopg.connect(url, autocommit=True) as watcher, psycopg.connect(url) as writer:
        watcher.execute(PERSON)
        writer.execute(ENTRY, [1, "one"])
        upgrading = Thread(target=migrations.upgrade, args=(url, "0006"))
        upgrading.start()
        try:
            deadline = time.monotonic() + 60
            while watcher.execute(WAITS).fetchone() == (0,):
                assert time.monotonic() < deadline
                time.sleep(0.02)
            # It waits for the transaction that wrote before it, and nobody waits for it.
            watcher.execute("SET lock_timeout = '1s'")
            watcher.execute(ENTRY, [2, "two"])
        finally:
            writer.commit()
            upgrading.join()
        assert watcher.execute(VALID, ["ledger_lots"]).fetchall() == [(True,)]
