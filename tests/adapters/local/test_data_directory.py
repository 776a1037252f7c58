"""DATA_DIR: one run at a time, and a clear word when it will not do."""

import errno
import os
from collections import namedtuple
from pathlib import Path
from unittest.mock import Mock

import pytest

from adapters.local.data_directory import DataDirectory
from adapters.local.errors import EmbeddedPartError
from tests.adapters.local.apart import apart, said

LOCK_AND_STAY = """
import subprocess, sys, time
from pathlib import Path
from adapters.local.data_directory import DataDirectory
directory = DataDirectory(Path(sys.argv[1]))
directory.prepare()
directory.lock(8123)
child = subprocess.Popen(["sleep", "600"], close_fds=False)
print(child.pid, flush=True)
time.sleep(600)
"""


def test_it_is_made_with_all_folders_above_for_the_owner_only(tmp_path: Path) -> None:
    directory = DataDirectory(tmp_path / "a" / "b")
    directory.prepare()
    directory.prepare()
    assert directory.path == tmp_path / "a" / "b"
    assert directory.path.stat().st_mode & 0o777 == 0o700
    assert list(directory.path.iterdir()) == []


def test_the_path_is_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    assert DataDirectory(Path("data")).path == tmp_path.resolve() / "data"
    assert DataDirectory(Path("~/data")).path == tmp_path.resolve() / "home" / "data"


def test_another_run_is_kept_out_and_told_who_is_in(tmp_path: Path) -> None:
    with apart(LOCK_AND_STAY, tmp_path) as process:
        sleeper = int(said(process))
        with pytest.raises(EmbeddedPartError) as refusal:
            DataDirectory(tmp_path).lock(8000)
        assert f"in use by process {process.pid}, which serves on port 8123" in (
            refusal.value.message
        )
        assert f"kill {process.pid}" in refusal.value.hint
        process.kill()
        process.wait()
        # The lock went with the process, though a child of it lives on.
        DataDirectory(tmp_path).lock(8000)
        os.kill(sleeper, 9)


def test_a_released_lock_can_be_had(tmp_path: Path) -> None:
    one, other = DataDirectory(tmp_path), DataDirectory(tmp_path)
    one.lock(1)
    one.lock(1)
    with pytest.raises(EmbeddedPartError):
        other.lock(2)
    one.release()
    one.release()
    other.lock(2)
    with pytest.raises(EmbeddedPartError, match=r"port 2\."):
        one.lock(1)
    other.release()


@pytest.mark.parametrize("content", ["", "garbage", "[]", '{"pid": 7}'])
def test_a_holder_that_has_not_said_who_it_is_is_another_run(tmp_path: Path, content: str) -> None:
    holder = DataDirectory(tmp_path)
    holder.lock(1)
    (tmp_path / "lock").write_text(content)
    with pytest.raises(EmbeddedPartError, match="in use by another run"):
        DataDirectory(tmp_path).lock(2)
    holder.release()


def test_a_file_in_its_place_is_explained(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")
    with pytest.raises(EmbeddedPartError, match="is a file"):
        DataDirectory(tmp_path / "data").prepare()
    with pytest.raises(EmbeddedPartError, match="Not a directory"):
        DataDirectory(tmp_path / "data" / "below").prepare()
    with pytest.raises(EmbeddedPartError, match="File name too long"):
        DataDirectory(tmp_path / ("long" * 100)).prepare()


@pytest.mark.parametrize(
    ("number", "hint"),
    [(errno.EACCES, "write access"), (errno.EROFS, "write access"), (errno.ENOSPC, "Free some")],
)
def test_a_folder_that_cannot_be_written_to_is_explained(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, hint: str
) -> None:
    # Permissions do not stop root, as whom tests may run, so the system's answer is made up.
    failing = Mock(side_effect=OSError(number, os.strerror(number)))
    monkeypatch.setattr("tempfile.TemporaryFile", failing)
    with pytest.raises(EmbeddedPartError) as refusal:
        DataDirectory(tmp_path).prepare()
    assert os.strerror(number) in refusal.value.message
    assert hint in refusal.value.hint
    assert "DATA_DIR" in refusal.value.hint


def test_a_nearly_full_disk_is_explained(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")  # noqa: PYI024 - as shutil has it
    monkeypatch.setattr("shutil.disk_usage", lambda _: usage(10**9, 10**9 - 5_000_000, 5_000_000))
    with pytest.raises(EmbeddedPartError, match="5 MB are free"):
        DataDirectory(tmp_path).prepare()
