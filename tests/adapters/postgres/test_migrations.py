"""The schema goes up and down, and up only once however many try."""

import subprocess
import sys
from pathlib import Path

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
