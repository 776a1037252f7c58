"""What load balancers, orchestrators and Prometheus ask."""

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from domain.errors import Unavailable
from entrypoints.http.answers import Answer, answer
from entrypoints.http.routing import Access, Rate, Reader, Routes
from entrypoints.http.schemas.operations import Alive, Readiness

routes = Routes("Health")


@routes.add("GET", "/healthz", access=Access.PUBLIC, rate=Rate.NONE, answers=Alive)
async def get_health(_call: Reader) -> Answer:
    """Whether the process runs; asks nothing else."""
    return answer(Alive())


@routes.add(
    "GET",
    "/readyz",
    access=Access.PUBLIC,
    rate=Rate.NONE,
    answers=Readiness,
    also={503: Readiness},
)
async def get_readiness(call: Reader) -> Answer:
    """Whether requests can be served, and if not (503), what is missing.

    `turns` is false while the process is full or shutting down.
    """
    checks = dict(await call.services.check_readiness())
    checks["turns"] = _takes_turns(call)
    if all(checks.values()):
        return answer(Readiness("ready", checks))
    return answer(Readiness("unavailable", checks), 503)


@routes.add(
    "GET",
    "/metrics",
    access=Access.PUBLIC,
    rate=Rate.NONE,
    answers=str,
    media="text/plain",
)
async def get_metrics(call: Reader) -> Answer:
    """Counters for Prometheus."""
    text = generate_latest(call.services.registry)
    return Answer(text, content_type=CONTENT_TYPE_LATEST)


def _takes_turns(call: Reader) -> bool:
    try:
        call.services.runner.check_capacity()
    except Unavailable:
        return False
    return True
