"""The audit of packages: what it finds, and that it never passes when nobody could be asked."""

import json
import subprocess
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from tests.acceptance.product import free_port
from tests.deploy.tools import ROOT, tool

LOCKED = "sound==1.0\nholed==2.0\n"
HOLE = {
    "id": "GHSA-test-test-test",
    "details": "A hole.",
    "aliases": [],
    "affected": [
        {
            "package": {"name": "holed", "ecosystem": "PyPI"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "2.1"}]}],
        }
    ],
}


class Osv(BaseHTTPRequestHandler):
    """A vulnerability service that knows one hole."""

    def do_POST(self) -> None:
        query = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        is_holed = query["package"]["name"] == "holed" and query["version"] == "2.0"
        answer = json.dumps({"vulns": [HOLE]} if is_holed else {}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
        """Nothing."""


@pytest.fixture
def service() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Osv)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/v1/query"
    server.shutdown()
    server.server_close()


def audit(folder: Path, locked: str, url: str) -> "subprocess.CompletedProcess[str]":
    file = folder / "locked.txt"
    file.write_text(locked)
    python = str(Path(tool("pip-audit")).parent / "python")
    return subprocess.run(
        [python, str(ROOT / "deploy" / "tools" / "audit.py"), str(file)],
        env={"PATH": "/usr/bin:/bin", "OSV_URL": url, "HOME": str(folder)},
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )


def test_a_hole_is_named_and_fails(tmp_path: Path, service: str) -> None:
    done = audit(tmp_path, LOCKED, service)
    assert done.returncode == 1, done.stderr
    assert "holed 2.0: GHSA-test-test-test, mended in: 2.1" in done.stdout
    assert "sound" not in done.stdout


def test_without_holes_it_passes(tmp_path: Path, service: str) -> None:
    done = audit(tmp_path, "sound==1.0\nholed==2.1\n", service)
    assert (done.returncode, "2 locked packages, no findings" in done.stdout) == (0, True), done


def test_when_nobody_can_be_asked_it_fails_and_says_so(tmp_path: Path) -> None:
    done = audit(tmp_path, LOCKED, f"http://127.0.0.1:{free_port()}/v1/query")
    assert done.returncode == 3
    assert "NOT DONE" in done.stderr
    assert "Traceback" not in done.stderr
