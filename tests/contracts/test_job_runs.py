"""What every record of job runs promises."""

import asyncio
from datetime import timedelta

from attrs import evolve

from application.ports.job_runs import JobRun, Patience
from tests.contracts.builders import at, make_run
from tests.contracts.stores import Stores

LEASE = 60
RETRY = 200
AHEAD = 900
PATIENCE = Patience(
    silence=timedelta(seconds=LEASE), retry=timedelta(seconds=RETRY), ahead=timedelta(seconds=AHEAD)
)


async def claim(stores: Stores, run: JobRun) -> bool:
    return await stores.jobs.claim(run, PATIENCE)


def finished(run: JobRun, seconds: float = 1) -> JobRun:
    return evolve(run, finished_at=at(seconds), outcome="released 3 holds")


async def test_a_tick_is_run_once(stores: Stores) -> None:
    first = make_run()
    assert await claim(stores, first)
    assert not await claim(stores, make_run())
    await stores.jobs.finish(finished(first))
    assert not await claim(stores, evolve(make_run(), started_at=at(500)))


async def test_of_twenty_who_claim_a_tick_at_once_one_gets_it(stores: Stores) -> None:
    runs = [make_run() for _ in range(20)]
    claims = await asyncio.gather(*(claim(stores, run) for run in runs))
    assert claims.count(True) == 1
    assert await stores.jobs.list(job=None, limit=50) == [runs[claims.index(True)]]


async def test_of_twenty_different_ticks_at_once_one_runs(stores: Stores) -> None:
    runs = [make_run(slot=number / 100) for number in range(20)]
    claims = await asyncio.gather(*(claim(stores, run) for run in runs))
    assert claims.count(True) == 1


async def test_the_next_tick_waits_for_the_last_one_to_finish(stores: Stores) -> None:
    first, second = make_run(slot=0), make_run(slot=30)
    assert await claim(stores, first)
    assert not await claim(stores, second)
    await stores.jobs.finish(finished(first, 31))
    assert await claim(stores, second)


async def test_a_run_that_failed_has_finished(stores: Stores) -> None:
    first = make_run(slot=0)
    assert await claim(stores, first)
    await stores.jobs.finish(evolve(first, finished_at=at(1), error="it broke"))
    assert await claim(stores, make_run(slot=30))


async def test_a_run_that_is_not_heard_of_holds_the_job_only_for_a_while(stores: Stores) -> None:
    assert await claim(stores, make_run(slot=0))
    assert not await claim(stores, make_run(slot=LEASE - 1))
    assert await claim(stores, make_run(slot=LEASE + 1))


async def test_a_run_that_says_it_is_at_work_keeps_the_job(stores: Stores) -> None:
    run = make_run(slot=0)
    assert await claim(stores, run)
    assert await stores.jobs.beat(run, at(50))
    assert not await claim(stores, make_run(slot=LEASE + 1))
    assert await stores.jobs.beat(run, at(100))
    assert not await claim(stores, make_run(slot=100 + LEASE - 1))
    assert await claim(stores, make_run(slot=100 + LEASE))


async def test_the_tick_of_a_run_that_died_is_run_again_and_the_dead_one_says_so(
    stores: Stores,
) -> None:
    dead = make_run(slot=0)
    assert await claim(stores, dead)
    again = evolve(make_run(slot=0), started_at=at(LEASE))
    assert await claim(stores, again)
    listed = await stores.jobs.list(job="sweep", limit=10)
    assert [run.id for run in listed] == [again.id, dead.id]
    assert listed[1].finished_at == at(LEASE)
    assert "died" in (listed[1].error or "")


async def test_of_twenty_who_take_a_dead_ones_tick_over_one_gets_it(stores: Stores) -> None:
    assert await claim(stores, make_run(slot=0))
    runs = [evolve(make_run(slot=0), started_at=at(LEASE)) for _ in range(20)]
    claims = await asyncio.gather(*(claim(stores, run) for run in runs))
    assert claims.count(True) == 1
    assert len(await stores.jobs.list(job=None, limit=50)) == 2


async def test_who_was_taken_over_is_told_and_changes_nothing_any_more(stores: Stores) -> None:
    slept = make_run(slot=0)
    assert await claim(stores, slept)
    other = evolve(make_run(slot=0), started_at=at(LEASE))
    assert await claim(stores, other)
    assert not await stores.jobs.beat(slept, at(LEASE + 1))
    assert not await stores.jobs.keep_note(slept, "mine")
    await stores.jobs.finish(finished(slept, LEASE + 2))
    assert "died" in ((await stores.jobs.list(job=None, limit=2))[1].error or "")
    assert not await claim(stores, make_run(slot=LEASE + 3)), "the other one is at work"
    assert await stores.jobs.find_note("sweep") is None


