"""The real stack: Postgres, pgvector, Redis, Grok, and Firebase or the local issuer."""

import asyncio
from collections.abc import Callable

from attrs import frozen

from adapters.firebase.identity_provider import FirebaseIdentityProvider
from adapters.grok.chat_model import GrokChatModel
from adapters.grok.circuit_breaker import CircuitBreaker
from adapters.grok.fact_extractor import GrokFactExtractor
from adapters.grok.replies import GrokReplies
from adapters.grok.summarizer import GrokSummarizer
from adapters.grok.watch import Unwatched
from adapters.in_memory.rate_limiter import InMemoryRateLimiter
from adapters.local.embedder import WordLlamaEmbedder
from adapters.local.fact_extractor import RuleFactExtractor
from adapters.local.summarizer import ExtractiveSummarizer
from adapters.local.token_issuer import LocalTokenIssuer
from adapters.openai.embedder import OpenAIEmbedder
from adapters.openai.moderator import OpenAIModerator
from adapters.pgvector.memory_index import PgvectorMemoryIndex
from adapters.postgres.account_store import PostgresAccountStore
from adapters.postgres.analytics_store import PostgresAnalyticsStore
from adapters.postgres.audit_log import PostgresAuditLog
from adapters.postgres.character_store import PostgresCharacterStore
from adapters.postgres.connection import PostgresPool
from adapters.postgres.errand_queue import PostgresErrandQueue
from adapters.postgres.health_probe import PostgresHealthProbe
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
from adapters.postgres.vital_signs import PostgresVitalSigns
from adapters.postgres.wallet_store import PostgresWalletStore
from adapters.redis.connection import RedisConnection
from adapters.redis.health_probe import RedisHealthProbe
from adapters.redis.rate_limiter import RedisRateLimiter
from adapters.redis.turn_stream import RedisTurnStream
from adapters.regex.pattern_search import RegexPatternSearch
from adapters.system.clock import SystemClock
from adapters.system.id_generator import SortableIdGenerator
from application.ports.clock import Clock
from application.ports.embedder import Embedder
from application.ports.identity_provider import IdentityProvider, TokenIssuer
from entrypoints.config import LOCAL_MODEL, Settings
from entrypoints.container.adapters import Adapters, Gauges, Step
from entrypoints.container.setting_files import file_of
from entrypoints.container.stores import build_stores
from entrypoints.observability.model_calls import Watching
from entrypoints.safety.policy import load_score_rules


@frozen
class _Identity:
    provider: IdentityProvider
    issuer: TokenIssuer | None
    closing: tuple[Step, ...]


def build_real(
    settings: Settings,
    on_model_outcome: Callable[[str], None],
    clock: Clock | None = None,
    watching: Watching | None = None,
) -> Adapters:
    """Adapters for settings in which nothing is left to embed.

    Nothing connects yet. ``on_model_outcome`` is told how each call of the model ended. Tests may
    bring a clock that they can move. ``watching`` sees the calls of models, and makes traces.
    """
    if settings.database_url is None or settings.redis_url is None or settings.xai_api_key is None:
        message = "embedded parts are started, and their addresses known, before this"
        raise ValueError(message)
    clock = clock or SystemClock()
    pool, redis = _connections(settings.database_url, settings.redis_url, settings, watching)
    breaker, learning_breaker = CircuitBreaker(), CircuitBreaker()
    model = GrokChatModel(
        base_url=settings.xai_base_url,
        api_key=settings.xai_api_key,
        first_token_seconds=settings.turn_first_token_seconds,
        idle_seconds=settings.turn_idle_seconds,
        total_seconds=settings.turn_total_seconds,
        breaker=breaker,
        on_outcome=on_model_outcome,
        watch=watching.chat if watching else Unwatched,
    )
    embedder, former_embedder, opening_embedder, closing_embedder = _embedders(settings)
    moderator, closing_moderator = _moderator(settings)
    replies = _replies(settings, on_model_outcome, learning_breaker, watching)
    identity = _identity(settings, clock)
    products = PostgresProductBook(pool)
    purchases = PostgresPurchaseStore(pool)
    built = build_stores(
        settings.stores,
        products,
        purchases,
        clock,
        sandbox_page=settings.sandbox_page if settings.has_sandbox else None,
    )
    return Adapters(
        accounts=PostgresAccountStore(pool),
        wallets=PostgresWalletStore(pool),
        turns=PostgresTurnStore(pool, clock),
        sessions=PostgresSessionStore(pool),
        characters=PostgresCharacterStore(pool),
        memories=PgvectorMemoryIndex(pool),
        memory_work=PostgresMemoryWork(pool),
        prices=PostgresPriceBook(pool),
        products=products,
        purchases=purchases,
        inbox=PostgresInbox(pool),
        errand_queue=PostgresErrandQueue(pool),
        stores=built.stores,
        idempotency=PostgresIdempotencyStore(pool),
        job_runs=PostgresJobRuns(pool),
        analytics=PostgresAnalyticsStore(pool),
        audit_log=PostgresAuditLog(pool),
        safety_log=PostgresSafetyLog(pool),
        limiter=RedisRateLimiter(redis, InMemoryRateLimiter()),
        stream=RedisTurnStream(redis),
        model=model,
        models=settings.xai_models,
        embedder=embedder,
        former_embedder=former_embedder,
        extractor=RuleFactExtractor(),
        deep_extractor=GrokFactExtractor(replies) if replies else None,
        summarizer=ExtractiveSummarizer(),
        deep_summarizer=GrokSummarizer(replies) if replies else None,
        patterns=RegexPatternSearch(),
        moderator=moderator,
        identities=identity.provider,
        issuer=identity.issuer,
        clock=clock,
        ids=SortableIdGenerator(),
        probes=(PostgresHealthProbe(pool), RedisHealthProbe(redis)),
        vital_signs=PostgresVitalSigns(pool),
        opening=(pool.open, *opening_embedder),
        closing=(
            model.aclose,
            *((replies.aclose,) if replies else ()),
            *closing_embedder,
            *closing_moderator,
            *identity.closing,
            *built.closing,
            redis.close,
            pool.close,
        ),
        gauges=Gauges(
            database=lambda: pool.stats,
            database_limit=settings.database_pool_size,
            redis_answers=lambda: redis.answers,
            circuits={
                "chat": lambda: breaker.state.value,
                "learning": lambda: learning_breaker.state.value,
            },
        ),
    )


