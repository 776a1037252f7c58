"""Where card files are worked on beside the event loop, a few at a time."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import ParamSpec, TypeVar

from domain.errors import Unavailable

_AT_ONCE = 2
_WAITING = 16

P = ParamSpec("P")
T = TypeVar("T")


class Workbench:
    """Two files at a time, so that memory stays bounded and the event loop has its share.

    Sixteen more may wait; who comes then is told to come again.
    """

    def __init__(self) -> None:
        self._places = asyncio.Semaphore(_AT_ONCE)
        self._present = 0

    @asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """A place at the bench for as long as a file is held; raises ``Unavailable``."""
        if self._present >= _AT_ONCE + _WAITING:
            raise Unavailable("Too many card files are being worked on; try again in a moment.")
        self._present += 1
        try:
            async with self._places:
                yield
        finally:
            self._present -= 1

    async def do(self, work: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """The result of ``work``, which runs in a thread."""
        return await asyncio.to_thread(work, *args, **kwargs)
