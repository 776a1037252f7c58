"""Each tick is run once, whatever becomes of the processes that run it."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from adapters.in_memory.clock import InMemoryClock, InMemoryIdGenerator
from adapters.in_memory.database import InMemoryDatabase
from adapters.in_memory.job_runs import InMemoryJobRuns
from application.operations.job import Job, JobNotes
from application.operations.run_job import RunJob
from application.ports.job_runs import JobRun
from domain.errors import Conflict, NotFound, Unavailable
from tests.contracts.builders import NOW

Work = Callable[[JobNotes], Awaitable[str]]
SILENCE = timedelta(seconds=31)
DAY = timedelta(days=1)


class Company:
    """Processes with one job, over one database and clock."""

    def __init__(self) -> None:
        self.database = InMemoryDatabase()
        self.clock = InMemoryClock(NOW)
        self.runs = InMemoryJobRuns(self.database)
        self.ids = InMemoryIdGenerator()

    def process(self, work: Work, every: timedelta = DAY, *, beat: float = 0.005) -> RunJob:
        job = Job("tidy", "Tidies up", every, work)
        return RunJob({"tidy": job}, self.runs, self.clock, self.ids, beat_seconds=beat)

    async def rows(self) -> list[JobRun]:
        return list(await self.runs.list(job="tidy", limit=100))

    async def when_claimed(self, count: int = 1) -> None:
        while len(await self.rows()) < count:  # each look lets others run
            pass


@pytest.fixture
def company() -> Company:
    return Company()


async def done(_: JobNotes) -> str:
    return "tidied"


async def never(_: JobNotes) -> str:
    await asyncio.Event().wait()
    raise AssertionError


async def test_a_tick_runs_once_over_all_processes(company: Company) -> None:
    processes = [company.process(done) for _ in range(4)]
    for _ in range(3):
        runs = await asyncio.gather(*(process("tidy") for process in processes))
        assert sum(run is not None for run in runs) == 1
        company.clock.advance(DAY)
    slots = [run.slot for run in await company.rows()]
    assert len(set(slots)) == len(slots) == 3
    assert [run.outcome for run in await company.rows()] == ["tidied"] * 3


async def test_ticks_that_nobody_was_there_for_are_made_up_for_by_one_run(company: Company) -> None:
    process = company.process(done)
    assert await process("tidy")
    company.clock.advance(timedelta(days=31))
    assert await process("tidy")
    assert await process("tidy") is None
    assert len(await company.rows()) == 2


async def test_a_killed_process_loses_its_tick_to_another_soon(company: Company) -> None:
    killed = asyncio.create_task(company.process(never, beat=1_000)("tidy"))
    await company.when_claimed()
    other = company.process(done)
    company.clock.advance(SILENCE - timedelta(seconds=2))
    assert await other("tidy") is None, "it may still be at work"
    company.clock.advance(timedelta(seconds=2))
    run = await other("tidy")
    assert run is not None
    assert run.outcome == "tidied"
    dead = next(one for one in await company.rows() if one.id != run.id)
    assert dead.slot == run.slot
    assert dead.error == "The process that ran it died."
    killed.cancel()
    await asyncio.wait({killed})


async def test_a_process_that_works_for_long_keeps_its_tick(company: Company) -> None:
    go_on = asyncio.Event()

    async def long(_: JobNotes) -> str:
        await go_on.wait()
        return "done at last"

    working = asyncio.create_task(company.process(long)("tidy"))
    await company.when_claimed()
    other = company.process(done)
    for _ in range(4):
        company.clock.advance(SILENCE / 2)
        await asyncio.sleep(0.05)  # at least one beat, at this clock's time
        assert await other("tidy") is None
    go_on.set()
    run = await working
    assert run is not None
    assert run.outcome == "done at last"


async def test_a_process_that_only_slept_stops_when_it_was_taken_over(company: Company) -> None:
    sleeper = asyncio.create_task(company.process(never, beat=0.02)("tidy"))
    await company.when_claimed()
    company.clock.advance(SILENCE)
    run = await company.process(done)("tidy")
    assert run is not None
    with pytest.raises(Conflict):
        await sleeper
    [last, dead] = await company.rows()
    assert last.outcome == "tidied"
    assert dead.error == "The process that ran it died."


async def test_a_process_that_is_told_to_stop_leaves_its_tick_to_another_at_once(
    company: Company,
) -> None:
    process = company.process(never)
    working = asyncio.create_task(process("tidy"))
    await company.when_claimed()
    await process.stop(grace_seconds=0)
    assert working.cancelled()
    run = await company.process(done)("tidy")
    assert run is not None
    assert run.outcome == "tidied"


async def test_what_ends_soon_may_end_when_the_process_is_told_to_stop(company: Company) -> None:
    go_on = asyncio.Event()

    async def short(_: JobNotes) -> str:
        await go_on.wait()
        return "just in time"

    process = company.process(short)
    working = asyncio.create_task(process("tidy"))
    await company.when_claimed()
    stopping = asyncio.create_task(process.stop())
    go_on.set()
    await stopping
    run = await working
    assert run is not None
    assert run.outcome == "just in time"


async def test_what_failed_is_tried_again_after_a_minute(company: Company) -> None:
    async def broken(_: JobNotes) -> str:
        message = "it broke"
        raise ValueError(message)

    with pytest.raises(ValueError, match="it broke"):
        await company.process(broken)("tidy")
    [failed] = await company.rows()
    assert failed.error == "ValueError: it broke"
    assert failed.finished_at == NOW
    other = company.process(done)
    assert await other("tidy") is None
    company.clock.advance(timedelta(minutes=1))
    assert await other("tidy")


async def test_a_long_job_goes_on_where_the_killed_one_was(company: Company) -> None:
    seen: list[int] = []
    is_stuck = asyncio.Event()

    def counting(until: int) -> Work:
        async def count(notes: JobNotes) -> str:
            start = int(await notes.find() or 0)
            for number in range(start, 10):
                if number == until:
                    is_stuck.set()
                    await asyncio.Event().wait()
                seen.append(number)
                await notes.keep(str(number + 1))
            await notes.keep(None)
            return "all"

        return count

    killed = asyncio.create_task(company.process(counting(6), beat=1_000)("tidy"))
    await is_stuck.wait()
    company.clock.advance(SILENCE)
    run = await company.process(counting(99))("tidy")
    assert run is not None
    assert seen == list(range(10))
    killed.cancel()
    await asyncio.wait({killed})


async def test_a_beat_that_does_not_get_through_is_no_reason_to_stop(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    beats: list[bool] = []
    has_beaten = asyncio.Event()

    async def away(*_: object) -> bool:
        beats.append(False)
        if len(beats) == 3:
            has_beaten.set()
        raise Unavailable("away")

    monkeypatch.setattr(company.runs, "beat", away)

    async def long(_: JobNotes) -> str:
        await has_beaten.wait()
        return "done"

    run = await company.process(long, beat=0.001)("tidy")
    assert run is not None
    assert run.outcome == "done"


async def test_a_clock_that_was_set_back_does_not_keep_jobs_from_running(company: Company) -> None:
    process = company.process(done, timedelta(minutes=1))
    for _ in range(60):
        assert await process("tidy")
        company.clock.advance(timedelta(minutes=1))
    company.clock.advance(-timedelta(hours=1))
    for _ in range(50):
        assert await process("tidy")
        assert await process("tidy") is None
        company.clock.advance(timedelta(minutes=1))


async def test_by_hand_it_runs_at_any_time_but_never_beside_another(company: Company) -> None:
    process = company.process(done)
    assert await process("tidy")
    company.clock.advance(timedelta(seconds=1))
    assert await process("tidy", by_hand=True)
    company.clock.advance(timedelta(seconds=1))
    other = company.process(never)
    working = asyncio.create_task(other("tidy", by_hand=True))
    await company.when_claimed(3)
    company.clock.advance(timedelta(seconds=1))
    assert await process("tidy", by_hand=True) is None
    await other.stop(grace_seconds=0)
    assert working.cancelled()


async def test_there_is_no_other_job(company: Company) -> None:
    with pytest.raises(NotFound):
        await company.process(done)("polish")
