"""That the search stays exact and cheap: an index-only scan, whatever the plan."""

import pytest

from adapters.pgvector import memory_index
from adapters.postgres.connection import PostgresPool
from adapters.postgres.statement import statement
from tests.adapters.postgres.conftest import Superuser
from tests.contracts.builders import make_embedding
from tests.contracts.stores import Stores

USERS, CHARACTERS, MEMORIES = 20, 2, 100
FILL = f"""
INSERT INTO users SELECT 'usr_' || u, 'free', now()
    , NULL, NULL, 'unknown' FROM generate_series(1, {USERS}) u;
INSERT INTO identities SELECT 'subject-' || u, 'usr_' || u FROM generate_series(1, {USERS}) u;
INSERT INTO memories
SELECT 'usr_' || u, 'mem_' || lpad(n::text, 6, '0'), 'character-' || (n % {CHARACTERS}),
    'memory ' || n, '[]', now(), 'said', 1, NULL, 'words',
    (SELECT array_agg(sin(n * d + u)) FROM generate_series(1, 256) d)::vector::halfvec
FROM generate_series(1, {USERS}) u, generate_series(1, {CHARACTERS * MEMORIES}) n;
"""


@pytest.fixture
def filled(superuser: Superuser) -> None:
    superuser.execute(FILL)
    superuser.execute("VACUUM ANALYZE memories")


@pytest.mark.usefixtures("filled")
def test_the_search_is_an_index_only_scan(superuser: Superuser) -> None:
    sql = statement(memory_index._SEARCH).sql.decode()  # noqa: SLF001 - its plan is the point
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
    values = {
        "user_id": "usr_7",
        "character_id": "character-1",
        "model": "words",
        "vector": memory_index._half_vector(make_embedding(1.0, 0.5)),  # noqa: SLF001
        "except_session": "",
        "limit": 5,
        "most_distant": 2.0,
    }
    explain = f"EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) {memory_index._SEARCH}"  # noqa: SLF001
    plan = [line.decode() for (line,) in await pool.read(explain, values) if line]
    [scan] = [line for line in plan if "Index Only Scan using memories_search" in line]
    assert f"rows={MEMORIES}" in scan
    assert any("Heap Fetches: 0" in line for line in plan), plan


@pytest.mark.usefixtures("filled")
async def test_the_search_is_exact(stores: Stores, superuser: Superuser) -> None:
    target = make_embedding(0.3, -0.2, 0.9)
    text = "[" + ",".join(map(str, target.vector)) + "]"
    expected = superuser.execute(
        "SELECT id FROM memories WHERE user_id = 'usr_3' AND character_id = 'character-0'"
        " ORDER BY embedding <=> %s::halfvec LIMIT 10",
        [text],
    ).fetchall()
    found = await stores.memories.search(
        "usr_3", "character-0", target, limit=10, least_similarity=-1
    )
    assert [memory.id for memory in found] == [row[0] for row in expected]