def _connections(
    database_url: str, redis_url: str, settings: Settings, watching: Watching | None
) -> tuple[PostgresPool, RedisConnection]:
    if watching is None or watching.tracing is None:
        pool = PostgresPool(database_url, size=settings.database_pool_size)
        return pool, RedisConnection(redis_url)
    from entrypoints.container.traced import TracedPool, TracedRedis

    tracing = watching.tracing
    pool = TracedPool(tracing, database_url, size=settings.database_pool_size)
    return pool, TracedRedis(tracing, redis_url)


def _embedders(
    settings: Settings,
) -> tuple[Embedder, Embedder | None, tuple[Step, ...], tuple[Step, ...]]:
    """The embedder in use, the one before it if it can still be asked, and their steps."""
    local = WordLlamaEmbedder()
    load = (lambda: asyncio.to_thread(local.load),)
    if settings.openai_api_key is None:
        return local, None, load, ()
    remote = OpenAIEmbedder(
        base_url=settings.openai_base_url,
        api_key=settings.openai_api_key,
        model=settings.embedding_model,
    )
    return remote, local, load, (remote.aclose,)


def _replies(
    settings: Settings,
    on_outcome: Callable[[str], None],
    breaker: CircuitBreaker,
    watching: Watching | None,
) -> GrokReplies | None:
    """A model to learn with; the small local one cannot, so rules do it then."""
    if settings.xai_api_key is None or settings.xai_models == (LOCAL_MODEL,):
        return None
    return GrokReplies(
        base_url=settings.xai_base_url,
        api_key=settings.xai_api_key,
        models=settings.xai_models,
        breaker=breaker,
        on_outcome=on_outcome,
        watch=watching.learning if watching else Unwatched,
    )


def _moderator(settings: Settings) -> tuple[OpenAIModerator | None, tuple[Step, ...]]:
    if settings.openai_api_key is None:
        return None, ()
    moderator = OpenAIModerator(
        load_score_rules(), base_url=settings.openai_base_url, api_key=settings.openai_api_key
    )
    return moderator, (moderator.aclose,)


def _identity(settings: Settings, clock: Clock) -> _Identity:
    if settings.firebase_project_id is None:
        local = LocalTokenIssuer(settings.data_dir / "identity", clock)
        return _Identity(local, local, ())
    with file_of("FIREBASE_CREDENTIALS_PATH", "a service account's JSON file"):
        firebase = FirebaseIdentityProvider(
            settings.firebase_project_id,
            clock,
            credentials_path=settings.firebase_credentials_path,
            certificates_url=settings.firebase_certificates_url,
            emulator_host=settings.firebase_auth_emulator_host,
        )
    return _Identity(firebase, None, (firebase.aclose,))
