"""What is thrown away when its time is over, and what a look at the books leaves behind."""

import logging
from collections.abc import Sequence
from datetime import timedelta

import pytest
from attrs import frozen

from adapters.in_memory.clock import InMemoryClock, InMemoryIdGenerator
from adapters.in_memory.database import InMemoryDatabase
from adapters.in_memory.job_runs import InMemoryJobRuns
from adapters.in_memory.purchase_store import InMemoryPurchaseStore
from adapters.in_memory.session_store import InMemorySessionStore
from adapters.in_memory.turn_stream import InMemoryTurnStream
from adapters.in_memory.wallet_store import InMemoryWalletStore
from application.operations.invariant_check import JOB, InvariantCheck, find_last_check
from application.operations.job import JobNotes
from application.operations.purge_runs import PurgeRuns
from application.operations.purge_sessions import PurgeSessions
from application.operations.watch_invariants import WatchInvariants
from application.ports.job_runs import JobRun, Patience
from application.ports.wallet_store import Violation
from tests.contracts.builders import NOW, at, make_session, make_user
from tests.contracts.builders import make_run as a_run

KEPT = timedelta(days=30)


@frozen
class House:
    database: InMemoryDatabase
    clock: InMemoryClock
    runs: InMemoryJobRuns
    sessions: InMemorySessionStore

    async def claimed(self, job: str) -> tuple[JobNotes, JobRun]:
        run = JobRun(InMemoryIdGenerator().new(f"run-{job}"), job, NOW, NOW)
        assert await self.runs.claim(run, Patience())
        return JobNotes(self.runs, run), run

    def purge(self, kept: timedelta | None = KEPT) -> PurgeSessions:
        return PurgeSessions(self.sessions, InMemoryTurnStream(), self.clock, kept=kept)

    async def talk(self, count: int, *, days: float) -> list[str]:
        """Sessions of people of their own that have rested for so long; returns their ids."""
        ids = []
        for number in range(count):
            user = make_user(f"user-{number}")
            self.database.users[user.id] = user
            session = make_session(user, updated_at=NOW - timedelta(days=days))
            await self.sessions.add(session, None)
            ids.append(session.id)
        return ids


@pytest.fixture
def house() -> House:
    database = InMemoryDatabase()
    return House(
        database,
        InMemoryClock(NOW),
        InMemoryJobRuns(database),
        InMemorySessionStore(database),
    )


async def test_conversations_are_kept_for_ever_unless_somebody_says_how_long(house: House) -> None:
    await house.talk(1, days=10_000)
    notes, _ = await house.claimed("purge-sessions")
    assert await house.purge(None)(notes) == "conversations are kept for ever"
    assert len(house.database.sessions) == 1


async def test_only_conversations_that_rested_longer_are_deleted(house: House) -> None:
    await house.talk(450, days=31)
    stays = await house.talk(3, days=29)
    notes, _ = await house.claimed("purge-sessions")
    told = await house.purge()(notes)
    assert told == "deleted 450 conversations that rested for 30 days"
    assert sorted(house.database.sessions) == sorted(stays)
    assert await notes.find() is None


async def test_a_clean_up_goes_on_where_a_killed_one_was(house: House) -> None:
    old = await house.talk(5, days=31)
    notes, _ = await house.claimed("purge-sessions")
    place = sorted((session.user_id, session.id) for session in house.database.sessions.values())[2]
    await notes.keep(f'["{place[0]}", "{place[1]}"]')
    assert "deleted 2 " in await house.purge()(notes)
    assert len(house.database.sessions) == len(old) - 2
    assert "deleted 3 " in await house.purge()(notes)


async def test_what_its_owner_deletes_at_this_moment_is_not_counted(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine, theirs = await house.talk(2, days=31)
    delete = house.sessions.delete

    async def one_is_gone(user_id: str, session_id: str) -> Sequence[str]:
        if session_id == mine:
            await delete(user_id, session_id)
        return await delete(user_id, session_id)

    monkeypatch.setattr(house.sessions, "delete", one_is_gone)
    notes, _ = await house.claimed("purge-sessions")
    assert "deleted 1 " in await house.purge()(notes)
    assert theirs not in house.database.sessions


async def test_runs_are_kept_for_thirty_days(house: House) -> None:
    for days in (40, 31, 29, 1):
        started = NOW - timedelta(days=days)
        run = a_run("sweep", slot=-days * 86_400.0, started_at=started, finished_at=started)
        assert await house.runs.claim(run, Patience())
        await house.runs.finish(run)
    assert await PurgeRuns(house.runs, house.clock)() == "deleted 2 runs"


async def test_what_a_look_at_the_books_finds_is_logged_and_kept(
    house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    wallets = InMemoryWalletStore(house.database)
    look = WatchInvariants(wallets, InMemoryPurchaseStore(house.database), house.clock)
    notes, run = await house.claimed(JOB)
    assert await find_last_check(house.runs) is None
    assert await look(notes) == "the books add up"
    assert await find_last_check(house.runs) == InvariantCheck(NOW, 0)

    async def broken() -> Sequence[Violation]:
        return [Violation("balance", "usr_1", "5 is not 6"), Violation("debt", "usr_2", "1")]

    monkeypatch.setattr(wallets, "audit", broken)
    house.clock.set(at(60))
    with caplog.at_level(logging.ERROR):
        assert await look(notes) == "2 invariants are broken"
    assert [record.getMessage() for record in caplog.records] == [
        "an invariant is broken: balance of usr_1: 5 is not 6",
        "an invariant is broken: debt of usr_2: 1",
    ]
    assert await find_last_check(house.runs) == InvariantCheck(at(60), 2)
    assert run.job == JOB
