"""The jobs, each a use case with a name and a beat."""

from datetime import timedelta

from application.memory.catch_up_memories import CatchUpMemories
from application.memory.embed_memories import EmbedMemories
from application.operations.purge_keys import PurgeKeys
from application.operations.run_job import Job
from application.wallet.refresh_daily_credits import RefreshDailyCredits
from application.wallet.sweep_holds import SweepHolds


def make_jobs(
    sweep_holds: SweepHolds,
    refresh_daily_credits: RefreshDailyCredits,
    learn_memories: CatchUpMemories,
    embed_memories: EmbedMemories,
    purge_keys: PurgeKeys,
) -> dict[str, Job]:
    """Every job by its name."""
    jobs = [
        Job(
            "sweep-holds",
            "Release the holds of turns whose process died",
            timedelta(seconds=15),
            sweep_holds,
        ),
        Job(
            "refresh-daily-credits",
            "Give everybody the day's credits",
            timedelta(hours=1),
            refresh_daily_credits,
        ),
        Job(
            "learn-memories",
            "Learn from conversations that nobody has learnt from yet",
            timedelta(seconds=30),
            learn_memories,
        ),
        Job(
            "embed-memories",
            "Make up for vectors that could not be made at once",
            timedelta(minutes=1),
            embed_memories,
        ),
        Job(
            "purge-keys",
            "Delete idempotency keys after 24 hours",
            timedelta(hours=1),
            purge_keys,
        ),
    ]
    return {job.name: job for job in jobs}
