"""Memories in memory, searched one by one."""

import math
from collections.abc import Sequence

from attrs import evolve

from adapters.in_memory.database import InMemoryDatabase, MemoryRow
from domain.errors import NotFound
from domain.memory.memories import Embedding, Memory


class InMemoryMemoryIndex:
    """What companions remember; somebody else's memories do not exist."""

    def __init__(self, database: InMemoryDatabase) -> None:
        self._database = database

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
        await self._database.round_trip()
        found: list[tuple[float, Memory]] = []
        for row in self._owned(user_id, character_id):
            if row.embedding is None or row.embedding.model != embedding.model:
                continue
            if except_session is not None and row.memory.session_id == except_session:
                continue
            similarity = _cosine(row.embedding.vector, embedding.vector)
            if similarity is not None and similarity >= least_similarity:
                found.append((similarity, row.memory))
        found.sort(key=lambda one: one[0], reverse=True)
        return [memory for _, memory in found[:limit]]

    async def add(self, user_id: str, memory: Memory, embedding: Embedding | None) -> None:
        await self._database.round_trip()
        if not self._database.is_living(user_id):
            raise NotFound("There is no such account.")
        self._database.memories[memory.id] = MemoryRow(user_id, memory, embedding)

    async def get(self, user_id: str, memory_id: str) -> Memory:
        await self._database.round_trip()
        return self._get(user_id, memory_id).memory

    async def list(
        self, user_id: str, *, character_id: str | None, limit: int, before: str | None
    ) -> Sequence[Memory]:
        await self._database.round_trip()
        found = [
            row.memory
            for row in self._owned(user_id, character_id)
            if before is None or row.memory.id < before
        ]
        return sorted(found, key=lambda memory: memory.id, reverse=True)[:limit]

    async def correct(
        self, user_id: str, memory_id: str, text: str, embedding: Embedding | None
    ) -> Memory:
        await self._database.round_trip()
        row = self._get(user_id, memory_id)
        corrected = evolve(row.memory, text=text)
        self._database.memories[memory_id] = MemoryRow(user_id, corrected, embedding)
        return corrected

    async def delete(self, user_id: str, memory_id: str) -> None:
        await self._database.round_trip()
        self._get(user_id, memory_id)
        del self._database.memories[memory_id]

    async def delete_all(self, user_id: str, *, character_id: str | None) -> int:
        await self._database.round_trip()
        gone = self._owned(user_id, character_id)
        for row in gone:
            del self._database.memories[row.memory.id]
        return len(gone)

    async def find_unembedded(self, model: str, *, limit: int) -> Sequence[tuple[str, Memory]]:
        await self._database.round_trip()
        found = [
            (row.user_id, row.memory)
            for row in self._database.memories.values()
            if row.embedding is None or row.embedding.model != model
        ]
        return sorted(found, key=lambda one: one[1].id)[:limit]

    async def save_embedding(self, user_id: str, memory_id: str, embedding: Embedding) -> None:
        await self._database.round_trip()
        row = self._database.memories.get(memory_id)
        if row is not None and row.user_id == user_id:
            self._database.memories[memory_id] = evolve(row, embedding=embedding)

    def _owned(self, user_id: str, character_id: str | None) -> Sequence[MemoryRow]:
        return [
            row
            for row in self._database.memories.values()
            if row.user_id == user_id and character_id in {None, row.memory.character_id}
        ]

    def _get(self, user_id: str, memory_id: str) -> MemoryRow:
        row = self._database.memories.get(memory_id)
        if row is None or row.user_id != user_id:
            raise NotFound("There is no such memory.")
        return row


def _cosine(one: tuple[float, ...], other: tuple[float, ...]) -> float | None:
    """The similarity from -1 to 1; None for a vector of length 0, which has no direction."""
    lengths = math.hypot(*one) * math.hypot(*other)
    product = sum(a * b for a, b in zip(one, other, strict=True))
    return product / lengths if lengths else None
