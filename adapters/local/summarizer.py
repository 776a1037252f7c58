"""A summary without a model: the sentences that tell most, in the order in which they were said."""

import re
from collections.abc import Iterator, Sequence

from attrs import frozen

from domain.memory.words import telling_words
from domain.tokens import estimate_tokens

_SENTENCE = re.compile(r"[^.!?…\n]+[.!?…]*")
_MINE = re.compile(
    r"\b(?:i|i'm|i've|my|we|our|me|yo|mi|je|mon|ma|ich|mein\w*|io|mio|mia|eu|meu|minha)\b",
    re.IGNORECASE,
)
_FEELING = re.compile(
    r"\b(?:love|hate|afraid|scared|happy|sad|proud|miss|worried|promise\w*|decided|agreed|plan\w*"
    r"|because|never|always|first|died|born|married|moved|birthday|tomorrow|remember)\b",
    re.IGNORECASE,
)
_NAME_OR_NUMBER = re.compile(r"(?<=\s)[A-ZÀ-ÖØ-Þ][\w'-]+|\d+")
_LONGEST = 240
"""Characters of one sentence; what is longer is cut at a word."""
_FEWEST_WORDS = 3
_KEPT_BEFORE = 0.5
"""Which part of the room the summary so far may keep at most."""


@frozen
class _Line:
    number: int
    text: str
    weight: float
    cost: int


class ExtractiveSummarizer:
    """Keeps whole sentences with their speaker's name; invents nothing.

    What was summarised before keeps at most half of the room, unless the rest does not need it.
    """

    async def summarize(
        self, previous: str, messages: Sequence[tuple[str, str]], *, max_tokens: int
    ) -> str:
        earlier = list(_earlier(previous))
        new = list(_lines(messages))
        kept, _ = _best(earlier, int(max_tokens * _KEPT_BEFORE))
        chosen, left = _best(new, max_tokens - sum(line.cost for line in kept))
        more, _ = _best([line for line in earlier if line not in kept], left)
        before = sorted((*kept, *more), key=lambda line: line.number)
        return "\n".join(line.text for line in (*before, *chosen))


def _best(lines: Sequence[_Line], room: int) -> tuple[list[_Line], int]:
    """The weightiest lines that fit, in their order, and the room that is left."""
    chosen: list[_Line] = []
    for line in sorted(lines, key=lambda line: (-line.weight, line.number)):
        if line.cost <= room:
            chosen.append(line)
            room -= line.cost
    return sorted(chosen, key=lambda line: line.number), room


def _earlier(summary: str) -> Iterator[_Line]:
    for number, text in enumerate(line for line in summary.split("\n") if line.strip()):
        said = text.partition(": ")[2] or text
        yield _Line(number, text, _weight(said), estimate_tokens(text) + 1)


def _lines(messages: Sequence[tuple[str, str]]) -> Iterator[_Line]:
    number = 0
    seen: set[str] = set()
    for speaker, content in messages:
        for sentence in _SENTENCE.findall(content):
            text = _shortened(" ".join(sentence.split()))
            if len(text.split()) < _FEWEST_WORDS or text.casefold() in seen:
                continue
            seen.add(text.casefold())
            number += 1
            line = f"{speaker}: {text}"
            yield _Line(number, line, _weight(text), estimate_tokens(line) + 1)


def _weight(sentence: str) -> float:
    """How much a sentence tells: its own words, names, numbers, and what is about oneself."""
    words = len(sentence.split())
    telling = len(telling_words(sentence)) / (words + 4)
    weight = telling + 0.3 * min(3, len(_NAME_OR_NUMBER.findall(sentence)))
    if _MINE.search(sentence):
        weight += 0.5
    if _FEELING.search(sentence):
        weight += 0.3
    if sentence.endswith("?"):
        weight -= 0.8
    return weight


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1].rsplit(" ", 1)[0] + "…"
