"""Every store over PostgreSQL."""

from adapters.in_memory.clock import InMemoryClock
from adapters.pgvector.memory_index import PgvectorMemoryIndex
from adapters.postgres.account_store import PostgresAccountStore
from adapters.postgres.audit_log import PostgresAuditLog
from adapters.postgres.character_store import PostgresCharacterStore
from adapters.postgres.connection import PostgresPool
from adapters.postgres.errand_queue import PostgresErrandQueue
from adapters.postgres.idempotency_store import PostgresIdempotencyStore
from adapters.postgres.inbox import PostgresInbox
from adapters.postgres.job_runs import PostgresJobRuns
from adapters.postgres.memory_work import PostgresMemoryWork
from adapters.postgres.price_book import PostgresPriceBook
from adapters.postgres.product_book import PostgresProductBook
from adapters.postgres.purchase_store import PostgresPurchaseStore
from adapters.postgres.safety_log import PostgresSafetyLog
from adapters.postgres.session_store import PostgresSessionStore
from adapters.postgres.turn_store import PostgresTurnStore
from adapters.postgres.wallet_store import PostgresWalletStore
from tests.contracts.market import Market
from tests.contracts.stores import Stores


def stores_over(pool: PostgresPool, clock: InMemoryClock) -> Stores:
    return Stores(
        accounts=PostgresAccountStore(pool),
        wallets=PostgresWalletStore(pool),
        turns=PostgresTurnStore(pool, clock),
        sessions=PostgresSessionStore(pool),
        memories=PgvectorMemoryIndex(pool),
        work=PostgresMemoryWork(pool),
        characters=PostgresCharacterStore(pool),
        idempotency=PostgresIdempotencyStore(pool),
        prices=PostgresPriceBook(pool),
        jobs=PostgresJobRuns(pool),
        audit_log=PostgresAuditLog(pool),
        safety_log=PostgresSafetyLog(pool),
        clock=clock,
    )


def market_over(pool: PostgresPool, stores: Stores) -> Market:
    return Market(
        stores=stores,
        purchases=PostgresPurchaseStore(pool),
        products=PostgresProductBook(pool),
        inbox=PostgresInbox(pool),
        errands=PostgresErrandQueue(pool),
    )
