"""What a process that only runs jobs answers to probes and to Prometheus."""

import socket
from collections.abc import AsyncIterator, Mapping

import httpx
import pytest
from attrs import define

from entrypoints.metrics import Metrics
from entrypoints.scheduler.status import Status, serving


@define
class Process:
    """Whether its parts answer, and whether it is to go on."""

    checks: Mapping[str, bool]
    takes_jobs: bool = True

    async def check(self) -> Mapping[str, bool]:
        return self.checks


@pytest.fixture
def process() -> Process:
    return Process({"postgres": True, "redis": True})


@pytest.fixture
async def client(process: Process) -> AsyncIterator[httpx.AsyncClient]:
    status = Status(Metrics().registry, process.check, lambda: process.takes_jobs)
    listener = socket.create_server(("127.0.0.1", 0))
    listener.setblocking(False)  # noqa: FBT003 - the standard library's signature
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    async with serving(status, listener), httpx.AsyncClient(base_url=url) as client:
        yield client


async def test_it_is_ready_when_all_that_it_needs_answers(client: httpx.AsyncClient) -> None:
    answer = await client.get("/readyz")
    assert answer.status_code == 200
    checks = {"postgres": True, "redis": True, "jobs": True}
    assert answer.json() == {"status": "ready", "checks": checks}


@pytest.mark.parametrize("missing", ["postgres", "jobs"])
async def test_it_lives_but_is_not_ready_when_something_is_missing(
    client: httpx.AsyncClient, process: Process, missing: str
) -> None:
    process.checks = {**process.checks, "postgres": missing != "postgres"}
    process.takes_jobs = missing != "jobs"
    answer = await client.get("/readyz")
    assert answer.status_code == 503
    assert [name for name, is_well in answer.json()["checks"].items() if not is_well] == [missing]
    alive = await client.get("/healthz")
    assert (alive.status_code, alive.json()) == (200, {"status": "ok"})


async def test_it_shows_its_metrics(client: httpx.AsyncClient) -> None:
    answer = await client.get("/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain; version=")
    assert "process_cpu_seconds_total" in answer.text


async def test_it_answers_nothing_else(client: httpx.AsyncClient) -> None:
    assert (await client.get("/v1/models")).status_code == 404
    assert (await client.post("/healthz")).status_code == 405
    head = await client.head("/healthz")
    assert (head.status_code, head.content) == (200, b"")
