"""Reads what only the database knows, now and then, so that no scrape ever does."""

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import timedelta

from application.ports.clock import Clock
from application.ports.vital_signs import VitalSigns
from domain.errors import DomainError
from entrypoints.metrics import Metrics

_logger = logging.getLogger(__name__)
_EVERY_SECONDS = 15.0


@asynccontextmanager
async def watching_vitals(
    metrics: Metrics,
    signs: VitalSigns,
    clock: Clock,
    jobs: Mapping[str, timedelta],
    *,
    every_seconds: float = _EVERY_SECONDS,
) -> AsyncIterator[None]:
    """Keep the sampled metrics fresh; ``jobs`` are all jobs with their periods."""
    metrics.name_jobs(jobs)
    task = asyncio.create_task(
        _watch(metrics, signs, clock, tuple(jobs), every_seconds), name="vital signs"
    )
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _watch(
    metrics: Metrics, signs: VitalSigns, clock: Clock, jobs: Sequence[str], seconds: float
) -> None:
    while True:
        try:
            metrics.vitals_read(await signs.read(jobs, clock.now()))
        except DomainError as error:
            # The metric that tells how old the last sample is says it to whoever must know.
            _logger.debug("vital signs could not be read: %s", error.code)
        except Exception:
            _logger.exception("vital signs could not be read")
        await asyncio.sleep(seconds)
