"""Memories in memory, weighed one by one."""

import math
from collections.abc import Sequence
from datetime import datetime

from attrs import evolve

from adapters.in_memory.database import InMemoryDatabase, MemoryRow
from adapters.in_memory.words import stems
from application.ports.memory_index import MemoryQuery
from domain.chat import Turn
from domain.errors import NotFound
from domain.memory.associations import associated, findable_text, is_personal
from domain.memory.memories import Embedding, Memory
from domain.memory.ranking import Asked, Candidate, rank, scale_of
from domain.memory.revisions import Addition, Confirmation, Ending, Near, Revision


class InMemoryMemoryIndex:
    """What companions remember; somebody else's memories do not exist."""

    def __init__(self, database: InMemoryDatabase) -> None:
        self._database = database

    async def search(self, query: MemoryQuery) -> Sequence[Memory]:
        await self._database.round_trip()
        candidates = [
            _candidate(row, query)
            for row in self._current(query.user_id, query.character_id)
            if not _stands_in_prompt(row, query)
        ]
        found = rank(candidates, _asked(query.text), now=query.now, limit=query.limit)
        return [self._database.memories[id_].memory for id_ in found]

    async def find_near(
        self,
        user_id: str,
        character_id: str,
        facts: Sequence[tuple[str | None, Embedding | None]],
        *,
        limit: int,
    ) -> Sequence[Sequence[Near]]:
        await self._database.round_trip()
        current = self._current(user_id, character_id)
        return [_near(current, topic, embedding, limit) for topic, embedding in facts]

    async def revise(
        self, user_id: str, revision: Revision, *, turn_id: str, is_final: bool = True
    ) -> bool:
        await self._database.round_trip()
        tables = self._database
        work = tables.memory_work.get(turn_id)
        if work is None or work.user_id != user_id:
            return False
        if is_final:
            del tables.memory_work[turn_id]
        if revision.forgotten:
            self._strike_off_before(user_id, tables.turns[turn_id].turn)
        for memory_id in revision.forgotten:
            self._delete_chain(user_id, memory_id)
        for addition in revision.additions:
            self._add(user_id, addition)
        for confirmation in revision.confirmations:
            self._confirm(user_id, confirmation, tables.turns[turn_id].turn.session_id)
        for ending in revision.endings:
            self._end(user_id, ending)
        return True

    async def add(self, user_id: str, memory: Memory, embedding: Embedding | None) -> Memory:
        await self._database.round_trip()
        session = self._database.sessions.get(memory.session_id or "")
        is_ours = memory.session_id is None or (session and session.user_id == user_id)
        if not is_ours or not self._database.is_living(user_id):
            raise NotFound("There is no such account or session.")
        if memory.id in self._database.memories:
            return self._get(user_id, memory.id).memory
        self._put(user_id, Addition(memory, embedding))
        return memory

    async def get(self, user_id: str, memory_id: str) -> Memory:
        await self._database.round_trip()
        return self._get(user_id, memory_id).memory

    async def list(
        self,
        user_id: str,
        *,
        character_id: str | None,
        limit: int,
        before: str | None,
        with_history: bool = False,
    ) -> Sequence[Memory]:
        await self._database.round_trip()
        found = [
            row.memory
            for row in self._owned(user_id, character_id)
            if (before is None or row.memory.id < before)
            and (with_history or row.memory.ended_at is None)
        ]
        return sorted(found, key=lambda memory: memory.id, reverse=True)[:limit]

    async def correct(
        self, user_id: str, memory_id: str, text: str, embedding: Embedding | None
    ) -> Memory:
        await self._database.round_trip()
        row = self._get(user_id, memory_id)
        self._strike_off(user_id, row.memory)
        corrected = evolve(row.memory, text=text)
        self._database.memories[memory_id] = evolve(
            row, memory=corrected, embedding=embedding, told_in=None
        )
        return corrected

    async def delete(self, user_id: str, memory_id: str) -> None:
        await self._database.round_trip()
        self._get(user_id, memory_id)
        self._delete_chain(user_id, memory_id)

    async def delete_all(self, user_id: str, *, character_id: str | None) -> int:
        await self._database.round_trip()
        tables = self._database
        for work in [one for one in tables.memory_work.values() if one.user_id == user_id]:
            if character_id in {None, tables.turns[work.turn_id].turn.character_id}:
                del tables.memory_work[work.turn_id]
        gone = self._owned(user_id, character_id)
        for row in gone:
            del tables.memories[row.memory.id]
        return len(gone)

    async def find_unembedded(self, model: str, *, limit: int) -> Sequence[tuple[str, Memory]]:
        await self._database.round_trip()
        found = [
            (row.user_id, row.memory)
            for row in self._database.memories.values()
            if row.memory.ended_at is None
            and (row.embedding is None or row.embedding.model != model)
        ]
        return sorted(found, key=lambda one: one[1].id)[:limit]

    async def save_embedding(
        self, user_id: str, memory_id: str, text: str, embedding: Embedding
    ) -> None:
        await self._database.round_trip()
        row = self._find(user_id, memory_id)
        if row is not None and row.memory.text == text:
            self._database.memories[memory_id] = evolve(row, embedding=embedding)

    def _add(self, user_id: str, addition: Addition) -> None:
        sources = addition.memory.source_message_ids
        if not sources or self._said(user_id, sources):
            self._put(user_id, addition)

    def _put(self, user_id: str, addition: Addition) -> None:
        said = self._said(user_id, addition.memory.source_message_ids)
        memory = evolve(addition.memory, source_message_ids=said)
        row = MemoryRow(user_id, memory, addition.embedding, told_in=memory.session_id)
        self._database.memories[memory.id] = row

    def _confirm(self, user_id: str, one: Confirmation, session_id: str) -> None:
        row = self._find(user_id, one.memory_id)
        said = self._said(user_id, one.source_message_ids)
        if row is None or row.memory.ended_at is not None:
            return
        if one.source_message_ids and not said:
            return
        memory = row.memory
        is_latest = one.told_at >= _told_at(memory)
        confirmed = evolve(
            memory,
            source_message_ids=tuple(sorted({*memory.source_message_ids, *said})),
            importance=max(memory.importance, one.importance),
            told_at=one.told_at if is_latest else _told_at(memory),
        )
        told_in = session_id if is_latest else row.told_in
        self._database.memories[memory.id] = evolve(row, memory=confirmed, told_in=told_in)

    def _end(self, user_id: str, one: Ending) -> None:
        row = self._find(user_id, one.memory_id)
        if row is None or row.memory.ended_at is not None:
            return
        if one.superseded_by is not None and self._find(user_id, one.superseded_by) is None:
            return
        ended = evolve(row.memory, ended_at=one.ended_at, superseded_by=one.superseded_by)
        self._database.memories[ended.id] = evolve(row, memory=ended)

    def _delete_chain(self, user_id: str, memory_id: str) -> None:
        if self._find(user_id, memory_id) is None:
            return
        self._strike_off(user_id, self._database.memories[memory_id].memory)
        del self._database.memories[memory_id]
        for row in self._owned(user_id, None):
            if row.memory.superseded_by == memory_id:
                self._delete_chain(user_id, row.memory.id)

    def _strike_off_before(self, user_id: str, turn: Turn) -> None:
        """Let nothing be learnt from what was said before: it may be what is to be forgotten."""
        tables = self._database
        for work in [one for one in tables.memory_work.values() if one.user_id == user_id]:
            other = tables.turns[work.turn_id].turn
            if (
                other.id != turn.id
                and other.character_id == turn.character_id
                and other.created_at <= turn.created_at
            ):
                del tables.memory_work[work.turn_id]

    def _strike_off(self, user_id: str, memory: Memory) -> None:
        """Let nothing be learnt again from where this came from."""
        tables = self._database
        for work in [one for one in tables.memory_work.values() if one.user_id == user_id]:
            said = tables.turns[work.turn_id].turn.user_message_id
            if said in memory.source_message_ids:
                del tables.memory_work[work.turn_id]

    def _said(self, user_id: str, message_ids: Sequence[str]) -> tuple[str, ...]:
        """Those of the messages that exist, in the order of their ids."""
        tables = self._database
        rows = [tables.messages[id_].message for id_ in message_ids if id_ in tables.messages]
        ours = {one.id for one in rows if tables.sessions[one.session_id].user_id == user_id}
        return tuple(sorted(ours))

    def _current(self, user_id: str, character_id: str) -> Sequence[MemoryRow]:
        return [row for row in self._owned(user_id, character_id) if row.memory.ended_at is None]

    def _owned(self, user_id: str, character_id: str | None) -> Sequence[MemoryRow]:
        return [
            row
            for row in self._database.memories.values()
            if row.user_id == user_id and character_id in {None, row.memory.character_id}
        ]

    def _find(self, user_id: str, memory_id: str) -> MemoryRow | None:
        row = self._database.memories.get(memory_id)
        return row if row is not None and row.user_id == user_id else None

    def _get(self, user_id: str, memory_id: str) -> MemoryRow:
        row = self._find(user_id, memory_id)
        if row is None:
            raise NotFound("There is no such memory.")
        return row


