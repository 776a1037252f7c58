"""Each contract runs on the fakes and on the real stores."""

from collections.abc import AsyncIterator

import pytest

from adapters.in_memory.account_store import InMemoryAccountStore
from adapters.in_memory.audit_log import InMemoryAuditLog
from adapters.in_memory.character_store import InMemoryCharacterStore
from adapters.in_memory.clock import InMemoryClock
from adapters.in_memory.database import InMemoryDatabase
from adapters.in_memory.errand_queue import InMemoryErrandQueue
from adapters.in_memory.idempotency_store import InMemoryIdempotencyStore
from adapters.in_memory.inbox import InMemoryInbox
from adapters.in_memory.job_runs import InMemoryJobRuns
from adapters.in_memory.memory_index import InMemoryMemoryIndex
from adapters.in_memory.memory_work import InMemoryMemoryWork
from adapters.in_memory.price_book import InMemoryPriceBook
from adapters.in_memory.product_book import InMemoryProductBook
from adapters.in_memory.purchase_store import InMemoryPurchaseStore
from adapters.in_memory.safety_log import InMemorySafetyLog
from adapters.in_memory.session_store import InMemorySessionStore
from adapters.in_memory.turn_store import InMemoryTurnStore
from adapters.in_memory.wallet_store import InMemoryWalletStore
from adapters.postgres.connection import PostgresPool
from tests.contracts.builders import NOW
from tests.contracts.market import Market
from tests.contracts.postgres_stores import market_over, stores_over
from tests.contracts.stores import Stores


@pytest.fixture(params=["memory", "postgres"])
async def tables(request: pytest.FixtureRequest) -> AsyncIterator[InMemoryDatabase | PostgresPool]:
    """An empty database."""
    if request.param == "memory":
        yield InMemoryDatabase()
        return
    pool = PostgresPool(request.getfixturevalue("postgres_url"))
    await pool.open()
    try:
        yield pool
    finally:
        await pool.close()


@pytest.fixture
def stores(tables: InMemoryDatabase | PostgresPool) -> Stores:
    """All stores over one empty database."""
    clock = InMemoryClock(NOW)
    if isinstance(tables, PostgresPool):
        return stores_over(tables, clock)
    return _in_memory(tables, clock)


@pytest.fixture
def market(tables: InMemoryDatabase | PostgresPool, stores: Stores) -> Market:
    """The stores of the market, over the same database."""
    if isinstance(tables, PostgresPool):
        return market_over(tables, stores)
    return Market(
        stores=stores,
        purchases=InMemoryPurchaseStore(tables),
        products=InMemoryProductBook(tables),
        inbox=InMemoryInbox(tables),
        errands=InMemoryErrandQueue(tables),
    )


def _in_memory(database: InMemoryDatabase, clock: InMemoryClock) -> Stores:
    return Stores(
        accounts=InMemoryAccountStore(database),
        wallets=InMemoryWalletStore(database),
        turns=InMemoryTurnStore(database, clock),
        sessions=InMemorySessionStore(database),
        memories=InMemoryMemoryIndex(database),
        work=InMemoryMemoryWork(database),
        characters=InMemoryCharacterStore(database),
        idempotency=InMemoryIdempotencyStore(database),
        prices=InMemoryPriceBook(database),
        jobs=InMemoryJobRuns(database),
        audit_log=InMemoryAuditLog(database),
        safety_log=InMemorySafetyLog(database),
        clock=clock,
    )
