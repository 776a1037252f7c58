"""``make bench-memory-search``: whether a search stays as fast as memories grow in number.

Three databases in one server hold ten thousand, a hundred thousand and a million memories, 75 for
each person. The same kind of search goes to each of them in turn, so that a busy machine slows
down all alike. It also looks at the plan: one index, and no page of the table but for what is
found.
"""

import asyncio
import json
import re
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import psycopg
from attrs import define, field

from adapters.local.postgres_server import EmbeddedPostgres
from adapters.pgvector.memory_index import PgvectorMemoryIndex
from adapters.pgvector.memory_search import SEARCH, search_values
from adapters.postgres import migrations
from adapters.postgres.connection import PostgresPool
from application.ports.memory_index import MemoryQuery
from domain.memory.memories import Embedding

SIZES = (10_000, 100_000, 1_000_000)
EACH = 75
SEARCHES = 3_000
WARM_UP = 300
MODEL = "wordllama-256"
WORDS = 997
VECTORS = 4_096
LIMIT = 24

# Vectors are drawn from a stock: making as many as there are memories would take longer than all
# else.
PREPARE = f"""
SET session_replication_role = replica;  -- no accounts, so no foreign keys
SET maintenance_work_mem = '512MB';
CREATE TEMPORARY TABLE stock AS
SELECT v AS id, (SELECT array_agg(random() - 0.5) FROM generate_series(1, 256) WHERE v >= 0)
    ::vector::halfvec AS vector
FROM generate_series(0, {VECTORS - 1}) AS v;
CREATE UNIQUE INDEX ON stock (id);
ANALYZE stock;
DROP INDEX memories_search;
"""  # noqa: S608 - made of this module's numbers
# A person's memories are told one by one, so they are scattered over the whole table.
FILL = f"""
INSERT INTO memories (user_id, id, character_id, text, topic, created_at, kind, importance,
    told_in, embedding_model, embedding)
SELECT 'usr_' || lpad(mod(n, %(people)s)::text, 32, '0'), 'mem_' || lpad(n::text, 32, '0'), 'mira',
    (SELECT string_agg('w' || mod(abs(hashint4(n * 8 + i)), {WORDS}), ' ')
     FROM generate_series(1, 6) AS i),
    (ARRAY[NULL, 'home', 'job', 'like:w1'])[1 + mod(n, 4)],
    now() - mod(n, 400) * interval '1 day', 'other', 1 + mod(n, 5),
    'ses_' || lpad((n / 3)::text, 32, '0'), '{MODEL}', stock.vector
FROM generate_series(0, %(people)s * {EACH} - 1) AS n
JOIN stock ON stock.id = mod(abs(hashint4(n)), {VECTORS})"""  # noqa: S608 - made of this module's numbers


@define
class Side:
    """One database: its size, its index of memories, and how long searches took."""

    size: int
    pool: PostgresPool
    seconds: list[float] = field(factory=list)

    @property
    def memories(self) -> PgvectorMemoryIndex:
        """The index over it."""
        return PgvectorMemoryIndex(self.pool)

    def query(self, chance: Random) -> MemoryQuery:
        """What somebody says, in ten words; every second message speaks of the person."""
        words = [f"w{chance.randrange(WORDS)}" for _ in range(9)]
        words.append(chance.choice(("my", "the")))
        vector = tuple(chance.uniform(-0.5, 0.5) for _ in range(256))
        person = chance.randrange(self.size // EACH)
        return MemoryQuery(
            user_id=f"usr_{person:032}",
            character_id="mira",
            text=" ".join(words),
            embeddings=(Embedding(MODEL, vector),),
            now=datetime.now(UTC),
            limit=LIMIT,
        )

    def percentile(self, share: float) -> float:
        """In milliseconds."""
        return 1_000 * sorted(self.seconds)[int(share * len(self.seconds))]


def fill(server: str, size: int) -> str:
    """A database with so many memories; its URL."""
    started = time.perf_counter()
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE memories_{size}")
    url = server.replace("/postgres?", f"/memories_{size}?", 1)
    migrations.upgrade(url)
    with psycopg.connect(url, autocommit=True) as connection:
        index = connection.execute(
            "SELECT indexdef FROM pg_indexes WHERE indexname = 'memories_search'"
        ).fetchone()
        assert index
        connection.execute(PREPARE)
        connection.execute(FILL, {"people": size // EACH})
        connection.execute(index[0])
        connection.execute("VACUUM ANALYZE memories")
    print(f"  {size:>9,} memories in {time.perf_counter() - started:.0f} s", flush=True)
    return url


async def check_plan(side: Side, chance: Random) -> None:
    """Fail unless the search reads the index alone, and all of a person's memories in it."""
    explain = f"EXPLAIN (ANALYZE, COSTS OFF) {SEARCH}"
    rows = await side.pool.read(explain, search_values(side.query(chance)))
    plan = "\n".join(line.decode() for (line,) in rows if line)
    scan = plan[plan.index("Index Only Scan using memories_search") :]
    assert re.search(rf"rows={EACH}\b", scan.splitlines()[0]), plan
    assert "Heap Fetches: 0" in scan, plan
    assert "Seq Scan" not in plan, plan


async def measure(urls: dict[int, str]) -> list[Side]:
    """Search in each in turn."""
    chance = Random(1)  # noqa: S311 - the same searches each time
    sides = [Side(size, PostgresPool(url, size=1)) for size, url in urls.items()]
    for side in sides:
        await side.pool.open()
        await check_plan(side, chance)
    for number in range(WARM_UP + SEARCHES):
        for side in sides:
            query = side.query(chance)
            started = time.perf_counter()
            found = await side.memories.search(query)
            taken = time.perf_counter() - started
            assert len(found) <= LIMIT
            if number >= WARM_UP:
                side.seconds.append(taken)
    for side in sides:
        await side.pool.close()
    return sides


def main() -> None:
    """Fill, measure, print and keep the figures."""
    with tempfile.TemporaryDirectory(prefix="companion-bench-") as folder:
        server = EmbeddedPostgres(Path(folder), durable=False)
        url = server.start()
        try:
            print("Filling:")
            sides = asyncio.run(measure({size: fill(url, size) for size in SIZES}))
        finally:
            server.stop()
    print(f"{SEARCHES:,} searches in each, in turn, of {EACH} memories a person (milliseconds):")
    for side in sides:
        print(
            f"  {side.size:>9,} memories   p50 {side.percentile(0.5):6.2f}"
            f"   p95 {side.percentile(0.95):6.2f}   p99 {side.percentile(0.99):6.2f}"
        )
    ratio = sides[-1].percentile(0.99) / sides[0].percentile(0.99)
    print(f"  p99 with {sides[-1].size:,} / with {sides[0].size:,}: {ratio:.2f}")
    results = Path("bench/results")
    results.mkdir(exist_ok=True)
    figures = {
        f"{side.size}": {f"p{int(share * 100)}": side.percentile(share) for share in (0.5, 0.99)}
        for side in sides
    }
    text = json.dumps({"p99_ratio": ratio, **figures}, indent=2)
    (results / "memory_search.json").write_text(text + "\n")


if __name__ == "__main__":
    main()
