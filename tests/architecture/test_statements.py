"""Every statement that a turn runs names ``user_id``: nobody's words or credits reach another."""

import re
from collections.abc import Mapping
from pathlib import Path

import psycopg
import pytest

from adapters.postgres.connection import PostgresPool
from adapters.postgres.statement import Values
from application.chat.regenerate_reply import RegenerateReplyCommand
from application.chat.send_message import SendMessageCommand
from application.chat.turn_follower import TurnFeed
from application.ports.turn_store import IdempotencyKey
from domain.accounts import Tier, User
from entrypoints.config import Settings, load_settings
from entrypoints.lifecycle import running, seed
from entrypoints.metrics import Metrics

_TABLE = re.compile(r"\b(?:FROM|JOIN|INTO|UPDATE)\s+([a-z_]+)")
_NAMES_THE_USER = re.compile(r"\buser_id = %\(\w+\)s|SELECT %\(user_id\)s")


@pytest.fixture
def settings(postgres_url: str, redis_url: str, tmp_path: Path) -> Settings:
    return load_settings(
        {
            "DATABASE_URL": postgres_url,
            "REDIS_URL": redis_url,
            "XAI_API_KEY": "key",
            "DATA_DIR": str(tmp_path),
        }
    )


@pytest.fixture
def personal_tables(postgres_url: str) -> frozenset[str]:
    """The tables that have a column ``user_id``."""
    with psycopg.connect(postgres_url) as connection:
        rows = connection.execute(
            "SELECT table_name FROM information_schema.columns"
            " WHERE column_name = 'user_id' AND table_schema = 'public'"
        )
        return frozenset(str(name) for (name,) in rows)


@pytest.fixture
def overheard(monkeypatch: pytest.MonkeyPatch) -> dict[str, Values]:
    """Each statement that any pool has been given, with the values of the last time."""
    heard: dict[str, Values] = {}
    for name in ("read", "write"):
        told = getattr(PostgresPool, name)

        async def tell(self: PostgresPool, sql: str, values: Values, told: object = told) -> object:
            heard[sql] = values
            assert callable(told)
            return await told(self, sql, values)

        monkeypatch.setattr(PostgresPool, name, tell)
    return heard


async def test_every_statement_of_a_turn_names_its_user(
    settings: Settings, personal_tables: frozenset[str], overheard: dict[str, Values]
) -> None:
    async with running(settings, Metrics(), stand_in_model=True) as (use_cases, adapters):
        await seed(use_cases)
        user = await adapters.accounts.add(
            User(id="usr_1", subject="ada", tier=Tier.PREMIUM, created_at=adapters.clock.now())
        )
        begin = SendMessageCommand(user.id, "mira", "Hello!", idempotency=IdempotencyKey("k", "f"))
        overheard.clear()
        feed = await use_cases.send_message()(begin)
        await _read(feed)
        await _read(await use_cases.send_message()(begin))
        go_on = SendMessageCommand(
            user.id, "mira", "My sister Clara loves radios.", session_id=feed.turn.session_id
        )
        await _read(await use_cases.send_message()(go_on))
        again = RegenerateReplyCommand(user.id, feed.turn.message_id)
        await _read(await use_cases.regenerate_reply()(again))
    personal = {sql: set(_TABLE.findall(sql)) & personal_tables for sql in overheard}
    assert len([sql for sql, tables in personal.items() if tables]) >= 6
    assert {name for sql in overheard for name in _TABLE.findall(sql)} & {"turns", "messages"}
    for sql, tables in personal.items():
        if tables:
            assert _NAMES_THE_USER.search(sql), sql
            assert "usr_1" in _texts(overheard[sql]), sql


async def _read(feed: TurnFeed) -> None:
    async for _ in feed.events:
        pass


def _texts(values: Mapping[str, object]) -> set[str]:
    return {value for value in values.values() if isinstance(value, str)}
