"""``companion`` by a clock that others move: the machine's, and so many seconds more.

``python -m tests.chaos.moved_clock serve`` is ``companion serve``; the seconds are the eight bytes
of the file that ``CHAOS_CLOCK`` names, which every process of a run shares.
"""

import mmap
import os
import struct
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from adapters.system.clock import SystemClock
from entrypoints.cli.main import main

VARIABLE = "CHAOS_CLOCK"
_FORM = struct.Struct("d")


class MovedClock:
    """The file, for whoever moves the clock; afterwards ``ahead`` says by how much."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.write_bytes(_FORM.pack(0.0))

    @property
    def ahead(self) -> float:
        """Seconds by which the product's clock is ahead of the machine's."""
        [seconds] = _FORM.unpack(self.path.read_bytes())
        return float(seconds)

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=self.ahead)

    def jump(self, seconds: float) -> None:
        moved = _FORM.pack(self.ahead + seconds)
        with self.path.open("r+b") as file:  # in place: the processes have mapped it
            file.write(moved)


def move_system_clock(path: Path) -> None:
    """Let the product's clock in this process follow the file."""
    with path.open("rb") as file:
        ahead = mmap.mmap(file.fileno(), _FORM.size, access=mmap.ACCESS_READ)

    def now(self: SystemClock) -> datetime:
        [seconds] = _FORM.unpack_from(ahead)
        return datetime.now(UTC) + timedelta(seconds=seconds)

    SystemClock.now = now  # type: ignore[method-assign]  # the machine's own cannot be moved


if __name__ == "__main__":
    move_system_clock(Path(os.environ[VARIABLE]))
    sys.exit(main())
