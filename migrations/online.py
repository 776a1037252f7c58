"""Changing tables that are in use: statement by statement, each its own transaction.

A migration is one transaction as a rule. What would lock a table for as long as it is read or
written once (an index above all) comes first, by ``run_online``, and then the rest. A migration
that was interrupted runs again from its beginning, so each of these statements must be fit to be
repeated.
"""

import re
from collections.abc import Iterable

from alembic import op

_INDEX = re.compile(r"CREATE (?:UNIQUE )?INDEX CONCURRENTLY IF NOT EXISTS (\w+)\s")
_IS_BROKEN = """
SELECT FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
WHERE relname = %s AND relnamespace = current_schema()::regnamespace AND NOT indisvalid"""


def run_online(statements: Iterable[str]) -> None:
    """Run them outside any transaction; what the migrations before did is committed with that.

    An index whose building was interrupted is left behind by PostgreSQL, unusable: it goes first.
    """
    with op.get_context().autocommit_block():
        connection = op.get_bind()
        for statement in statements:
            index = _INDEX.match(statement)
            if index and connection.exec_driver_sql(_IS_BROKEN, (index[1],)).first() is not None:
                connection.exec_driver_sql(f"DROP INDEX CONCURRENTLY {index[1]}")
            connection.exec_driver_sql(statement)
