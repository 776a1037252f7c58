"""The one connection to Redis that all Redis adapters of a process share.

Three things are wanted of it, and redis-py's pooled client gives none of them:

- **A dead Redis costs nothing.** A server that accepts and never answers costs whoever meets it
  first 1 s. For the next second everybody else is refused at once; then one command goes
  through as a probe, and the others go on being refused until it has been answered.
- **A busy process is not mistaken for a dead Redis.** A plain timeout fires when the event loop
  was held up for that long, although the answer has arrived meanwhile. A limiter would then
  decide locally, just under the load that it is there for. See ``_Patience``.
- **Little work per command.** Commands asked for while others are under way travel together:
  one write and one read for all of them. Alone a command costs about 70 µs of processor time,
  in company 20, where redis-py's client takes 130 for each.

redis-py remains what speaks the protocol: addresses, TLS, authentication, packing and parsing.
"""

import asyncio
import hashlib
import logging
from collections import deque
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import TypeAlias

from attrs import field, frozen
from redis.asyncio.connection import AbstractConnection, ConnectionPool
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import NoScriptError, ResponseError

from domain.errors import Unavailable

Argument: TypeAlias = bytes | str | int
Reply: TypeAlias = "bytes | int | list[Reply] | None"

_TIMEOUT_SECONDS = 1.0  # a busy machine may keep Redis itself waiting for half of that
_PAUSE_SECONDS = 1.0
_BATCH = 128
"""So many commands at most travel together: few enough to be answered well within the timeout."""

_log = logging.getLogger(__name__)


def private_name(*parts: str) -> str:
    """A short stand-in for what may identify a person, for use in a key.

    Nobody's id or address stands in Redis in the clear, wherever its memory may be copied to.
    """
    return hashlib.blake2b("\0".join(parts).encode(), digest_size=16).hexdigest()


@frozen
class Script:
    """A Lua script that the server runs as one step."""

    text: str
    sha: str = field(init=False)

    @sha.default
    def _digest(self) -> str:
        return hashlib.sha1(self.text.encode(), usedforsecurity=False).hexdigest()

    @classmethod
    def beside(cls, module_file: str, name: str) -> "Script":
        """The script in the file ``name`` beside a module."""
        return cls(Path(module_file).with_name(name).read_text(encoding="utf-8"))


