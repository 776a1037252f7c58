"""The in-memory stack: the same product without a database, a model or a key."""

from adapters.in_memory.account_store import InMemoryAccountStore
from adapters.in_memory.analytics_store import InMemoryAnalyticsStore
from adapters.in_memory.audit_log import InMemoryAuditLog
from adapters.in_memory.character_store import InMemoryCharacterStore
from adapters.in_memory.chat_model import InMemoryChatModel
from adapters.in_memory.database import InMemoryDatabase
from adapters.in_memory.embedder import InMemoryEmbedder
from adapters.in_memory.errand_queue import InMemoryErrandQueue
from adapters.in_memory.health_probe import InMemoryHealthProbe
from adapters.in_memory.idempotency_store import InMemoryIdempotencyStore
from adapters.in_memory.identity_provider import InMemoryIdentityProvider
from adapters.in_memory.inbox import InMemoryInbox
from adapters.in_memory.job_runs import InMemoryJobRuns
from adapters.in_memory.memory_index import InMemoryMemoryIndex
from adapters.in_memory.memory_work import InMemoryMemoryWork
from adapters.in_memory.price_book import InMemoryPriceBook
from adapters.in_memory.product_book import InMemoryProductBook
from adapters.in_memory.purchase_store import InMemoryPurchaseStore
from adapters.in_memory.rate_limiter import InMemoryRateLimiter
from adapters.in_memory.safety_log import InMemorySafetyLog
from adapters.in_memory.session_store import InMemorySessionStore
from adapters.in_memory.turn_store import InMemoryTurnStore
from adapters.in_memory.turn_stream import InMemoryTurnStream
from adapters.in_memory.vital_signs import InMemoryVitalSigns
from adapters.in_memory.wallet_store import InMemoryWalletStore
from adapters.local.fact_extractor import RuleFactExtractor
from adapters.local.summarizer import ExtractiveSummarizer
from adapters.regex.pattern_search import RegexPatternSearch
from adapters.system.clock import SystemClock
from adapters.system.id_generator import SortableIdGenerator
from application.ports.clock import Clock
from entrypoints.container.adapters import Adapters
from entrypoints.container.stores import build_stores
from entrypoints.store_settings import StoreSettings

MODEL = "in-memory"


def build_in_memory(
    clock: Clock | None = None,
    *,
    word_seconds: float = 0.0,
    sandbox_page: str | None = "/sandbox",
    store_settings: StoreSettings | None = None,
) -> Adapters:
    """Fakes that share one in-memory database; tests may bring a clock that they can move.

    ``word_seconds`` is how long the stand-in for a model takes for each word of a stream;
    ``sandbox_page`` the address of the sandbox store's page. Stores for which there are settings
    are the real ones.
    """
    clock = clock or SystemClock()
    database = InMemoryDatabase()
    products = InMemoryProductBook(database)
    purchases = InMemoryPurchaseStore(database)
    identities = InMemoryIdentityProvider(clock)
    built = build_stores(
        store_settings or StoreSettings(), products, purchases, clock, sandbox_page=sandbox_page
    )
    return Adapters(
        accounts=InMemoryAccountStore(database),
        wallets=InMemoryWalletStore(database),
        turns=InMemoryTurnStore(database, clock),
        sessions=InMemorySessionStore(database),
        characters=InMemoryCharacterStore(database),
        memories=InMemoryMemoryIndex(database),
        memory_work=InMemoryMemoryWork(database),
        prices=InMemoryPriceBook(database),
        products=products,
        purchases=purchases,
        inbox=InMemoryInbox(database),
        errand_queue=InMemoryErrandQueue(database),
        stores=built.stores,
        idempotency=InMemoryIdempotencyStore(database),
        job_runs=InMemoryJobRuns(database),
        analytics=InMemoryAnalyticsStore(database),
        audit_log=InMemoryAuditLog(database),
        safety_log=InMemorySafetyLog(database),
        limiter=InMemoryRateLimiter(),
        stream=InMemoryTurnStream(),
        model=InMemoryChatModel(word_seconds=word_seconds),
        models=(MODEL,),
        embedder=InMemoryEmbedder(),
        former_embedder=None,
        extractor=RuleFactExtractor(),
        deep_extractor=None,
        summarizer=ExtractiveSummarizer(),
        deep_summarizer=None,
        patterns=RegexPatternSearch(),
        moderator=None,
        identities=identities,
        issuer=identities,
        clock=clock,
        ids=SortableIdGenerator(),
        probes=(InMemoryHealthProbe("postgres"), InMemoryHealthProbe("redis")),
        vital_signs=InMemoryVitalSigns(database),
        closing=built.closing,
    )
