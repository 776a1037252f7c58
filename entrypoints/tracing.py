"""Whether there are traces; all that makes them is imported only if there are."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from threading import Thread
from typing import TYPE_CHECKING

from entrypoints.config import Settings

if TYPE_CHECKING:
    from entrypoints.observability.otel import Tracing

_CLOSING_SECONDS = 3.0


@asynccontextmanager
async def tracing_for(settings: Settings) -> AsyncIterator["Tracing | None"]:
    """The traces of this process, None without a collector to send them to; sent at the end."""
    if settings.otel_exporter_otlp_endpoint is None:
        yield None
        return
    from entrypoints.observability.otel import Tracing  # noqa: PLC0415 - only if it is used

    tracing = Tracing(settings.otel_exporter_otlp_endpoint, settings.otel_service_name)
    try:
        yield tracing
    finally:
        # A collector that is away must not hold up the end of the process for longer.
        closing = Thread(target=tracing.close, name="last spans", daemon=True)
        closing.start()
        await asyncio.to_thread(closing.join, _CLOSING_SECONDS)
