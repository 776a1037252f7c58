"""What every reader of vital signs promises."""

from datetime import timedelta

import pytest
from attrs import evolve

from adapters.in_memory.database import InMemoryDatabase
from adapters.in_memory.vital_signs import InMemoryVitalSigns
from adapters.postgres.connection import PostgresPool
from adapters.postgres.vital_signs import PostgresVitalSigns
from application.operations.invariant_check import JOB, InvariantCheck
from application.ports.inbox import InboxState
from application.ports.job_runs import JobRun, Patience
from application.ports.vital_signs import VitalSigns
from domain.market.products import Provider
from tests.contracts.builders import NOW, make_closing, make_run
from tests.contracts.market import Market, make_errand, make_event
from tests.contracts.stores import Stores

MINUTE = timedelta(minutes=1)


@pytest.fixture
def signs(tables: InMemoryDatabase | PostgresPool) -> VitalSigns:
    if isinstance(tables, PostgresPool):
        return PostgresVitalSigns(tables)
    return InMemoryVitalSigns(tables)


async def ran(stores: Stores, job: str, number: int, *, error: str | None = None) -> JobRun:
    run = make_run(job, number * 60)
    assert await stores.jobs.claim(run, Patience())
    ended = evolve(run, finished_at=run.started_at, outcome=None if error else "done", error=error)
    await stores.jobs.finish(ended)
    return ended


async def test_an_empty_product_is_well(signs: VitalSigns) -> None:
    vitals = await signs.read(["sweep-holds"], NOW)
    assert (vitals.open_holds, vitals.overdue_wallets) == (0, 0)
    assert vitals.job_successes == {}
    assert vitals.invariant_breaks is None
    assert vitals.inbox_lag == timedelta(0)
    assert (vitals.inbox_waiting, vitals.inbox_parked) == (0, 0)
    assert (vitals.errands_waiting, vitals.errands_parked) == (0, 0)


async def test_a_job_is_as_old_as_its_last_success(signs: VitalSigns, stores: Stores) -> None:
    await ran(stores, "sweep-holds", 1)
    last = await ran(stores, "sweep-holds", 2)
    await ran(stores, "sweep-holds", 3, error="Unavailable")
    await ran(stores, "purge-keys", 4, error="Unavailable")
    await ran(stores, "another", 5)
    vitals = await signs.read(["sweep-holds", "purge-keys"], NOW)
    assert vitals.job_successes == {"sweep-holds": last.finished_at}


async def test_a_run_at_work_is_no_success(signs: VitalSigns, stores: Stores) -> None:
    run = make_run("sweep-holds")
    await stores.jobs.claim(run, Patience())
    assert (await signs.read(["sweep-holds"], NOW)).job_successes == {}


async def test_broken_invariants_are_those_of_the_last_check(
    signs: VitalSigns, stores: Stores
) -> None:
    run = make_run(JOB)
    await stores.jobs.claim(run, Patience())
    for broken in (5, 3):
        await stores.jobs.keep_note(run, InvariantCheck(NOW, broken).note())
    assert (await signs.read([], NOW)).invariant_breaks == 3


async def test_open_holds_are_counted_until_they_end(signs: VitalSigns, stores: Stores) -> None:
    user, session = await stores.sign_up_to_talk()
    opening = await stores.open(user, session, amount=10)
    await stores.open(user, session, amount=5)
    assert (await signs.read([], NOW)).open_holds == 2
    ends = [hold.expires_at for hold in opening.wallet.holds]
    assert (await signs.read([], min(ends))).overdue_wallets == 0
    assert (await signs.read([], max(ends) + MINUTE)).overdue_wallets == 1
    await stores.turns.close(make_closing(opening, await stores.wallets.get(user.id)))
    assert (await signs.read([], NOW)).open_holds == 1


async def test_messages_of_stores_wait_and_are_parked(signs: VitalSigns, market: Market) -> None:
    for number in range(3):
        await market.inbox.add(make_event(f"evt_{number}"), NOW + number * MINUTE)
    parked = await market.inbox.get(Provider.STRIPE, "evt_0")
    await market.inbox.finish(evolve(parked, state=InboxState.PARKED, attempts=1))
    vitals = await signs.read([], NOW + 4 * MINUTE)
    assert (vitals.inbox_waiting, vitals.inbox_parked) == (2, 1)
    assert vitals.inbox_lag == 3 * MINUTE


async def test_what_is_not_due_yet_is_no_lag(signs: VitalSigns, market: Market) -> None:
    await market.inbox.add(make_event(), NOW + MINUTE)
    assert (await signs.read([], NOW)).inbox_lag == timedelta(0)


async def test_errands_wait_and_are_parked(signs: VitalSigns, market: Market) -> None:
    user = await market.stores.sign_up()
    await market.errands.add(user.id, [make_errand(f"ref_{n}") for n in range(3)], NOW)
    [first] = await market.errands.claim(now=NOW, until=NOW + MINUTE, limit=1)
    await market.errands.postpone(evolve(first, is_parked=True, reason="refused"))
    vitals = await signs.read([], NOW)
    assert (vitals.errands_waiting, vitals.errands_parked) == (2, 1)
