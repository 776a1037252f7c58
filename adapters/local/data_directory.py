"""The folder where the embedded parts keep what must survive a restart."""

import errno
import fcntl
import json
import os
import shutil
import tempfile
from pathlib import Path

from attrs import define, field

from adapters.local.errors import NO_SPACE_HINT, EmbeddedPartError, explained

_NEEDED_BYTES = 128_000_000  # a new database takes 40 MB, its first log segments 32 more
_LOCK_FILE = "lock"


def resolved(path: Path) -> Path:
    """The absolute path: programs that we start work in other folders than we do."""
    return path.expanduser().resolve()


@define(eq=False)
class DataDirectory:
    """``DATA_DIR``. Every method raises ``EmbeddedPartError`` when the folder will not do."""

    path: Path = field(converter=resolved)
    _lock: int | None = field(default=None, init=False)

    def prepare(self) -> None:
        """Make the folder if need be, and see that it can be written to and has room."""
        with explained(f"Cannot use the data folder {self.path}"):
            if self.path.exists() and not self.path.is_dir():
                raise EmbeddedPartError(
                    f"The data folder {self.path} is a file.", "Set DATA_DIR to a folder."
                )
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=self.path) as probe:
                probe.write(b"\0" * 4096)
                probe.flush()
                os.fsync(probe.fileno())
            free = shutil.disk_usage(self.path).free
        if free < _NEEDED_BYTES:
            raise EmbeddedPartError(
                f"The disk of {self.path} is full: {free // 1_000_000} MB are free, "
                f"{_NEEDED_BYTES // 1_000_000} are needed.",
                NO_SPACE_HINT,
            )

    def lock(self, port: int) -> None:
        """Keep every other run out until ``release`` or our end, whatever ends us.

        ``port`` is where we serve, for the message that the other run then shows.
        """
        if self._lock is not None:
            return
        with explained(f"Cannot lock the data folder {self.path}"):
            # Python's files are not inherited by children, so no left-over of ours can hold it.
            file = os.open(self.path / _LOCK_FILE, os.O_RDWR | os.O_CREAT, 0o600)
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                os.ftruncate(file, 0)
                os.pwrite(file, json.dumps({"pid": os.getpid(), "port": port}).encode(), 0)
            except OSError as error:
                holder = os.pread(file, 1000, 0)
                os.close(file)
                if error.errno in {errno.EWOULDBLOCK, errno.EACCES}:
                    raise self._in_use(holder) from error
                raise
        self._lock = file

    def release(self) -> None:
        """Let others in. Harmless when it is not locked."""
        if self._lock is not None:
            os.ftruncate(self._lock, 0)
            os.close(self._lock)
            self._lock = None

    def _in_use(self, holder: bytes) -> EmbeddedPartError:
        try:
            said = json.loads(holder)
            who = f" by process {said['pid']}, which serves on port {said['port']}"
            stop = f"Stop that process (kill {said['pid']})"
        except (ValueError, TypeError, KeyError):  # it has just begun or is about to end
            who, stop = " by another run", "Stop that run"
        return EmbeddedPartError(
            f"The data folder {self.path} is in use{who}.",
            f"{stop}, or start with another DATA_DIR and PORT.",
        )