def _asked(text: str) -> Asked:
    words = stems(text)
    return Asked(words, stems(" ".join(associated(text))) - words, is_personal(text))


def _candidate(row: MemoryRow, query: MemoryQuery) -> Candidate:
    model = row.embedding.model if row.embedding else ""
    return Candidate(
        id=row.memory.id,
        words=stems(findable_text(row.memory)),
        importance=row.memory.importance,
        told_at=_told_at(row.memory),
        similarity=next(
            (
                _cosine(row.embedding, one)
                for one in query.embeddings
                if row.embedding is not None and one.model == model
            ),
            None,
        ),
        scale=scale_of(model),
    )


def _stands_in_prompt(row: MemoryRow, query: MemoryQuery) -> bool:
    if query.except_session is None or row.told_in != query.except_session:
        return False
    return query.except_since is None or _told_at(row.memory) >= query.except_since


def _near(
    rows: Sequence[MemoryRow], topic: str | None, embedding: Embedding | None, limit: int
) -> list[Near]:
    every = [Near(row.memory, _cosine(row.embedding, embedding)) for row in rows]
    every.sort(key=lambda one: one.memory.id)
    every.sort(key=lambda one: -2.0 if one.similarity is None else one.similarity, reverse=True)
    of_topic = [one for one in every if topic is not None and one.memory.topic == topic]
    others = [one for one in every if one not in of_topic and one.similarity is not None]
    return [*of_topic, *others[:limit]]


def _told_at(memory: Memory) -> datetime:
    return memory.told_at or memory.created_at


def _cosine(one: Embedding | None, other: Embedding | None) -> float | None:
    """The similarity from -1 to 1; None for a vector of length 0, which has no direction."""
    if one is None or other is None or one.model != other.model:
        return None
    lengths = math.hypot(*one.vector) * math.hypot(*other.vector)
    product = sum(a * b for a, b in zip(one.vector, other.vector, strict=True))
    return product / lengths if lengths else None
