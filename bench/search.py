"""Whether memories are found, all of them and as fast as they grow in number.

Three databases in one server hold ten thousand, a hundred thousand and a million memories, 75 for
each person; the largest also has what is usually done, an HNSW index with a filter behind it. The
same kind of search goes to each of them in turn. What ought to be found is known from weighing all
of a person's memories one by one in Python.
"""

import asyncio
import re
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from random import Random
from statistics import fmean

import psycopg
from attrs import define, frozen

from adapters.pgvector.memory_index import PgvectorMemoryIndex
from adapters.pgvector.memory_search import SEARCH, search_values
from adapters.postgres.connection import PostgresPool
from bench import hnsw
from bench.database import Database, running_database
from bench.figures import Figure, Goal, Options, alternate, compare
from bench.memories import EACH, Question, fill, percentile, query, questions, recall

SIZES = (10_000, 100_000, 1_000_000)
QUICK_SIZES = (1_500, 5_000, 15_000)
CHECKED = 100
"""Questions in each database of which it is known what is to be found."""
SLOW = 20
"""So many of them for what takes a quarter of a second each."""
WARM_UP = 30
FASTER = Goal(least=50.0)
FLAT = Goal(most=1.5)
ALL = Goal(least=1.0)


@frozen
class Taken:
    """One round: the time of the slowest of a hundred searches, and the share that was found."""

    p99: float
    found: float


@define
class Ours:
    """One database with its memories, searched as the product does."""

    size: int
    url: str
    asked: Sequence[Question]
    chance: Random

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[PgvectorMemoryIndex]:
        """Its memories, over one connection."""
        pool = PostgresPool(self.url, size=1)
        await pool.open()
        try:
            await self._check_plan(pool)
            yield PgvectorMemoryIndex(pool)
        finally:
            await pool.close()

    async def _check_plan(self, pool: PostgresPool) -> None:
        """Fail unless the search reads one index alone, and all of a person's memories in it."""
        explain = f"EXPLAIN (ANALYZE, COSTS OFF) {SEARCH}"
        rows = await pool.read(explain, search_values(self.asked[0].query))
        plan = "\n".join(line.decode() for (line,) in rows if line)
        scan = plan[plan.index("Index Only Scan using memories_search") :]
        assert re.search(rf"rows={EACH}\b", scan.splitlines()[0]), plan
        assert "Heap Fetches: 0" in scan, plan
        assert "Seq Scan" not in plan, plan


async def search_in_turn(sides: Sequence[Ours], searches: int) -> list[Taken]:
    """One round: one search in each of them, and again, so many times."""
    async with AsyncExitStack() as stack:
        indexes = [await stack.enter_async_context(side.opened()) for side in sides]
        seconds: list[list[float]] = [[] for _ in sides]
        for number in range(WARM_UP + searches):
            for side, index, times in zip(sides, indexes, seconds, strict=True):
                wanted = query(side.size, side.chance)
                started = time.perf_counter()
                await index.search(wanted)
                if number >= WARM_UP:
                    times.append(time.perf_counter() - started)
        taken = []
        for side, index, times in zip(sides, indexes, seconds, strict=True):
            found = [
                recall([one.id for one in await index.search(question.query)], question.best)
                for question in side.asked
            ]
            taken.append(Taken(percentile(times, 0.99), fmean(found)))
    return taken


@define
class Hnsw:
    """The same memories, searched by HNSW."""

    url: str
    way: hnsw.Way
    asked: Sequence[Question]

    def round(self) -> list[Taken]:
        """Ask everything once."""
        search = hnsw.HnswSearch(self.url, self.way)
        try:
            search.check_plan(self.asked[0].query)
            seconds, found = [], []
            for question in self.asked:
                started = time.perf_counter()
                ids = search.search(question.query)
                seconds.append(time.perf_counter() - started)
                found.append(recall(ids, question.nearest))
        finally:
            search.close()
        return [Taken(percentile(seconds, 0.99), fmean(found))]


def measure(options: Options) -> list[Figure]:
    """Recall and the slowest of a hundred, ours and HNSW's."""
    sizes = QUICK_SIZES if options.quick else SIZES
    searches = 100 if options.quick else 1_000
    with running_database(durable=False) as database:
        ours = [_filled(database, size) for size in sizes]
        largest = ours[-1]
        with psycopg.connect(largest.url, autocommit=True) as connection:
            print(f"  building HNSW over {largest.size:,} memories", flush=True)
            seconds = hnsw.build(connection, largest.url)
            print(f"  built in {seconds:.0f} s", flush=True)
        plain = Hnsw(largest.url, hnsw.AS_IT_COMES, largest.asked)
        going_on = Hnsw(largest.url, hnsw.GOING_ON, largest.asked[:SLOW])
        taken = alternate(
            options.rounds,
            lambda: asyncio.run(search_in_turn(ours, searches)),
            plain.round,
            going_on.round,
        )
    # One list a round for each of the sizes, then for the two ways of HNSW.
    return _figures(sizes, [list(side) for rounds in taken for side in zip(*rounds, strict=True)])


def _filled(database: Database, size: int) -> Ours:
    started = time.perf_counter()
    url = database.create(f"memories_{size}")
    chance = Random(1)  # noqa: S311 - the same searches each time
    with psycopg.connect(url, autocommit=True) as connection:
        fill(connection, size)
        asked = questions(connection, size, CHECKED, chance)
    print(f"  {size:,} memories in {time.perf_counter() - started:.0f} s", flush=True)
    return Ours(size, url, asked, chance)


def _figures(sizes: Sequence[int], taken: Sequence[Sequence[Taken]]) -> list[Figure]:
    p99 = [[one.p99 for one in side] for side in taken]
    speed = [[1 / seconds for seconds in side] for side in p99]
    found = [[one.found for one in side] for side in taken]
    all_there_is = [1.0] * len(found[0])
    largest = f"{sizes[-1]:,} memories"
    plain, going_on = 3, 4
    return [
        *(
            compare(
                f"recall, {size:,} memories", "", found[place], "brute force", all_there_is,
                goal=ALL, headline=size == sizes[-1],
                note="Of the 24 that the ranking by meaning, words, importance and age puts first.",
            )
            for place, size in enumerate(sizes)
        ),
        compare(
            f"recall of HNSW, {largest}", "", found[plain], "brute force", all_there_is,
            note="Of the 24 nearest vectors of this person; default settings, the filter behind.",
        ),
        compare(
            f"recall of HNSW that goes on, {largest}", "", found[going_on], "brute force",
            all_there_is, note="hnsw.iterative_scan = relaxed_order, hnsw.ef_search = 200.",
        ),
        compare(
            f"search at p99, {largest}", "/s", speed[2], "HNSW that goes on", speed[going_on],
            goal=FASTER if sizes == SIZES else None, headline=True,
            note="One search at a time, 1 / p99 of a round; HNSW's through psycopg, prepared.",
        ),
        compare(
            f"search at p99, {largest}", "/s", speed[2], "HNSW", speed[plain],
            note="It is quick to find next to nothing: see its recall.",
        ),
        *(
            compare(
                f"p99 of a search, {size:,} memories", "s", p99[place], f"{sizes[0]:,}", p99[0],
                goal=FLAT,
            )
            for place, size in list(enumerate(sizes))[1:]
        ),
    ]  # fmt: skip
