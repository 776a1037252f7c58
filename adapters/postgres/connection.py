"""The one place that speaks to PostgreSQL.

A statement outside of ``together`` is its own transaction. None takes longer than 2.5 s, waiting
for a connection included; what does not answer by then is ``Unavailable``, and its connection is
closed. A statement that was begun runs to its end even when its caller is cancelled, so that
money is never half moved: the caller only does not learn of it.
"""

import asyncio
from collections.abc import Coroutine, Mapping, Sequence
from typing import Any, TypeVar

from psycopg import AsyncConnection, Error
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.pq.abc import PGresult

from adapters.postgres.failures import translated
from adapters.postgres.link import Link, LinkLost, ends_link
from adapters.postgres.link_pool import LinkPool
from adapters.postgres.statement import Statement, Values, statement

Row = tuple[bytes | None, ...]
"""One row: each column as PostgreSQL writes it in text, None for NULL."""

_T = TypeVar("_T")
_STATEMENT_SECONDS = 2.5
_CONNECTION_SECONDS = 2.0
_MOST_WAITING = 1000
_OPTIONS = {
    "statement_timeout": "5s",  # the server's own guard, behind ours
    "lock_timeout": "1500ms",
    "idle_in_transaction_session_timeout": "10s",
    "timezone": "UTC",
    "jit": "off",  # compiling costs more than any statement of ours gains
}
_NETWORK = {
    "connect_timeout": 2,
    "keepalives_idle": 15,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 5000,
    "client_encoding": "UTF8",
}


