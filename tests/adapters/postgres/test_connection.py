"""The pool when PostgreSQL is well."""

import asyncio

import pytest
from psycopg.errors import DivisionByZero, UniqueViolation

from adapters.postgres.connection import PostgresPool
from domain.errors import Unavailable
from tests.adapters.postgres.conftest import until

ADD_USER = """
INSERT INTO users (id, tier, created_at, age_band) VALUES (%(id)s, 'free', now(), 'unknown')"""
COUNT_USERS = "SELECT count(*) FROM users"


async def user_count(pool: PostgresPool) -> int:
    [(count,)] = await pool.read(COUNT_USERS, {})
    return int(count or b"")


async def test_statements_run_as_the_applications_role(pool: PostgresPool) -> None:
    assert await pool.read("SELECT current_user", {}) == [(b"companion_app",)]


async def test_without_a_role_statements_run_as_the_urls_user(postgres_url: str) -> None:
    pool = PostgresPool(postgres_url, role=None)
    assert await pool.read("SELECT current_user", {}) == [(b"postgres",)]
    await pool.close()


async def test_options_of_the_url_win_but_for_the_role(postgres_url: str) -> None:
    options = "-c%20lock_timeout%3D777ms%20-c%20role%3Dpostgres"
    pool = PostgresPool(f"{postgres_url}&options={options}")
    shown = "SELECT current_setting('lock_timeout'), current_setting('timezone'), current_user"
    assert await pool.read(shown, {}) == [(b"777ms", b"UTC", b"companion_app")]
    await pool.close()


async def test_every_kind_of_value_arrives_as_it_was_sent(pool: PostgresPool) -> None:
    values = {"text": "Ä🙂'\\", "number": -(2**62), "flag": True, "raw": b'{"a": 1}'}
    [row] = await pool.read(
        "SELECT %(text)s::text, %(number)s::bigint, %(flag)s::boolean, %(raw)s::json ->> 'a',"
        " %(none)s::text, encode(%(bytes)s::bytea, 'hex'), %(text)s::text, %(real)s::float8",
        {**values, "none": None, "bytes": memoryview(b"\0\xff"), "real": 0.1},
    )
    text = "Ä🙂'\\".encode()
    assert row == (text, b"-4611686018427387904", b"t", b"1", None, b"00ff", text, b"0.1")


async def test_what_postgres_cannot_store_is_replaced(pool: PostgresPool) -> None:
    sent = {"text": "a\0b\ud83d", "pair": "\ud83d\ude42"}
    [row] = await pool.read("SELECT %(text)s::text, %(pair)s::text", sent)
    assert row == ("a\ufffdb\ufffd".encode(), "🙂".encode())


async def test_what_is_no_value_is_refused(pool: PostgresPool) -> None:
    with pytest.raises(TypeError, match="object"):
        await pool.read("SELECT %(it)s::text", {"it": object()})
    assert pool.stats == {"connections": 1, "free": 1, "waiting": 0}


async def test_a_statement_larger_than_a_sockets_buffer_arrives(pool: PostgresPool) -> None:
    text = "0123456789" * 1_000_000
    [(length,)] = await pool.read("SELECT length(%(text)s::text)", {"text": text})
    assert length == b"10000000"


async def test_the_connection_used_last_is_used_next(pool: PostgresPool) -> None:
    await asyncio.gather(*(pool.read("SELECT pg_sleep(0.4)", {}) for _ in range(4)))
    assert pool.stats["connections"] == 4
    pids = [await pool.read("SELECT pg_backend_pid()", {}) for _ in range(5)]
    assert all(pid == pids[0] for pid in pids)


async def test_there_are_never_more_connections_than_the_size(pool: PostgresPool) -> None:
    alone = "SELECT pg_sleep(0.01), pg_backend_pid()"
    rows = await asyncio.gather(*(pool.read(alone, {}) for _ in range(40)))
    assert len({row[0][1] for row in rows}) <= 4
    assert pool.stats == {"connections": 4, "free": 4, "waiting": 0}


async def test_round_trips_are_counted(pool: PostgresPool) -> None:
    await pool.read("SELECT 1", {})
    before = pool.round_trips
    await pool.read("SELECT 2", {})
    await pool.write("SELECT 3", {})
    assert pool.round_trips == before + 2


