"""Jobs, invariants, safety counters and the audit log on the console."""

from datetime import date
from typing import Annotated, Final

from msgspec import Meta

from entrypoints.http import admin_actions
from entrypoints.http.answers import Answer
from entrypoints.http.console import DoneQuery, action, page, redirect, shown
from entrypoints.http.forms import Form
from entrypoints.http.query_input import NoQuery, PageQuery
from entrypoints.http.routing import Call, Reader, Routes
from entrypoints.http.schemas.audit import AuditEntry
from entrypoints.http.schemas.operations import Job, JobRun, Violation
from entrypoints.http.schemas.safety import Counters

routes = Routes("Console: operations")

_RUNS: Final = 30
Year = Annotated[int, Meta(ge=2000, le=9999)]


class YearQuery(DoneQuery, frozen=True):
    """Which year to count."""

    year: Year | None = None


class AuditSearch(PageQuery, frozen=True):
    """Whose actions to show, or what was done to which thing; a field left empty is none."""

    actor_id: str = ""
    about: str = ""


@page(routes, "/admin/jobs")
async def get_console_jobs(call: Reader) -> Answer:
    """All jobs, each with a button, and the last runs of all of them."""
    jobs: list[Job] = []
    for name, job in sorted(call.services.run_job.jobs.items()):
        runs = await call.services.job_runs.list(job=name, limit=1)
        jobs.append(Job.of(job, runs[0] if runs else None))
    latest = await call.services.job_runs.list(job=None, limit=_RUNS)
    return shown(call, "jobs.html", jobs=jobs, runs=[JobRun.of(one) for one in latest])


@action(routes, "/admin/jobs/<name>/run")
async def run_console_job(call: Call[Form, NoQuery], name: str) -> Answer:
    """Run a job now."""
    await admin_actions.run_job(call, name)
    return redirect("/admin/jobs", "run")


@page(routes, "/admin/invariants")
async def get_console_invariants(call: Reader) -> Answer:
    """Whether the books add up, as they are at this moment."""
    violations = [Violation.of(one) for one in await call.services.check_invariants()]
    return shown(call, "invariants.html", violations=violations, now=call.services.clock.now())


@page(routes, "/admin/safety", YearQuery)
async def get_console_safety(call: Call[None, YearQuery]) -> Answer:
    """How often what happened, by kind and by day."""
    now = call.services.clock.now()
    year = call.query.year or now.year
    found = Counters.of(await call.services.get_counters(year=year))
    years = range(now.year, now.year - 3, -1)
    days: list[tuple[date, str, int]] = [
        (one.day, kind, count)
        for one in reversed(found.days)
        for kind, count in sorted(one.counts.items())
    ]
    return shown(call, "safety.html", year=year, years=years, totals=found.totals, days=days)


@page(routes, "/admin/audit", AuditSearch)
async def get_console_audit(call: Call[None, AuditSearch]) -> Answer:
    """Who changed what."""
    query = call.query
    actor_id, about = query.actor_id.strip() or None, query.about.strip() or None
    found = await call.services.list_audit(
        actor_id=actor_id, subject=about, limit=query.limit, cursor=query.cursor
    )
    return shown(
        call,
        "audit.html",
        entries=[AuditEntry.of(one) for one in found.items],
        next_cursor=found.next_cursor,
        actor_id=actor_id,
        about=about,
    )