async def test_a_tick_that_failed_is_tried_again_after_a_while(stores: Stores) -> None:
    first = make_run(slot=0)
    assert await claim(stores, first)
    await stores.jobs.finish(evolve(first, finished_at=at(1), error="it broke"))
    assert not await claim(stores, evolve(make_run(slot=0), started_at=at(RETRY)))
    assert await claim(stores, evolve(make_run(slot=0), started_at=at(RETRY + 1)))


async def test_a_tick_that_was_stopped_is_free_at_once(stores: Stores) -> None:
    first = make_run(slot=0)
    assert await claim(stores, first)
    await stores.jobs.finish(evolve(first, finished_at=at(1), error="stopped"), is_void=True)
    assert await claim(stores, evolve(make_run(slot=0), started_at=at(1)))


async def test_ticks_are_run_again_by_a_clock_that_was_set_back(stores: Stores) -> None:
    for number in range(20):
        run = make_run(slot=100 * number)
        assert await claim(stores, run)
        await stores.jobs.finish(finished(run, 100 * number + 1))
    other = make_run("other", slot=500)
    assert await claim(stores, other)
    await stores.jobs.finish(finished(other, 501))
    for number in range(5, 20):
        again = make_run(slot=100 * number)
        assert await claim(stores, again)
        await stores.jobs.finish(finished(again, 100 * number + 1))
        assert not await claim(stores, make_run(slot=100 * number))
        assert not await claim(stores, make_run("other", slot=500))


async def test_a_run_of_a_clock_that_was_set_back_does_not_keep_the_job(stores: Stores) -> None:
    assert await claim(stores, make_run(slot=AHEAD + 10))
    assert not await claim(stores, make_run(slot=10))
    assert await claim(stores, make_run(slot=9))


async def test_what_a_job_notes_is_there_for_its_next_run_only(stores: Stores) -> None:
    first = make_run(slot=0)
    await claim(stores, first)
    assert await stores.jobs.find_note("sweep") is None
    assert await stores.jobs.keep_note(first, "as far as usr_7")
    assert await stores.jobs.keep_note(first, "as far as usr_9")
    assert await stores.jobs.find_note("sweep") == "as far as usr_9"
    assert await stores.jobs.find_note("refresh") is None
    second = make_run(slot=LEASE)
    assert await claim(stores, second)
    assert await stores.jobs.find_note("sweep") == "as far as usr_9"
    assert await stores.jobs.keep_note(second, None)
    assert await stores.jobs.find_note("sweep") is None


async def test_old_runs_are_deleted_but_for_the_latest_of_each_job(stores: Stores) -> None:
    for number in range(3):
        for job in ("refresh", "sweep"):
            run = make_run(job, slot=1000 * number)
            assert await claim(stores, run)
            await stores.jobs.finish(finished(run, 1000 * number + 1))
    running = make_run("sweep", slot=3000)
    assert await claim(stores, running)
    assert await stores.jobs.purge(at(0)) == 0
    assert await stores.jobs.purge(at(1002)) == 4
    assert await stores.jobs.purge(at(99_999)) == 1
    left = await stores.jobs.list(job=None, limit=50)
    assert [(run.job, run.slot) for run in left] == [("sweep", at(3000)), ("refresh", at(2000))]


async def test_a_claim_that_failed_leaves_no_run(stores: Stores) -> None:
    first = make_run(slot=0)
    assert await claim(stores, first)
    assert not await claim(stores, make_run(slot=30))
    assert await stores.jobs.list(job=None, limit=10) == [first]
    await stores.jobs.finish(finished(first))
    assert await claim(stores, make_run(slot=30))


async def test_jobs_do_not_wait_for_each_other(stores: Stores) -> None:
    assert await claim(stores, make_run("sweep"))
    assert await claim(stores, make_run("refresh"))


async def test_how_a_run_ended_is_kept(stores: Stores) -> None:
    run = make_run()
    await claim(stores, run)
    done = evolve(run, finished_at=at(2), outcome="released 3 holds", error="then it broke")
    await stores.jobs.finish(done)
    assert await stores.jobs.list(job="sweep", limit=10) == [done]


async def test_the_list_is_newest_first_and_can_be_of_one_job(stores: Stores) -> None:
    runs = []
    for number in range(3):
        for job in ("refresh", "sweep"):
            run = make_run(job, slot=100 * number + len(job))
            assert await claim(stores, run)
            runs.append(finished(run, 100 * number + 10))
            await stores.jobs.finish(runs[-1])
    newest_first = sorted(runs, key=lambda run: run.started_at, reverse=True)
    assert await stores.jobs.list(job=None, limit=10) == newest_first
    assert await stores.jobs.list(job=None, limit=2) == newest_first[:2]
    sweeps = [run for run in newest_first if run.job == "sweep"]
    assert await stores.jobs.list(job="sweep", limit=10) == sweeps
    assert await stores.jobs.list(job="nothing", limit=10) == []
