"""What is said of "her" as it was said: after the words that tell who she is. English only."""

import re

from domain.memory.change.clauses import sentences_in

_SOMEBODY = re.compile(r"(?:he|she|they|it|his|her|their|its)\b", re.IGNORECASE)
_WORD = re.compile(r"\w+(?:['’]\w+)?")
_ENOUGH = 3
"""So many words tell where in its message a text is from."""


def in_its_message(text: str, message: str) -> str:
    """With what stands before it, where a text begins with a pronoun; else as it is."""
    if _SOMEBODY.match(text) is None:
        return text
    begin = r"\W+".join(map(re.escape, _WORD.findall(text)[:_ENOUGH]))
    found = re.search(rf"\b{begin}\b", message, re.IGNORECASE)
    if found is None:
        return text
    before = sentences_in(message[: found.start()])
    return f"{''.join(before[-1:]).strip()} {text}".strip()
