"""The database's schema, as the command line and the start move it."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from alembic.util import CommandError
from sqlalchemy.exc import SQLAlchemyError

from adapters.postgres import migrations
from adapters.postgres.migrations import Migration

__all__ = ["Migration", "MigrationFailed", "downgrade", "status", "upgrade"]


class MigrationFailed(Exception):
    """The database cannot be reached, or refuses; the message is one line."""


def upgrade(url: str, revision: str = "head") -> None:
    """Apply all steps up to ``revision``."""
    with _explained():
        migrations.upgrade(url, revision)


def downgrade(url: str, revision: str) -> None:
    """Take back all steps after ``revision``; ``-1`` takes back one."""
    with _explained():
        migrations.downgrade(url, revision)


def status(url: str) -> tuple[Migration, ...]:
    """All steps, oldest first, each with whether the database has it."""
    with _explained():
        return migrations.status(url)


@contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except (psycopg.Error, SQLAlchemyError, CommandError) as error:
        first_line = str(error).strip().splitlines()[0] if str(error).strip() else repr(error)
        raise MigrationFailed(first_line) from error
