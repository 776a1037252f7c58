"""``make load`` for a few seconds, as somebody runs it."""

import http.server
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
RESULTS = ROOT / "bench" / "results"


def load(*arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "bench.users", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )


@pytest.mark.acceptance
@pytest.mark.timeout(300)
def test_a_few_people_for_a_few_seconds_meet_nothing_unexpected() -> None:
    done = load("--users", "4", "--seconds", "12")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "the books add up" in done.stdout
    assert "time to first token: p50" in done.stdout
    assert "Unexpected" not in done.stdout
    kept = json.loads((RESULTS / "users.json").read_text())
    assert kept["users"] == 4
    assert kept["counts"]["replies read to the end"] > 0
    report = (RESULTS / "users.html").read_text()
    assert "first token" in report


class _Broken(http.server.BaseHTTPRequestHandler):
    """Signs people in, and fails at all else."""

    def do_POST(self) -> None:
        self._answer(200 if self.path.endswith(("dev-token", "login")) else 500)

    def do_GET(self) -> None:
        self._answer(200 if self.path.endswith("invariants") else 500)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as it is called
        pass

    def _answer(self, status: int) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        body = b'{"id_token": "token", "ok": true, "violations": []}'
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture
def broken() -> Iterator[str]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Broken) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.mark.acceptance
@pytest.mark.timeout(300)
def test_answers_that_nobody_should_get_fail_the_run(broken: str) -> None:
    done = load("--host", broken, "--users", "2", "--seconds", "3")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "× browse characters: 500" in done.stdout


def test_a_server_that_is_not_there_is_said_in_one_line() -> None:
    done = load("--host", "http://127.0.0.1:9", "--seconds", "1")
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith("http://127.0.0.1:9 does not answer")
    assert len(done.stderr.splitlines()) == 1


def test_the_product_does_not_load_what_replaces_the_standard_library() -> None:
    program = "import sys, entrypoints.cli.main, entrypoints.container.real as _\n"
    program += "sys.exit('gevent' in sys.modules or 'locust' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, timeout=60, check=False)
    assert done.returncode == 0
    locked = (ROOT / "requirements" / "runtime.txt").read_text()
    assert "gevent" not in locked + (ROOT / "requirements" / "dev.txt").read_text()
