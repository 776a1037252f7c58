"""APScheduler as a thin entrypoint: each job is a use case, claimed once per tick."""

import logging
from functools import partial

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

from application.operations.run_job import RunJob

_logger = logging.getLogger(__name__)
_LOOK_SECONDS = 15
"""How often to look for a tick that nobody has run, be the job due once a day: a process may have
been killed with it, or none may have been there when it was due."""


async def _tick(run_job: RunJob, name: str) -> None:
    try:
        run = await run_job(name)
    except Exception:
        # The tick comes again all the same; the run's row has the error too.
        _logger.exception("job failed", extra={"job": name})
        return
    if run is not None:
        _logger.debug("job done: %s: %s", name, run.outcome)


def make_scheduler(run_job: RunJob) -> AsyncIOScheduler:
    """A scheduler for all jobs, not yet started. Every process may have one.

    Which process runs a tick is agreed in the database by ``RunJob``, so nothing is kept here:
    late ticks are run late (``misfire_grace_time`` None) and missed ones once (``coalesce``).
    """
    scheduler = AsyncIOScheduler(
        timezone="UTC", job_defaults={"misfire_grace_time": None, "coalesce": True}
    )
    for job in run_job.jobs.values():
        seconds = min(int(job.every.total_seconds()), _LOOK_SECONDS)
        scheduler.add_job(
            partial(_tick, run_job, job.name),
            IntervalTrigger(seconds=seconds, timezone="UTC"),
            id=job.name,
            name=job.description,
        )
    return scheduler


async def stop_scheduler(scheduler: AsyncIOScheduler, run_job: RunJob) -> None:
    """Begin nothing more, and let what is at work end or leave it to another process.

    APScheduler itself would cancel it at once.
    """
    scheduler.pause()
    await run_job.stop()
    scheduler.shutdown(wait=False)
