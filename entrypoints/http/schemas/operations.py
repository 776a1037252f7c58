"""Health, jobs and invariants."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

from application.operations.job import Job as KnownJob
from application.ports import job_runs, wallet_store


class Alive(Struct, frozen=True):
    """The process runs."""

    status: Literal["ok"] = "ok"


class Readiness(Struct, frozen=True):
    """Whether requests can be served, and which part is missing if not."""

    status: Literal["ready", "unavailable"]
    checks: Mapping[str, bool]


class JobRun(Struct, frozen=True):
    """One run of a job."""

    id: str
    job: str
    slot: Annotated[datetime, Meta(description="The tick it was for.")]
    started_at: datetime
    finished_at: datetime | None
    outcome: Annotated[str | None, Meta(description="What it did, in words.")]
    error: str | None

    @classmethod
    def of(cls, run: job_runs.JobRun) -> "JobRun":
        """The run as JSON shows it."""
        return cls(
            id=run.id,
            job=run.job,
            slot=run.slot,
            started_at=run.started_at,
            finished_at=run.finished_at,
            outcome=run.outcome,
            error=run.error,
        )


class Job(Struct, frozen=True):
    """A scheduled job and its latest run."""

    name: str
    description: str
    every_seconds: int
    last_run: JobRun | None

    @classmethod
    def of(cls, job: KnownJob, last_run: job_runs.JobRun | None) -> "Job":
        """The job as JSON shows it."""
        return cls(
            name=job.name,
            description=job.description,
            every_seconds=int(job.every.total_seconds()),
            last_run=JobRun.of(last_run) if last_run else None,
        )


class JobPage(Struct, frozen=True):
    """All jobs, by name."""

    data: list[Job]
    next_cursor: None = None


class Violation(Struct, frozen=True):
    """A broken invariant: which, and for whom or what."""

    invariant: str
    subject: str
    detail: str

    @classmethod
    def of(cls, violation: wallet_store.Violation) -> "Violation":
        """The violation as JSON shows it."""
        return cls(violation.invariant, violation.subject, violation.detail)


class Invariants(Struct, frozen=True):
    """Whether the books add up."""

    ok: bool
    violations: list[Violation]
