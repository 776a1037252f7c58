"""Work of a process that nobody waits for."""

import asyncio
import logging

import pytest

from application.background import Background
from domain.errors import Unavailable


async def test_what_fails_is_logged_and_keeps_nothing_else(
    caplog: pytest.LogCaptureFixture,
) -> None:
    background, done = Background(), asyncio.Event()

    async def fail() -> None:
        message = "a defect"
        raise RuntimeError(message)

    async def end() -> None:
        done.set()

    with caplog.at_level(logging.ERROR):
        background.submit(fail)
        background.submit(end)
        await done.wait()
        await background.drain(1)
    assert [record.message for record in caplog.records] == [
        "background work failed; a job will do it"
    ]


async def test_what_was_away_is_no_fault(caplog: pytest.LogCaptureFixture) -> None:
    background = Background()

    async def cut() -> None:
        raise Unavailable("The database does not answer.")

    background.submit(cut)
    await background.drain(1)
    told = [(record.levelname, record.message) for record in caplog.records]
    assert told == [
        ("WARNING", "background work has to wait for its job: The database does not answer.")
    ]


async def test_a_process_that_ends_cancels_what_takes_too_long_and_begins_no_more() -> None:
    background, told = Background(), list[str]()
    begun = asyncio.Event()

    async def stay() -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            told.append("cancelled")

    async def late() -> None:
        told.append("late")

    background.submit(stay)
    await begun.wait()
    await background.drain(0)
    background.submit(late)
    await background.drain(0)
    assert told == ["cancelled"]


async def test_too_much_at_once_is_left_to_the_job() -> None:
    background, go_on, done = Background(), asyncio.Event(), list[int]()

    async def work() -> None:
        await go_on.wait()
        done.append(1)

    for _ in range(250):
        background.submit(work)
    go_on.set()
    await background.drain(5)
    assert len(done) == 200
