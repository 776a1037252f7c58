"""Short ways to say what is in a book, what was said, and what is told."""

from typing import Any

from adapters.in_memory.pattern_search import InMemoryPatternSearch
from domain.lorebook.book import Lorebook, parse_lorebook
from domain.lorebook.conversation import Conversation
from domain.lorebook.insertion import Insertions, insert_lore


def entry(content: str, *keys: str, **more: Any) -> dict[str, Any]:
    """An entry of a card; ``extensions`` and all else by name."""
    return {"keys": list(keys), "content": content, "enabled": True, "insertion_order": 0, **more}


def book_of(*entries: Any, **more: Any) -> Lorebook:
    return parse_lorebook({"entries": list(entries), "extensions": {}, **more})


def talk(*texts: str, **more: Any) -> Conversation:
    """What was said in turns, the last time by the user."""
    roles = ("user", "assistant")
    said = [(roles[number % 2], text) for number, text in enumerate(reversed(texts))]
    return Conversation(**{"messages": said[::-1], "char": "Luna", "user": "Ann", **more})


def inserted(
    book: Lorebook, *texts: str, budget: int = 1_000, seed: str = "turn", **more: Any
) -> Insertions:
    return insert_lore(
        book,
        talk(*texts, **more),
        budget=budget,
        seed=seed,
        search=InMemoryPatternSearch().budget(),
    )


def told(book: Lorebook, *texts: str, **more: Any) -> list[str]:
    """What the model is told, in the order of insertion."""
    return [one.content for one in inserted(book, *texts, **more).entries]


def is_called(text: str, *keys: str, **more: Any) -> bool:
    """Whether an entry with these keys is called by a text."""
    return told(book_of({**entry("lore", *keys), **more}), text) == ["lore"]
