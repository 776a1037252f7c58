"""``make load``: many people at once on a server that runs, or on one that is started for them.

``python -m bench.users [--host URL] [--users 20] [--seconds 30] [--web]``. Exit code 0 when every
answer was one that people should get and the books add up afterwards; 1 when not; 2 when the run
could not begin.
"""

import argparse
import importlib.util
import os
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import msgspec

from bench.processes import companion, first_line, post, process
from bench.users.facts import Facts

ROOT = Path(__file__).parents[2]
RESULTS = ROOT / "bench" / "results"
REPORT, FACTS = RESULTS / "users.html", RESULTS / "users.json"
_TOOLS = ROOT / ".tools" / "load" / "bin" / "python"
_SETTLING_SECONDS = 20.0
_ENDING_SECONDS = 10.0
_WEB_PORT = 8089
_MODEL = {"behaviour": "tokens", "count": 60, "delay": 0.02, "prompt": 2_000, "completion": 2_000}
"""Replies of a good second that cost so much that people run out of credits within a minute."""
_SETTINGS = {"MAX_STREAMS_PER_USER": "3"}


class CannotBegin(Exception):
    """Says in words for people what is missing."""


def main(arguments: Sequence[str]) -> int:
    """Let people in, wait until they are gone, and say how it went; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m bench.users", description="Many people.")
    parser.add_argument("--host", default="", help="a server in development; by default its own")
    parser.add_argument("--users", type=int, default=20)
    parser.add_argument("--seconds", type=int, default=30)
    parser.add_argument("--web", action="store_true", help="show locust's page while it runs")
    asked = parser.parse_args(arguments)
    if asked.users < 1 or asked.seconds < 1:
        parser.error("at least one person for at least one second")
    if asked.host and not asked.host.startswith(("http://", "https://")):
        parser.error("a host is a URL: http://127.0.0.1:8000")
    try:
        with ExitStack() as stack:
            host = asked.host.rstrip("/") or stack.enter_context(_own_server())
            token = _admin_token(host)
            print(f"{asked.users} people for {asked.seconds} s on {host}", flush=True)
            code = _drive(host, asked)
            return _report(host, token, code)
    except CannotBegin as error:
        print(error, file=sys.stderr)
        return 2


@contextmanager
def _own_server() -> Iterator[str]:
    """The product with everything embedded but the model, which is scripted."""
    print("Starting the product with a scripted model ...", flush=True)
    with (
        tempfile.TemporaryDirectory(prefix="companion-load-") as folder,
        process(["-m", "tests.loopback.model_server", "--port", "0"]) as model,
    ):
        url = first_line(model)
        _send(url.removesuffix("/v1") + "/control", [_MODEL])
        with companion(url, Path(folder) / "data", _SETTINGS) as (_, port, _):
            yield f"http://127.0.0.1:{port}"


def _drive(host: str, asked: argparse.Namespace) -> int:
    """Run locust until it ends by itself, or with --web until Ctrl-C; its exit code."""
    RESULTS.mkdir(exist_ok=True)
    for path in (REPORT, FACTS):
        path.unlink(missing_ok=True)
    command = [
        *(_locust(), "-m", "locust", "--locustfile", "bench/users/locustfile.py"),
        *("--host", host, "--users", str(asked.users), "--run-time", f"{asked.seconds}s"),
        *("--spawn-rate", str(max(2, asked.users // 5)), "--stop-timeout", "30"),
        *("--html", str(REPORT), "--loglevel", "WARNING", "--only-summary"),
    ]
    if asked.web:
        command += ["--web-host", "127.0.0.1", "--web-port", str(_WEB_PORT), "--autostart"]
        print(f"Watch it at http://127.0.0.1:{_WEB_PORT}; Ctrl-C ends it.", flush=True)
    else:
        command += ["--headless"]
    environ = {**os.environ, "PYTHONPATH": str(ROOT), "COMPANION_LOAD_FACTS": str(FACTS)}
    locust = subprocess.Popen(  # noqa: S603 - our own command
        command, cwd=ROOT, env=environ, stdin=subprocess.DEVNULL
    )
    try:
        return locust.wait()
    except KeyboardInterrupt:
        # A terminal tells it as well; whoever told us alone wants it to end no less.
        try:
            return locust.wait(_ENDING_SECONDS)
        except subprocess.TimeoutExpired:
            locust.terminate()
            return locust.wait(_ENDING_SECONDS)
    finally:
        locust.kill()
        locust.wait()


def _report(host: str, token: str, code: int) -> int:
    if not FACTS.exists():
        raise CannotBegin("locust ended before anybody came.")
    facts = Facts.read(FACTS)
    problems = [*facts.problems, *_broken_books(host, token)]
    if code and not problems:
        problems.append(f"locust ended with {code}")
    print("\n" + "\n".join(facts.lines()))
    print("the books do not add up" if _is_broken(problems) else "the books add up")
    kept = [str(path.relative_to(ROOT)) for path in (REPORT, FACTS) if path.exists()]
    print(f"\nkept: {', '.join(kept)}")
    if problems:
        print("\nUnexpected:\n" + "\n".join(f"  {problem}" for problem in problems))
    return 1 if problems else 0


_BROKEN = "an invariant is broken: "


def _is_broken(problems: Sequence[str]) -> bool:
    return any(problem.startswith(_BROKEN) for problem in problems)


def _broken_books(host: str, token: str) -> list[str]:
    """Which invariants are broken once the last turns have ended."""
    deadline = time.monotonic() + _SETTLING_SECONDS
    while True:
        found = _get(f"{host}/v1/admin/invariants", token)
        if found["ok"] or time.monotonic() > deadline:
            return [f"{_BROKEN}{one['invariant']}: {one['detail']}" for one in found["violations"]]
        time.sleep(1)


def _admin_token(host: str) -> str:
    asked = {"user_id": "load-admin", "claims": {"admin": True}}
    try:
        return str(post(f"{host}/v1/auth/dev-token", asked)["id_token"])
    except urllib.error.HTTPError as error:
        message = (
            f"{host} gives no development tokens ({error.code}): people are let in on a server in"
            " development only."
        )
        raise CannotBegin(message) from error
    except (OSError, ValueError) as error:
        raise CannotBegin(f"{host} does not answer: {error}") from error


def _locust() -> str:
    """The Python that has locust: that of ``make load``, or this one."""
    if _TOOLS.exists():
        return str(_TOOLS)
    if importlib.util.find_spec("locust") is None:
        raise CannotBegin("locust is not installed: make load-tools")
    return sys.executable


def _send(url: str, body: object) -> None:
    request = urllib.request.Request(  # noqa: S310 - loopback
        url, data=msgspec.json.encode(body), headers={"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=30):  # noqa: S310 - loopback
        pass


def _get(url: str, token: str) -> Any:  # noqa: ANN401 - JSON
    headers = {"Authorization": f"Bearer {token}"}
    request = urllib.request.Request(url, headers=headers)  # noqa: S310 - as it was asked for
    with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310 - the same
        return msgspec.json.decode(answer.read())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
