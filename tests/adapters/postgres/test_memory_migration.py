"""What was remembered before facts had sources comes along, and back."""

from typing import Any

import psycopg

from adapters.postgres import migrations

BEFORE = """
INSERT INTO users (id, tier, created_at, age_band) VALUES ('usr_1', 'free', now(), 'unknown');
INSERT INTO identities (subject, user_id) VALUES ('ann', 'usr_1');
INSERT INTO sessions (user_id, id, character_id, character_version, title, created_at, updated_at)
    VALUES ('usr_1', 'ses_1', 'luna', 1, 'A', now(), now());
INSERT INTO messages (user_id, session_id, position, id, role, content, status, created_at)
    VALUES ('usr_1', 'ses_1', 2, 'msg_1', 'user', 'I like tea', 'complete', now());
INSERT INTO memories (user_id, id, character_id, text, source_message_ids, created_at, kind,
    importance, session_id)
VALUES ('usr_1', 'mem_1', 'luna', 'I like tea', '["msg_1"]', now(), 'said', 1, 'ses_1'),
    ('usr_1', 'mem_2', 'luna', 'My birthday is in May', '[]', now(), 'note', 1, NULL);
"""
AFTER = """
INSERT INTO memories (user_id, id, character_id, text, created_at, kind, importance, ended_at)
VALUES ('usr_1', 'mem_3', 'luna', 'Lived in Paris', now(), 'place', 3, now());
"""


def rows(url: str, sql: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(url) as connection:
        return connection.execute(sql).fetchall()


def run(url: str, sql: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute(sql)


def test_memories_come_along_with_their_sources(postgres_empty_url: str) -> None:
    url = postgres_empty_url
    migrations.upgrade(url, "0001")
    run(url, BEFORE)
    migrations.upgrade(url)
    assert rows(url, "SELECT memory_id, message_id, session_id FROM memory_sources") == [
        ("mem_1", "msg_1", "ses_1")
    ]
    assert rows(url, "SELECT id, told_in, words::text FROM memories ORDER BY id") == [
        ("mem_1", "ses_1", "'like' 'tea'"),
        ("mem_2", None, "'birthday' 'may'"),
    ]
    run(url, AFTER)
    migrations.downgrade(url, "0001")
    back = "SELECT id, source_message_ids, session_id FROM memories ORDER BY id"
    assert rows(url, back) == [("mem_1", ["msg_1"], "ses_1"), ("mem_2", [], None)]
    run(url, "DELETE FROM sessions")
    assert rows(url, back) == [("mem_2", [], None)]


def test_what_a_deleted_session_taught_is_forgotten(postgres_empty_url: str) -> None:
    url = postgres_empty_url
    migrations.upgrade(url, "0001")
    run(url, BEFORE)
    migrations.upgrade(url)
    run(url, "DELETE FROM sessions")
    assert rows(url, "SELECT id FROM memories") == [("mem_2",)]
