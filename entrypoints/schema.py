"""The schema at the start of a server, looked at without loading what moves it.

Alembic and SQLAlchemy would stay in the server's memory for good (30 MB) and cost half a second,
so the common case, nothing to do, reads one row, and a migration runs in a process of its own.
"""

import sys
from pathlib import Path
from subprocess import run

import psycopg

import migrations

_MINUTES = 30


class SchemaError(Exception):
    """The database cannot be reached or migrated; the message is one line."""


def newest_revision() -> str:
    """The revision that this release needs: files are named ``NNNN_what.py``, in order."""
    folder = Path(next(iter(migrations.__path__))) / "versions"
    return max(file.name.split("_", 1)[0] for file in folder.glob("[0-9]*_*.py"))


def is_current(url: str) -> bool:
    """Whether the database has the schema of this release; raises ``SchemaError``."""
    try:
        with psycopg.connect(url, connect_timeout=5) as connection:
            row = connection.execute("SELECT to_regclass('alembic_version')").fetchone()
            if row is None or row[0] is None:
                return False
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except psycopg.Error as error:
        raise SchemaError(str(error).strip().split("\n", 1)[0]) from error
    # A newer schema is fine: each release works with the schema of the next one.
    return row is not None and str(row[0]) >= newest_revision()


def migrate(url: str) -> None:
    """Bring the schema up in a child process; raises ``SchemaError``."""
    child = run(
        [sys.executable, "-m", "entrypoints.cli.upgrade"],
        input=url,
        capture_output=True,
        text=True,
        check=False,
        timeout=60 * _MINUTES,
    )
    if child.returncode != 0:
        lines = child.stderr.strip().splitlines() or ["the migration ended without a word"]
        raise SchemaError(lines[-1])
