"""The embedded PostgreSQL: starts, restarts, and what killed processes leave behind."""

import os
import signal
import stat
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psutil
import psycopg
import pytest
from sqlalchemy import create_engine, text

from adapters.local.errors import EmbeddedPartError
from adapters.local.postgres_server import EmbeddedPostgres
from tests.adapters.local.apart import apart, is_gone, said, wait_until

START_AND_STAY = """
import sys, time
from pathlib import Path
from adapters.local.postgres_server import EmbeddedPostgres
server = EmbeddedPostgres(Path(sys.argv[1]), durable=False)
print(server.start(), flush=True)
time.sleep(600)
"""


@contextmanager
def running(data_dir: Path) -> Iterator[str]:
    server = EmbeddedPostgres(data_dir, durable=False)
    try:
        yield server.start()
    finally:
        server.stop()


def ask(url: str, question: str) -> object:
    with psycopg.connect(url, autocommit=True) as connection:
        answer = connection.execute(question)
        row = answer.fetchone() if answer.description else None
        return row[0] if row else None


def postmaster_pid(data_dir: Path) -> int:
    return int((data_dir / "postgres" / "postmaster.pid").read_text().split()[0])


# ------------------------------------------------------------------------------------ in good days


def test_a_second_start_finds_the_data_again(postgres_dir: Path) -> None:
    with running(postgres_dir) as url:
        ask(url, "create table kept as select 7 as answer")
    with running(postgres_dir) as url:
        assert ask(url, "select answer from kept") == 7


def test_the_first_start_makes_a_cluster_that_knows_vectors_and_every_letter(
    data_dir: Path,
) -> None:
    with running(data_dir) as url:
        ask(url, "create extension vector")
        assert ask(url, "select '[3,4]'::halfvec(2) <-> '[0,0]'") == 5
        assert ask(url, "select lower('ÄÉЖ')") == "äéж"
        assert ask(url, "show server_encoding") == "UTF8"
    assert sorted(path.name for path in data_dir.iterdir()) == ["logs", "postgres"]


def test_it_takes_200_connections_and_listens_on_no_network(postgres_dir: Path) -> None:
    with running(postgres_dir) as url:
        assert ask(url, "show max_connections") == "200"
        assert ask(url, "show listen_addresses") == ""
        server = psutil.Process(postmaster_pid(postgres_dir))
        assert server.net_connections("inet") == []


def test_sqlalchemy_understands_the_url(postgres_server: str) -> None:
    engine = create_engine(postgres_server.replace("postgresql://", "postgresql+psycopg://"))
    with engine.connect() as connection:
        assert connection.execute(text("select 1")).scalar_one() == 1
    engine.dispose()


def test_start_and_stop_may_be_called_twice(postgres_dir: Path) -> None:
    server = EmbeddedPostgres(postgres_dir, durable=False)
    assert server.start() == server.start()
    pid = postmaster_pid(postgres_dir)
    server.stop()
    server.stop()
    assert is_gone(pid)
    with pytest.raises(ValueError, match="does not run"):
        _ = server.url


def test_settings_of_the_surroundings_do_not_reach_it(
    postgres_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"PGPORT": "1", "PGDATA": "/nowhere", "PGDATABASE": "none"}.items():
        monkeypatch.setenv(name, value)
    with running(postgres_dir) as url:
        assert ask(url, "select current_database()") == "postgres"


@pytest.mark.parametrize(
    "name", ["x" * 120, "with, comma", 'with "quotes" and spaces', "ünïcode%2F"]
)
def test_any_folder_will_do(data_dir: Path, cluster_to_copy: Path, name: str) -> None:
    folder = data_dir / name
    folder.mkdir()
    subprocess.run(["cp", "-a", cluster_to_copy, folder], check=True)
    with running(folder) as url:
        sockets = Path(parse_qs(urlsplit(url).query)["host"][0])
        assert ask(url, "select 1") == 1
        assert stat.S_IMODE(sockets.stat().st_mode) == 0o700
    assert sockets == folder / "postgres" or not sockets.exists()


def test_the_log_holds_nothing_that_people_wrote(postgres_dir: Path) -> None:
    with running(postgres_dir) as url:
        ask(url, "create table diary (page text primary key)")
        with psycopg.connect(url, autocommit=True) as connection:
            insert = "insert into diary values (%s)"
            connection.execute(insert, ["my secret"])
            with pytest.raises(psycopg.errors.UniqueViolation):
                connection.execute(insert, ["my secret"])
            with pytest.raises(psycopg.errors.InvalidTextRepresentation):
                connection.execute("select 'my secret'::int")
    log = (postgres_dir / "logs" / "postgres.log").read_text()
    assert "ready to accept connections" in log
    assert "my secret" not in log


def test_only_as_root_others_are_let_through_the_folders_above_and_never_more(
    postgres_dir: Path,
) -> None:
    assert stat.S_IMODE(postgres_dir.stat().st_mode) == 0o700
    with running(postgres_dir):
        expected = 0o701 if os.geteuid() == 0 else 0o700
        assert stat.S_IMODE(postgres_dir.stat().st_mode) == expected


