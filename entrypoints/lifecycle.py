"""What happens before the first request and after the last."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING

from domain.errors import NotPublished
from entrypoints.config import Settings
from entrypoints.container import (
    Adapters,
    UseCases,
    build_adapters,
    build_use_cases,
    with_stand_in_model,
)
from entrypoints.container.observed import observed
from entrypoints.metrics import Metrics
from entrypoints.observability.model_calls import watching
from entrypoints.seed import seed_characters, seed_prices, seed_products

if TYPE_CHECKING:
    from entrypoints.observability.otel import Tracing

_LEARNING_SECONDS = 5.0
"""How long what was said last may still be learnt at the end; a job makes up for the rest."""

_STORE_SECONDS = 5.0
"""How long a message from a store may still be applied at the end; it is kept in any case."""


@asynccontextmanager
async def running(
    settings: Settings,
    metrics: Metrics,
    *,
    tracing: "Tracing | None" = None,
    stand_in_model: bool = False,
) -> AsyncIterator[tuple[UseCases, Adapters]]:
    """Every use case over open adapters; at the end they are closed in order.

    ``stand_in_model`` lets the in-memory model answer, for test data made without a model.
    """
    adapters = build_adapters(settings, metrics.model_outcome, watching(metrics, tracing))
    adapters = observed(adapters, metrics, tracing)
    if stand_in_model:
        adapters = with_stand_in_model(adapters)
    async with AsyncExitStack() as stack:
        for close in reversed(adapters.closing):
            stack.push_async_callback(close)
        for step in adapters.opening:
            await step()
        use_cases = build_use_cases(settings, adapters)
        stack.push_async_callback(use_cases.memory_tasks().drain, _LEARNING_SECONDS)
        stack.push_async_callback(use_cases.background().drain, _STORE_SECONDS)
        yield use_cases, adapters


async def seed(use_cases: UseCases) -> None:
    """Publish the prices, the products and the characters that ship with the product.

    What is in force already stays; what an operator published under a later version too.
    """
    table = seed_prices()
    try:
        current = await use_cases.get_pricing()()
    except NotPublished:
        current = None
    if current is None or current.version < table.version:
        await use_cases.publish_prices()(table)
    catalogue = seed_products()
    try:
        version = (await use_cases.get_catalogue()()).version
    except NotPublished:
        version = 0
    if version < catalogue.version:
        await use_cases.publish_products()(catalogue)
    await use_cases.publish_characters()(seed_characters())