class RedisConnection:
    """Commands to Redis: answered, or refused with ``Unavailable`` within ``timeout`` seconds.

    ``url`` is ``redis://``, ``rediss://`` or ``unix://``. After a failure nothing is tried for
    ``pause`` seconds. Belongs to the event loop that uses it first.
    """

    def __init__(
        self, url: str, *, timeout: float = _TIMEOUT_SECONDS, pause: float = _PAUSE_SECONDS
    ) -> None:
        # Timeouts and retries are kept here instead, and RESP2 needs no greeting.
        pool = ConnectionPool.from_url(
            url, protocol=2, driver_info=None, socket_timeout=None, socket_connect_timeout=None
        )
        # The pool has read the URL, and that is all it is for. No types: redis-py has none here.
        self._connection: AbstractConnection = pool.make_connection()  # type: ignore[no-untyped-call]
        self._timeout = timeout
        self._pause = pause
        self._waiting: deque[_Command] = deque()
        self._sender: asyncio.Task[None] | None = None
        self._closed = False
        self._broken = False
        self._next_try = 0.0

    async def execute(self, *command: Argument) -> Reply:
        """Send one command.

        Raises:
            Unavailable: Redis does not answer, has not answered lately, or answers an error.
        """
        try:
            return await self._submit(command)
        except ResponseError as error:
            raise _refusal(error) from error

    async def run(self, script: Script, keys: Sequence[str], *arguments: Argument) -> Reply:
        """Run a script, which Redis is sent anew when it does not know it (any more).

        Raises:
            Unavailable: as with ``execute``.
        """
        rest = (len(keys), *keys, *arguments)
        try:
            return await self._submit(("EVALSHA", script.sha, *rest))
        except NoScriptError:
            return await self.execute("EVAL", script.text, *rest)
        except ResponseError as error:
            raise _refusal(error) from error

    async def ping(self) -> None:
        """Ask whether Redis answers, for the readiness of this process.

        Asks even in the pause after a failure, which an answer ends.

        Raises:
            Unavailable: it does not.
        """
        self._next_try = 0.0
        await self.execute("PING")

    @property
    def answers(self) -> bool:
        """For metrics: whether Redis answered the last time."""
        return not self._broken

    async def close(self) -> None:
        """Finish what is under way and hang up; everything is refused from now on."""
        self._closed = True
        if self._sender is not None:
            await self._sender
        await self._connection.disconnect()

    def _submit(self, command: tuple[Argument, ...]) -> "asyncio.Future[Reply]":
        loop = asyncio.get_running_loop()
        if self._closed:
            raise Unavailable("The connection to Redis is closed.")
        packed = b"".join(self._connection.pack_command(*command))
        if self._broken:
            if loop.time() < self._next_try:
                raise Unavailable("Redis did not answer lately.")
            # This command is the probe. Until it is answered nobody else gets this far.
            self._next_try = loop.time() + self._timeout + self._pause
        reply: asyncio.Future[Reply] = loop.create_future()
        self._waiting.append(_Command(packed, reply))
        if self._sender is None or self._sender.done():
            self._sender = loop.create_task(self._send())
        return reply

    async def _send(self) -> None:
        """Send what is waiting until nothing is.

        A task of its own, so that a caller who is cancelled takes nobody else along.
        """
        while self._waiting:
            size = min(_BATCH, len(self._waiting))
            batch = [self._waiting.popleft() for _ in range(size)]
            try:
                async with _Patience(self._timeout):
                    await self._exchange(batch)
            except Exception as error:  # noqa: BLE001 - whatever it is, the callers must be told
                await self._fail(batch, error)
            else:
                if self._broken:
                    _log.info("Redis answers again")
                self._broken = False

    async def _exchange(self, batch: "list[_Command]") -> None:
        if self._connection.is_connected:
            try:
                await self._write_and_read(batch)
            except RedisConnectionError:
                # Perhaps Redis was restarted since we last spoke: once more, on a new connection.
                # Should it have run some of these before it went, they are counted twice, and
                # no promise breaks: a limit may be strict too soon, but never too late.
                await self._connection.disconnect(nowait=True)
                batch = [command for command in batch if not command.reply.done()]
            else:
                return
        await self._connection.connect()  # type: ignore[no-untyped-call]  # redis-py has no types
        await self._write_and_read(batch)

    async def _write_and_read(self, batch: "list[_Command]") -> None:
        await self._connection.send_packed_command(
            b"".join([command.packed for command in batch]), check_health=False
        )
        for command in batch:
            try:
                command.answer(await self._connection.read_response(disable_decoding=True))
            except ResponseError as error:
                command.fail(error)

    async def _fail(self, batch: "list[_Command]", error: Exception) -> None:
        if not self._broken:
            _log.warning("Redis does not answer: %s", type(error).__name__)
        self._broken = True
        self._next_try = asyncio.get_running_loop().time() + self._pause
        # Those who came meanwhile would only meet the same.
        batch += self._waiting
        self._waiting.clear()
        for command in batch:
            command.fail(Unavailable("Redis does not answer."))
        await self._connection.disconnect(nowait=True)


@frozen
class _Command:
    packed: bytes
    reply: "asyncio.Future[Reply]"

    def answer(self, reply: Reply) -> None:
        if not self.reply.done():  # the caller may have been cancelled
            self.reply.set_result(reply)

    def fail(self, error: Exception) -> None:
        if not self.reply.done():
            self.reply.set_exception(error)


class _Patience:
    """A timeout that counts only time in which the event loop was there to see an answer.

    The time is cut into steps, and the loop reads what has come between any two of them. So a
    loop that was held up for a second by something else has used up one step, not all.
    """

    _STEPS = 5

    def __init__(self, seconds: float) -> None:
        self._step = seconds / self._STEPS
        self._timeout = asyncio.timeout(None)
        self._loop = asyncio.get_running_loop()

    async def __aenter__(self) -> None:
        await self._timeout.__aenter__()
        self._timer = self._loop.call_later(self._step, self._tick, self._STEPS - 1)

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._timer.cancel()
        await self._timeout.__aexit__(kind, error, traceback)

    def _tick(self, left: int) -> None:
        if left:
            self._timer = self._loop.call_later(self._step, self._tick, left - 1)
        else:
            self._timeout.reschedule(self._loop.time())


def _refusal(error: ResponseError) -> Unavailable:
    # Such as READONLY, OOM or NOAUTH: Redis is there, but of no use. Its message may quote the
    # command, and so a key; the first word is its code.
    code = str(error).partition(" ")[0]
    _log.warning("Redis refuses a command: %s %s", type(error).__name__, code)
    return Unavailable("Redis refuses the command.")
