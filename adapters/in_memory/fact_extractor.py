"""Facts as a test wants them, or else each plain statement about oneself."""

import re
from collections.abc import Mapping, Sequence

from domain.errors import Unavailable
from domain.memory.facts import Exchange, Fact, FactKind
from domain.memory.memories import as_memory_text

_SENTENCE = re.compile(r"[^.!?\n]+[.!?]*")
_MINE = re.compile(r"(?:i|i'm|i've|my|we|our)\b.*\w", re.IGNORECASE)
_HOME = re.compile(r"i (?:live in|moved to) (?P<value>\w+)", re.IGNORECASE)
_FEWEST_WORDS = 4


class InMemoryFactExtractor:
    """Answers at once, from ``told``: facts by the text that tells them.

    A text that is not there has a fact for each of its statements that begins with "I" or "my".
    ``fail`` makes the next calls raise ``Unavailable``.
    """

    def __init__(
        self, told: Mapping[str, Sequence[Fact]] | None = None, *, is_instant: bool = True
    ) -> None:
        self._told = told or {}
        self._is_instant = is_instant
        self._failures = 0
        self.exchanges: list[Exchange] = []

    @property
    def is_instant(self) -> bool:
        return self._is_instant

    def fail(self, times: int) -> None:
        """Let the next calls fail as if a model were away."""
        self._failures = times

    async def extract(self, exchange: Exchange) -> Sequence[Fact]:
        self.exchanges.append(exchange)
        if self._failures > 0:
            self._failures -= 1
            raise Unavailable("The model that extracts facts is away.")
        known = self._told.get(exchange.user_text)
        if known is not None:
            return known
        sentences = (one.strip() for one in _SENTENCE.findall(exchange.user_text))
        return [_fact(one, exchange) for one in sentences if _is_statement(one)]


def _is_statement(sentence: str) -> bool:
    return (
        _MINE.match(sentence) is not None
        and not sentence.endswith("?")
        and len(sentence.split()) >= _FEWEST_WORDS
    )


def _fact(sentence: str, exchange: Exchange) -> Fact:
    home = _HOME.match(sentence)
    return Fact(
        text=as_memory_text(sentence),
        kind=FactKind.OTHER if home is None else FactKind.PLACE,
        importance=3,
        source_message_ids=(exchange.user_message_id,),
        true_at=exchange.said_at,
        topic=None if home is None else "home",
        value="" if home is None else home["value"].lower(),
    )
