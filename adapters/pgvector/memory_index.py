"""Memories in PostgreSQL, searched by pgvector and full text together."""

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

import msgspec
from attrs import asdict, evolve
from psycopg.errors import ForeignKeyViolation

from adapters.pgvector import memory_sql
from adapters.pgvector.memory_search import SEARCH, search_values
from adapters.pgvector.values import Values, half_vector, storable, vector_text
from application.ports.memory_index import MemoryQuery
from domain.errors import NotFound
from domain.memory.memories import Embedding, Memory
from domain.memory.revisions import Near, Revision

Rows = Sequence[tuple[bytes | None, ...]]


class StatementRunner(Protocol):
    """What runs the statements: parameters as ``%(name)s``, columns come back as text."""

    async def read(self, sql: str, values: Values) -> Rows:
        """Run a statement that changes nothing."""
        ...

    async def write(self, sql: str, values: Values) -> Rows:
        """Run a statement that changes something."""
        ...

    async def together(self, steps: Sequence[tuple[str, Values]]) -> Rows:
        """Run statements in one transaction; returns the rows of the last one."""
        ...


_LAST_ID = "\U0010ffff"
_encode = msgspec.json.Encoder().encode
_memory = msgspec.json.Decoder(Memory).decode


class PgvectorMemoryIndex:
    """Memories beside their vectors, in half precision."""

    def __init__(self, pool: StatementRunner) -> None:
        self._pool = pool

    async def search(self, query: MemoryQuery) -> Sequence[Memory]:
        rows = await self._pool.read(SEARCH, search_values(query))
        return [_memory(document) for (document,) in rows if document]

    async def find_near(
        self,
        user_id: str,
        character_id: str,
        facts: Sequence[tuple[str | None, Embedding | None]],
        *,
        limit: int,
    ) -> Sequence[Sequence[Near]]:
        found: list[list[Near]] = [[] for _ in facts]
        values = {
            "user_id": user_id,
            "character_id": character_id,
            "facts": _encode(
                [
                    {
                        "number": number,
                        "topic": topic,
                        "model": embedding.model if embedding else None,
                        "vector": vector_text(embedding),
                    }
                    for number, (topic, embedding) in enumerate(facts)
                ]
            ),
            "limit": limit,
        }
        rows = await self._pool.read(memory_sql.FIND_NEAR, values) if facts else ()
        for number, similarity, document in rows:
            if number and document:
                near = Near(_memory(document), float(similarity) if similarity else None)
                found[int(number)].append(near)
        return found

    async def revise(
        self, user_id: str, revision: Revision, *, turn_id: str, is_final: bool = True
    ) -> bool:
        values = {"user_id": user_id, "turn_id": turn_id, **_revision_values(revision)}
        statement = memory_sql.REVISE if is_final else memory_sql.REVISE_FOR_NOW
        try:
            rows = await self._pool.write(statement, values)
        except ForeignKeyViolation:
            # What a memory refers to was deleted that very moment: now it can be seen.
            rows = await self._pool.write(statement, values)
        return bool(rows)

    async def add(self, user_id: str, memory: Memory, embedding: Embedding | None) -> Memory:
        vector = half_vector(embedding)
        values = {
            "user_id": user_id,
            "memory": _encode(_storable(memory)),
            "sources": _encode(memory.source_message_ids),
            "model": embedding.model if embedding and vector else None,
            "vector": vector,
        }
        try:
            is_new = bool(await self._pool.write(memory_sql.ADD, values))
        except ForeignKeyViolation as error:
            raise NotFound("There is no such account or session.") from error
        return memory if is_new else await self.get(user_id, memory.id)

    async def get(self, user_id: str, memory_id: str) -> Memory:
        values = {"user_id": user_id, "memory_id": memory_id}
        return _only(await self._pool.read(memory_sql.GET, values))

    async def list(
        self,
        user_id: str,
        *,
        character_id: str | None,
        limit: int,
        before: str | None,
        with_history: bool = False,
    ) -> Sequence[Memory]:
        page = {
            "user_id": user_id,
            "character_id": character_id,
            "limit": limit,
            "before": before or _LAST_ID,
            "with_history": with_history,
        }
        rows = await self._pool.read(memory_sql.LIST, page)
        return [_memory(document) for (document,) in rows if document]

    async def correct(
        self, user_id: str, memory_id: str, text: str, embedding: Embedding | None
    ) -> Memory:
        vector = half_vector(embedding)
        values = {
            "user_id": user_id,
            "memory_id": memory_id,
            "text": text,
            "model": embedding.model if embedding and vector else None,
            "vector": vector,
        }
        return _only(await self._pool.write(memory_sql.CORRECT, values))

    async def delete(self, user_id: str, memory_id: str) -> None:
        values = {"user_id": user_id, "memory_id": memory_id}
        if not await self._pool.write(memory_sql.DELETE, values):
            raise NotFound("There is no such memory.")

    async def delete_all(self, user_id: str, *, character_id: str | None) -> int:
        values = {"user_id": user_id, "character_id": character_id}
        steps = [(memory_sql.STRIKE_OFF, values), (memory_sql.DELETE_ALL, values)]
        return len(await self._pool.together(steps))

    async def find_unembedded(self, model: str, *, limit: int) -> Sequence[tuple[str, Memory]]:
        values = {"model": model, "limit": limit}
        rows = await self._pool.read(memory_sql.FIND_UNEMBEDDED, values)
        return [
            (user_id.decode(), _memory(document))
            for user_id, document in rows
            if user_id and document
        ]

    async def save_embedding(
        self, user_id: str, memory_id: str, text: str, embedding: Embedding
    ) -> None:
        values = {
            "user_id": user_id,
            "memory_id": memory_id,
            "text": text,
            "model": embedding.model,
            "vector": half_vector(embedding),
        }
        await self._pool.write(memory_sql.SAVE_EMBEDDING, values)


def _revision_values(revision: Revision) -> Values:
    additions: list[dict[str, Any]] = []
    sources: list[dict[str, str]] = []
    for addition in revision.additions:
        vector = vector_text(addition.embedding)
        additions.append(
            {
                **msgspec.to_builtins(_storable(addition.memory)),
                "embedding_model": addition.embedding.model
                if addition.embedding and vector
                else None,
                "embedding": vector,
            }
        )
        sources += _sources(addition.memory.id, addition.memory.source_message_ids)
    for confirmation in revision.confirmations:
        sources += _sources(confirmation.memory_id, confirmation.source_message_ids)
    return {
        "additions": _encode(additions),
        "confirmations": _encode([asdict(one) for one in revision.confirmations]),
        "endings": _encode([asdict(one) for one in revision.endings]),
        "forgotten": _encode(revision.forgotten),
        "sources": _encode(sources),
    }


def _sources(memory_id: str, message_ids: Iterable[str]) -> Iterable[dict[str, str]]:
    return ({"memory_id": memory_id, "message_id": message_id} for message_id in message_ids)


def _storable(memory: Memory) -> Memory:
    topic = None if memory.topic is None else storable(memory.topic)
    return evolve(memory, text=storable(memory.text), topic=topic)


def _only(rows: Rows) -> Memory:
    if not rows or rows[0][0] is None:
        raise NotFound("There is no such memory.")
    return _memory(rows[0][0])
