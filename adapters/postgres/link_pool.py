"""The connections of one process.

Taking and giving back never awaits anything but a free connection, so no cancellation, wherever
it strikes, can lose one. The one used last is given first: a few warm connections do most of the
work. After a failure to connect, waiting callers cause the next attempt, so the pool heals within
half a second of the server's return.
"""

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import Awaitable, Callable

from psycopg import Error, OperationalError

from adapters.postgres.link import Link

_log = logging.getLogger(__name__)

_RETRY_SECONDS = 0.5
_LIFETIME_SECONDS = 3600.0
"""Connections are renewed after this time: the server's memory for each of them only grows."""


class NoLink(OperationalError):
    """There was no free connection in time, or too many callers are waiting for one."""


class LinkPool:
    """At most ``size`` connections, made when they are needed."""

    def __init__(
        self, connect: Callable[[], Awaitable[Link]], *, size: int, most_waiting: int
    ) -> None:
        self._connect = connect
        self._size = size
        self._most_waiting = most_waiting
        self._free: list[Link] = []
        self._waiting: deque[asyncio.Future[Link]] = deque()
        self._count = 0
        self._attempts: set[asyncio.Task[None]] = set()
        self._retry: asyncio.TimerHandle | None = None
        self._is_open = True
        self.last_failure: str | None = None
        """Why the last attempt to connect failed; None when it did not."""

    @property
    def counts(self) -> tuple[int, int, int]:
        """How many connections there are, how many of them are free, how many callers wait."""
        return self._count, len(self._free), len(self._waiting)

    def take_free(self) -> Link | None:
        """A connection that is free now and was in order a moment ago."""
        while self._free:
            link = self._free.pop()
            if not link.is_lost:
                return link
            self._count -= 1
        return None

    async def take(self, timeout: float) -> Link:  # noqa: ASYNC109 - a timer for each is dearer
        """A connection that was in order a moment ago; raises ``NoLink``."""
        link = self.take_free()
        if link is not None:
            return link
        if not self._is_open or len(self._waiting) >= self._most_waiting:
            message = "Too many are waiting for the database."
            raise NoLink(message)
        turn: asyncio.Future[Link] = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        self._grow()
        try:
            async with asyncio.timeout(timeout):
                return await turn
        except (TimeoutError, asyncio.CancelledError) as error:
            with contextlib.suppress(ValueError):
                self._waiting.remove(turn)
            if turn.done() and not turn.cancelled() and turn.exception() is None:
                self.give(turn.result())
            if isinstance(error, TimeoutError):
                message = "The database gave no connection in time."
                raise NoLink(message) from error
            raise

    def give(self, link: Link) -> None:
        """Give a connection back, whatever became of it."""
        age = asyncio.get_running_loop().time() - link.made_at
        if link.is_lost or age > _LIFETIME_SECONDS or not self._is_open:
            link.drop()
            self._count -= 1
            if self._waiting:
                self._grow()
        else:
            self._serve(link)

    async def close(self) -> None:
        """Close what is free now, and what is still in use when it is given back."""
        self._is_open = False
        if self._retry is not None:
            self._retry.cancel()
        for attempt in tuple(self._attempts):
            attempt.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await attempt
        for turn in self._waiting:
            if not turn.done():
                turn.set_exception(NoLink("The database's connections are closed."))
        while self._free:
            self._free.pop().drop()
            self._count -= 1

    def _serve(self, link: Link) -> None:
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(link)
                return
        self._free.append(link)

    def _grow(self) -> None:
        """Begin to connect, unless enough attempts are under way for those who wait."""
        while (
            self._is_open
            and self._retry is None
            and self._count + len(self._attempts) < self._size
            and len(self._attempts) < len(self._waiting)
        ):
            self._attempts.add(asyncio.get_running_loop().create_task(self._add()))

    async def _add(self) -> None:
        try:
            link = await self._connect()
        except (Error, OSError) as error:
            if self.last_failure is None:
                _log.warning("PostgreSQL cannot be reached: %s", error)
            self.last_failure = str(error)
            if self._retry is None and self._is_open:
                loop = asyncio.get_running_loop()
                self._retry = loop.call_later(_RETRY_SECONDS, self._try_again)
            return
        finally:
            self._attempts.discard(_current_task())
        self.last_failure = None
        self._count += 1
        self.give(link)

    def _try_again(self) -> None:
        self._retry = None
        self._grow()


def _current_task() -> asyncio.Task[None]:
    task = asyncio.current_task()
    if task is None:
        raise RuntimeError("not within a task")
    return task
