"""What a companion remembers about a person."""

from datetime import datetime

from attrs import frozen

from domain.errors import InvalidRequest

MAX_MEMORY_CHARACTERS = 1_000
NOTE = "note"
"""The kind of a memory that was typed in; all other kinds are ``FactKind``."""


@frozen
class Memory:
    """One thing remembered, with the messages that it came from (none when typed in)."""

    id: str
    character_id: str
    text: str
    source_message_ids: tuple[str, ...]
    created_at: datetime
    kind: str = NOTE
    importance: int = 3
    """1 (a passing remark) to 5 (what a friend would never forget)."""
    session_id: str | None = None
    """Where it was told first, as long as that conversation exists."""
    topic: str | None = None
    """What it is about, such as ``home`` or ``pet:biscuit``; see ``Fact.topic``."""
    true_at: datetime | None = None
    """From when on it is true, as far as that is known."""
    told_at: datetime | None = None
    """When it was told last; None means ``created_at``."""
    ended_at: datetime | None = None
    """Since when it is history: another memory took its place, or it is over."""
    superseded_by: str | None = None


@frozen
class Embedding:
    """A vector and the model that made it: vectors of different models never compare."""

    model: str
    vector: tuple[float, ...]


def checked_memory_text(text: str) -> str:
    """A typed-in memory on one line; raises ``InvalidRequest`` when it is empty or too long."""
    line = " ".join(text.split())
    if not 1 <= len(line) <= MAX_MEMORY_CHARACTERS:
        message = f"text must have 1 to {MAX_MEMORY_CHARACTERS} characters"
        raise InvalidRequest(message, param="text")
    return line


def as_memory_text(text: str) -> str:
    """What was said in one line, cut at a word when it is longer than a memory may be."""
    line = " ".join(text.split())
    if len(line) <= MAX_MEMORY_CHARACTERS:
        return line
    return line[: MAX_MEMORY_CHARACTERS - 1].rsplit(" ", 1)[0] + "…"