async def test_an_error_of_the_statement_comes_through(pool: PostgresPool) -> None:
    with pytest.raises(DivisionByZero):
        await pool.read("SELECT 1 / %(zero)s::int", {"zero": 0})
    assert await pool.read("SELECT 1 / %(zero)s::int", {"zero": 1}) == [(b"1",)]
    assert pool.stats == {"connections": 1, "free": 1, "waiting": 0}


async def test_steps_together_are_one_transaction(pool: PostgresPool) -> None:
    rows = await pool.together([(ADD_USER, {"id": "a"}), (COUNT_USERS, {})])
    assert rows == [(b"1",)]
    with pytest.raises(UniqueViolation):
        await pool.together([(ADD_USER, {"id": "b"}), (ADD_USER, {"id": "a"})])
    assert await user_count(pool) == 1
    assert pool.stats["free"] == pool.stats["connections"]


async def test_a_write_goes_on_when_its_caller_is_cancelled(pool: PostgresPool) -> None:
    slow = f"WITH slow AS (SELECT pg_sleep(0.2)) {ADD_USER.replace('VALUES (', 'SELECT ')}"
    slow = slow.rstrip(")") + " FROM slow"
    for number, warm in enumerate((False, True)):
        if warm:
            await pool.write(slow, {"id": "warm"})
        writing = asyncio.create_task(pool.write(slow, {"id": f"user-{number}"}))
        await asyncio.sleep(0.05)
        writing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await writing
        await until(lambda: pool.stats["free"] == 1)
        assert await user_count(pool) == 1 + 2 * number


async def test_a_write_that_waits_for_a_connection_goes_on_too(postgres_url: str) -> None:
    pool = PostgresPool(postgres_url, size=1)
    reading = asyncio.create_task(pool.read("SELECT pg_sleep(0.2)", {}))
    await until(lambda: pool.stats["connections"] - pool.stats["free"] == 1)
    writing = asyncio.create_task(pool.write(ADD_USER, {"id": "a"}))
    await until(lambda: pool.stats["waiting"] == 1)
    writing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await writing
    await reading
    await until(lambda: pool.stats["free"] == 1)
    assert await user_count(pool) == 1
    await pool.close()


async def test_closing_waits_for_what_was_begun(postgres_url: str, pool: PostgresPool) -> None:
    closing = PostgresPool(postgres_url, size=1)
    writing = asyncio.create_task(closing.write(ADD_USER, {"id": "a"}))
    await asyncio.sleep(0)
    writing.cancel()
    await closing.close()
    assert await user_count(pool) == 1
    with pytest.raises(Unavailable):
        await closing.read("SELECT 1", {})


async def test_a_read_that_is_cancelled_leaves_its_connection_usable(pool: PostgresPool) -> None:
    for _ in range(20):
        reading = asyncio.create_task(pool.read("SELECT pg_sleep(0.02), 'late'", {}))
        await asyncio.sleep(0.005)
        reading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reading
        assert await pool.read("SELECT 'mine'", {}) == [(b"mine",)]
    await until(lambda: pool.stats["free"] == pool.stats["connections"])
    assert (
        await asyncio.gather(*(pool.read("SELECT 'mine'", {}) for _ in range(4)))
        == [[(b"mine",)]] * 4
    )


async def test_waiting_callers_that_leave_are_forgotten(postgres_url: str) -> None:
    pool = PostgresPool(postgres_url, size=1)
    reading = asyncio.create_task(pool.read("SELECT pg_sleep(0.2)", {}))
    await until(lambda: pool.stats["connections"] - pool.stats["free"] == 1)
    waiting = [asyncio.create_task(pool.read("SELECT 1", {})) for _ in range(10)]
    await until(lambda: pool.stats["waiting"] == 10)
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
    assert pool.stats["waiting"] == 0
    await reading
    assert await pool.read("SELECT 1", {}) == [(b"1",)]
    await pool.close()


async def test_too_many_waiting_are_turned_away_at_once(postgres_url: str) -> None:
    pool = PostgresPool(postgres_url, size=1)
    reads = [asyncio.create_task(pool.read("SELECT pg_sleep(0.3)", {})) for _ in range(1002)]
    done, _ = await asyncio.wait(reads, return_when=asyncio.FIRST_COMPLETED)
    for task in done:
        with pytest.raises(Unavailable):
            await task
    for task in reads:
        task.cancel()
    await asyncio.gather(*reads, return_exceptions=True)
    await pool.close()
