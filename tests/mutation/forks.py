"""Jobs in processes of their own, each forked from this one: warm, and untouched by the others."""

import contextlib
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from typing import IO


def forked(
    jobs: Iterable[tuple[str, Callable[[], str]]], workers: int
) -> Iterator[tuple[str, str | None]]:
    """Each job's name and answer, in the order of their ends; None if it raised or was killed."""
    running: dict[int, tuple[str, IO[str]]] = {}
    for name, job in jobs:
        while len(running) >= workers:
            yield from _ended(running)
        answer = tempfile.TemporaryFile("w+")  # noqa: SIM115 - read once its process has ended
        process = os.fork()
        if not process:
            _do(job, answer)
        running[process] = name, answer
    while running:
        yield from _ended(running)


def _do(job: Callable[[], str], answer: IO[str]) -> None:
    """Never returns: whoever called it belongs to the parent, and so does the terminal."""
    status = 1
    with contextlib.suppress(BaseException):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        os.dup2(nowhere, 2)
        answer.write(job())
        answer.flush()
        status = 0
    os._exit(status)


def _ended(running: dict[int, tuple[str, IO[str]]]) -> Iterator[tuple[str, str | None]]:
    process, status = os.wait()
    # One that somebody else started, such as what made the mutants, is of no interest.
    if process in running:
        name, answer = running.pop(process)
        with answer:
            answer.seek(0)
            yield name, None if status else answer.read()
