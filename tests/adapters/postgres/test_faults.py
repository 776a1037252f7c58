"""The pool when PostgreSQL, or the way to it, is not well."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import psycopg
import pytest

from adapters.local.postgres_server import EmbeddedPostgres
from adapters.postgres import link_pool
from adapters.postgres.connection import PostgresPool
from adapters.postgres.health_probe import PostgresHealthProbe
from domain.errors import Unavailable
from tests.adapters.postgres.conftest import Superuser, until
from tests.adapters.postgres.test_connection import ADD_USER, user_count
from tests.loopback.fault_proxy import FaultProxy, Mode

TERMINATE = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE pid <> pg_backend_pid() AND datname = current_database()"""
ANSWER_WITHIN = 3.0
"""Seconds in which every request is answered, come what may."""


async def test_after_all_connections_were_terminated_everything_goes_on(
    pool: PostgresPool, superuser: Superuser
) -> None:
    await asyncio.gather(*(pool.read("SELECT pg_sleep(0.05)", {}) for _ in range(4)))
    superuser.execute(TERMINATE)
    answers = await asyncio.gather(
        *(pool.read("SELECT 1", {}) for _ in range(10)),
        *(pool.write("SELECT 1", {}) for _ in range(10)),
        return_exceptions=True,
    )
    # A write may have been sent into a connection that was already dead; a read is tried again.
    assert answers[:10] == [[(b"1",)]] * 10
    assert all(answer == [(b"1",)] or isinstance(answer, Unavailable) for answer in answers[10:])
    assert await pool.write("SELECT 1", {}) == [(b"1",)]


async def test_a_read_whose_connection_is_terminated_is_tried_again(
    pool: PostgresPool, superuser: Superuser
) -> None:
    reading = asyncio.create_task(pool.read("SELECT pg_sleep(0.2), 'done'", {}))
    await until(lambda: bool(superuser.execute(TERMINATE).fetchall()))
    assert (await reading)[0][1] == b"done"


async def test_a_write_whose_connection_is_terminated_is_not(
    pool: PostgresPool, superuser: Superuser
) -> None:
    writing = asyncio.create_task(pool.write("SELECT pg_sleep(0.2), 'done'", {}))
    await until(lambda: bool(superuser.execute(TERMINATE).fetchall()))
    with pytest.raises(Unavailable):
        await writing


async def test_a_plan_that_no_longer_fits_is_made_anew(
    pool: PostgresPool, superuser: Superuser
) -> None:
    superuser.execute("CREATE TABLE thing (id int); GRANT SELECT ON thing TO companion_app")
    assert await pool.read("SELECT * FROM thing", {}) == []
    superuser.execute("ALTER TABLE thing ADD COLUMN name text; INSERT INTO thing VALUES (1, 'a')")
    assert await pool.read("SELECT * FROM thing", {}) == [(b"1", b"a")]


async def test_a_locked_row_is_unavailable_by_the_lock_timeout(
    pool: PostgresPool, postgres_url: str
) -> None:
    await pool.write(ADD_USER, {"id": "a"})
    with psycopg.connect(postgres_url) as holder:
        holder.execute("SELECT FROM users FOR UPDATE")
        began = time.monotonic()
        with pytest.raises(Unavailable):
            await pool.write("UPDATE users SET country = 'DE'", {})
        assert 1.0 < time.monotonic() - began < ANSWER_WITHIN
    assert await pool.read("SELECT country FROM users", {}) == [(None,)]
    assert pool.stats == {"connections": 1, "free": 1, "waiting": 0}


async def test_a_statement_that_takes_too_long_is_given_up(pool: PostgresPool) -> None:
    began = time.monotonic()
    with pytest.raises(Unavailable):
        await pool.read("SELECT pg_sleep(20)", {})
    assert time.monotonic() - began < ANSWER_WITHIN
    assert await pool.read("SELECT 1", {}) == [(b"1",)]


