"""The Firebase Auth emulator as a process of its own, on free ports, with no trace left behind.

It needs Node.js 20 or later and ``make emulator-tools``; it needs neither Java nor an account.
"""

import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx

PROJECT_ID = "demo-companion"
"""Projects named demo-… cannot reach Google."""

_TOOL = Path(__file__).parents[2] / ".tools/emulator/node_modules/.bin/firebase"
_START_SECONDS = 90.0
_STOP_SECONDS = 20.0


class EmulatorError(Exception):
    """The emulator cannot be had."""


@contextmanager
def auth_emulator(folder: Path) -> Iterator[str]:
    """Its ``host:port`` while it runs, with its files in ``folder``. Raises ``EmulatorError``."""
    if not _TOOL.exists():
        raise EmulatorError(f"{_TOOL} is missing: run `make emulator-tools`, which needs Node.js.")
    auth, hub, logging = _free_ports(3)
    emulators = {
        "auth": {"host": "127.0.0.1", "port": auth},
        "hub": {"host": "127.0.0.1", "port": hub},
        "logging": {"host": "127.0.0.1", "port": logging},
        "ui": {"enabled": False},
    }
    (folder / "firebase.json").write_text(json.dumps({"emulators": emulators}))
    log = folder / "emulator.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [_TOOL, "emulators:start", "--only", "auth", "--project", PROJECT_ID],
            cwd=folder,
            env=_environment(folder),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        _wait_until_ready(process, f"http://127.0.0.1:{auth}/", log)
        yield f"127.0.0.1:{auth}"
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _wait_until_ready(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            httpx.get(url, timeout=1).raise_for_status()
        except httpx.HTTPError:
            time.sleep(0.2)
        else:
            return
    raise EmulatorError(f"The emulator does not start:\n{log.read_text()}")


def _environment(folder: Path) -> dict[str, str]:
    # The tool keeps its settings, and what it knows of accounts, under XDG_CONFIG_HOME.
    own = {"XDG_CONFIG_HOME": str(folder), "CI": "true", "NO_UPDATE_NOTIFIER": "1"}
    return {**os.environ, **own}


def _free_ports(count: int) -> list[int]:
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]
