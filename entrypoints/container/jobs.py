"""The jobs, each a use case with a name and a beat."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from application.market.apply_store_events import ApplyStoreEvents
from application.market.perform_errands import PerformErrands
from application.market.purge_store_events import PurgeStoreEvents
from application.market.reconcile_purchases import ReconcilePurchases
from application.market.renew_subscriptions import RenewSubscriptions
from application.memory.catch_up_memories import CatchUpMemories
from application.memory.embed_memories import EmbedMemories
from application.operations.aggregate_analytics import AggregateAnalytics
from application.operations.invariant_check import JOB as CHECK_INVARIANTS
from application.operations.job import Job, JobNotes
from application.operations.purge_keys import PurgeKeys
from application.operations.purge_runs import PurgeRuns
from application.operations.purge_sessions import PurgeSessions
from application.operations.watch_invariants import WatchInvariants
from application.wallet.refresh_daily_credits import RefreshDailyCredits
from application.wallet.sweep_holds import SweepHolds


def _plain(work: Callable[[], Awaitable[str]]) -> Callable[[JobNotes], Awaitable[str]]:
    """Work that finds out from the data what is left to do, and keeps nothing beside them."""

    async def run(_: JobNotes) -> str:
        return await work()

    return run


def make_jobs(
    sweep_holds: SweepHolds,
    refresh_daily_credits: RefreshDailyCredits,
    learn_memories: CatchUpMemories,
    embed_memories: EmbedMemories,
    purge_keys: PurgeKeys,
) -> list[Job]:
    """Those of wallets, memories and keys."""
    return [
        Job(
            "sweep-holds",
            "Release the holds of turns whose process died",
            timedelta(seconds=15),
            _plain(sweep_holds),
        ),
        Job(
            "refresh-daily-credits",
            "Give everybody the day's credits",
            timedelta(hours=1),
            _plain(refresh_daily_credits),
        ),
        Job(
            "learn-memories",
            "Learn from conversations that nobody has learnt from yet",
            timedelta(seconds=30),
            _plain(learn_memories),
        ),
        Job(
            "embed-memories",
            "Make up for vectors that could not be made at once",
            timedelta(minutes=1),
            _plain(embed_memories),
        ),
        Job(
            "purge-keys",
            "Delete idempotency keys after 24 hours",
            timedelta(hours=1),
            _plain(purge_keys),
        ),
    ]


def make_market_jobs(
    apply_store_events: ApplyStoreEvents,
    perform_errands: PerformErrands,
    renew_subscriptions: RenewSubscriptions,
    reconcile_purchases: ReconcilePurchases,
    purge_store_events: PurgeStoreEvents,
) -> list[Job]:
    """Those of the market."""
    return [
        Job(
            "apply-store-events",
            "Apply messages of the stores that were not applied at once",
            timedelta(seconds=5),
            _plain(apply_store_events),
        ),
        Job(
            "perform-errands",
            "Tell the stores what we owe them: consumed, acknowledged, cancelled",
            timedelta(seconds=15),
            _plain(perform_errands),
        ),
        Job(
            "renew-subscriptions",
            "Renew or end subscriptions whose time is up",
            timedelta(minutes=1),
            _plain(renew_subscriptions),
        ),
        Job(
            "reconcile-purchases",
            "Compare purchases with the stores' own records, and repair what differs",
            timedelta(hours=1),
            reconcile_purchases,
        ),
        Job(
            "purge-store-events",
            "Delete messages of the stores that ended longer ago than they are kept",
            timedelta(days=1),
            _plain(purge_store_events),
        ),
    ]


def make_operations_jobs(
    aggregate_analytics: AggregateAnalytics,
    watch_invariants: WatchInvariants,
    purge_sessions: PurgeSessions,
    purge_runs: PurgeRuns,
) -> list[Job]:
    """Those that look after the rest."""
    return [
        Job(
            "aggregate-analytics",
            "Count what happened since the last time into its days",
            timedelta(minutes=5),
            _plain(aggregate_analytics),
        ),
        Job(
            CHECK_INVARIANTS,
            "Look whether the books add up",
            timedelta(hours=1),
            watch_invariants,
        ),
        Job(
            "purge-sessions",
            "Delete conversations that have rested longer than they are kept",
            timedelta(days=1),
            purge_sessions,
        ),
        Job(
            "purge-job-runs",
            "Delete runs of jobs after 30 days",
            timedelta(days=1),
            _plain(purge_runs),
        ),
    ]


def by_name(*jobs: list[Job]) -> dict[str, Job]:
    """Every job by its name."""
    return {job.name: job for some in jobs for job in some}