async def test_a_transaction_may_be_given_more_time(pool: PostgresPool) -> None:
    slow: tuple[str, dict[str, object]] = ("SELECT pg_sleep(0.3), 'done'", {})
    assert (await pool.together([slow], seconds=30))[0][1] == b"done"
    with pytest.raises(Unavailable):
        await pool.together([slow], seconds=0.1)
    assert await pool.read("SELECT current_setting('statement_timeout')", {}) == [(b"5s",)]


@pytest.mark.parametrize("mode", ["black_hole", "reset", "refuse"])
async def test_a_broken_way_is_unavailable_in_time_and_heals(
    shaky: PostgresPool, proxy: FaultProxy, mode: Mode
) -> None:
    probe = PostgresHealthProbe(shaky)
    await probe.check()
    await proxy.switch(mode)
    for _ in range(2):
        began = time.monotonic()
        answers = await asyncio.gather(
            *(shaky.read("SELECT 1", {}) for _ in range(3)),
            *(shaky.write("SELECT 1", {}) for _ in range(3)),
            probe.check(),
            return_exceptions=True,
        )
        assert all(isinstance(answer, Unavailable) for answer in answers)
        assert time.monotonic() - began < ANSWER_WITHIN
    await proxy.switch("pass")
    await _healed(shaky)
    assert await asyncio.gather(*(shaky.read("SELECT 1", {}) for _ in range(5))) == [[(b"1",)]] * 5
    await probe.check()


async def test_an_answer_that_is_cut_off_loses_no_connection(
    shaky: PostgresPool, proxy: FaultProxy
) -> None:
    await shaky.read("SELECT repeat('x', 1000)", {})
    await proxy.switch("cut", 40)
    with pytest.raises(Unavailable):
        await shaky.read("SELECT repeat('x', 1000)", {})
    await proxy.switch("pass")
    await _healed(shaky)
    assert shaky.stats["connections"] <= 2


async def test_a_slow_way_is_not_a_broken_one(shaky: PostgresPool, proxy: FaultProxy) -> None:
    await proxy.switch("delay", 0.02)
    assert await shaky.read("SELECT 1", {}) == [(b"1",)]


async def test_why_there_is_no_connection_is_known(postgres_url: str) -> None:
    pool = PostgresPool(postgres_url, role="nobody_has_this_role")
    with pytest.raises(Unavailable):
        await pool.read("SELECT 1", {})
    assert "nobody_has_this_role" in (pool.last_failure or "")
    await pool.close()


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[EmbeddedPostgres]:
    server = EmbeddedPostgres(tmp_path, durable=False)
    server.start()
    yield server
    server.stop()


@pytest.fixture
async def own_pool(own_server: EmbeddedPostgres) -> AsyncIterator[PostgresPool]:
    pool = PostgresPool(own_server.url, role=None)
    await pool.open()
    yield pool
    await pool.close()


async def test_a_server_that_comes_back_is_found_again(
    own_server: EmbeddedPostgres, own_pool: PostgresPool
) -> None:
    await own_pool.read("SELECT 1", {})
    await asyncio.to_thread(own_server.stop)
    with pytest.raises(Unavailable):
        await own_pool.read("SELECT 1", {})
    assert own_pool.last_failure
    await asyncio.to_thread(own_server.start)
    await _healed(own_pool)
    assert own_pool.last_failure is None


async def test_connections_are_renewed_in_time(
    pool: PostgresPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = await pool.read("SELECT pg_backend_pid()", {})
    with monkeypatch.context() as later:
        later.setattr(link_pool, "_LIFETIME_SECONDS", 0)
        assert await pool.read("SELECT pg_backend_pid()", {}) == first
    assert await pool.read("SELECT pg_backend_pid()", {}) != first
    assert await user_count(pool) == 0


async def _healed(pool: PostgresPool) -> None:
    """Return when a read works again; a few may still meet what was broken."""
    while True:
        try:
            await pool.read("SELECT 1", {})
        except Unavailable:
            continue
        return
