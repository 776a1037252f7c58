"""What a companion says when no language model stands behind it.

Not intelligent, but the same for the same prompt, in the character's name, and open about what it
is. It takes up the user's words and what is remembered, so that one sees both arrive.
"""

import re
import zlib
from collections.abc import Sequence

from adapters.in_memory.words import stems
from domain.context import MEMORY_ORDER, PromptMessage

_NAME = re.compile(r"\byou are ([^,.\n]{1,60})", re.IGNORECASE)
_MEMORY = re.compile(r"^- (.+)$", re.MULTILINE)
_MEMORIES_HEADING = f"{MEMORY_ORDER}:"
_LONGEST_QUOTE = 80

_DISCLOSURE = (
    "{name} here. I should say that no language model is connected to this server, so you are "
    "getting set phrases from me until one is."
)
_TAKEN_UP = (
    "You said “{said}”, and I am holding on to that.",
    "“{said}”: that is a good place to begin.",
    "I heard you: “{said}”.",
    "“{said}”. Thank you for telling me.",
)
_ASKED = (
    "You ask “{said}”, and a real answer is beyond me.",
    "“{said}” deserves a better answer than a set phrase.",
)
_RECALLED = "And I have not forgotten: {memory}"
_ONWARD = (
    "What made you think of it today?",
    "How did that leave you feeling?",
    "What would you like to happen next?",
    "Tell me a little more, I like details.",
)


def reply_in_set_phrases(messages: Sequence[PromptMessage]) -> str:
    """A few sentences; the disclosure comes with the first reply of a conversation only."""
    system = next((one.content for one in messages if one.role == "system"), "")
    said = next((one.content for one in reversed(messages) if one.role == "user"), "")
    quote = _quotable(said)
    chance = zlib.crc32(f"{len(messages)} {said}".encode())
    sentences = []
    if not any(one.role == "assistant" for one in messages):
        found = _NAME.search(system)
        name = found[1].strip() if found else "Your companion"
        sentences.append(_DISCLOSURE.format(name=name))
    if quote:
        phrases = _ASKED if quote.endswith("?") else _TAKEN_UP
        sentences.append(phrases[chance % len(phrases)].replace("{said}", quote))
    told = "\n".join(one.content for one in messages if one.role == "system")
    memories = _MEMORY.findall(told.partition(_MEMORIES_HEADING)[2])
    if memories:
        sentences.append(_RECALLED.replace("{memory}", _as_sentence(_nearest(memories, said))))
    sentences.append(_ONWARD[chance // 7 % len(_ONWARD)])
    return " ".join(sentences)


def _quotable(said: str) -> str:
    """The message on one line, cut at a word when it is long, without its full stop."""
    line = " ".join(said.split())
    if len(line) > _LONGEST_QUOTE:
        return line[:_LONGEST_QUOTE].rsplit(" ", 1)[0] + " …"
    return line.rstrip(".")


def _nearest(memories: Sequence[str], said: str) -> str:
    """The memory that shares most words with the message; of several, the latest."""
    words = stems(said)
    return max(reversed(memories), key=lambda memory: len(words & stems(memory)))


def _as_sentence(memory: str) -> str:
    return memory if memory.endswith((".", "!", "?")) else f"{memory}."
