"""What the measurement of charges stands on: people whose wallets add up, and pgbench's script."""

from datetime import UTC, datetime

import psycopg
import pytest

from adapters.postgres.connection import PostgresPool
from adapters.postgres.wallet_store import PostgresWalletStore
from bench.pgbench import script, shared
from bench.population import Crowd, fill
from bench.wire import Reader


async def test_what_is_filled_in_breaks_no_rule_of_money_nor_any_foreign_key(
    postgres_url: str,
) -> None:
    crowds = Crowd(7), Crowd(2, turns=40, first=7), Crowd(2, turns=5, sessions=3, first=9)
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        fill(connection, *crowds, checked=True)
        found = connection.execute(
            """SELECT (SELECT count(*) FROM wallets), (SELECT count(*) FROM messages),
                (SELECT count(*) FROM sessions WHERE summary <> ''), (
                    SELECT min(count) FROM (
                        SELECT count(*) FROM messages m
                        JOIN sessions s ON s.user_id = m.user_id AND s.summary <> ''
                        WHERE m.position > s.summarized_until GROUP BY s.user_id) AS each)"""
        ).fetchone()
    pool = PostgresPool(postgres_url, size=1)
    await pool.open()
    assert await PostgresWalletStore(pool).audit() == []
    await pool.close()
    assert found == (11, 2 * (7 + 80 + 30), 2, 12)


def test_pgbench_gets_the_products_statement_with_its_values() -> None:
    sql = "SELECT %(a)s::text, %(b)s, %(a)s, %(c)s FROM t WHERE user_id = %(user_id)s"
    made = script([(sql, {"a": "it's", "b": None, "c": 7})], first="1000")
    assert made.sql.splitlines() == [
        "\\set user_id 1000 + :client_id * :people + :done",
        "\\set done :done + 1",
        "SELECT :s0_a::text, NULL, :s0_a, :s0_c FROM t WHERE user_id = :user_id;",
    ]
    assert made.variables == {"done": "0", "s0_a": "it's", "s0_c": "7"}


def test_each_step_has_variables_of_its_own() -> None:
    now = datetime(2026, 1, 2, tzinfo=UTC)
    made = script([("SELECT %(a)s", {"a": 1}), ("SELECT %(a)s", {"a": now})], first="1")
    assert made.variables == {"done": "0", "s0_a": "1", "s1_a": "2026-01-02T00:00:00+00:00"}


def test_what_is_counted_without_a_person_gets_an_id_of_its_own() -> None:
    sql = "UPDATE turns WHERE id = %(turn_id)s; SELECT %(turn_id)s, %(status)s, 1"
    assert shared(sql) == "UPDATE turns WHERE id = %(turn_id)s; SELECT %(fact_id)s, %(status)s, 1"


def _message(kind: bytes, body: bytes = b"") -> bytes:
    return kind + (len(body) + 4).to_bytes(4, "big") + body


@pytest.mark.parametrize("piece", [1, 3, 4, 5, 7, 1000])
def test_messages_are_counted_however_the_network_cuts_them(piece: int) -> None:
    opening = (13).to_bytes(4, "big") + b"startup.."
    sent = opening + _message(b"B", b"S" * 40) + _message(b"E", b"123") + 2 * _message(b"S")
    reader = Reader()
    heard = [reader.feed(sent[at : at + piece]) for at in range(0, len(sent), piece)]
    assert [name for names in heard for name in names] == ["Bind", "Execute", "Sync", "Sync"]
