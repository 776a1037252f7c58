"""How Alembic reaches the database: one transaction, one process at a time.

Alembic runs this file for every command; ``adapters.postgres.migrations`` gives it the URL.
"""

import psycopg
from alembic import context
from sqlalchemy import create_engine, pool

_LOCK = 7_205_759_403
"""Any number, as long as nothing else in the database locks it."""


def _connect() -> psycopg.Connection[tuple[object, ...]]:
    # libpq reads the URL itself, so every form that it knows works, sockets included.
    return psycopg.connect(context.config.attributes["url"], connect_timeout=10)


def _run() -> None:
    engine = create_engine("postgresql+psycopg://", creator=_connect, poolclass=pool.NullPool)
    with engine.connect() as connection:
        context.configure(connection=connection, transactional_ddl=True)
        with context.begin_transaction():
            # Held until the commit: of several processes that start together, one migrates, and
            # the others read the version only after it has.
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
            context.run_migrations()


_run()
