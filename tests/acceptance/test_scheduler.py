"""The scheduler as an orchestrator sees it."""

import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.acceptance.product import ROOT, START_SECONDS, Stack, free_port


def start(stack: Stack, log: Path, port: int) -> "subprocess.Popen[bytes]":
    with log.open("wb") as output:
        return subprocess.Popen(
            [sys.executable, "-m", "entrypoints.cli.main", "scheduler"],
            cwd=stack.folder,
            env={**stack.settings, "PYTHONPATH": str(ROOT), "SCHEDULER_PORT": str(port)},
            stdout=output,
            stderr=subprocess.STDOUT,
        )


def eventually(url: str, pattern: str) -> str:
    deadline = time.monotonic() + START_SECONDS
    text = ""
    while time.monotonic() < deadline:
        try:
            text = httpx.get(url, timeout=5).text
        except httpx.TransportError as error:
            text = repr(error)
        if re.search(pattern, text, re.MULTILINE):
            return text
        time.sleep(0.2)
    raise AssertionError(f"{url} never had {pattern}:\n{text}")


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "scheduler.log"


@pytest.fixture
def url(stack: Stack, log: Path) -> Iterator[str]:
    port = free_port()
    process = start(stack, log, port)
    try:
        yield f"http://127.0.0.1:{port}"
        process.terminate()
        assert process.wait(30) == 0, log.read_text()
    finally:
        process.kill()
        process.wait()


def test_a_scheduler_is_probed_and_scraped_at_its_port(url: str) -> None:
    eventually(f"{url}/readyz", '"status": "ready"')
    assert httpx.get(f"{url}/healthz").json() == {"status": "ok"}
    # That a job ended well is read from the database, as every other process does.
    told = eventually(f"{url}/metrics", r'^job_age_seconds\{job="sweep-holds"\}')
    assert 'job_period_seconds{job="check-invariants"} 3600.0' in told
    assert "database_connections_limit 10.0" in told
    assert httpx.get(f"{url}/v1/models").status_code == 404


def test_a_scheduler_says_when_its_port_is_taken(stack: Stack, log: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        process = start(stack, log, taken.getsockname()[1])
        assert process.wait(START_SECONDS) == 1
    said = log.read_text()
    assert "Cannot listen on 127.0.0.1" in said
    assert "SCHEDULER_PORT" in said
    assert "Traceback" not in said
