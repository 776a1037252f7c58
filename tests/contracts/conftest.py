"""Each contract runs on the fakes and on the real stores."""

from collections.abc import AsyncIterator

import pytest

from adapters.in_memory.account_store import InMemoryAccountStore
from adapters.in_memory.character_store import InMemoryCharacterStore
from adapters.in_memory.clock import InMemoryClock
from adapters.in_memory.database import InMemoryDatabase
from adapters.in_memory.idempotency_store import InMemoryIdempotencyStore
from adapters.in_memory.job_runs import InMemoryJobRuns
from adapters.in_memory.memory_index import InMemoryMemoryIndex
from adapters.in_memory.price_book import InMemoryPriceBook
from adapters.in_memory.session_store import InMemorySessionStore
from adapters.in_memory.turn_store import InMemoryTurnStore
from adapters.in_memory.wallet_store import InMemoryWalletStore
from adapters.pgvector.memory_index import PgvectorMemoryIndex
from adapters.postgres.account_store import PostgresAccountStore
from adapters.postgres.character_store import PostgresCharacterStore
from adapters.postgres.connection import PostgresPool
from adapters.postgres.idempotency_store import PostgresIdempotencyStore
from adapters.postgres.job_runs import PostgresJobRuns
from adapters.postgres.price_book import PostgresPriceBook
from adapters.postgres.session_store import PostgresSessionStore
from adapters.postgres.turn_store import PostgresTurnStore
from adapters.postgres.wallet_store import PostgresWalletStore
from tests.contracts.builders import NOW
from tests.contracts.stores import Stores


@pytest.fixture(params=["memory", "postgres"])
async def stores(request: pytest.FixtureRequest) -> AsyncIterator[Stores]:
    """All stores over one empty database."""
    clock = InMemoryClock(NOW)
    if request.param == "memory":
        yield _in_memory(InMemoryDatabase(), clock)
        return
    pool = PostgresPool(request.getfixturevalue("postgres_url"))
    await pool.open()
    try:
        yield _in_postgres(pool, clock)
    finally:
        await pool.close()


def _in_memory(database: InMemoryDatabase, clock: InMemoryClock) -> Stores:
    return Stores(
        accounts=InMemoryAccountStore(database),
        wallets=InMemoryWalletStore(database),
        turns=InMemoryTurnStore(database, clock),
        sessions=InMemorySessionStore(database),
        memories=InMemoryMemoryIndex(database),
        characters=InMemoryCharacterStore(database),
        idempotency=InMemoryIdempotencyStore(database),
        prices=InMemoryPriceBook(database),
        jobs=InMemoryJobRuns(database),
        clock=clock,
    )


def _in_postgres(pool: PostgresPool, clock: InMemoryClock) -> Stores:
    return Stores(
        accounts=PostgresAccountStore(pool),
        wallets=PostgresWalletStore(pool),
        turns=PostgresTurnStore(pool, clock),
        sessions=PostgresSessionStore(pool),
        memories=PgvectorMemoryIndex(pool),
        characters=PostgresCharacterStore(pool),
        idempotency=PostgresIdempotencyStore(pool),
        prices=PostgresPriceBook(pool),
        jobs=PostgresJobRuns(pool),
        clock=clock,
    )
