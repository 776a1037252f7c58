"""Programs beside us: ended in order, also when we cannot, and never mistaken for others."""

import os
import signal
from contextlib import suppress
from pathlib import Path
from signal import SIGKILL, SIGTERM

import psutil
import pytest

from adapters.local.child_process import ChildProcess, end_left_over, works_in
from adapters.local.logs import last_words, open_log
from tests.adapters.local.apart import apart, is_gone, said, wait_until

STUBBORN = 'trap "" TERM; echo ready; while :; do sleep 1; done'
SPAWN_AND_STAY = """
import os, sys, time
from pathlib import Path
from signal import SIGKILL
from adapters.local.child_process import ChildProcess
folder = Path(sys.argv[1])
child = ChildProcess.spawn(
    ["sleep", "600"], log=folder / "log", cwd=folder, env=os.environ, ending=((SIGKILL, 5),)
)
print(child.pid, flush=True)
time.sleep(600)
"""
DIE_BEFORE_THE_LEASH = """
import os, subprocess, sys
from pathlib import Path
from signal import SIGKILL
from adapters.local.child_process import ChildProcess

class Popen(subprocess.Popen):
    def __init__(self, *args, **more):
        if told:
            print(told[0], flush=True)
            os.kill(os.getpid(), SIGKILL)
        super().__init__(*args, **more)
        told.append(self.pid)

told = []
subprocess.Popen = Popen
folder = Path(sys.argv[1])
ChildProcess.spawn(
    ["sleep", "600"], log=folder / "log", cwd=folder, env=os.environ, ending=((SIGKILL, 5),)
)
"""
STUBBORN_AND_STAY = """
import os, sys, time
from pathlib import Path
from signal import SIGKILL, SIGTERM
from adapters.local.child_process import ChildProcess
folder = Path(sys.argv[1])
child = ChildProcess.spawn(
    ["sh", "-c", 'trap "" TERM; echo ready; while :; do sleep 1; done'],
    log=folder / "log",
    cwd=folder,
    env=os.environ,
    ending=((SIGTERM, 0.2), (SIGKILL, 5)),
    with_output=True,
)
child.output.readline()
print(child.pid, flush=True)
time.sleep(600)
"""


def spawn(folder: Path, *command: str, with_output: bool = False) -> ChildProcess:
    return ChildProcess.spawn(
        command,
        log=folder / "log",
        cwd=folder,
        env=os.environ,
        ending=((SIGTERM, 0.2), (SIGKILL, 10)),
        with_output=with_output,
    )


def test_what_it_says_goes_to_its_log(tmp_path: Path) -> None:
    child = spawn(tmp_path, "sh", "-c", "echo said; echo complained >&2; exit 3")
    assert child.wait(10) == 3
    assert not child.is_alive
    child.stop()
    assert (tmp_path / "log").read_text() == "said\ncomplained\n"
    with pytest.raises(ValueError, match="log"):
        _ = child.output


def test_one_that_does_not_listen_is_ended_by_force(tmp_path: Path) -> None:
    child = spawn(tmp_path, "sh", "-c", STUBBORN, with_output=True)
    assert child.output.readline() == b"ready\n"
    with pytest.raises(TimeoutError):
        child.wait(0.01)
    child.stop()
    assert child.wait() == -SIGKILL
    child.stop()


def test_a_ctrl_c_in_our_terminal_does_not_reach_it(tmp_path: Path) -> None:
    child = spawn(tmp_path, "sleep", "600")
    assert os.getsid(child.pid) != os.getsid(0)
    child.stop()


def test_it_ends_when_we_are_killed(tmp_path: Path) -> None:
    with apart(SPAWN_AND_STAY, tmp_path) as process:
        pid = int(said(process))
        os.kill(process.pid, signal.SIGKILL)
        wait_until(lambda: is_gone(pid))


@pytest.mark.parametrize("script", [DIE_BEFORE_THE_LEASH, STUBBORN_AND_STAY])
def test_it_ends_when_we_are_killed_at_a_bad_moment(script: str, tmp_path: Path) -> None:
    with apart(script, tmp_path) as process:
        pid = int(said(process))
        with suppress(ProcessLookupError):
            os.kill(process.pid, signal.SIGKILL)
        wait_until(lambda: is_gone(pid))


def test_a_program_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        spawn(tmp_path, "/no/such/program")


def test_a_left_over_is_ended_only_if_name_and_folder_agree(tmp_path: Path) -> None:
    here, elsewhere = tmp_path / "here", tmp_path / "elsewhere"
    for folder in (here, elsewhere):
        folder.mkdir()
    child = spawn(here, "sleep", "600")
    wait_until(lambda: works_in(psutil.Process(child.pid), "sleep", here))  # let through its gate
    ending = ((SIGKILL, 10.0),)
    for folder, name in ((elsewhere, "sleep"), (here, "postgres")):
        (folder / "pid").write_text(f"{child.pid}\n")
        assert not end_left_over(folder / "pid", name, ending)
        assert not (folder / "pid").exists()
        assert child.is_alive
    (here / "pid").write_text(f"{child.pid}\nmore\n")
    assert end_left_over(here / "pid", "sleep", ending)
    assert child.wait(10) == -SIGKILL or not child.is_alive
    child.stop()


def test_a_process_that_cannot_be_looked_at_is_not_ours(tmp_path: Path) -> None:
    child = spawn(tmp_path, "true")
    process = psutil.Process(child.pid)
    child.wait(10)
    assert not works_in(process, "true", tmp_path)
    child.stop()


def test_a_log_that_grew_large_is_put_aside(tmp_path: Path) -> None:
    log = open_log(tmp_path, "part.log")
    assert log.stat().st_mode & 0o777 == 0o600
    log.write_bytes(b"x" * 10_000_001)
    assert open_log(tmp_path, "part.log").stat().st_size == 0
    assert (tmp_path / "logs" / "part.log.1").stat().st_size == 10_000_001


def test_the_last_words_are_the_telling_ones(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_bytes(b"FATAL: old\n")
    start = log.stat().st_size
    assert last_words(log, start) == "it left no message"
    log.write_bytes(b"FATAL: old\nhello\nFATAL: disk on fire\n good\xffbye \n\n")
    assert last_words(log, start, ("FATAL",)) == "FATAL: disk on fire"
    assert last_words(log, start) == "good\ufffdbye"
