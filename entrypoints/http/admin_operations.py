"""Jobs and invariants, for administrators."""

from domain.errors import Conflict, NotFound
from entrypoints.http import admin_actions
from entrypoints.http.answers import Answer, answer
from entrypoints.http.routing import Access, Keys, Rate, Reader, Routes
from entrypoints.http.schemas.operations import Invariants, Job, JobPage, JobRun, Violation

routes = Routes("Administration: operations")


@routes.add("GET", "/v1/admin/jobs", access=Access.ADMIN, rate=Rate.STRICT, answers=JobPage)
async def list_jobs(call: Reader) -> Answer:
    """All scheduled jobs with their latest runs."""
    shown: list[Job] = []
    for name, job in sorted(call.services.run_job.jobs.items()):
        runs = await call.services.job_runs.list(job=name, limit=1)
        shown.append(Job.of(job, runs[0] if runs else None))
    return answer(JobPage(shown))


@routes.add(
    "POST",
    "/v1/admin/jobs/<name>/run",
    access=Access.ADMIN,
    rate=Rate.STRICT,
    keys=Keys.OPTIONAL,
    answers=JobRun,
    refuses=(NotFound, Conflict),
)
async def run_job(call: Reader, name: str) -> Answer:
    """Run a job now, unless it is running."""
    return answer(JobRun.of(await admin_actions.run_job(call, name)))


@routes.add(
    "GET", "/v1/admin/invariants", access=Access.ADMIN, rate=Rate.STRICT, answers=Invariants
)
async def check_invariants(call: Reader) -> Answer:
    """Audit every wallet against its ledger, its holds and its receipts."""
    violations = [Violation.of(one) for one in await call.services.check_invariants()]
    return answer(Invariants(not violations, violations))
