"""What most commands need: the parts running and the use cases wired."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from domain.errors import DomainError
from entrypoints.cli.failures import CommandFailed
from entrypoints.config import Settings
from entrypoints.container import Adapters, UseCases
from entrypoints.container.embedded import EmbeddedPartError, running_parts
from entrypoints.lifecycle import running
from entrypoints.metrics import Metrics

ResultT = TypeVar("ResultT")


@contextmanager
def parts(settings: Settings, *, with_model: bool = False) -> Iterator[Settings]:
    """The settings with every gap filled, by parts of our own or those of a running server."""
    if settings.is_memory:
        message = (
            "STACK=memory keeps everything inside the server's process, so there is nothing here.\n"
            "Leave STACK away to work on the embedded database."
        )
        raise CommandFailed(message)
    try:
        with running_parts(settings, lambda _: None, with_model=with_model) as filled:
            yield filled
    except EmbeddedPartError as error:
        raise CommandFailed(f"{error.message}\n{error.hint}") from error


def run_with_use_cases(
    settings: Settings,
    work: Callable[[UseCases, Adapters], Awaitable[ResultT]],
    *,
    stand_in_model: bool = False,
) -> ResultT:
    """What ``work`` returns; a refusal becomes ``CommandFailed``.

    ``stand_in_model`` lets the in-memory model answer instead of the configured one.
    """

    async def run(filled: Settings) -> ResultT:
        async with running(filled, Metrics(), stand_in_model=stand_in_model) as (
            use_cases,
            adapters,
        ):
            return await work(use_cases, adapters)

    with parts(settings) as filled:
        try:
            return asyncio.run(run(filled))
        except DomainError as error:
            raise CommandFailed(error.message) from error
