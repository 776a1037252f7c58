"""Scheduled jobs run once, however many run them and whatever the clock does: J1, J3, M12."""

import asyncio
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from attrs import evolve

from adapters.in_memory.clock import InMemoryClock
from application.market.place_order import PlaceOrderCommand
from application.wallet.grant_credits import GrantCreditsCommand
from domain.accounts import Tier, User
from domain.lots import Bucket
from domain.market.calendar import add_months
from domain.market.products import Provider
from entrypoints.config import load_settings
from entrypoints.container import UseCases, build_adapters, build_use_cases
from entrypoints.container.in_memory import build_in_memory
from entrypoints.lifecycle import seed
from tests.acceptance.product import ROOT, Product, Stack
from tests.acceptance.world import World

DAILY = 100
SECONDS = 240.0
"""Only bounds a failure: the fastest job is due every 15 seconds."""


# ------------------------------------------------------------------------------------------- J1


@pytest.mark.crash
@pytest.mark.timeout(600)
def test_j1_four_schedulers_run_each_tick_once(stack: Stack, tmp_path: Path) -> None:
    logs = [tmp_path / f"scheduler-{number}.log" for number in range(4)]
    processes = [_scheduler(stack, log) for log in logs]
    try:
        deadline = time.monotonic() + SECONDS
        while len(_runs(stack, "sweep-holds")) < 3:
            assert time.monotonic() < deadline, [log.read_text() for log in logs]
            assert all(process.poll() is None for process in processes)
            time.sleep(0.2)
    finally:
        for process in processes:
            process.terminate()
        codes = [process.wait(30) for process in processes]
    assert codes == [0] * 4
    runs = _runs(stack, "sweep-holds")
    assert len({slot for slot, _, _ in runs}) == len(runs)
    assert all(outcome for _, outcome, error in runs if not error)
    assert not any(error for _, _, error in runs)
    done = Counter(
        line for log in logs for line in log.read_text().split() if line.startswith("sweep-holds")
    )
    assert 3 <= done.total() <= len(runs), "no process ran a tick that is not on record"


@pytest.mark.crash
@pytest.mark.timeout(600)
def test_a_killed_schedulers_job_is_taken_over_soon(stack: Stack, tmp_path: Path) -> None:
    """A daily job would otherwise be lost for a day, and a lease as long would block it."""
    with psycopg.connect(stack.database_url) as connection:
        connection.execute("DELETE FROM job_runs")
    _seed(stack)  # what is not on sale is not compared
    with socket.create_server(("127.0.0.1", 0)) as silent:  # a store that never answers
        address = f"http://127.0.0.1:{silent.getsockname()[1]}"
        hanging = {
            "STRIPE_SECRET_KEY": "sk_test_nobody",
            "STRIPE_WEBHOOK_SECRET": "whsec_nobody",
            "STRIPE_BASE_URL": address,
        }
        killed = _scheduler(stack, tmp_path / "killed.log", **hanging)
        try:
            _wait(lambda: _under_way(stack, "reconcile-purchases"))
        finally:
            killed.kill()
            killed.wait(30)
        [dead] = _under_way(stack, "reconcile-purchases")
        heir = _scheduler(stack, tmp_path / "heir.log")
        try:
            _wait(lambda: any(not error for *_, error in _runs(stack, "reconcile-purchases")))
        finally:
            heir.terminate()
            assert heir.wait(30) == 0
    ended = {slot: error for slot, _, error in _runs(stack, "reconcile-purchases") if error}
    assert ended == {dead: "The process that ran it died."}
    assert not any(_under_way(stack, job) for job in ("sweep-holds", "reconcile-purchases")), (
        "who is told to stop leaves nothing claimed"
    )


def _wait(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.2)


def _seed(stack: Stack) -> None:
    subprocess.run(
        [sys.executable, "-m", "entrypoints.cli.main", "seed"],
        cwd=stack.folder,
        env={**stack.settings, "PYTHONPATH": str(ROOT)},
        check=True,
        timeout=60,
    )


