"""What to compare with: remembering without learning anything."""

from collections.abc import Sequence

from attrs import Factory, define

from application.ports.embedder import Embedder
from bench.memory.people import Keywords
from domain.context import MEMORY_BUDGET
from domain.tokens import estimate_tokens

_LAST = 20


@define
class RawMessages:
    """All that a person said, as it was said, with the deletions that need no understanding.

    A deleted conversation is gone; so is a message of which the person deleted the memory. What
    was only asked for in words stays: nobody here understands it.
    """

    _said: list[tuple[str, str]] = Factory(list)
    _all: list[tuple[str, str]] = Factory(list)
    _vectors: dict[str, Sequence[float]] = Factory(dict)

    async def note(self, session_id: str, text: str, reply: str, embedder: Embedder) -> None:
        """One more message and its reply."""
        self._said.append((session_id, text))
        self._all += [(session_id, text), (session_id, reply)]
        [self._vectors[text]] = await embedder.embed([text])

    def forget_session(self, session_id: str) -> None:
        """Drop a conversation."""
        self._said = [one for one in self._said if one[0] != session_id]
        self._all = [one for one in self._all if one[0] != session_id]

    def forget(self, words: Keywords) -> None:
        """Drop the messages that tell this."""
        self._said = [one for one in self._said if not words.are_in(one[1])]
        self._all = [one for one in self._all if not words.are_in(one[1])]

    def all(self) -> list[str]:
        """All that the person said and has not deleted."""
        return [text for _, text in self._said]

    def last(self) -> list[str]:
        """The last messages of both sides, whatever was asked."""
        return [text for _, text in self._all[-_LAST:]]

    async def similar_to(self, question: str, embedder: Embedder) -> list[str]:
        """The person's messages most similar to the question, as many as memories may take."""
        [wanted] = await embedder.embed([question])

        def similarity(text: str) -> float:
            vector = self._vectors[text]
            return sum(one * other for one, other in zip(wanted, vector, strict=True))

        found: list[str] = []
        room = MEMORY_BUDGET
        for text in sorted({text for _, text in self._said}, key=similarity, reverse=True):
            room -= estimate_tokens(f"\n- {text}")
            if room < 0:
                break
            found.append(text)
        return found