AS_AN_ORDINARY_USER = """
import os, pwd, sys
from pathlib import Path
import psycopg
from adapters.local.postgres_programs import find_programs
from adapters.local.postgres_server import EmbeddedPostgres
folder = Path(sys.argv[1])
if os.geteuid() == 0:
    find_programs(folder)  # makes them executable for others
    nobody = pwd.getpwnam("nobody")
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    os.setgroups([])
    os.setgid(nobody.pw_gid)
    os.setuid(nobody.pw_uid)
server = EmbeddedPostgres(folder, durable=False)
with psycopg.connect(server.start()) as connection:
    print(*connection.execute("select 'works as ' || current_user").fetchone(), flush=True)
server.stop()
"""


def test_it_runs_as_an_ordinary_user(data_dir: Path) -> None:
    with apart(AS_AN_ORDINARY_USER, data_dir) as process:
        assert said(process) == "works as postgres"
        assert process.wait(30) == 0


# --------------------------------------------------------------------------------- after bad ends


def test_after_kill_9_of_our_process_it_shuts_down_by_itself(postgres_dir: Path) -> None:
    with apart(START_AND_STAY, postgres_dir) as process:
        ask(said(process), "create table kept as select 7 as answer")
        pid = postmaster_pid(postgres_dir)
        process.kill()
        wait_until(lambda: is_gone(pid))
    with running(postgres_dir) as url:
        assert ask(url, "select answer from kept") == 7


def test_a_start_right_after_kill_9_works(postgres_dir: Path) -> None:
    with apart(START_AND_STAY, postgres_dir) as process:
        ask(said(process), "create table kept as select 7 as answer")
        process.kill()
        with running(postgres_dir) as url:
            assert ask(url, "select answer from kept") == 7


def test_a_server_that_was_left_running_is_replaced(postgres_dir: Path) -> None:
    left = EmbeddedPostgres(postgres_dir, durable=False)
    ask(left.start(), "create table kept as select 7 as answer")
    pid = postmaster_pid(postgres_dir)
    with running(postgres_dir) as url:
        assert is_gone(pid)
        assert ask(url, "select answer from kept") == 7
    left.stop()


def test_it_recovers_from_kill_9_of_the_server_itself(postgres_dir: Path) -> None:
    killed = EmbeddedPostgres(postgres_dir, durable=False)
    url = killed.start()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("create table kept as select 7 as answer")
        pid = postmaster_pid(postgres_dir)
        os.kill(pid, signal.SIGKILL)
        wait_until(lambda: is_gone(pid))
        assert ask(killed.start(), "select answer from kept") == 7
    killed.stop()


@pytest.mark.parametrize("content", ["{pid}\n/elsewhere\n", "", "garbage\n"])
def test_a_stale_pid_file_is_no_obstacle(postgres_dir: Path, content: str) -> None:
    # As after a restart of a container: the number now belongs to another program, here to us.
    (postgres_dir / "postgres" / "postmaster.pid").write_text(content.format(pid=os.getpid()))
    with running(postgres_dir) as url:
        assert ask(url, "select 1") == 1


def test_a_first_start_that_was_killed_is_begun_anew(data_dir: Path) -> None:
    with apart(START_AND_STAY, data_dir) as process:
        wait_until(lambda: any(data_dir.glob("postgres.new-*/PG_VERSION")))
        process.kill()
    assert not (data_dir / "postgres").exists()
    with running(data_dir) as url:
        assert ask(url, "select 1") == 1
    assert list(data_dir.glob("postgres.new-*")) == []


def test_an_empty_folder_in_its_place_is_filled(data_dir: Path) -> None:
    (data_dir / "postgres").mkdir()
    with running(data_dir) as url:
        assert ask(url, "select 1") == 1


# ----------------------------------------------------------------------------- what it cannot use


def test_a_folder_of_something_else_is_left_alone(data_dir: Path) -> None:
    (data_dir / "postgres").mkdir()
    (data_dir / "postgres" / "thesis.txt").write_text("years of work")
    with pytest.raises(EmbeddedPartError) as refusal:
        EmbeddedPostgres(data_dir).start()
    assert "no database" in refusal.value.message
    assert "Move that folder away" in refusal.value.hint
    assert (data_dir / "postgres" / "thesis.txt").read_text() == "years of work"


def test_a_cluster_of_another_version_is_left_alone(postgres_dir: Path) -> None:
    (postgres_dir / "postgres" / "PG_VERSION").write_text("16\n")
    with pytest.raises(EmbeddedPartError, match="made by PostgreSQL 16; this is 18"):
        EmbeddedPostgres(postgres_dir).start()


def test_a_damaged_cluster_is_explained_in_a_line(postgres_dir: Path) -> None:
    (postgres_dir / "postgres" / "global" / "pg_control").write_bytes(b"\0" * 8192)
    with pytest.raises(EmbeddedPartError) as refusal:
        EmbeddedPostgres(postgres_dir).start()
    assert refusal.value.message.startswith("PostgreSQL does not start: ")
    assert "\n" not in refusal.value.message
    assert str(postgres_dir / "logs" / "postgres.log") in refusal.value.hint


def test_the_first_start_explains_why_it_fails(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.local.postgres_cluster._INIT_SECONDS", 0)
    with pytest.raises(EmbeddedPartError, match="cannot make its database"):
        EmbeddedPostgres(data_dir).start()
    assert not (data_dir / "postgres").exists()
    assert list(data_dir.glob("postgres.new-*")) == []


def test_a_missing_package_is_explained(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adapters.local.postgres_programs.MAJOR_VERSION", "99")
    with pytest.raises(EmbeddedPartError, match="not installed") as refusal:
        EmbeddedPostgres(data_dir).start()
    assert "DATABASE_URL" in refusal.value.hint
