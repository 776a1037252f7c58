"""``companion jobs``."""

import argparse

from entrypoints.cli.environment import run_with_use_cases
from entrypoints.cli.failures import CommandFailed
from entrypoints.config import Settings
from entrypoints.container import Adapters, UseCases

_AGGREGATION = "aggregate-analytics"


def list_jobs(settings: Settings, _: argparse.Namespace) -> None:
    """Every job with its beat and its last run."""

    async def work(use_cases: UseCases, adapters: Adapters) -> None:
        for job in use_cases.jobs().values():
            runs = await adapters.job_runs.list(job=job.name, limit=1)
            last = "never ran"
            if runs:
                run = runs[0]
                last = (
                    f"{run.started_at:%Y-%m-%d %H:%M:%S}Z {run.error or run.outcome or 'running'}"
                )
            print(f"{job.name:24} every {job.every!s:>8}  {job.description}; {last}")

    run_with_use_cases(settings, work)


def run_job(settings: Settings, options: argparse.Namespace) -> None:
    """Run one job now."""

    async def work(use_cases: UseCases, _: Adapters) -> None:
        run = await use_cases.run_job()(options.name, by_hand=True)
        if run is None:
            message = f"{options.name} is running elsewhere at this moment."
            raise CommandFailed(message)
        print(f"{options.name}: {run.outcome}")

    run_with_use_cases(settings, work)


def rebuild_analytics(settings: Settings, _: argparse.Namespace) -> None:
    """Count all days anew; a killed rebuild goes on with the next run of the job."""

    async def work(use_cases: UseCases, _: Adapters) -> None:
        await use_cases.recount_analytics()()
        run = await use_cases.run_job()(_AGGREGATION, by_hand=True)
        if run is None:
            print(f"{_AGGREGATION} is running elsewhere at this moment: its next run counts anew.")
            return
        print(f"{_AGGREGATION}: {run.outcome}")

    run_with_use_cases(settings, work)
