"""That the search stays exact and cheap: an index-only scan that weighs every memory."""

import random
import re
from datetime import UTC, timedelta
from typing import Any

import psycopg
import pytest
from pgvector import HalfVector

from adapters.pgvector import memory_search, memory_sql
from adapters.postgres.connection import PostgresPool
from adapters.postgres.statement import statement
from application.ports.memory_index import MemoryQuery
from domain.memory.associations import associated, is_personal
from domain.memory.memories import Embedding
from domain.memory.ranking import Asked, Candidate, rank, scale_of
from tests.adapters.postgres.conftest import Superuser
from tests.contracts.builders import DIMENSIONS, NOW, make_embedding
from tests.contracts.stores import Stores

USERS, CHARACTERS, MEMORIES = 20, 2, 50
MODELS = ("wordllama-256", "text-embedding-3-small")
PEOPLE = """
INSERT INTO users (id, tier, created_at, age_band)
SELECT 'usr_' || u, 'free', now(), 'unknown' FROM generate_series(1, %s) u"""
IDENTITIES = """
INSERT INTO identities (subject, user_id) SELECT 'subject of ' || id, id FROM users"""
VOCABULARY = """
    running cello sisters Clara Lisbon dogs Rex coffee walked quickly moved Rome lives works nurse
    hospital likes jazz plays guitar reading books Dune allergic peanuts birthday March the is and
    a of in to called named never always bakes bread Sundays hiking mountains old doctor my where
    """.split()  # noqa: SIM905 - read best as a text


def words(chance: random.Random) -> str:
    return " ".join(chance.choice(VOCABULARY) for _ in range(chance.randint(2, 9)))


def vector(chance: random.Random) -> tuple[float, ...]:
    """Around one of a few middles, so that some are near each other."""
    middle = random.Random(chance.randint(1, 12))
    return tuple(middle.gauss(0, 1) + chance.gauss(0, 1.2) for _ in range(DIMENSIONS))


@pytest.fixture
def filled(superuser: Superuser) -> None:
    """2,000 memories of twenty people: of two models or none, old and new, ended and current."""
    chance = random.Random(11)
    superuser.execute(PEOPLE, [USERS])
    superuser.execute(IDENTITIES)
    with superuser.cursor().copy(
        "COPY memories (user_id, id, character_id, text, topic, created_at, told_at, kind,"
        " importance, embedding_model, embedding, ended_at) FROM STDIN"
    ) as copy:
        for number in range(USERS * CHARACTERS * MEMORIES):
            model = chance.choice([*MODELS, None])
            copy.write_row(
                (
                    f"usr_{number % USERS + 1}",
                    f"mem_{number:06}",
                    f"character-{number // USERS % CHARACTERS}",
                    words(chance),
                    chance.choice([None, "home", "job", "health:back", "age", "pet:rex"]),
                    NOW - timedelta(days=chance.randint(0, 400)),
                    chance.choice([None, NOW - timedelta(days=chance.randint(0, 99))]),
                    "other",
                    chance.randint(1, 5),
                    model,
                    model and HalfVector(list(vector(chance))).to_text(),
                    NOW if chance.random() < 0.1 else None,
                )
            )
    superuser.execute("VACUUM ANALYZE memories")


def query(user: int, text: str, *embeddings: Embedding, limit: int = 10) -> MemoryQuery:
    return MemoryQuery(f"usr_{user}", "character-1", text, embeddings, NOW, limit)


@pytest.mark.usefixtures("filled")
def test_the_search_is_an_index_only_scan(superuser: Superuser) -> None:
    sql = statement(memory_search.SEARCH).sql.decode()
    plan = superuser.execute(f"EXPLAIN (GENERIC_PLAN, COSTS OFF) {sql}").fetchall()
    lines = [line for (line,) in plan]
    assert any("Index Only Scan using memories_search" in line for line in lines), lines
    # Read once for the statement, not once for each row.
    assert any("InitPlan" in line for line in lines), lines
    assert not any("Seq Scan" in line for line in lines), lines


@pytest.mark.usefixtures("filled")
async def test_the_search_touches_no_table_but_for_what_it_found(
    pool: PostgresPool, superuser: Superuser
) -> None:
    asked = query(7, "Who is Clara?", make_embedding(1.0, 0.5, model=MODELS[0]), limit=5)
    explain = f"EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) {memory_search.SEARCH}"
    rows = await pool.read(explain, memory_search.search_values(asked))
    plan = [line.decode() for (line,) in rows if line]
    current = superuser.execute(
        "SELECT count(*) FROM memories"
        " WHERE user_id = 'usr_7' AND character_id = 'character-1' AND ended_at IS NULL"
    ).fetchone()
    assert current
    [scan] = [line for line in plan if "Index Only Scan using memories_search" in line]
    assert re.search(rf"\brows={current[0]}\b", scan)
    assert any("Heap Fetches: 0" in line for line in plan), plan


@pytest.mark.usefixtures("filled")
async def test_what_has_no_vector_is_found_without_reading_the_table(
    superuser: Superuser,
) -> None:
    superuser.execute("SET enable_seqscan = off")
    sql = statement(memory_sql.FIND_UNEMBEDDED).sql.decode()
    plan = superuser.execute(f"EXPLAIN (GENERIC_PLAN, COSTS OFF) {sql}").fetchall()
    lines = [line for (line,) in plan]
    assert sum("using memories_embedding_model" in line for line in lines) == 3, lines


