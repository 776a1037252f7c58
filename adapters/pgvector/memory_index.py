"""Memories in PostgreSQL, searched by pgvector.

The search is exact: an index-only scan over the memories of one user and one character, which are
few, finds them all, in less time than an approximate index takes to lose some.
"""

from collections.abc import Mapping, Sequence
from typing import Protocol

import msgspec
from pgvector import HalfVector
from psycopg.errors import ForeignKeyViolation

from domain.errors import NotFound
from domain.memory.memories import Embedding, Memory

Values = Mapping[str, object]
Rows = Sequence[tuple[bytes | None, ...]]


class StatementRunner(Protocol):
    """What runs the statements: parameters as ``%(name)s``, columns come back as text."""

    async def read(self, sql: str, values: Values) -> Rows:
        """Run a statement that changes nothing."""
        ...

    async def write(self, sql: str, values: Values) -> Rows:
        """Run a statement that changes something."""
        ...


_MEMORY = """json_build_object(
    'id', m.id, 'character_id', m.character_id, 'text', m.text,
    'source_message_ids', m.source_message_ids, 'created_at', m.created_at, 'kind', m.kind,
    'importance', m.importance, 'session_id', m.session_id)"""

# The vector stands in a subquery of its own: as a bare parameter it may be read anew for each row.
# The memories themselves are fetched only for those that were found.
_SEARCH = f"""
SELECT {_MEMORY}
FROM (
    SELECT id, embedding <=> (SELECT %(vector)s::halfvec) AS distance
    FROM memories
    WHERE user_id = %(user_id)s AND character_id = %(character_id)s
        AND embedding_model = %(model)s AND session_id IS DISTINCT FROM %(except_session)s
    ORDER BY distance LIMIT %(limit)s
) AS near
JOIN memories m ON m.user_id = %(user_id)s AND m.id = near.id
WHERE near.distance <= %(most_distant)s::float8
ORDER BY near.distance, m.id"""

_ADD = """
INSERT INTO memories (user_id, id, character_id, text, source_message_ids, created_at, kind,
    importance, session_id, embedding_model, embedding)
SELECT %(user_id)s, m.id, m.character_id, m.text, m.source_message_ids, m.created_at, m.kind,
    m.importance, m.session_id, %(model)s, %(vector)s::halfvec
FROM json_to_record(%(memory)s) AS m (
    id text, character_id text, text text, source_message_ids json, created_at timestamptz,
    kind text, importance integer, session_id text)"""

_GET = f"""
SELECT {_MEMORY} FROM memories m WHERE m.user_id = %(user_id)s AND m.id = %(memory_id)s"""

_LIST = f"""
SELECT {_MEMORY} FROM memories m
WHERE m.user_id = %(user_id)s AND m.id < %(before)s
    AND (%(character_id)s::text IS NULL OR m.character_id = %(character_id)s)
ORDER BY m.id DESC LIMIT %(limit)s"""

_CORRECT = f"""
UPDATE memories m SET text = %(text)s, embedding_model = %(model)s, embedding = %(vector)s
WHERE m.user_id = %(user_id)s AND m.id = %(memory_id)s
RETURNING {_MEMORY}"""

_DELETE = """
DELETE FROM memories WHERE user_id = %(user_id)s AND id = %(memory_id)s RETURNING id"""

_DELETE_ALL = """
DELETE FROM memories
WHERE user_id = %(user_id)s
    AND (%(character_id)s::text IS NULL OR character_id = %(character_id)s)
RETURNING id"""

_UNEMBEDDED = f"""
SELECT m.user_id, {_MEMORY} FROM memories m
WHERE m.embedding_model IS DISTINCT FROM %(model)s
ORDER BY m.id LIMIT %(limit)s"""

_SAVE_EMBEDDING = """
UPDATE memories SET embedding_model = %(model)s, embedding = %(vector)s
WHERE user_id = %(user_id)s AND id = %(memory_id)s"""

_LAST_ID = "\U0010ffff"
_memory = msgspec.json.Decoder(Memory).decode


class PgvectorMemoryIndex:
    """Memories beside their vectors, in half precision."""

    def __init__(self, pool: StatementRunner) -> None:
        self._pool = pool

    async def search(
        self,
        user_id: str,
        character_id: str,
        embedding: Embedding,
        *,
        limit: int,
        least_similarity: float,
        except_session: str | None = None,
    ) -> Sequence[Memory]:
        values = {
            "user_id": user_id,
            "character_id": character_id,
            "model": embedding.model,
            "vector": _half_vector(embedding),
            # No session has an empty id; NULL would leave out what was said in none.
            "except_session": except_session or "",
            "limit": limit,
            "most_distant": 1.0 - least_similarity,
        }
        rows = await self._pool.read(_SEARCH, values)
        return [_memory(document) for (document,) in rows if document]

    async def add(self, user_id: str, memory: Memory, embedding: Embedding | None) -> None:
        values = {
            "user_id": user_id,
            "memory": msgspec.json.encode(memory),
            "model": embedding.model if embedding else None,
            "vector": _half_vector(embedding) if embedding else None,
        }
        try:
            await self._pool.write(_ADD, values)
        except ForeignKeyViolation as error:
            raise NotFound("There is no such account or session.") from error

    async def get(self, user_id: str, memory_id: str) -> Memory:
        return _only(await self._pool.read(_GET, {"user_id": user_id, "memory_id": memory_id}))

    async def list(
        self, user_id: str, *, character_id: str | None, limit: int, before: str | None
    ) -> Sequence[Memory]:
        page = {
            "user_id": user_id,
            "character_id": character_id,
            "limit": limit,
            "before": before or _LAST_ID,
        }
        rows = await self._pool.read(_LIST, page)
        return [_memory(document) for (document,) in rows if document]

    async def correct(
        self, user_id: str, memory_id: str, text: str, embedding: Embedding | None
    ) -> Memory:
        values = {
            "user_id": user_id,
            "memory_id": memory_id,
            "text": text,
            "model": embedding.model if embedding else None,
            "vector": _half_vector(embedding) if embedding else None,
        }
        return _only(await self._pool.write(_CORRECT, values))

    async def delete(self, user_id: str, memory_id: str) -> None:
        if not await self._pool.write(_DELETE, {"user_id": user_id, "memory_id": memory_id}):
            raise NotFound("There is no such memory.")

    async def delete_all(self, user_id: str, *, character_id: str | None) -> int:
        values = {"user_id": user_id, "character_id": character_id}
        return len(await self._pool.write(_DELETE_ALL, values))

    async def find_unembedded(self, model: str, *, limit: int) -> Sequence[tuple[str, Memory]]:
        rows = await self._pool.read(_UNEMBEDDED, {"model": model, "limit": limit})
        return [
            (user_id.decode(), _memory(document))
            for user_id, document in rows
            if user_id and document
        ]

    async def save_embedding(self, user_id: str, memory_id: str, embedding: Embedding) -> None:
        values = {
            "user_id": user_id,
            "memory_id": memory_id,
            "model": embedding.model,
            "vector": _half_vector(embedding),
        }
        await self._pool.write(_SAVE_EMBEDDING, values)


def _half_vector(embedding: Embedding) -> memoryview:
    """The vector in the binary form that a parameter of type ``halfvec`` takes."""
    return memoryview(HalfVector(list(embedding.vector)).to_binary())


def _only(rows: Rows) -> Memory:
    if not rows or rows[0][0] is None:
        raise NotFound("There is no such memory.")
    return _memory(rows[0][0])