def _under_way(stack: Stack, job: str) -> list[datetime]:
    """The slots of runs that have not ended."""
    with psycopg.connect(stack.database_url) as connection:
        rows = connection.execute(
            "SELECT slot FROM job_runs WHERE job = %s AND finished_at IS NULL", (job,)
        )
        return [slot for (slot,) in rows]


def _scheduler(stack: Stack, log: Path, **settings: str) -> "subprocess.Popen[bytes]":
    with log.open("wb") as output:
        return subprocess.Popen(
            [sys.executable, "-m", "entrypoints.cli.main", "scheduler"],
            cwd=stack.folder,
            env={**stack.settings, "LOG_LEVEL": "DEBUG", "PYTHONPATH": str(ROOT), **settings},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )


def _runs(stack: Stack, job: str) -> list[tuple[datetime, str | None, str | None]]:
    """Slot, outcome and error of each run that is finished."""
    with psycopg.connect(stack.database_url) as connection:
        return connection.execute(
            "SELECT slot, outcome, error FROM job_runs"
            " WHERE job = %s AND finished_at IS NOT NULL ORDER BY slot",
            (job,),
        ).fetchall()


# -------------------------------------------------------------------------------------- by hand


@pytest.fixture(scope="module")
def pair(stack: Stack) -> list[Product]:
    servers = [stack.product(RUN_JOBS="false").launch() for _ in range(2)]
    for server in servers:
        server.wait_ready()
    return servers


async def test_runs_by_hand_at_once_do_not_overlap(pair: list[Product], world: World) -> None:
    person = await world.person()
    admin = await world.admin()
    path = "/v1/admin/jobs/refresh-daily-credits/run"
    answers = await asyncio.gather(*(admin.call("POST", path, at=pair[n % 2]) for n in range(12)))
    assert {answer.status_code for answer in answers} <= {200, 409}
    runs = [answer.json()["id"] for answer in answers if answer.status_code == 200]
    assert runs
    assert len(set(runs)) == len(runs)
    assert (await person.balance())["balance"] == DAILY
    listed = {one["name"]: one for one in (await admin.get("/v1/admin/jobs"))["data"]}
    assert listed["refresh-daily-credits"]["last_run"]["id"] in runs
    unknown = await admin.call("POST", "/v1/admin/jobs/no-such-job/run")
    assert unknown.status_code == 404


# -------------------------------------------------------------------------------------- J3, M12

NOON = datetime(2026, 3, 27, 12, tzinfo=UTC)  # two days before summer time in Europe


@pytest.fixture(params=["memory", "postgres"])
async def moved(
    request: pytest.FixtureRequest, tmp_path: Path
) -> AsyncIterator[tuple[UseCases, InMemoryClock, User]]:
    """Use cases on a clock that a test may move, and somebody with a wallet."""
    clock = InMemoryClock(NOON)
    if request.param == "memory":
        settings = load_settings({"STACK": "memory"})
        adapters = build_in_memory(clock)
    else:
        settings = load_settings(
            {
                "DATABASE_URL": request.getfixturevalue("postgres_url"),
                "REDIS_URL": request.getfixturevalue("redis_url"),
                "XAI_API_KEY": "key",
                "OPENAI_API_KEY": "key",
                "DATA_DIR": str(tmp_path),
            }
        )
        adapters = evolve(build_adapters(settings, lambda _: None), clock=clock)
    for step in adapters.opening:
        await step()
    use_cases = build_use_cases(settings, adapters)
    await seed(use_cases)
    user = await adapters.accounts.add(
        User(id="usr_1", subject="ada", tier=Tier.FREE, created_at=clock.now())
    )
    yield use_cases, clock, user
    for close in adapters.closing:
        await close()


async def entries(use_cases: UseCases, user: User) -> list[Any]:
    page = await use_cases.list_transactions()(user.id, limit=100, cursor=None)
    return list(page.items)


