"""What new facts change in what is remembered."""

from datetime import datetime

from attrs import frozen

from domain.memory.memories import Embedding, Memory


@frozen
class Near:
    """A current memory close to a fact.

    ``similarity`` is the cosine (-1 to 1), None when the vectors cannot be compared.
    """

    memory: Memory
    similarity: float | None


@frozen
class Addition:
    """A new memory; its vector None when it could not be made: a job makes up for it."""

    memory: Memory
    embedding: Embedding | None


@frozen
class Confirmation:
    """A known memory was told again: it gets the sources and the time."""

    memory_id: str
    source_message_ids: tuple[str, ...]
    told_at: datetime
    importance: int


@frozen
class Ending:
    """A memory becomes history; ``superseded_by`` is what took its place, if anything did."""

    memory_id: str
    ended_at: datetime
    superseded_by: str | None = None


@frozen
class Revision:
    """All that one exchange changes, written in one step or not at all."""

    additions: tuple[Addition, ...] = ()
    confirmations: tuple[Confirmation, ...] = ()
    endings: tuple[Ending, ...] = ()
    forgotten: tuple[str, ...] = ()
    """Ids of memories to delete, because the person asked for it."""
