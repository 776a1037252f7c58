"""Bringing a database to a version of the schema, and saying which it has.

These functions block for as long as it takes; they are for start-up and for the command line.
"""

from pathlib import Path

import psycopg
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from attrs import frozen

import migrations

_CONNECT_SECONDS = 10


@frozen
class Migration:
    """One step of the schema, and whether this database has it."""

    revision: str
    description: str
    is_applied: bool


def upgrade(url: str, revision: str = "head") -> None:
    """Apply all steps up to ``revision``; safe when several processes do so at once.

    ``url`` is anything that libpq understands; its user must be allowed to create tables, the
    extension ``vector`` and, where it does not exist yet, the role ``companion_app``.
    """
    command.upgrade(_config(url), revision)


def downgrade(url: str, revision: str) -> None:
    """Take back all steps after ``revision``, which is ``base`` for all of them."""
    command.downgrade(_config(url), revision)


def status(url: str) -> tuple[Migration, ...]:
    """All steps, oldest first."""
    scripts = ScriptDirectory.from_config(_config(url))
    applied = {step.revision for step in scripts.iterate_revisions(_current(url) or "base", "base")}
    steps = reversed(list(scripts.walk_revisions()))
    return tuple(Migration(one.revision, one.doc, one.revision in applied) for one in steps)


def _current(url: str) -> str | None:
    with psycopg.connect(url, connect_timeout=_CONNECT_SECONDS) as connection:
        exists = connection.execute("SELECT to_regclass('alembic_version') IS NOT NULL").fetchone()
        if exists != (True,):
            return None
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        return None if row is None else str(row[0])


def _config(url: str) -> Config:
    config = Config()
    folder = str(Path(next(iter(migrations.__path__))))
    config.set_main_option("script_location", folder.replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["url"] = url
    return config
