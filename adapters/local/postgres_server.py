"""A PostgreSQL with pgvector of our own, for a start without ``DATABASE_URL``."""

import shutil
import socket
import tempfile
import threading
import time
from pathlib import Path
from signal import SIGINT, SIGKILL, SIGQUIT
from urllib.parse import quote

import psutil
from attrs import define, field

from adapters.local.child_process import ChildProcess, Ending, end, end_left_over, works_in
from adapters.local.data_directory import resolved
from adapters.local.errors import explained
from adapters.local.logs import open_log
from adapters.local.postgres_cluster import ensure_cluster, environment, failure, give
from adapters.local.postgres_programs import PostgresPrograms, find_programs, let_pass

_PORT = 5432  # only a part of the socket's name: the server listens on no network address
_SHORT_PREFIX = "companion-pg-"
_START_SECONDS = 120  # recovery after a crash may take a while
_ENDING: Ending = ((SIGINT, 30), (SIGQUIT, 10), (SIGKILL, 10))  # fast, immediate, by force


@define(eq=False)
class EmbeddedPostgres:
    """The server over ``data_dir/postgres``.

    Whoever starts it must hold the lock of ``data_dir``, since a server that is found running
    there is taken for the left-over of a run that was killed, and ended: ours has our settings.
    After ``kill -9`` of this process the server shuts down by itself, and the next start waits
    for that. ``durable`` False saves the waiting for the disk, for data that may be lost when the
    machine fails. Raises ``EmbeddedPartError`` from ``start`` only.
    """

    data_dir: Path = field(converter=resolved)
    durable: bool = True
    _lock: threading.Lock = field(factory=threading.Lock, init=False)
    _server: ChildProcess | None = field(default=None, init=False)
    _socket_dir: Path | None = field(default=None, init=False)

    @property
    def cluster(self) -> Path:
        """Where the data are."""
        return self.data_dir / "postgres"

    def start(self) -> str:
        """Start it, making the cluster at first; the superuser's URL, for libpq and SQLAlchemy."""
        with self._lock:
            if self._server is None or not self._server.is_alive:
                self._start()
            return self.url

    def stop(self) -> None:
        """Shut it down and wait for that; open connections are cut. Harmless when not running.

        Called from another thread than ``start``, it lets that finish first.
        """
        with self._lock:
            self._stop()

    def _start(self) -> None:
        self._stop()
        log = open_log(self.data_dir, "postgres.log")
        programs = find_programs(self.cluster)
        if programs.user is not None:
            let_pass(self.cluster)
        self._clear_left_overs()
        ensure_cluster(self.cluster, programs, log, durable=self.durable)
        self._socket_dir = self._choose_socket_dir(programs)
        self._launch(programs, log)

    def _stop(self) -> None:
        if self._server is not None:
            self._server.stop()
            self._server = None
        if self._socket_dir is not None and self._socket_dir != self.cluster:
            shutil.rmtree(self._socket_dir, ignore_errors=True)
        self._socket_dir = None

    @property
    def url(self) -> str:
        """The superuser's URL, while it runs."""
        if self._socket_dir is None:
            raise ValueError("the server does not run")
        host = quote(str(self._socket_dir), safe="")
        return f"postgresql://postgres@/postgres?host={host}&port={_PORT}"

    def _clear_left_overs(self) -> None:
        pid_file = self.cluster / "postmaster.pid"
        if pid_file.exists():
            self._remove_short_dir_of(pid_file)
            end_left_over(pid_file, "postgres", _ENDING)
            # Of a killed server its workers may live on for a moment and hold its memory.
            for process in psutil.process_iter():
                if works_in(process, "postgres", self.cluster):
                    end(process, _ENDING[1:])

    def _remove_short_dir_of(self, pid_file: Path) -> None:
        lines = pid_file.read_text().splitlines()
        old = Path(lines[4]) if len(lines) > 4 else self.cluster  # noqa: PLR2004 - fifth: sockets
        if old.name.startswith(_SHORT_PREFIX):
            shutil.rmtree(old, ignore_errors=True)

    def _choose_socket_dir(self, programs: PostgresPrograms) -> Path:
        """The cluster's folder, which only its owner can enter, or a short one if it must be."""
        listable = not set('",') & set(str(self.cluster)) and str(self.cluster).isprintable()
        if listable and _can_hold_a_socket(self.cluster):
            return self.cluster
        with explained("Cannot make a folder for PostgreSQL's socket"):
            short = Path(tempfile.mkdtemp(prefix=_SHORT_PREFIX))
            give(short, programs)
        return short

    def _launch(self, programs: PostgresPrograms, log: Path) -> None:
        start = log.stat().st_size
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self._socket_dir),
            "port": str(_PORT),
            "max_connections": "200",
            "timezone": "UTC",
            "log_timezone": "UTC",
            "fsync": "on" if self.durable else "off",
            # A statement or an error's detail may quote what people wrote: none goes to the log.
            "log_min_messages": "log",
            "log_min_error_statement": "panic",
            "log_error_verbosity": "terse",
            "log_checkpoints": "off",
        }
        command = [programs.postgres, "-D", str(self.cluster)]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        with explained("Cannot start PostgreSQL"):
            server = ChildProcess.spawn(
                command,
                log=log,
                cwd=self.cluster,
                env=environment(),
                ending=_ENDING,
                user=programs.user,
            )
        self._server = server
        deadline = time.monotonic() + _START_SECONDS
        while not self._is_ready(server):
            if not server.is_alive or time.monotonic() > deadline:
                self._stop()
                raise failure("PostgreSQL does not start", log, start)
            time.sleep(0.01)

    def _is_ready(self, server: ChildProcess) -> bool:
        """The server writes its id, and at last its state, into ``postmaster.pid``."""
        try:
            lines = (self.cluster / "postmaster.pid").read_text().split()
        except OSError:
            return False
        return lines[:1] == [str(server.pid)] and lines[-1] == "ready"


def _can_hold_a_socket(folder: Path) -> bool:
    """Not if its path is longer than some 100 bytes, nor on the file systems of some containers."""
    probe = folder / ".s.PROBE.0000"  # as long as the real one's name
    probe.unlink(missing_ok=True)
    try:
        with socket.socket(socket.AF_UNIX) as attempt:
            attempt.bind(str(probe))
        probe.unlink()
    except OSError:
        return False
    return True
