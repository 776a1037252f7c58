"""Programs that run beside this process and never outlive it.

Each has its own session, so that a Ctrl-C in the terminal reaches only us and we end the parts in
the right order. Each is on a leash: a tiny shell waits at a pipe that only we hold open, and when
we go, even by ``kill -9``, the pipe closes and the shell ends the program. Until its leash is held
the program waits behind a gate, a pipe of the same kind, so that there is no moment at which our
end could leave it behind. Unlike ``PR_SET_PDEATHSIG`` this works on macOS too, and does not fire
when a mere thread ends.
"""

import errno
import math
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from signal import Signals
from typing import IO

import psutil
from attrs import define, frozen

Ending = tuple[tuple[Signals, float], ...]
"""Signals to send in turn, each with the seconds to wait for its effect."""

_GATE = 'read -r _ || exit 1; exec "$@" < /dev/null'
_LEASH = """
read -r _
pid=$1
shift
while [ $# -gt 1 ] && kill -"$1" "$pid"; do
    left=$2
    shift 2
    while [ "$left" -gt 0 ] && kill -0 "$pid"; do
        sleep 1
        left=$((left - 1))
    done
done
"""


@frozen
class SystemUser:
    """The operating system's user that a program runs as."""

    uid: int
    gid: int


@define(eq=False)
class ChildProcess:
    """A running program."""

    _process: subprocess.Popen[bytes]
    _leash: subprocess.Popen[bytes]
    _ending: Ending

    @classmethod
    def spawn(
        cls,
        arguments: Sequence[str],
        *,
        log: Path,
        cwd: Path,
        env: Mapping[str, str],
        ending: Ending,
        user: SystemUser | None = None,
        with_output: bool = False,
    ) -> "ChildProcess":
        """Start a program that writes to the end of ``log``; raises ``OSError``.

        ``with_output`` keeps its standard output apart, for ``output``. ``ending`` is how ``stop``
        and the leash end it.
        """
        if shutil.which(arguments[0], path=env.get("PATH", os.defpath)) is None:
            raise FileNotFoundError(errno.ENOENT, "No such program", arguments[0])
        with log.open("ab") as log_file:
            process = subprocess.Popen(  # noqa: S603 - only our own parts' programs come here
                ["/bin/sh", "-c", _GATE, "sh", *arguments],
                cwd=cwd,
                env=env,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE if with_output else log_file,
                stderr=log_file,
                start_new_session=True,
                user=None if user is None else user.uid,
                group=None if user is None else user.gid,
                extra_groups=None if user is None else [],
            )
        try:
            leash = subprocess.Popen(  # noqa: S603 - a constant script and numbers
                ["/bin/sh", "-c", _LEASH, "sh", str(process.pid), *_numbers(ending)],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
            _open(process)
        except OSError:
            end(process, ending)
            raise
        return cls(process, leash, ending)

    @property
    def pid(self) -> int:
        """The program's process id."""
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        """Whether the program still runs."""
        return self._process.poll() is None

    @property
    def output(self) -> IO[bytes]:
        """What the program prints, for one started with ``with_output``."""
        if self._process.stdout is None:
            raise ValueError("the program's output goes to its log")
        return self._process.stdout

    def wait(self, seconds: float | None = None) -> int:
        """Wait for the program to end by itself; its exit code, negative for a signal.

        Raises ``TimeoutError``, and then the program still runs.
        """
        try:
            return self._process.wait(seconds)
        except subprocess.TimeoutExpired as error:
            raise TimeoutError from error

    def stop(self) -> None:
        """End the program and wait for it; harmless when it has ended already."""
        # The leash goes first: it must never signal a process id that was given out anew.
        self._leash.kill()
        self._leash.wait()
        if self._leash.stdin is not None:
            self._leash.stdin.close()
        end(self._process, self._ending)
        if self._process.stdout is not None:
            self._process.stdout.close()


def _numbers(ending: Ending) -> Iterator[str]:
    for signal, seconds in ending:
        yield str(int(signal))
        yield str(math.ceil(seconds))


def _open(process: subprocess.Popen[bytes]) -> None:
    """Let a program through its gate; one that is dead already needs none."""
    if process.stdin is not None:
        with suppress(BrokenPipeError), process.stdin:
            process.stdin.write(b"\n")


def end(process: subprocess.Popen[bytes] | psutil.Process, ending: Ending) -> None:
    """End a process with one signal after the other, until it is gone."""
    for signal, seconds in ending:
        with suppress(ProcessLookupError, psutil.NoSuchProcess):
            process.send_signal(signal)
        with suppress(subprocess.TimeoutExpired, psutil.TimeoutExpired):
            process.wait(timeout=seconds)
            return


def end_left_over(pid_file: Path, name: str, ending: Ending) -> bool:
    """End what an earlier run left behind: the process that ``pid_file`` names; whether it was.

    A process id alone proves nothing (after a restart of the machine or of a container it often
    belongs to another program), so the program's name and its working directory, which is the
    file's folder, must agree. The file itself is removed, since a stale one misleads the next
    program in the same way.
    """
    try:
        process = psutil.Process(int(pid_file.read_text().splitlines()[0]))
    except (OSError, ValueError, IndexError, psutil.NoSuchProcess):
        process = None
    found = process is not None and works_in(process, name, pid_file.parent)
    if process is not None and found:
        end(process, ending)
    pid_file.unlink(missing_ok=True)
    return found


def works_in(process: psutil.Process, name: str, directory: Path) -> bool:
    """Whether this is a program of that name with that working directory."""
    try:
        return process.name() == name and process.cwd() == str(directory.resolve())
    except (psutil.Error, OSError):
        return False