class PostgresPool:
    """Runs statements on at most ``size`` connections, acting as ``role``.

    ``url`` is anything that libpq understands. What its ``options`` set wins over the defaults
    here, apart from the role. ``role`` None leaves the URL's own user.
    """

    def __init__(self, url: str, *, size: int = 8, role: str | None = "companion_app") -> None:
        given = conninfo_to_dict(url)
        options = [f"-c {name}={value}" for name, value in _OPTIONS.items()]
        options.append(str(given.pop("options", "")))
        if role is not None:
            options.append(f"-c role={role}")
        settings: dict[str, Any] = {"application_name": "companion", **_NETWORK, **given}
        self._conninfo = make_conninfo("", **settings, options=" ".join(filter(None, options)))
        self._size = size
        self._links = self._no_links_yet()
        self._unattended: set[asyncio.Task[Any]] = set()
        self.round_trips = 0
        """Statements sent so far, preparing them not counted."""

    async def open(self) -> None:
        """Start with an empty pool; connections are made when they are needed."""
        self._links = self._no_links_yet()

    async def close(self) -> None:
        """Let the statements under way end, then close all connections."""
        while self._unattended:
            await asyncio.wait(tuple(self._unattended))
        await self._links.close()

    @property
    def stats(self) -> Mapping[str, int]:
        """For metrics: ``connections``, how many of them are ``free``, callers ``waiting``."""
        connections, free, waiting = self._links.counts
        return {"connections": connections, "free": free, "waiting": waiting}

    @property
    def last_failure(self) -> str | None:
        """Why the last attempt to connect failed, None when it did not; without any password."""
        return self._links.last_failure

    async def read(self, sql: str, values: Values) -> list[Row]:
        """Run a statement that changes nothing; tried again once if its connection was lost."""
        wanted = statement(sql)
        deadline = asyncio.get_running_loop().time() + _STATEMENT_SECONDS
        try:
            return await self._run(wanted, values, deadline)
        except Error as error:
            if not ends_link(error) or asyncio.get_running_loop().time() >= deadline:
                raise translated(error) from error
        try:
            return await self._run(wanted, values, deadline)
        except Error as error:
            raise translated(error) from error

    async def read_one(self, sql: str, values: Values) -> Row | None:
        """The first row of ``read``, None when there is none."""
        rows = await self.read(sql, values)
        return rows[0] if rows else None

    async def write(self, sql: str, values: Values) -> list[Row]:
        """Run a statement that changes something, once; returns what it returns.

        Cancelling the caller does not cancel the statement.
        """
        wanted = statement(sql)
        deadline = asyncio.get_running_loop().time() + _STATEMENT_SECONDS
        link = self._links.take_free()
        try:
            if link is None:
                return await self._attended(self._run(wanted, values, deadline))
            if not link.has_prepared(wanted):
                return await self._attended(self._run_on(link, wanted, values, deadline))
            # Sent before anything is awaited, so nothing needs to be shielded (and paid for).
            return await self._run_on(link, wanted, values, deadline)
        except Error as error:
            raise translated(error) from error

    async def write_one(self, sql: str, values: Values) -> Row | None:
        """The first row of ``write``, None when there is none."""
        rows = await self.write(sql, values)
        return rows[0] if rows else None

    async def together(
        self, steps: Sequence[tuple[str, Values]], *, seconds: float = _STATEMENT_SECONDS
    ) -> list[Row]:
        """Run statements in one transaction; returns the rows of the last one.

        Each sees what others have committed before it began. ``seconds`` is for all of them: also
        how a single statement gets more time than usual.
        """
        try:
            return await self._attended(self._run_together(steps, seconds))
        except Error as error:
            raise translated(error) from error

    def _no_links_yet(self) -> LinkPool:
        return LinkPool(self._connect, size=self._size, most_waiting=_MOST_WAITING)

    async def _connect(self) -> Link:
        return Link(await AsyncConnection.connect(self._conninfo, autocommit=True))

    async def _run(self, wanted: Statement, values: Values, deadline: float) -> list[Row]:
        left = deadline - asyncio.get_running_loop().time()
        link = self._links.take_free() or await self._links.take(min(left, _CONNECTION_SECONDS))
        return await self._run_on(link, wanted, values, deadline)

    async def _run_on(
        self, link: Link, wanted: Statement, values: Values, deadline: float
    ) -> list[Row]:
        self.round_trips += 1
        guard = asyncio.get_running_loop().call_at(deadline, link.drop, "No answer in time.")
        try:
            result = await link.run(wanted, values)
        except asyncio.CancelledError:
            self._go_on(self._settle(link, guard))
            raise
        except BaseException:
            guard.cancel()
            self._links.give(link)
            raise
        guard.cancel()
        self._links.give(link)
        return _rows(result)

    async def _settle(self, link: Link, guard: asyncio.TimerHandle) -> None:
        await link.settled()
        guard.cancel()
        self._links.give(link)

    async def _run_together(self, steps: Sequence[tuple[str, Values]], seconds: float) -> list[Row]:
        link = await self._links.take(_CONNECTION_SECONDS)
        guard = asyncio.get_running_loop().call_later(seconds, link.drop, "No answer in time.")
        milliseconds = int(seconds * 1000)
        rows: list[Row] = []
        try:
            await link.command(b"BEGIN; SET LOCAL statement_timeout = %d" % milliseconds)
            for sql, values in steps:
                self.round_trips += 1
                rows = _rows(await link.run(statement(sql), values))
            await link.command(b"COMMIT")
        except Error:
            await self._roll_back(link)
            raise
        except BaseException:
            link.drop()
            raise
        finally:
            guard.cancel()
            self._links.give(link)
        return rows

    async def _roll_back(self, link: Link) -> None:
        try:
            if not link.is_lost:
                await link.command(b"ROLLBACK")
        except LinkLost:
            pass  # which rolls back as well

    async def _attended(self, work: Coroutine[Any, Any, list[Row]]) -> list[Row]:
        """The result of ``work``, which goes on when the caller is cancelled."""
        return await asyncio.shield(self._go_on(work))

    def _go_on(self, work: Coroutine[Any, Any, _T]) -> asyncio.Task[_T]:
        task = asyncio.get_running_loop().create_task(work)
        self._unattended.add(task)
        task.add_done_callback(self._attend)
        return task

    def _attend(self, task: asyncio.Task[Any]) -> None:
        self._unattended.discard(task)
        if not task.cancelled():
            task.exception()  # seen, so that asyncio does not report it when the caller has left


def _rows(result: PGresult) -> list[Row]:
    value, columns = result.get_value, range(result.nfields)
    return [
        tuple([value(row, column) for column in columns])  # cheaper than a generator
        for row in range(result.ntuples)
    ]