@pytest.mark.usefixtures("filled")
async def test_nothing_that_the_ranking_finds_is_lost(stores: Stores, superuser: Superuser) -> None:
    """Recall 1.0: the statement against the formula, over every memory that there is."""
    chance = random.Random(5)
    some = 0
    for number in range(50):
        text = words(chance)
        models = chance.choice([(), MODELS[:1], MODELS[::-1]])
        embeddings = tuple(Embedding(model, vector(chance)) for model in models)
        asked = query(number % USERS + 1, text, *embeddings)
        found = [memory.id for memory in await stores.memories.search(asked)]
        expected = weighed_one_by_one(superuser, asked)
        assert found == expected, (text, models)
        some += len(found)
    assert some > 300


def weighed_one_by_one(superuser: Superuser, asked: MemoryQuery) -> list[str]:
    """Read every memory with its words and its distances, and rank them in Python."""
    stems, related = (
        frozenset(one(superuser, "SELECT tsvector_to_array(to_tsvector('english', %s))", [text]))
        for text in (asked.text, " ".join(associated(asked.text)))
    )
    rows = superuser.execute(
        "SELECT id, tsvector_to_array(words), importance, coalesce(told_at, created_at),"
        " embedding_model, embedding::vector::real[] FROM memories"
        " WHERE user_id = %s AND character_id = %s AND ended_at IS NULL",
        [asked.user_id, asked.character_id],
    ).fetchall()
    candidates = []
    for id_, its_words, importance, told_at, model, its_vector in rows:
        similarity = next(
            (cosine(its_vector, other) for other in asked.embeddings if other.model == model), None
        )
        candidates.append(
            Candidate(
                id_,
                frozenset(its_words),
                importance,
                told_at.astimezone(UTC),
                similarity,
                scale_of(model or ""),
            )
        )
    words = Asked(stems, related - stems, is_personal(asked.text))
    return rank(candidates, words, now=asked.now, limit=asked.limit)


def cosine(stored: list[float], other: Embedding) -> float:
    """Over the vector as it goes over the wire, in half precision."""
    asked = HalfVector(list(other.vector)).to_list()
    product = sum(a * b for a, b in zip(stored, asked, strict=True))
    lengths = sum(a * a for a in stored) * sum(b * b for b in asked)
    return float(product / lengths**0.5)


def one(superuser: Superuser, sql: str, values: list[Any]) -> Any:
    row = superuser.execute(sql, values).fetchone()
    assert row
    return row[0]


async def test_words_of_any_kind_make_no_faulty_query(stores: Stores) -> None:
    user = await stores.sign_up()
    await stores.remember(user, text="Likes a\\b, it's 'quoted' & http://x.y/?a=1&b=2 | !z:* <->")
    for text in (
        "'", "''", "\\", "\\'", "a\\b 'quoted'", "http://x.y/?a=1&b=2", "& | ! <-> ( ) :*",
        "it''s", "x" * 4_000, " ".join(f"{n:x}g" for n in range(1_000)), "日本語 🙂 ünïcode",
        "a-b-c 1e10 -5 10.5 /etc/passwd", "\0",
    ):  # fmt: skip
        await stores.recall(user, text=text)
    assert len(await stores.recall(user, text="quoted")) == 1
    assert len(await stores.recall(user, text="see http://x.y/?a=1&b=2")) == 1


async def test_long_texts_fit_the_index(stores: Stores) -> None:
    user = await stores.sign_up()
    chance = random.Random(3)
    letters = [chr(0x4E00 + n) for n in range(3_000)] + [chr(0x1F600 + n) for n in range(60)]
    for text in (
        "".join(chance.choices(letters, k=1_000)),
        " ".join(chance.choices(letters, k=500)),
        " ".join("".join(chance.choices(letters, k=3)) for _ in range(250)),
    ):
        memory = await stores.remember(user, make_embedding(1), text=text)
        assert (await stores.memories.get(user.id, memory.id)).text == text


async def test_a_vector_of_another_length_is_left_for_later(stores: Stores) -> None:
    user = await stores.sign_up()
    memory = await stores.remember(user, Embedding("words", (0.5,) * 3))
    assert await stores.memories.find_unembedded("words", limit=9) == [(user.id, memory)]
    assert await stores.recall(user, Embedding("words", (0.5,) * 3), text="dog") == [memory]


async def test_what_a_model_writes_is_stored(stores: Stores) -> None:
    user = await stores.sign_up()
    memory = await stores.remember(user, text="a\0b \ud83d c")
    assert (await stores.memories.get(user.id, memory.id)).text == "a\ufffdb \ufffd c"


def test_a_row_of_the_version_before_is_searched_and_forgotten(postgres_url: str) -> None:
    """Both versions write for a while: what the old one leaves out is made up for."""
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(PEOPLE, [1])
        connection.execute(IDENTITIES)
        connection.execute(
            "INSERT INTO sessions (user_id, id, character_id, character_version, title,"
            " created_at, updated_at) VALUES ('usr_1', 'ses_1', 'luna', 1, 'A', now(), now())"
        )
        connection.execute(
            "INSERT INTO messages (user_id, session_id, position, id, role, content, status,"
            " created_at) VALUES ('usr_1', 'ses_1', 2, 'msg_1', 'user', 'Hi', 'complete', now())"
        )
        connection.execute(
            "INSERT INTO memories (user_id, id, character_id, text, source_message_ids,"
            " created_at, kind, importance, session_id) VALUES ('usr_1', 'mem_1', 'luna', 'Hi',"
            """ '["msg_1", "msg_gone"]', now(), 'said', 1, 'ses_1')"""
        )
        told = "SELECT told_in, words::text FROM memories"
        assert connection.execute(told).fetchall() == [("ses_1", "'hi'")]
        connection.execute("DELETE FROM messages")
        assert connection.execute(told).fetchall() == []
