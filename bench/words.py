"""Streams at the reader's end: when each word came, however the server cut the reply."""

import asyncio
import itertools
import re
import time
from collections.abc import Callable, Sequence
from random import Random

from attrs import frozen

from bench.load import Connection, connect
from bench.model import WORDS
from bench.sides import Side

_CONTENT = re.compile(rb'"content":\s*"((?:[^"\\]|\\.)*)"')
_ENDS = list(itertools.accumulate(map(len, WORDS)))
_MOST_SECONDS = 60.0
_KEPT_SECONDS = 2.0
"""Servers hang up on connections that have nothing to say for five."""
LEAST = 3
"""Streams in a round: of fewer nothing can be told."""


@frozen
class Heard:
    """When a request was sent and when each word of its reply came, in monotonic nanoseconds."""

    number: int
    asked: int
    words: Sequence[int]


class Listener:
    """Takes one stream's bytes and notes when each word was complete."""

    def __init__(self) -> None:
        self.words: list[int] = []
        self._rest = b""
        self._characters = 0

    def __call__(self, data: bytes) -> None:
        """The next bytes of the body; an event may be cut anywhere."""
        whole, end, rest = (self._rest + data).rpartition(b"\n\n")
        self._rest = rest
        if not end:
            return
        self._characters += sum(map(len, _CONTENT.findall(whole)))
        now = time.monotonic_ns()
        while len(self.words) < len(_ENDS) and self._characters >= _ENDS[len(self.words)]:
            self.words.append(now)


async def saturate(
    side: Side, say: Callable[[int], str], *, streams: int, warm_up: float, seconds: float
) -> float:
    """Words a second with so many streams open all the time, after a while of warming up."""
    numbers = itertools.count()
    heard: list[Listener] = []

    async def keep_asking() -> None:
        connection = await connect("127.0.0.1", side.port)
        try:
            while True:
                number = next(numbers)
                heard.append(Listener())
                await connection.ask(side.request(say(number), number), heard[-1])
        finally:
            connection.close()

    def words() -> int:
        return sum(len(listener.words) for listener in heard)

    tasks = [asyncio.create_task(keep_asking()) for _ in range(streams)]
    try:
        await asyncio.sleep(warm_up)
        before, started = words(), time.monotonic()
        await asyncio.sleep(seconds)
        rate = (words() - before) / (time.monotonic() - started)
    finally:
        for task in tasks:
            task.cancel()
        ended = await asyncio.gather(*tasks, return_exceptions=True)
    for result in ended:
        if isinstance(result, Exception):
            raise result
    return rate


async def arrivals(
    side: Side, say: Callable[[int], str], *, a_second: float, seconds: float, chance: Random
) -> list[Heard]:
    """Ask so often at random moments, whether or not earlier replies have ended; all of them.

    It goes on for longer where that gives fewer than ``LEAST``. ``say`` gives the message of each
    number. Raises ``RuntimeError`` when a stream was refused or has not all of its words,
    ``TimeoutError`` when the streams never end.
    """
    loop = asyncio.get_running_loop()
    idle: list[tuple[Connection, float]] = []

    async def connected() -> Connection:
        while idle:
            connection, since = idle.pop()
            if loop.time() - since < _KEPT_SECONDS:
                return connection
            connection.close()
        return await connect("127.0.0.1", side.port)

    async def ask(number: int) -> Heard:
        connection = await connected()
        listener = Listener()
        request = side.request(say(number), number)
        asked = time.monotonic_ns()
        await connection.ask(request, listener)
        idle.append((connection, loop.time()))
        if len(listener.words) < len(WORDS):
            message = f"{side.name} sent {len(listener.words)} of {len(WORDS)} words"
            raise RuntimeError(message)
        return Heard(number, asked, listener.words)

    tasks: list[asyncio.Task[Heard]] = []
    due = loop.time()
    last = due + seconds
    async with asyncio.timeout(seconds + LEAST / a_second + _MOST_SECONDS):
        while (due := due + chance.expovariate(a_second)) < last or len(tasks) < LEAST:
            await asyncio.sleep(max(0.0, due - loop.time()))
            tasks.append(asyncio.create_task(ask(len(tasks))))
        heard = list(await asyncio.gather(*tasks))
    for connection, _ in idle:
        connection.close()
    return heard
