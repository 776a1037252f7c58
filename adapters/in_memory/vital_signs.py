"""How the product as a whole is doing, in memory."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta

from adapters.in_memory.database import InMemoryDatabase
from application.ports.inbox import InboxState
from application.ports.job_runs import JobRun
from application.ports.vital_signs import Vitals

_OVERDUE = timedelta(minutes=1)


class InMemoryVitalSigns:
    """Counts rows."""

    def __init__(self, database: InMemoryDatabase) -> None:
        self._database = database

    async def read(self, jobs: Sequence[str], now: datetime) -> Vitals:
        await self._database.round_trip()
        tables = self._database
        holds = [hold for wallet in tables.wallets.values() for hold in wallet.holds]
        overdue = {
            wallet.user_id
            for wallet in tables.wallets.values()
            if any(hold.expires_at <= now - _OVERDUE for hold in wallet.holds)
        }
        messages = tables.store_messages.values()
        due = [row.due_at for row in messages if row.state is InboxState.WAITING]
        parked = [row for row in messages if row.state is InboxState.PARKED]
        stuck = [row for row in tables.errands.values() if row.is_parked]
        successes = self._successes()
        checked = tables.job_notes.get("check-invariants")
        return Vitals(
            open_holds=len(holds),
            overdue_wallets=len(overdue),
            job_successes={
                job: run.finished_at
                for job, run in successes.items()
                if job in jobs and run.finished_at is not None
            },
            invariant_breaks=json.loads(checked)[1] if checked else None,
            inbox_lag=max(timedelta(0), now - min(due, default=now)),
            inbox_waiting=len(due),
            inbox_parked=len(parked),
            errands_waiting=len(tables.errands) - len(stuck),
            errands_parked=len(stuck),
        )

    def _successes(self) -> dict[str, JobRun]:
        """The latest run of each job that ended well."""
        runs = [row.run for row in self._database.job_runs.values()]
        done = [run for run in runs if run.finished_at is not None and run.error is None]
        return {run.job: run for run in sorted(done, key=lambda run: (run.started_at, run.id))}
