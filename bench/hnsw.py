"""The usual way to search vectors in PostgreSQL: pgvector's HNSW index, and a filter behind it."""

import time
from collections.abc import Sequence
from threading import Event, Thread
from typing import Any

import psycopg
from attrs import frozen

from application.ports.memory_index import MemoryQuery

_PROGRESS_SECONDS = 30.0
_COPY = """
CREATE UNLOGGED TABLE vectors AS SELECT user_id, character_id, id, embedding FROM memories"""
_BUILD = "CREATE INDEX vectors_hnsw ON vectors USING hnsw (embedding halfvec_cosine_ops)"
_PROGRESS = """
SELECT tuples_done FROM pg_stat_progress_create_index
WHERE datname = current_database()"""
_SEARCH = """
SELECT id FROM vectors WHERE user_id = %(user_id)s AND character_id = %(character_id)s
ORDER BY embedding <=> %(vector)s::halfvec LIMIT %(limit)s"""
_EXPLAIN = "EXPLAIN " + _SEARCH


@frozen
class Way:
    """One way to ask the index."""

    name: str
    settings: dict[str, str]


AS_IT_COMES = Way("HNSW", {})
GOING_ON = Way(
    "HNSW that goes on", {"hnsw.iterative_scan": "relaxed_order", "hnsw.ef_search": "200"}
)
"""Looks further as long as too little is left behind the filter, up to 20,000 vectors."""


def build(connection: psycopg.Connection[Any], url: str) -> float:
    """The index over a table of its own, with as many workers as it takes; seconds."""
    connection.execute(_COPY)
    connection.execute("SET maintenance_work_mem = '2GB'")
    started = time.perf_counter()
    with _progress(url):
        for workers in (2, 0):
            connection.execute(f"SET max_parallel_maintenance_workers = {workers}")
            try:
                connection.execute(_BUILD)
                break
            except psycopg.errors.DiskFull:  # no room in the shared memory of a container
                if not workers:
                    raise
    connection.execute("VACUUM ANALYZE vectors")
    return time.perf_counter() - started


def _values(query: MemoryQuery) -> dict[str, Any]:
    return {
        "user_id": query.user_id,
        "character_id": query.character_id,
        "vector": str(list(query.embeddings[0].vector)),
        "limit": query.limit,
    }


class _progress:  # noqa: N801 - used as a statement
    """Says every while how far the index is."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._done = Event()
        self._thread = Thread(target=self._watch, daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._done.wait(_PROGRESS_SECONDS):
            with psycopg.connect(self._url, autocommit=True) as connection:
                for (done,) in connection.execute(_PROGRESS).fetchall():
                    print(f"    {done:,} vectors", flush=True)


class HnswSearch:
    """Searches on a connection of its own."""

    def __init__(self, url: str, way: Way) -> None:
        self._connection = psycopg.connect(url, autocommit=True, prepare_threshold=0)
        # Without a choice, so that it is the index that is measured.
        for name, value in {"enable_seqscan": "off", "jit": "off", **way.settings}.items():
            self._connection.execute(f"SET {name} = '{value}'")

    def search(self, query: MemoryQuery) -> Sequence[str]:
        """The ids of a person's memories that are nearest, as far as the index finds them."""
        return [row[0] for row in self._connection.execute(_SEARCH, _values(query)).fetchall()]

    def check_plan(self, query: MemoryQuery) -> None:
        """Fail unless it is the index that is asked."""
        rows = self._connection.execute(_EXPLAIN, _values(query)).fetchall()
        plan = "\n".join(line for (line,) in rows)
        assert "vectors_hnsw" in plan, plan

    def close(self) -> None:
        """End the connection."""
        self._connection.close()
