"""The product's side of a charge: its use case and its adapter, in this process, without HTTP.

The use case is ``SendMessage`` with all that it does to a wallet: it reads what a turn needs,
judges the message, holds the worst case of the price together with the words, and settles the
hold together with the reply. Only the model is left out: in its place stands a reply that is there
at once.
"""

from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

from attrs import define, evolve, field
from dependency_injector import providers

from adapters.in_memory.rate_limiter import InMemoryRateLimiter
from adapters.in_memory.turn_stream import InMemoryTurnStream
from adapters.postgres.character_store import PostgresCharacterStore
from adapters.postgres.connection import PostgresPool, Row
from adapters.postgres.price_book import PostgresPriceBook
from adapters.postgres.product_book import PostgresProductBook
from adapters.postgres.statement import Values
from adapters.postgres.turn_store import PostgresTurnStore
from adapters.postgres.wallet_store import PostgresWalletStore
from application.chat.live_turn import LiveTurn
from application.chat.send_message import SendMessageCommand
from application.chat.turn_order import TurnOrder
from application.chat.turn_settlement import Findings, TurnOutcome
from bench.population import session_id
from domain.chat import TurnStatus
from domain.pricing import Usage
from domain.safety.verdicts import Verdict
from entrypoints.config import Settings
from entrypoints.container import UseCases, build_use_cases
from entrypoints.container.real import build_real
from entrypoints.lifecycle import seed

MODEL = "grok-4.5"
TEXT = "Tell me something about the sea that few people know, in two sentences."
REPLY = "Most of its floor has never been seen. " * 5
OUTCOME = TurnOutcome(
    TurnStatus.COMPLETED, REPLY, model=MODEL, usage=Usage(300, 0, 60, reported=True)
)


@define(eq=False)
class RecordingPool(PostgresPool):
    """Notes which statements are run, with which values."""

    url: str
    size: int
    seen: list[tuple[str, Values]] = field(factory=list)

    def __attrs_post_init__(self) -> None:
        super().__init__(self.url, size=self.size)

    async def read(self, sql: str, values: Values) -> list[Row]:
        """As the pool does."""
        self.seen.append((sql, dict(values)))
        return await super().read(sql, values)

    async def write(self, sql: str, values: Values) -> list[Row]:
        """As the pool does."""
        self.seen.append((sql, dict(values)))
        return await super().write(sql, values)


@asynccontextmanager
async def product(pool: PostgresPool, url: str) -> AsyncIterator[UseCases]:
    """Every use case over this pool, without Redis; replies are there at once."""
    settings = Settings(
        database_url=url, redis_url="redis://127.0.0.1:9", xai_api_key="bench", xai_models=(MODEL,)
    )
    adapters = build_real(settings, lambda _: None)
    adapters = evolve(
        adapters,
        turns=PostgresTurnStore(pool, adapters.clock),
        wallets=PostgresWalletStore(pool),
        characters=PostgresCharacterStore(pool),
        products=PostgresProductBook(pool),
        prices=PostgresPriceBook(pool),
        limiter=InMemoryRateLimiter(),
        stream=InMemoryTurnStream(),
    )
    use_cases = build_use_cases(settings, adapters)
    use_cases.work.override(providers.Object(settling(use_cases)))
    await pool.open()
    try:
        yield use_cases
        await use_cases.runner().drain(5)
    finally:
        await pool.close()


def settling(
    use_cases: UseCases,
) -> Callable[[LiveTurn, TurnOrder, Verdict], Coroutine[Any, Any, None]]:
    """What becomes of a turn once it is open: the reply is there, and is charged."""
    settlement = use_cases.settlement()

    async def settle(live: LiveTurn, order: TurnOrder, _: Verdict) -> None:
        await settlement(order, OUTCOME, Findings(), work_time=None)
        live.emit("done")

    return settle


async def charge(use_cases: UseCases, user_id: str) -> None:
    """One message, answered and paid for."""
    command = SendMessageCommand(user_id, "mira", TEXT, session_id=session_id())
    feed = await use_cases.send_message()(command)
    async for _ in feed.events:
        pass


async def publish(url: str) -> None:
    """Prices, products and characters, as the product starts with."""
    pool = PostgresPool(url, size=2)
    async with product(pool, url) as use_cases:
        await seed(use_cases)
