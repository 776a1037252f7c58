"""One adapter for each role: what the composition root chooses and the use cases are given."""

from collections.abc import Awaitable, Callable, Mapping

from attrs import Factory, frozen

from application.market.stores import Stores
from application.ports.account_store import AccountStore
from application.ports.analytics_store import AnalyticsStore
from application.ports.audit_log import AuditLog
from application.ports.character_store import CharacterStore
from application.ports.chat_model import ChatModel
from application.ports.clock import Clock, IdGenerator
from application.ports.embedder import Embedder
from application.ports.errand_queue import ErrandQueue
from application.ports.fact_extractor import FactExtractor
from application.ports.health_probe import HealthProbe
from application.ports.idempotency_store import IdempotencyStore
from application.ports.identity_provider import IdentityProvider, TokenIssuer
from application.ports.inbox import Inbox
from application.ports.job_runs import JobRuns
from application.ports.memory_index import MemoryIndex
from application.ports.memory_work import MemoryWork
from application.ports.moderator import Moderator
from application.ports.pattern_search import PatternSearch
from application.ports.price_book import PriceBook
from application.ports.product_book import ProductBook
from application.ports.purchase_store import PurchaseStore
from application.ports.rate_limiter import RateLimiter
from application.ports.safety_log import SafetyLog
from application.ports.session_store import SessionStore
from application.ports.summarizer import Summarizer
from application.ports.turn_store import TurnStore
from application.ports.turn_stream import TurnStream
from application.ports.vital_signs import VitalSigns
from application.ports.wallet_store import WalletStore

Step = Callable[[], Awaitable[object]]


@frozen
class Gauges:
    """What adapters can say of themselves at any time, for metrics."""

    database: Callable[[], Mapping[str, int]] | None = None
    """``connections``, how many of them are ``free``, callers ``waiting``."""
    database_limit: int = 0
    redis_answers: Callable[[], bool] | None = None
    circuits: Mapping[str, Callable[[], str]] = Factory(dict)
    """By what it is for: ``closed``, ``open`` or ``half_open``."""


@frozen
class Adapters:
    """The adapters of one process.

    ``opening`` is awaited in order before the first request, ``closing`` in order after the last.
    ``models`` are the model ids to try, in order, for each reply.
    """

    accounts: AccountStore
    wallets: WalletStore
    turns: TurnStore
    sessions: SessionStore
    characters: CharacterStore
    memories: MemoryIndex
    memory_work: MemoryWork
    prices: PriceBook
    products: ProductBook
    purchases: PurchaseStore
    inbox: Inbox
    errand_queue: ErrandQueue
    stores: Stores
    idempotency: IdempotencyStore
    job_runs: JobRuns
    analytics: AnalyticsStore
    audit_log: AuditLog
    safety_log: SafetyLog
    limiter: RateLimiter
    stream: TurnStream
    model: ChatModel
    models: tuple[str, ...]
    embedder: Embedder
    former_embedder: Embedder | None
    """The one before it, if it can still be asked: memories keep old vectors for a while."""
    extractor: FactExtractor
    """Answers at once, by rules."""
    deep_extractor: FactExtractor | None
    """Asks a model; None without a real one."""
    summarizer: Summarizer
    deep_summarizer: Summarizer | None
    """Asks a model, as ``deep_extractor`` does."""
    patterns: PatternSearch
    moderator: Moderator | None
    """Only there with a key of its provider."""
    identities: IdentityProvider
    issuer: TokenIssuer | None
    """Only the local identity provider issues tokens."""
    clock: Clock
    ids: IdGenerator
    probes: tuple[HealthProbe, ...]
    vital_signs: VitalSigns
    opening: tuple[Step, ...] = ()
    closing: tuple[Step, ...] = ()
    gauges: Gauges = Gauges()
