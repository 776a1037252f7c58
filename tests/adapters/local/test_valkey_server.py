"""The embedded Valkey: keeps its data, stays on loopback, and never outlives us for long."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
from redis import Redis

from adapters.local.errors import EmbeddedPartError
from adapters.local.valkey_server import EmbeddedValkey
from tests.adapters.local.apart import apart, is_gone, said, wait_until

START_AND_STAY = """
import sys, time
from pathlib import Path
from adapters.local.valkey_server import EmbeddedValkey
print(EmbeddedValkey(Path(sys.argv[1])).start(), flush=True)
time.sleep(600)
"""


@contextmanager
def running(data_dir: Path) -> Iterator["Redis"]:
    server = EmbeddedValkey(data_dir)
    try:
        with Redis.from_url(server.start()) as client:
            yield client
    finally:
        server.stop()


def server_pid(data_dir: Path) -> int:
    return int((data_dir / "valkey" / "valkey.pid").read_text())


def test_a_second_start_finds_the_data_again(data_dir: Path) -> None:
    with running(data_dir) as client:
        client.set("kept", "7")
        client.set("counted", "1", ex=3600)
    with running(data_dir) as client:
        assert client.get("kept") == b"7"
        assert isinstance(left := client.ttl("counted"), int)
        assert 0 < left <= 3600


def test_it_listens_on_loopback_only(data_dir: Path) -> None:
    with running(data_dir):
        listening = psutil.Process(server_pid(data_dir)).net_connections("inet")
        assert {connection.laddr.ip for connection in listening} == {"127.0.0.1"}


def test_start_and_stop_may_be_called_twice(data_dir: Path) -> None:
    server = EmbeddedValkey(data_dir)
    assert server.start() == server.start()
    pid = server_pid(data_dir)
    server.stop()
    server.stop()
    assert is_gone(pid)


def test_any_folder_will_do(data_dir: Path) -> None:
    folder = data_dir / 'with "quotes", spaces and ünïcode %s'
    folder.mkdir()
    with running(folder) as client:
        assert client.ping()
    assert (folder / "valkey" / "appendonlydir").is_dir()


def test_after_kill_9_of_our_process_it_ends_by_itself_and_keeps_its_data(data_dir: Path) -> None:
    with apart(START_AND_STAY, data_dir) as process:
        with Redis.from_url(said(process)) as client:
            client.set("kept", "7")
        pid = server_pid(data_dir)
        process.kill()
        wait_until(lambda: is_gone(pid))
    with running(data_dir) as client:
        assert client.get("kept") == b"7"


def test_a_server_that_was_left_running_is_replaced(data_dir: Path) -> None:
    left = EmbeddedValkey(data_dir)
    with Redis.from_url(left.start()) as client:
        client.set("kept", "7")
    pid = server_pid(data_dir)
    with running(data_dir) as client:
        assert is_gone(pid)
        assert client.get("kept") == b"7"
    left.stop()


def test_it_starts_again_after_kill_9_of_the_server_itself(data_dir: Path) -> None:
    killed = EmbeddedValkey(data_dir)
    with Redis.from_url(killed.start()) as client:
        client.set("kept", "7")
    pid = server_pid(data_dir)
    os.kill(pid, signal.SIGKILL)
    wait_until(lambda: is_gone(pid))
    with Redis.from_url(killed.start()) as client:
        assert client.get("kept") == b"7"
    killed.stop()


@pytest.mark.parametrize("content", ["{pid}\n", "", "garbage\n"])
def test_a_stale_pid_file_is_no_obstacle(data_dir: Path, content: str) -> None:
    (data_dir / "valkey").mkdir()
    (data_dir / "valkey" / "valkey.pid").write_text(content.format(pid=os.getpid()))
    with running(data_dir) as client:
        assert client.ping()


def test_a_port_that_is_taken_meanwhile_is_no_obstacle(
    data_dir: Path, valkey_server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = int(valkey_server.rsplit(":", 1)[1].split("/", maxsplit=1)[0])
    ports = iter([taken])
    monkeypatch.setattr(
        "adapters.local.valkey_server.free_port", lambda: next(ports, None) or free_one()
    )
    with running(data_dir) as client:
        assert client.ping()
        assert client.connection_pool.connection_kwargs["port"] != taken


def free_one() -> int:
    import socket  # noqa: PLC0415 - the name that the test replaces is the only other way

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def test_damaged_data_are_explained(data_dir: Path) -> None:
    with running(data_dir) as client:
        client.set("kept", "7")
    for file in (data_dir / "valkey" / "appendonlydir").glob("*.base.rdb"):
        file.write_bytes(b"no such thing")
    with pytest.raises(EmbeddedPartError) as refusal:
        EmbeddedValkey(data_dir).start()
    assert refusal.value.message.startswith("Valkey does not start: ")
    assert "\n" not in refusal.value.message
    assert f"Move {data_dir / 'valkey'} away" in refusal.value.hint


def test_a_missing_program_is_explained(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("platform.machine", lambda: "pdp11")
    with pytest.raises(EmbeddedPartError, match="not installed") as refusal:
        EmbeddedValkey(data_dir).start()
    assert "REDIS_URL" in refusal.value.hint
