"""One connection to PostgreSQL, driven below psycopg's cursors.

psycopg connects (addresses, time-outs, passwords) and gives libpq's functions; this adds what a
statement of a hot path needs and nothing else: prepared once, sent, answered. A psycopg cursor
does the same in 50 µs of Python where this takes 10, and a turn runs four statements.

The socket is watched all the time, so a connection that the server closes is known to be lost
before anybody tries to use it.
"""

import asyncio
import contextlib
from typing import Any

from psycopg import AsyncConnection, OperationalError, errors
from psycopg.pq import ExecStatus
from psycopg.pq.abc import PGresult

from adapters.postgres.statement import TEXT, Statement, Values

_STALE = ("0A000", "26000")
_ANSWERED = (ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK)


class LinkLost(OperationalError):
    """The connection is gone; whether the server did what it was asked is not known."""


class Link:
    """Runs one statement at a time, outside of any transaction but the ones that it is told of."""

    def __init__(self, connection: AsyncConnection[Any]) -> None:
        self._connection = connection
        self._libpq = connection.pgconn
        self._socket = self._libpq.socket
        self._loop = asyncio.get_running_loop()
        self._prepared: set[bytes] = set()
        self._results: list[PGresult] = []
        self._answer: asyncio.Future[list[PGresult]] | None = None
        self._is_busy = False
        self.is_lost = False
        self.made_at = self._loop.time()
        self._loop.add_reader(self._socket, self._read)

    async def run(self, statement: Statement, values: Values) -> PGresult:
        """The statement's result; raises psycopg's error for what the server refuses.

        When the caller is cancelled, the statement is not: ``settled`` waits for its end.
        """
        bound, formats = statement.bind(values)
        if not self.has_prepared(statement):
            await self._prepare(statement)
        return await self._ask(
            self._libpq.send_query_prepared, statement.name, bound, formats, TEXT
        )

    def has_prepared(self, statement: Statement) -> bool:
        """Whether ``run`` would send this statement before it awaits anything."""
        return statement.name in self._prepared

    async def _prepare(self, statement: Statement) -> None:
        # Noted before the answer comes: if the caller is cancelled meanwhile, it still was sent.
        self._prepared.add(statement.name)
        try:
            await self._ask(self._libpq.send_prepare, statement.name, statement.sql)
        except errors.Error:
            self._prepared.discard(statement.name)
            raise

    async def command(self, sql: bytes) -> None:
        """Run a statement without parameters that is not worth preparing, such as BEGIN."""
        await self._ask(self._libpq.send_query, sql)

    async def settled(self) -> None:
        """Return when no statement is under way, also one that its caller no longer awaits."""
        if self._is_busy and not self.is_lost:
            self._answer = self._loop.create_future()
            with contextlib.suppress(LinkLost):
                await self._answer

    def drop(self, why: str = "The connection was closed.") -> None:
        """Close the connection; a statement under way fails with ``LinkLost``."""
        if self.is_lost:
            return
        self.is_lost = True
        self._loop.remove_reader(self._socket)
        self._loop.remove_writer(self._socket)
        self._libpq.finish()
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(LinkLost(why))

    async def _ask(self, send: Any, *arguments: Any) -> PGresult:  # noqa: ANN401 - libpq's functions
        self._results = []
        self._answer = self._loop.create_future()
        try:
            send(*arguments)
            self._is_busy = True
            self._write()
        except OperationalError as error:
            self._answer.cancel()
            self.drop()
            raise LinkLost(str(error)) from error
        result = (await self._answer)[-1]
        if result.status in _ANSWERED:
            return result
        refusal = errors.error_from_result(result)
        if ends_link(refusal):
            self.drop()
        raise refusal

    def _write(self) -> None:
        """Hand to the socket what it takes now; large statements need more than one go."""
        if self._libpq.flush():
            self._loop.add_writer(self._socket, self._write_on)
        else:
            self._loop.remove_writer(self._socket)

    def _write_on(self) -> None:
        try:
            self._write()
        except OperationalError as error:
            self.drop(str(error))

    def _read(self) -> None:
        try:
            self._libpq.consume_input()
        except OperationalError as error:
            self.drop(str(error))
            return
        while self._is_busy and not self._libpq.is_busy():
            result = self._libpq.get_result()
            if result is not None:
                self._results.append(result)
                continue
            self._is_busy = False
            if self._answer is not None and not self._answer.done():
                self._answer.set_result(self._results)


def ends_link(error: errors.Error) -> bool:
    """Whether the connection that gave this error is of no further use.

    It is gone, the server is shutting down, or what was prepared on it no longer fits: forgotten,
    or planned for tables that a migration has changed since.
    """
    state = error.sqlstate or ""
    return isinstance(error, LinkLost) or state.startswith("57P") or state in _STALE
