"""How Alembic reaches the database: a transaction for each migration, one process at a time.

Alembic runs this file for every command; ``adapters.postgres.migrations`` gives it the URL.
"""

import time

import psycopg
from alembic import context
from sqlalchemy import Connection, create_engine, pool

_LOCK = 7_205_759_403
"""Any number, as long as nothing else in the database locks it."""
_PAUSE = 0.1
"""Seconds."""


def _connect() -> psycopg.Connection[tuple[object, ...]]:
    # libpq reads the URL itself, so every form that it knows works, sockets included.
    return psycopg.connect(context.config.attributes["url"], connect_timeout=10)


def _wait_for_our_turn(connection: Connection) -> None:
    """Of several processes that start together, one migrates, and the others find nothing to do.

    The lock is the session's, so it outlives the commits between migrations. It is asked for again
    and again: building an index concurrently would wait for a statement that waits for the lock.
    """
    while not connection.exec_driver_sql(f"SELECT pg_try_advisory_lock({_LOCK})").scalar():
        connection.rollback()
        time.sleep(_PAUSE)
    connection.commit()


def _run() -> None:
    engine = create_engine("postgresql+psycopg://", creator=_connect, poolclass=pool.NullPool)
    with engine.connect() as connection:
        _wait_for_our_turn(connection)
        context.configure(
            connection=connection, transactional_ddl=True, transaction_per_migration=True
        )
        with context.begin_transaction():
            context.run_migrations()


_run()
