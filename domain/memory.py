"""What a companion remembers about a person."""

from datetime import datetime

from attrs import frozen

from domain.errors import InvalidRequest

MAX_MEMORY_CHARACTERS = 1_000
_FEWEST_WORDS = 4


@frozen
class Memory:
    """One thing remembered, with the messages that it came from (none when typed in)."""

    id: str
    character_id: str
    text: str
    source_message_ids: tuple[str, ...]
    created_at: datetime
    kind: str = "said"
    """``said`` when it is the person's own sentence, ``note`` when it was typed in."""
    importance: int = 1
    session_id: str | None = None
    """Where it was said; deleting that session forgets it."""


@frozen
class Embedding:
    """A vector and the model that made it: vectors of different models never compare."""

    model: str
    vector: tuple[float, ...]


def is_worth_remembering(text: str) -> bool:
    """Whether something said is more than a greeting or a nod."""
    return len(text.split()) >= _FEWEST_WORDS


def as_memory_text(text: str) -> str:
    """What was said in one line, cut at a word when it is longer than a memory may be."""
    line = " ".join(text.split())
    if len(line) <= MAX_MEMORY_CHARACTERS:
        return line
    return line[: MAX_MEMORY_CHARACTERS - 1].rsplit(" ", 1)[0] + "…"


def checked_memory_text(text: str) -> str:
    """A typed-in memory on one line; raises ``InvalidRequest`` when it is empty or too long."""
    line = " ".join(text.split())
    if not 1 <= len(line) <= MAX_MEMORY_CHARACTERS:
        message = f"text must have 1 to {MAX_MEMORY_CHARACTERS} characters"
        raise InvalidRequest(message, param="text")
    return line
