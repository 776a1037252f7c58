"""What every record of job runs promises."""

import asyncio

from attrs import evolve

from application.ports.job_runs import JobRun
from tests.contracts.builders import at, make_run
from tests.contracts.stores import Stores

LEASE = 60


async def claim(stores: Stores, run: JobRun) -> bool:
    return await stores.jobs.claim(run, lease_seconds=LEASE)


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


async def test_a_run_that_never_ends_holds_the_job_only_for_its_lease(stores: Stores) -> None:
    assert await claim(stores, make_run(slot=0))
    assert not await claim(stores, make_run(slot=LEASE - 1))
    assert await claim(stores, make_run(slot=LEASE + 1))


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
            runs.append(run)
    newest_first = sorted(runs, key=lambda run: run.started_at, reverse=True)
    assert await stores.jobs.list(job=None, limit=10) == newest_first
    assert await stores.jobs.list(job=None, limit=2) == newest_first[:2]
    sweeps = [run for run in newest_first if run.job == "sweep"]
    assert await stores.jobs.list(job="sweep", limit=10) == sweeps
    assert await stores.jobs.list(job="nothing", limit=10) == []
