"""Where the embedded parts write what they have to say: ``DATA_DIR/logs``."""

import os
from collections.abc import Sequence
from pathlib import Path

from adapters.local.errors import explained

_LARGEST = 10_000_000
_TAIL = 20_000


def open_log(data_dir: Path, name: str) -> Path:
    """The log file of a part, present and writable; beyond 10 MB it moves to ``<name>.1``."""
    log = data_dir / "logs" / name
    with explained(f"Cannot write the log {log}"):
        log.parent.mkdir(parents=True, exist_ok=True)
        if log.exists() and log.stat().st_size > _LARGEST:
            log.replace(log.with_name(f"{name}.1"))
        log.touch(mode=0o600)
    return log


def last_words(log: Path, start: int, marks: Sequence[str] = ()) -> str:
    """The line of ``log`` after byte ``start`` that best tells why its writer gave up.

    That is the last line with one of ``marks`` in it, or else the last line.
    """
    with log.open("rb") as file:
        file.seek(max(start, file.seek(0, os.SEEK_END) - _TAIL))
        lines = file.read().decode(errors="replace").split("\n")
    said = [line.strip() for line in lines if line.strip()]
    telling = [line for line in said if any(mark in line for mark in marks)]
    return (telling or said or ["it left no message"])[-1]