async def test_m12_a_day_brings_its_credits_once_however_often_it_is_asked(
    moved: tuple[UseCases, InMemoryClock, User],
) -> None:
    use_cases, clock, user = moved
    for _ in range(3):
        await use_cases.get_balance()(user)
        await use_cases.refresh_daily_credits()()
        clock.advance(timedelta(hours=3))
    given = [one for one in await entries(use_cases, user) if one.kind == "daily_refresh"]
    assert [one.amount for one in given] == [DAILY]
    clock.set(datetime(2026, 3, 28, 0, 0, tzinfo=UTC))
    await asyncio.gather(*(use_cases.get_balance()(user) for _ in range(5)))
    await use_cases.refresh_daily_credits()()
    given = [one for one in await entries(use_cases, user) if one.kind == "daily_refresh"]
    assert len(given) == 2
    assert (await use_cases.get_balance()(user)).wallet.balance == DAILY


async def test_j3_neither_a_month_later_nor_a_clock_set_back_gives_more(
    moved: tuple[UseCases, InMemoryClock, User],
) -> None:
    use_cases, clock, user = moved
    await use_cases.get_balance()(user)
    await use_cases.grant_credits()(
        GrantCreditsCommand(
            user_id=user.id, amount=500, bucket=Bucket.PURCHASED, reason="bought", key="one"
        )
    )
    steps = [
        timedelta(days=31),
        -timedelta(days=31),  # set back to the beginning
        timedelta(days=2),  # over the change to summer time
        timedelta(hours=23),
        -timedelta(days=1),
        timedelta(days=29, minutes=90),
        timedelta(days=31),
    ]
    days = {clock.now().date()}
    latest = clock.now().date()
    for step in steps:
        clock.advance(step)
        if clock.now().date() > latest:
            latest = clock.now().date()
            days.add(latest)
        await use_cases.refresh_daily_credits()()
        await use_cases.get_balance()(user)
        balance = await use_cases.get_balance()(user)
        purchased = sum(
            lot.credits for lot in balance.wallet.lots if lot.bucket is Bucket.PURCHASED
        )
        assert purchased == 500, "nothing that was bought expires"
    rows = await entries(use_cases, user)
    references = [one.reference for one in rows if one.kind == "daily_refresh"]
    assert sorted(references) == sorted(f"daily:{day.isoformat()}" for day in days)
    final = await use_cases.get_balance()(user)
    assert sum(one.amount for one in rows) == final.wallet.balance == 500 + DAILY
    assert await use_cases.check_invariants()() == []


async def test_j3_a_subscription_brings_its_months_once_whatever_the_clock_does(
    moved: tuple[UseCases, InMemoryClock, User],
) -> None:
    use_cases, clock, user = moved
    order = PlaceOrderCommand(user, "plus_monthly", Provider.SANDBOX, "key", outcome="succeed")
    await use_cases.place_order()(order)
    renew = use_cases.run_job()
    began = clock.now()
    steps = [
        timedelta(days=2),  # over the change to summer time
        timedelta(days=29),  # the 27th of April: a month is over
        timedelta(minutes=1),
        -timedelta(days=31),  # set back to the beginning
        timedelta(hours=6),
        timedelta(days=31),  # the same month's end, once more
        timedelta(days=31),
        -timedelta(hours=1),
        timedelta(days=31),
    ]
    months = {0}
    for step in steps:
        clock.advance(step)
        months |= {n for n in range(1, 9) if add_months(began, n) <= clock.now()}
        for _ in range(2):
            await asyncio.gather(*(renew("renew-subscriptions") for _ in range(4)))
            clock.advance(timedelta(seconds=60))
    granted = [one for one in await entries(use_cases, user) if one.kind == "subscription"]
    assert len(months) == 4
    assert [one.amount for one in granted] == [1500] * len(months)
    assert len({one.reference for one in granted}) == len(months)
    assert await use_cases.check_invariants()() == []
