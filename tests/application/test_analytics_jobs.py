"""Counting, counting anew, and two processes that count at once; and the notes of jobs."""

import pytest

from adapters.in_memory.account_store import InMemoryAccountStore
from adapters.in_memory.analytics_store import InMemoryAnalyticsStore
from adapters.in_memory.database import InMemoryDatabase
from adapters.in_memory.job_runs import InMemoryJobRuns
from adapters.in_memory.product_book import InMemoryProductBook
from application.operations.aggregate_analytics import AggregateAnalytics
from application.operations.job import JobNotes
from application.operations.recount_analytics import RecountAnalytics
from application.ports.analytics_store import Counted
from application.ports.job_runs import Patience
from domain.analytics_counts import Measure
from domain.errors import Conflict
from tests.contracts.builders import NOW, make_run, make_user
from tests.domain.market.stories import CATALOGUE

TODAY = NOW.date()


class Office:
    """Where three people are counted."""

    def __init__(self) -> None:
        self.database = InMemoryDatabase()
        self.store = InMemoryAnalyticsStore(self.database)
        self.products = InMemoryProductBook(self.database)
        self.aggregate = AggregateAnalytics(self.store, self.products)

    async def open(self) -> None:
        await self.products.publish(CATALOGUE)
        for number in range(3):
            await InMemoryAccountStore(self.database).add(make_user(f"user-{number}"))

    async def new_users(self) -> int:
        counts = await self.store.list(TODAY, TODAY)
        return sum(one.value for one in counts if one.key.measure is Measure.NEW_USERS)


@pytest.fixture
async def office() -> Office:
    return Office()


async def test_before_there_are_products_there_is_nothing_to_count(office: Office) -> None:
    assert await office.aggregate() == "nothing to count before products are published"


async def test_whatever_was_counted_is_counted_anew_and_comes_to_the_same(office: Office) -> None:
    await office.open()
    assert await office.aggregate() == "counted 3 people, 0 purchasers and 0 turns"
    assert await office.aggregate() == "counted 0 people, 0 purchasers and 0 turns"
    assert await office.new_users() == 3
    await RecountAnalytics(office.store)()
    assert await office.store.is_counting_again()
    assert await office.aggregate() == "counted 3 people, 0 purchasers and 0 turns, all anew"
    assert not await office.store.is_counting_again()
    assert await office.new_users() == 3


async def test_of_two_that_count_at_once_one_gives_way(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    await office.open()

    async def late(*_: Counted, **__: int) -> bool:
        return False

    monkeypatch.setattr(office.store, "add", late)
    with pytest.raises(Conflict, match="Another process counts"):
        await office.aggregate()


async def test_a_run_that_was_taken_over_leaves_no_notes() -> None:
    runs = InMemoryJobRuns(InMemoryDatabase())
    mine = make_run("tidy", slot=0)
    assert await runs.claim(mine, Patience())
    notes = JobNotes(runs, mine)
    await notes.keep("half")
    assert await notes.find() == "half"
    await runs.finish(mine)
    with pytest.raises(Conflict, match="taken this job over"):
        await notes.keep("more")
    assert await notes.find() == "half"
