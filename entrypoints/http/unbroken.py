"""Work that goes on when the client who asked for it has left."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from domain.errors import DomainError
from entrypoints.http.errors import log_fault

T = TypeVar("T")

# The event loop itself holds its tasks only weakly.
_running: set[asyncio.Task[Any]] = set()


async def unbroken(work: Coroutine[Any, Any, T], request_id: str) -> T:
    """The result of ``work``, which is carried to its end even if nobody waits any more.

    A client that disconnects cancels its handler; half a change must not come of it.
    """
    task = asyncio.create_task(work)
    _running.add(task)
    task.add_done_callback(_running.discard)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        task.add_done_callback(lambda ended: _report(ended, request_id))
        raise


def _report(task: asyncio.Task[Any], request_id: str) -> None:
    error = None if task.cancelled() else task.exception()
    if error is not None and not isinstance(error, DomainError):
        log_fault(error, request_id)
