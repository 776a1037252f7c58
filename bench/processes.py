"""The processes of a measurement: the model, the product, the bare route; and their CPU time."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil

from entrypoints.settings_source import SECRETS, read_env_file

_ROOT = Path(__file__).resolve().parents[1]
_START_SECONDS = 120.0
_STOP_SECONDS = 30.0


@contextmanager
def process(
    arguments: list[str],
    environment: Mapping[str, str] | None = None,
    *,
    python: str = sys.executable,
) -> Iterator[subprocess.Popen[str]]:
    """A child process that is ended with the block; its standard output is ours to read."""
    child = subprocess.Popen(  # noqa: S603 - modules that this project names
        [python, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, **(environment or {})},
        start_new_session=True,  # Ctrl-C is for us alone, who end it when its time has come
    )
    try:
        yield child
    finally:
        child.terminate()
        try:
            child.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def first_line(child: subprocess.Popen[str]) -> str:
    """What the process says first; raises ``RuntimeError`` when it ends without a word."""
    line = child.stdout.readline() if child.stdout else ""
    if not line:
        message = f"{child.args!r} ended without a word"
        raise RuntimeError(message)
    return line.strip()


@contextmanager
def companion(
    model_url: str,
    data_dir: Path,
    extra: Mapping[str, str] | None = None,
    *,
    program: Sequence[str] = ("-m", "entrypoints.cli.main"),
) -> Iterator[tuple[subprocess.Popen[str], int, float]]:
    """The product over this model with servers of its own: process, port, seconds to ready."""
    port = free_port()
    environment = {
        **_no_settings(),
        "PORT": str(port),
        "DATA_DIR": str(data_dir),
        "XAI_API_KEY": "bench",
        "XAI_BASE_URL": model_url,
        "XAI_MODEL": "grok-4.5",
        "RATE_LIMIT_PER_USER": "1000000/second",
        "RATE_LIMIT_PER_ADDRESS": "1000000/second",
        "MAX_STREAMS_PER_USER": "1000",
        "LOG_LEVEL": "WARNING",
        **(extra or {}),
    }
    started = time.monotonic()
    with process([*program, "serve"], environment) as child:
        wait_ready(f"http://127.0.0.1:{port}/readyz", child)
        yield child, port, time.monotonic() - started


def _no_settings() -> dict[str, str]:
    """Every setting as if it was not given: nobody's own servers and keys are measured with."""
    names = [*read_env_file(_ROOT / ".env.example"), *(f"{name}_FILE" for name in SECRETS)]
    return dict.fromkeys(names, "")


def free_port() -> int:
    """A loopback port that is free at the moment."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def wait_ready(url: str, child: subprocess.Popen[str]) -> None:
    """Until the address answers 200; raises ``RuntimeError`` when the process ends before."""
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and child.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=2):  # noqa: S310 - loopback
                return
        except OSError:
            time.sleep(0.02)
    message = f"{url} never answered"
    raise RuntimeError(message)


def post(
    url: str, body: Mapping[str, object], headers: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """The JSON answer to a JSON request; raises ``urllib.error.HTTPError`` on refusal."""
    request = urllib.request.Request(  # noqa: S310 - loopback
        url,
        data=json.dumps(body).encode(),
        headers={"Content-Type": "application/json", **(headers or {})},
    )
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 - loopback
        told: dict[str, Any] = json.loads(answer.read())
    return told


def cpu_seconds(pid: int) -> float:
    """User and system CPU time of one process so far."""
    times = psutil.Process(pid).cpu_times()
    return float(times.user + times.system)


def cpu_seconds_of_children(pid: int, name: str) -> float:
    """CPU time so far of all descendants whose program has this name."""
    total = 0.0
    for child in psutil.Process(pid).children(recursive=True):
        try:
            if name in child.name():
                times = child.cpu_times()
                # A server's worker processes end with their connections: count those as well.
                total += times.user + times.system + times.children_user + times.children_system
        except psutil.Error:
            continue
    return total


def resident_megabytes(pid: int) -> float:
    """Resident memory of one process."""
    return float(psutil.Process(pid).memory_info().rss) / 1e6
